"""The samples of teams and orders, and the words a district begins with."""

import pytest
from django.db.models import F
from django.utils import timezone

from homes import applying
from homes.models import HomeApplication
from tests.districts.folders import run
from volunteers import busy, figures
from volunteers.demo import Troop
from volunteers.models import Assignment, Letter, OrderCategory, ServiceOrder, ShiftPlace, Team, Volunteer
from volunteers.progress import happened
from volunteers.redaction import faults
from volunteers.telling import when

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_there_are_as_many_teams_as_the_report_counts(samples):
    assert Team.objects.public().count() == 56
    assert set(Team.objects.filter(is_sample=False).values_list("home__slug", "name")) == {
        ("heishipu", "红背心"), ("heishipu", "红袖章"), ("heishipu", "护学队"),
    }  # fmt: skip
    assert Team.objects.filter(home__slug="heishipu").count() == 6
    assert not Team.objects.filter(name__endswith="队队").exists()
    assert not Team.objects.filter(is_sample=True, captain=None).exists()
    assert not Team.objects.filter(is_sample=True).exclude(memberships__volunteer=F("captain")).exists()
    assert Volunteer.objects.active().count() == Volunteer.objects.filter(is_sample=True).count()
    assert not Team.objects.filter(is_sample=False, memberships__isnull=False).exists()  # nothing invented in them
    assert Troop().people == 1600


def test_one_home_solved_more_than_120_matters_in_two_years(samples):
    orders = ServiceOrder.objects.filter(home__slug="heishipu")
    assert 120 <= figures.solved_lately(orders).count() <= Troop().orders_of_the_known


def test_orders_are_in_every_state_with_whom_that_takes(samples):
    assert set(ServiceOrder.objects.values_list("status", flat=True)) == {*ServiceOrder.Status.values} - {"duplicate"}
    taken = ServiceOrder.objects.filter(status="accepted").count()
    assert taken == Assignment.objects.filter(status="accepted").count() > 0
    assert not ServiceOrder.objects.filter(status__in=("dispatching", "accepted", "closed"), branch=None).exists()
    assert not ServiceOrder.objects.filter(created_at__gt=timezone.now()).exists()
    assert not ServiceOrder.objects.filter(is_sample=False).exists()


def test_a_sample_came_when_it_says_not_when_it_was_loaded(samples):
    order = ServiceOrder.objects.filter(status="closed").first()
    assert happened(order)[0].at == when(order.created_at)


def test_nobody_has_two_things_at_one_time(samples):
    for place in ShiftPlace.objects.filter(status="joined").select_related("shift", "volunteer"):
        assert busy.clashes(place.volunteer, place.shift.starts_at, place.shift.ends_at, apart_from=place) == []
    assert ShiftPlace.objects.filter(status="served").exists()


def test_letters_are_in_every_state_and_many_are_public(samples):
    assert set(Letter.objects.values_list("status", flat=True)) == {*Letter.Status.values} - {"merged"}
    assert Letter.objects.public().count() == 8
    assert all(not faults(each) for each in Letter.objects.public())


def test_a_letter_holds_up_the_approval_of_one_application(samples):
    """Of the two whose notice is over, one may be approved; the answered letter about another holds up nothing."""
    over = HomeApplication.objects.in_notice().filter(notice_until__lt=timezone.localdate())
    assert sorted(applying.objections(application) for application in over) == [0, 1]
    assert sorted(Letter.objects.exclude(application=None).values_list("status", flat=True)) == ["accepted", "answered"]


def test_a_second_run_adds_nothing(samples):
    letters = Letter.objects.count()
    run("load_demo")
    assert (Team.objects.count(), Letter.objects.count()) == (56, letters)


def test_a_district_begins_with_things_to_ask_for(district):
    repairs = OrderCategory.objects.get(slug="repairs")
    assert repairs.skill.slug == "repairs"
    assert (repairs.accept_days, repairs.done_days) == (1, 5)
