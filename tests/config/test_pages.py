"""The front page, the figures and the pages about the site."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from branches.models import Enterprise, Member, PublishedFigure
from config.content_version import content
from config.figures import figures
from homes.models import Demonstration, Home

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def published(db):
    for order, (key, value, at_least) in enumerate(
        [("homes_in_use", 29, False), ("demonstration_homes_2022", 13, False), ("visitors", 1600, True)]
    ):
        PublishedFigure.objects.create(
            key=key, label=key, value=value, unit="个", at_least=at_least, order=order,
            published_on=date(2023, 4, 21), source="某报",
        )  # fmt: skip


def test_figures_are_counted_from_the_records(cast, published):
    Demonstration.objects.create(home=cast.homes["here"], granted_on=date(2022, 5, 1))
    Demonstration.objects.create(home=cast.homes["next_door"], granted_on=date(2023, 5, 1))
    Demonstration.objects.create(home=cast.drafts["here"], granted_on=date(2022, 5, 1))
    assert [(line.published.value, line.today) for line in figures()] == [(29, 3), (13, 1), (1600, None)]
    assert [line.differs for line in figures()] == [True, True, False]


def test_a_newer_publication_replaces_the_older_on_the_page_only(published):
    PublishedFigure.objects.create(
        key="homes_in_use", label="x", value=31, unit="个", published_on=date(2024, 1, 1), source="某报"
    )
    assert [line.published.value for line in figures(["homes_in_use"])] == [31]
    assert PublishedFigure.objects.count() == 4


def test_the_figures_page_prints_both_and_links_to_the_rows(cast, published, client):
    page = client.get("/figures/").content.decode()
    assert "1,600" in page
    assert "还没有记录可数" in page
    assert 'href="/homes/?demonstration=1"' in page


@pytest.fixture
def handed_over(db):
    """An enterprise with two members, both figures published."""
    for order, (key, value) in enumerate([("enterprises_received", 214), ("members_received", 6995)]):
        PublishedFigure.objects.create(
            key=key, label=key, value=value, unit="个", order=order, published_on=date(2023, 4, 21), source="某报"
        )
    enterprise = Enterprise.objects.create(name="老机床厂")
    Enterprise.objects.create(name="归档的厂", is_archived=True)
    Member.objects.create(name="周建国")
    for name in ("张建国", "李建国"):
        Member.objects.create(name=name, enterprise=enterprise)
    return enterprise


def test_what_was_handed_over_is_counted(handed_over):
    assert [line.today for line in figures()] == [1, 2]
    assert [line.is_few for line in figures()] == [False, True]


def test_no_rows_are_counted_as_none(db):
    PublishedFigure.objects.create(
        key="members_received", label="x", value=6995, unit="名", published_on=date(2023, 4, 21), source="某报"
    )
    assert [(line.today, line.is_few) for line in figures()] == [(0, False)]


def test_staff_are_shown_the_way_to_the_rows_and_few_people_are_not_counted_out(handed_over, client):
    page = client.get("/figures/").content.decode()
    assert 'href="/admin/branches/enterprise/"' in page
    assert 'href="/admin/branches/member/"' in page
    assert "少于3" in page
    assert '<b class="number">2</b>' not in page
    assert "建国" not in page

    Member.objects.create(name="王建国", enterprise=handed_over)
    content.renew()  # as the end of the transaction does
    assert '<b class="number">3</b>' in client.get("/figures/").content.decode()


def test_all_figures_are_counted_in_two_questions(published, handed_over, django_assert_num_queries):
    with django_assert_num_queries(2):
        figures()


def test_the_front_page_tells_what_is_open_now(cast, client):
    with time_machine.travel(datetime(2026, 11, 25, 10, tzinfo=SHANGHAI), tick=False):
        response = client.get("/")
    assert response.context["open_count"] == 3
    page = response.content.decode()
    assert "11月25日 星期三" in page
    assert "金丝雀之家" in page
    assert "到17:00" in page


def test_before_the_first_door_opens_it_tells_who_opens_today(cast, client):
    with time_machine.travel(datetime(2026, 11, 25, 7, tzinfo=SHANGHAI), tick=False):
        page = client.get("/").content.decode()
    assert "今天9:00开门" in page
    assert "明天" not in page.split("看看各个家几点开门")[0].split("这会儿没有家开着门")[1]


def test_at_night_it_tells_who_opens_tomorrow(cast, client):
    with time_machine.travel(datetime(2026, 11, 25, 21, tzinfo=SHANGHAI), tick=False):
        page = client.get("/").content.decode()
    assert "这会儿没有家开着门" in page
    assert "明天9:00开门" in page


def test_a_door_that_opens_at_midnight_is_one_of_tomorrow(cast, client):
    cast.homes["here"].hours.all().update(opens=time(0))
    content.renew()
    with time_machine.travel(datetime(2026, 11, 25, 21, tzinfo=SHANGHAI), tick=False):
        assert "明天0:00开门" in client.get("/").content.decode()


def test_an_empty_portal_is_told_kindly(db, client):
    page = client.get("/").content.decode()
    assert "很快就放上来" in page
    assert "还没有家的记录" in page


def test_about_names_what_is_known_and_what_is_not(cast, client):
    for address in ("/about/", "/about/privacy/", "/about/accessibility/", "/about/site-map/"):
        assert client.get(address).status_code == 200
    assert "金丝雀之家" in client.get("/about/site-map/").content.decode()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SITE_ORGANISER", "某某区委老干部局"),
        ("SITE_ICP", "湘ICP备00000000号"),
        ("SITE_POLICE_RECORD", "湘公网安备00号"),
    ],
)
def test_the_footer_shows_what_was_issued_and_nothing_else(db, client, settings, setting, value):
    assert value not in client.get("/about/").content.decode()
    setattr(settings, setting, value)
    content.renew()
    assert value in client.get("/about/").content.decode()


def test_robots_keep_out_of_the_staff_pages(db, client):
    assert "Disallow: /admin/" in client.get("/robots.txt").content.decode()


def test_the_site_map_lists_no_more_than_two_hundred_names(cast, client):
    Home.objects.bulk_create(
        Home(name=f"第{n}号家", slug=f"many-{n}", division=cast.communities["here"], status=Home.Status.OPEN)
        for n in range(250)
    )
    response = client.get("/about/site-map/")
    assert len(response.context["homes"]) == 200
    assert "一共253个家" in response.content.decode()
