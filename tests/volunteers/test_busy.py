"""What somebody has to do at a time, of orders, shifts and activities together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities import signup
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity
from tests.volunteers.troop import make_duty, make_shift, make_team, make_volunteer
from volunteers import busy
from volunteers.models import Assignment, OrderCategory, ServiceOrder, ShiftPlace, Volunteer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def volunteer():
    return make_volunteer(make_team())


@pytest.fixture
def shift(volunteer):
    return make_shift(make_duty(volunteer.memberships.get().team))


def visit(volunteer, starts_at, **fields):
    """An accepted order that this person goes to for an hour."""
    home = volunteer.memberships.first().team.home
    category = OrderCategory.objects.get_or_create(slug="repair", defaults={"name": "修水电"})[0]
    today = timezone.localdate()
    order = ServiceOrder.objects.create(
        category=category, division=home.division, status="accepted", accept_by=today, done_by=today
    )
    return Assignment.objects.create(**{
        "order": order, "volunteer": volunteer, "status": "accepted", "is_sole": True, "visit_at": starts_at,
        "visit_ends_at": starts_at + HOUR, "expires_at": starts_at,
    } | fields)  # fmt: skip


def is_busy(volunteer, starts_at, ends_at):
    return busy.with_clash(Volunteer.objects.all(), starts_at, ends_at).get(pk=volunteer.pk).is_busy


def test_a_shift_is_named_with_its_hours(volunteer, shift):
    ShiftPlace.objects.create(shift=shift, volunteer=volunteer)
    found = busy.clashes(volunteer, shift.starts_at, shift.ends_at)
    begins = timezone.localtime(shift.starts_at)
    assert [str(each) for each in found] == [f"早上护学 {begins.month}月{begins.day}日上午7:30到8:30"]
    assert is_busy(volunteer, shift.starts_at, shift.ends_at)


@pytest.mark.parametrize(("begins", "ends"), [(-1, 0), (1, 2)])
def test_what_only_touches_is_no_clash(volunteer, shift, begins, ends):
    ShiftPlace.objects.create(shift=shift, volunteer=volunteer)
    hours = shift.starts_at + begins * HOUR, shift.starts_at + ends * HOUR
    assert busy.clashes(volunteer, *hours) == []
    assert not is_busy(volunteer, *hours)


@pytest.mark.parametrize("fields", [{"status": "left"}, {"status": "absent"}])
def test_a_place_given_back_is_no_clash(volunteer, shift, fields):
    ShiftPlace.objects.create(shift=shift, volunteer=volunteer, **fields)
    assert busy.clashes(volunteer, shift.starts_at, shift.ends_at) == []
    assert not is_busy(volunteer, shift.starts_at, shift.ends_at)


def test_a_cancelled_shift_is_no_clash(volunteer):
    shift = make_shift(make_duty(volunteer.memberships.get().team), status="cancelled")
    ShiftPlace.objects.create(shift=shift, volunteer=volunteer)
    assert busy.clashes(volunteer, shift.starts_at, shift.ends_at) == []
    assert not is_busy(volunteer, shift.starts_at, shift.ends_at)


def test_an_accepted_order_is_one_and_an_offer_is_none(volunteer):
    at = timezone.now() + timedelta(days=1)
    assignment = visit(volunteer, at)
    assert [each.what for each in busy.clashes(volunteer, at, at + HOUR)] == ["修水电"]
    assert is_busy(volunteer, at, at + HOUR)
    Assignment.objects.filter(pk=assignment.pk).update(status="offered")
    assert busy.clashes(volunteer, at, at + HOUR) == []
    assert not is_busy(volunteer, at, at + HOUR)


def test_the_record_itself_may_stay(volunteer, shift):
    place = ShiftPlace.objects.create(shift=shift, volunteer=volunteer)
    assignment = visit(volunteer, shift.starts_at)
    hours = shift.starts_at, shift.ends_at
    assert [each.record for each in busy.clashes(volunteer, *hours, apart_from=place)] == [assignment]
    assert [each.record for each in busy.clashes(volunteer, *hours, apart_from=shift)] == [assignment]
    assert [each.record for each in busy.clashes(volunteer, *hours, apart_from=assignment)] == [place]
    assert [each.record for each in busy.clashes(volunteer, *hours, apart_from=assignment.order)] == [place]


@pytest.mark.parametrize("status", ["confirmed", "attended"])
def test_a_place_in_an_activity_under_the_same_name_and_telephone(volunteer, status):
    activity = make_activity(volunteer.memberships.get().team.home)
    booking = signup.join(activity, names=[volunteer.name], telephone=volunteer.telephone)
    booking.sign_ups.update(status=status)
    assert [each.what for each in busy.clashes(volunteer, activity.starts_at, activity.ends_at)] == ["合唱班"]
    assert is_busy(volunteer, activity.starts_at, activity.ends_at)


def test_a_place_that_was_given_back_or_is_waited_for(volunteer):
    activity = make_activity(volunteer.memberships.get().team.home, capacity=1)
    signup.join(activity, names=["先来的"], telephone="19900079999")
    waits = signup.join(activity, names=[volunteer.name], telephone=volunteer.telephone)
    assert busy.clashes(volunteer, activity.starts_at, activity.ends_at) == []
    assert not is_busy(volunteer, activity.starts_at, activity.ends_at)
    signup.leave(waits.sign_ups.get())
    assert busy.clashes(volunteer, activity.starts_at, activity.ends_at) == []


def test_somebody_without_a_telephone_is_not_mistaken_for_walk_ins(volunteer):
    unknown = Volunteer.objects.create(name="没留电话")
    activity = make_activity(volunteer.memberships.get().team.home)
    activity.sign_ups.create(name="临时来的", status="attended", walk_in=True)
    assert busy.clashes(unknown, activity.starts_at, activity.ends_at) == []
    assert not is_busy(unknown, activity.starts_at, activity.ends_at)


def test_a_list_asks_once(volunteer, django_assert_num_queries):
    for number in range(2, 9):
        make_volunteer(number=number)
    at = timezone.now()
    with django_assert_num_queries(1):
        assert [each.is_busy for each in busy.with_clash(Volunteer.objects.all(), at, at + HOUR)] == [False] * 8


def test_the_refusal_names_what_is_in_the_way(volunteer, shift):
    ShiftPlace.objects.create(shift=shift, volunteer=volunteer)
    with pytest.raises(IllegalTransition, match="早上护学"):
        busy.refuse_clash(volunteer, shift.starts_at, shift.ends_at)
