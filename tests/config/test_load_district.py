"""manage.py load_district: the packaged district, repeated runs, and what staff edited in between."""

import pytest
from django.conf import settings
from django.core.management import CommandError

from branches.coordinates import inside
from branches.models import Division, PublishedFigure
from config import caching
from homes import founding
from homes.models import Home, HomeFacility, Theme
from tests.districts.folders import YUNSHAN, everything, run

pytestmark = pytest.mark.django_db

UNKNOWN = ("address", "telephone", "directions", "verified_on", "verified_by_id", *Home.ACCESSIBILITY)


def test_the_packaged_district_has_its_official_divisions():
    run("load_district")

    levels = list(Division.objects.values_list("level", flat=True))
    assert [levels.count(level) for level in ("district", "street", "community")] == [1, 14, 99]
    assert Division.objects.district().name == "天心区"


def test_nine_homes_are_published_with_their_source_and_nothing_invented():
    run("load_district")

    homes = list(Home.objects.all())
    assert len(homes) == 9
    for home in homes:
        assert home.status == Home.Status.OPEN
        assert home.source == "红星网 2023-04-21 报道"
        assert not home.is_sample
        assert {getattr(home, name) for name in UNKNOWN} <= {"", None}
        assert not home.hours.exists()
        assert not home.photos.exists()
        assert 0 < len(home.lead) <= 40
        assert home.theme.lead
    assert {home.slug for home in homes if not home.is_located} == {"tiantianxiangshang", "xingdian-huayuan"}
    assert {home.location_precision for home in homes if home.is_located} == {"hand_placed"}
    outline = Division.objects.district().outline
    assert all(inside(outline, home.longitude, home.latitude) for home in homes if home.is_located)


def test_named_homes_have_only_the_facilities_of_the_report():
    run("load_district")

    offered = HomeFacility.objects.values_list("home__slug", "facility__name")
    assert set(offered) == {
        ("chilinglu", "暖心厨房"),
        ("huasheng-jiayuan", "民声邮筒"),
        ("huasheng-jiayuan", "有声图书馆"),
    }


def test_the_published_figures():
    run("load_district")

    figures = {figure.key: figure for figure in PublishedFigure.objects.all()}
    assert {key: figure.value for key, figure in figures.items()} == {  # as the report of 2023 has them
        "homes_in_use": 29, "demonstration_homes_2022": 13, "applications": 34, "observing_secretaries": 150,
        "funding_allocated": 2_120_000, "enterprises_received": 214, "members_received": 6995, "volunteer_teams": 56,
        "volunteer_backbone": 1600, "circle_minutes": 15,
    }  # fmt: skip
    assert {key for key, figure in figures.items() if figure.at_least} == {
        "observing_secretaries",
        "volunteer_backbone",
    }
    assert {(figure.source, str(figure.published_on)) for figure in figures.values()} == {("红星网", "2023-04-21")}


@pytest.mark.parametrize("source", [settings.DISTRICT_DIR, YUNSHAN])
def test_a_second_run_changes_nothing(source):
    run("load_district", source)
    before = everything()

    assert run("load_district", source) == "没有新增。\n"
    assert everything() == before


def test_every_home_begins_its_history_once():
    run("load_district", YUNSHAN)

    rows = Home.history.values_list("slug", "history_type", "history_change_reason", "status")
    assert sorted(rows) == [(slug, "+", "数据文件夹", "open") for slug in ("binghu", "linhai-huayuan", "songzhen")]


def test_what_staff_edited_is_kept_and_told():
    run("load_district", YUNSHAN)
    Home.objects.filter(slug="binghu").update(lead="工作人员写的。", directions="过桥就到。")
    Home.objects.get(slug="binghu").home_facilities.get(facility__slug="stove").delete()
    Home.objects.get(slug="binghu").hours.filter(weekday=0).delete()
    before = everything()

    said = run("load_district", YUNSHAN)

    assert everything() == before
    for what in ("一句话介绍", "没有设施“大火炉”", "开放时间"):
        assert f"冰湖村老党员之家：{what}" in said
    assert "没有改动" in said


def test_update_gives_the_folder_the_last_word_on_what_it_says():
    run("load_district", YUNSHAN)
    home = Home.objects.get(slug="binghu")
    Home.objects.filter(pk=home.pk).update(lead="工作人员写的。", directions="过桥就到。")
    home.home_facilities.get(facility__slug="stove").delete()
    home.hours.filter(weekday=0).delete()

    run("load_district", YUNSHAN, "--update")

    home.refresh_from_db()
    assert home.lead == "冰湖边上的家。"
    assert home.directions == "过桥就到。"  # the folder says nothing about it
    assert home.home_facilities.count() == 2
    assert home.hours.count() == 8
    assert home.history.first().history_change_reason == "数据文件夹"
    before = everything()
    assert run("load_district", YUNSHAN, "--update") == "没有新增。\n"
    assert everything() == before


def test_line_ends_from_a_browser_are_no_difference():
    run("load_district")
    theme = Theme.objects.get(slug="hong-beixin")
    Theme.objects.filter(pk=theme.pk).update(story=theme.story.replace("\n", "\r\n"))

    assert run("load_district") == "没有新增。\n"


def test_an_archived_home_stays_archived():
    run("load_district", YUNSHAN)
    founding.archive(Home.objects.get(slug="songzhen"), by=None, reason="搬走了")

    run("load_district", YUNSHAN, "--update")

    assert Home.objects.get(slug="songzhen").status == Home.Status.CLOSED


def test_a_home_under_a_new_address_is_not_loaded_twice():
    run("load_district", YUNSHAN)
    home = Home.objects.get(slug="songzhen")
    home.slug = "songzhen-shequ"
    home.save()

    run("load_district", YUNSHAN)

    assert Home.objects.count() == 3


def test_stored_pages_are_renewed():
    before = caching.content.current()
    run("load_district", YUNSHAN)
    assert caching.content.current() != before


def test_a_second_district_is_refused():
    run("load_district")
    before = everything()

    with pytest.raises(CommandError, match="数据库里已经是天心区"):
        run("load_district", YUNSHAN)

    assert everything() == before
