"""Whatever anybody does in whatever order: S-I1 to S-I10 of the state tables hold after every step."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from activities import attendance, publishing, seats, signup
from activities.models import Activity, Message, SignUp
from branches.models import User
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity, make_town

Status = SignUp.Status
TELEPHONES = [f"1990000000{number}" for number in range(6)]


class SigningUp(RuleBasedStateMachine):
    """One activity with two seats at first, six telephones, and a clock that only goes forward."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.by = User.objects.create_user("organiser")
        self.activity = make_activity(make_town(), capacity=2, starts_in=timedelta(hours=6))
        self.now = timezone.now()
        self.order = []  # groups that wait, as they came

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *given, **named):
        """What the verb returns; None where it politely refuses, and then nothing has changed."""
        before = self.rows()
        try:
            with transaction.atomic():
                return verb(*given, **named)
        except IllegalTransition:
            assert self.rows() == before
            return None

    def rows(self):
        return list(SignUp.objects.order_by("pk").values_list("pk", "status", "waitlisted_at", "walk_in"))

    def some(self, number):
        rows = list(SignUp.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    number = st.integers(0, 40)

    @rule(telephone=st.sampled_from(TELEPHONES), names=st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=4))
    def join(self, telephone, names):
        self.attempt(signup.join, self.activity, names=names, telephone=telephone, now=self.now)

    @rule(which=number)
    def leave(self, which):
        sign_up = self.some(which)
        if sign_up is None:
            return
        before, free = dict.fromkeys(self.rows()), self.free()
        waited = sign_up.status == Status.WAITLISTED
        if self.attempt(signup.leave, sign_up, now=self.now) and waited and free == 0:
            assert len(set(self.rows()) - set(before)) == 1  # S-I5: nobody moves up for a place in the queue

    @rule(capacity=st.none() | st.integers(0, 6), keep=st.booleans())
    def set_capacity(self, capacity, keep):
        self.attempt(signup.set_capacity, self.activity, capacity=capacity, by=self.by, keep=keep, now=self.now)

    @rule(which=number, reason=st.sampled_from(("", "老人家路远")))
    def offer_late(self, which, reason):
        if sign_up := self.some(which):
            self.attempt(signup.offer_late, sign_up, by=self.by, reason=reason, now=self.now)

    @rule(which=number, there=st.booleans())
    def mark(self, which, there):
        if sign_up := self.some(which):
            pks = {"attended" if there else "absent": [sign_up.pk]}
            self.attempt(attendance.mark, self.activity, by=self.by, now=self.now, **({"attended": []} | pks))

    @rule(name=st.sampled_from("甲乙戊"))
    def walk_in(self, name):
        self.attempt(attendance.walk_in, self.activity, name=name, by=self.by, now=self.now)

    @rule(hours=st.integers(-2, 40))
    def reschedule(self, hours):
        begins = timezone.now() + timedelta(hours=hours)
        self.attempt(
            publishing.reschedule, self.activity, by=self.by, now=self.now,
            starts_at=begins, ends_at=begins + timedelta(hours=1),
        )  # fmt: skip

    @precondition(lambda self: SignUp.objects.count() > 3)
    @rule()
    def cancel(self):
        self.attempt(publishing.cancel, self.activity, by=self.by, reason="老师病了", now=self.now)

    @rule()
    def finish(self):
        self.attempt(publishing.finish, self.activity, now=self.now)

    @rule(minutes=st.integers(1, 180))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    def free(self):
        return seats.free(Activity.objects.get(pk=self.activity.pk))

    @invariant()
    def holds(self):
        activity = Activity.objects.get(pk=self.activity.pk)
        seated = activity.sign_ups.filter(status__in=SignUp.SEATED, walk_in=False).count()
        if activity.capacity is not None:
            assert seated <= activity.capacity + activity.over_by  # S-I1
        keys = list(activity.sign_ups.filter(status__in=SignUp.ACTIVE).exclude(person_key="").values_list("person_key"))
        assert len(keys) == len(set(keys))  # S-I2
        queue = list(activity.sign_ups.queue())
        assert [row.pk for row in queue] == sorted(row.pk for row in queue)  # S-I3: who came first stands first
        if seats.promotes(activity, self.now) and queue:  # S-I4: whoever is first in the queue does not fit
            first = [row for row in queue if row.booking_id == queue[0].booking_id]
            assert not seats.fits(activity, len(first))
        if activity.status == Activity.Status.CANCELLED:  # S-I6
            assert not activity.sign_ups.active().exists()
            assert not Message.objects.waiting().exclude(kind="cancelled").exists()
        told = list(Message.objects.values_list("sign_up", "kind", "version"))
        assert len(told) == len(set(told))  # S-I7
        if self.now < activity.starts_at - timedelta(hours=1) and activity.sequence == 0:  # S-I8
            assert not activity.sign_ups.filter(status__in=("attended", "absent")).exists()


@pytest.mark.django_db
@pytest.mark.once
def test_the_invariants_hold_whatever_anybody_does():
    run_state_machine_as_test(
        SigningUp,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_row_of_history_makes_no_class_of_its_own():
    assert type(SignUp.history) is type(SignUp(pk=1).history) is type(Activity.history)
