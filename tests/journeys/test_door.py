"""At the door in a browser: one form for ticks and for who just comes, and a sheet of paper for the others."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from activities import signup
from activities.models import Activity
from tests.cast import make_cast
from tests.journeys.measures import small_targets


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def door(cast, open_page, live_server):
    """`door(width)`: the organiser's browser at what begins in half an hour, and the activity."""
    activity = cast.activities["here"]
    starts_at = timezone.now() + timedelta(minutes=30)
    Activity.objects.filter(pk=activity.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90), capacity=None
    )
    activity.refresh_from_db()

    def open_(width=390, **options):
        page = open_page(width, **options)
        page.goto(f"{live_server.url}/account/login/?next=/desk/activities/{activity.pk}/people/")
        page.fill("input[name=login]", "organiser")
        page.fill("input[name=password]", "tests-only-password")
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/people/")
        return page, activity

    return open_


def attended(activity):
    return sorted(activity.sign_ups.filter(status="attended").values_list("name", flat=True))


@pytest.mark.parametrize("scripts", [True, False])
def test_ticks_and_who_just_comes_are_saved_with_one_press(door, axe, fits, scripts):
    page, activity = door(360, scripts=scripts)
    assert fits(page)
    assert small_targets(page) == []
    if scripts:
        assert axe(page) == []
    for box in page.locator("input[name=here]").all():
        box.check()
    page.fill("input[name=name]", "张伟")
    page.get_by_role("button", name="记下").click()
    page.wait_for_url("**#walk-in")
    assert attended(activity) == ["张伟", "金丝雀同伴", "金丝雀来宾"]
    page.fill("input[name=name]", "张伟")
    page.press("input[name=name]", "Enter")  # the same name: asked once, beside a box to tick
    page.get_by_text("是另一位，同名").click()
    page.get_by_role("button", name="记下").click()
    page.wait_for_url("**#walk-in")
    assert len(attended(activity)) == 4


def test_a_button_beside_a_name_saves_the_ticks_first(door):
    page, activity = door(360, scripts=False)
    page.locator("input[name=here]").first.check()
    page.get_by_text("有人说不来了").click()
    page.get_by_role("button", name=re.compile("不来了.*金丝雀来宾")).click()
    page.wait_for_url("**/leave/")
    assert len(attended(activity)) == 1


@pytest.mark.parametrize(("people", "sheets"), [(3, 1), (25, 1), (60, 3)])
def test_the_sign_in_sheet_on_paper(door, axe, people, sheets):
    page, activity = door(1280)
    for number in range(people - 2):
        signup.join(activity, names=[f"人{number}"], telephone=f"199{number:08d}", by=activity.created_by)
    page.goto(re.sub("people/$", "paper/", page.url))
    assert axe(page) == []
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == sheets
