"""Many at once for few seats, on the database at hand: never one too many, nobody twice, everybody answered."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from activities import seats, signup
from activities.models import Activity, Booking, SignUp
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity, make_town

SEATS = 10
AT_ONCE = 30  # threads; the rest wait their turn, as behind a server with so many workers


def together(count, step):
    """Run `step(number)` so many times, as many at once as there are threads; return what each said."""
    barrier = Barrier(min(count, AT_ONCE))

    def run(number):
        if number < AT_ONCE:
            barrier.wait(30)
        try:
            return step(number)
        except IllegalTransition as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(min(count, AT_ONCE)) as threads:
        return list(threads.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_never_more_than_there_are_seats():
    count, activity = 500, make_activity(make_town(), capacity=SEATS)
    answers = together(
        count, lambda number: signup.join(activity, names=[f"示例{number}"], telephone=f"1990000{number:04}")
    )
    assert all(isinstance(answer, Booking) for answer in answers)  # nobody was turned away with an error
    assert activity.sign_ups.filter(status="confirmed").count() == SEATS
    queue = list(activity.sign_ups.queue())
    assert len(queue) == count - SEATS
    assert len(set(Booking.objects.values_list("code", flat=True))) == count


@pytest.mark.django_db(transaction=True)
def test_one_person_pressing_forty_times_has_one_place():
    activity = make_activity(make_town(), capacity=SEATS)
    answers = together(40, lambda number: signup.join(activity, names=["示例"], telephone="19900000001"))
    assert sum(isinstance(answer, Booking) for answer in answers) == 1
    assert sum(isinstance(answer, signup.AlreadySignedUp) for answer in answers) == 39
    assert activity.sign_ups.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_many_times_is_one_booking():
    activity = make_activity(make_town(), capacity=SEATS)
    answers = together(
        20, lambda number: signup.join(activity, names=["示例"], telephone="19900000001", form_key="one form")
    )
    assert {answer.pk for answer in answers} == {Booking.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_leaving_joining_and_more_seats_at_once():
    activity = make_activity(make_town(), capacity=SEATS)
    for number in range(2 * SEATS):
        signup.join(activity, names=[f"先来{number}"], telephone=f"1990001{number:04}")
    seated = list(activity.sign_ups.filter(status="confirmed").order_by("pk"))

    def step(number):
        match number % 3:
            case 0:
                return signup.leave(seated[number // 3 % SEATS])
            case 1:
                return signup.join(activity, names=[f"后来{number}"], telephone=f"1990002{number:04}")
        return signup.set_capacity(activity, capacity=SEATS + number % 4, by=None, keep=True)

    together(45, step)
    activity = Activity.objects.get(pk=activity.pk)
    assert activity.sign_ups.seated().count() <= activity.capacity + activity.over_by
    queue = list(activity.sign_ups.queue())
    assert not queue or not seats.fits(activity, 1)
    came = list(activity.sign_ups.filter(waitlisted_at__isnull=False).order_by("waitlisted_at", "pk"))
    moved = [row.status != "waitlisted" for row in came if row.status != "cancelled"]
    assert moved == sorted(moved, reverse=True)  # whoever moved up stood before those who still wait


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_there_would_be_too_many():
    """The control: the same crowd, with the lock off, overbooks. If it did not, the tests above would prove nothing."""
    activity = make_activity(make_town(), capacity=SEATS)
    looked = Barrier(AT_ONCE)

    def check_then_write(number):
        free = seats.fits(Activity.objects.get(pk=activity.pk), 1)
        connection.close()  # while all the others look
        looked.wait(30)
        if free:
            SignUp.objects.create(activity=activity, name=f"示例{number}", status="confirmed")

    with patch.object(transaction, "atomic", side_effect=AssertionError("the control takes no lock")):
        together(AT_ONCE, check_then_write)
    assert activity.sign_ups.filter(status="confirmed").count() > SEATS
