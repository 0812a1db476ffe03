"""manage.py load_demo: samples around the district's own data, in a demo only."""

from decimal import Decimal

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, transaction

from branches.models import Enterprise, Member, Posting, User
from config import caching
from config.demo_logins import DEMO_LOGINS
from config.management.commands import load_demo
from homes import demo, demo_photos
from homes.models import Demonstration, Home, HomeApplication, Instalment, ObservationVisit, Theme
from tests.districts.folders import YUNSHAN, copied, everything, replaced, run
from tests.stage import plain_picture

pytestmark = pytest.mark.django_db
PROJECTS = "homes_communityproject"


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch):
    monkeypatch.setattr(demo_photos, "draw", plain_picture)


def test_the_district_has_its_real_size(samples):
    assert Home.objects.public().count() == 29
    assert Home.objects.public().filter(is_sample=True).count() == 20
    in_2022 = Demonstration.objects.filter(granted_on__year=2022)
    assert in_2022.count() == 13
    assert set(in_2022.values_list("is_sample", "home__is_sample")) == {(True, True)}
    assert Home.objects.drafts().count() == 1 + 7  # approved on an application
    assert HomeApplication.objects.counted().count() == 34
    assert Instalment.objects.total() == Decimal(2_120_000)
    assert ObservationVisit.objects.held().secretaries() >= 150
    assert Theme.objects.filter(is_sample=True).count() == 5


@pytest.mark.once
def test_nothing_is_added_to_a_home_of_the_report(district):
    def said():
        """Without what has come in and gone out for its project: a sum of sample lines, which say so."""
        summed = {"received", "paid", "updated_at"}
        return {
            key: {name: value for name, value in row.items() if key[0] != PROJECTS or name not in summed}
            for key, row in everything().items()
        }

    before = said()

    run("load_demo")

    after = said()
    assert {key: row for key, row in after.items() if key in before} == before
    for home in Home.objects.filter(is_sample=False):
        assert not home.hours.exists()
        assert not home.exceptions.exists()
        assert not home.photos.exists()
        assert not home.demonstrations.exists()
        assert not home.organisers.exists()
    assert not Home.objects.filter(is_sample=False, theme__is_sample=True).exists()


@pytest.mark.once
def test_a_larger_scale_only_adds_with_one_history_each_and_a_second_run_changes_nothing(samples):
    small = everything()

    run("load_demo", "--scale", 2)
    large = everything()
    counted_again = {key: row for key, row in small.items() if key[0] == "homes_coverage"}
    assert {key: row for key, row in large.items() if key in small} == {
        key: row for key, row in small.items() if key not in counted_again
    }
    assert Home.objects.public().count() == 58
    assert Demonstration.objects.filter(granted_on__year=2022).count() == 26
    assert HomeApplication.objects.counted().count() == 2 * 34
    assert Member.objects.count() == 2 * load_demo.REGISTER.members
    assert Enterprise.objects.count() == 2 * load_demo.REGISTER.enterprises
    numbers = [member.telephone for member in Member.objects.all() if member.telephone]
    assert len(set(numbers)) == len(numbers)
    samples = Home.objects.filter(is_sample=True)
    assert Home.history.filter(is_sample=True).count() == samples.count()
    assert set(Home.history.filter(is_sample=True).values_list("history_type", "history_change_reason")) == {
        ("+", "示例数据")
    }
    assert Demonstration.history.count() == Demonstration.objects.count()

    assert run("load_demo", "--scale", 2) == run("load_demo") == "没有新增。\n"
    assert everything() == large


@pytest.mark.once
def test_in_one_go_or_bit_by_bit_the_samples_are_the_same(district, homes_alone):
    facts = ("slug", "name", "longitude", "latitude", "telephone", "theme__slug", "step_free", "verified_on")
    with transaction.atomic():
        run("load_demo", "--scale", 2)
        at_once = set(Home.objects.values_list(*facts))
        transaction.set_rollback(True)

    for scale in (1, 2):
        run("load_demo", "--scale", scale)

    assert set(Home.objects.values_list(*facts)) == at_once


@pytest.mark.once
def test_edited_and_archived_samples_are_left_alone(samples):
    home = Home.objects.get(slug="sample-01")
    home.slug, home.address = "bajiaoting", "另一个地址"
    home.save()
    before = everything()

    run("load_demo")

    assert everything() == before


@pytest.mark.once
def test_everybody_of_the_demo_can_log_in_and_sees_a_part_of_the_homes(samples, client):
    seen = {}
    for username, (role, password) in DEMO_LOGINS.items():
        assert client.login(username=username, password=password)
        user = User.objects.get(username=username)
        assert user.is_staff
        assert [posting.role for posting in Posting.objects.filter(user=user)] == ([role] if role else [])
        seen[username] = Home.objects.visible_to(user).count()
    assert seen["admin"] == seen["district"] == 37
    assert seen["auditor"] == 0
    assert (seen["street"], seen["community"]) == (4, 2)  # with drafts
    assert seen["organiser"] == 2


def test_a_password_that_was_changed_stays_changed(samples):
    user = User.objects.get(username="district")
    user.set_password("another one 2026")
    user.save()

    run("load_demo")

    user.refresh_from_db()
    assert user.check_password("another one 2026")


def test_outside_a_demo_it_refuses(district, settings):
    settings.DEMO = False
    before = everything()

    with pytest.raises(CommandError, match="不是演示环境"):
        run("load_demo")

    assert everything() == before


def test_among_real_members_it_refuses(district):
    Member.objects.create(name="真的")
    with pytest.raises(CommandError, match="真的党员"):
        run("load_demo")


def test_before_the_district_is_loaded_it_refuses():
    with pytest.raises(CommandError, match="请先运行 load_district"):
        run("load_demo")


def test_samples_of_another_district_are_refused(district):
    before = everything()

    with pytest.raises(CommandError, match="没有这个区划代码：990101001002"):
        run("load_demo", YUNSHAN)

    assert everything() == before


@pytest.mark.parametrize("scale", ["0", "301", "-1", "two"])
def test_an_impossible_scale_is_refused(district, scale):
    with pytest.raises(CommandError, match="应当是 1 到 300 的整数"):
        run("load_demo", f"--scale={scale}")


def test_a_mistake_among_the_samples_is_told_and_nothing_is_loaded(tmp_path):
    folder = copied(YUNSHAN, tmp_path / "district")
    run("load_district", folder)
    replaced(folder / "samples" / "homes.csv", "0999-0000 0002", "没有电话")
    before = everything()

    with pytest.raises(CommandError, match=r"samples/homes\.csv 第3行的“电话”"):
        run("load_demo", folder)

    assert everything() == before


def test_a_failure_half_way_leaves_nothing(district, monkeypatch):
    def fail(*args):
        raise IntegrityError("half way")

    monkeypatch.setattr(demo, "load_people", fail)
    before = everything()

    with pytest.raises(IntegrityError):
        run("load_demo")

    assert everything() == before


@pytest.mark.once
def test_stored_pages_are_renewed(district, homes_alone):
    before = caching.content.current()
    run("load_demo")
    assert caching.content.current() != before
