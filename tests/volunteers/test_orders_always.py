"""What holds of orders whatever anybody does, in whatever order: O-I1 to O-I10 of the state tables."""

import itertools
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches.models import Event, User
from branches.transitions import IllegalTransition
from tests.volunteers.errands import make_crew, make_order
from volunteers import contact, dispatching, figures, ordering
from volunteers.models import Assignment, Message, ServiceOrder
from volunteers.order_steps import ASSIGNMENT, ORDER

HOURS = (1, 2, 25, 26)  # from the start, of visits: the first two overlap, and the last two


class Errands(RuleBasedStateMachine):
    """Five volunteers, four orders (two of them need two), a dispatcher, and time that goes on."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = self.start = timezone.now()
        home, self.team, self.people = make_crew(5)
        self.by = User.objects.create_superuser("chief", None)
        self.orders = [make_order(home, needed=needed, now=self.now) for needed in (1, 2, 1, 2)]
        self.overridden = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *given, **named):
        try:
            with transaction.atomic():
                return verb(*given, now=self.now, **named)
        except IllegalTransition:
            return None

    def order(self, which):
        return ServiceOrder.objects.get(pk=self.orders[which].pk)

    def assignment(self, number):
        rows = list(Assignment.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    which, who = st.integers(0, 3), st.integers(0, 4)
    number = st.integers(0, 40)
    hour = st.sampled_from(HOURS)

    @rule(which=which, who=who, hour=hour)
    def offer(self, which, who, hour):
        at = self.start + timedelta(hours=hour)
        self.attempt(dispatching.offer, self.order(which), self.people[who], visit_at=at, by=self.by)

    @rule(which=which, who=who, hour=hour)
    def somebody_goes(self, which, who, hour):
        """As most of it goes: asked, and yes said at once."""
        self.offer(which, who, hour)
        self.accept(which, who)

    @rule(which=which, minutes=st.integers(-5, 730))
    def two_go_and_do_it(self, which, minutes):
        self.somebody_goes(which, 0, HOURS[0])
        self.somebody_goes(which, 1, HOURS[0])
        self.complete(which, minutes)

    @rule(which=which, hour=hour)
    def open_call(self, which, hour):
        at = self.start + timedelta(hours=hour)
        self.attempt(dispatching.open_call, self.order(which), [self.team], visit_at=at, by=self.by)

    @rule(which=which, who=who)
    def accept(self, which, who):
        before = Assignment.objects.filter(order=self.orders[which], volunteer=self.people[who], status="offered")
        late = before.filter(expires_at__lte=self.now).exists()
        taken = self.attempt(dispatching.accept, self.order(which), self.people[who], by=self.people[who])
        assert not (late and taken)  # O-I10

    @rule(which=which, who=who)
    def accept_in_spite_of_something_else(self, which, who):
        taken = self.attempt(
            dispatching.accept, self.order(which), self.people[who], by=self.by, override="他说两头都顾得上"
        )
        if (
            taken
            and Event.objects.filter(
                event="override", subject="volunteers.serviceorder", subject_pk=self.orders[which].pk
            ).exists()
        ):
            self.overridden.add(self.people[who].pk)

    @rule(number=number)
    def decline(self, number):
        if row := self.assignment(number):
            self.attempt(dispatching.decline, row, by=row.volunteer)

    @rule(number=number)
    def recall(self, number):
        if row := self.assignment(number):
            self.attempt(dispatching.recall, row, by=self.by, reason="换人")

    @rule(which=which)
    def recall_call(self, which):
        self.attempt(dispatching.recall_call, self.order(which), by=self.by, reason="不用了")

    @rule(number=number)
    def fail(self, number):
        if row := self.assignment(number):
            self.attempt(dispatching.fail, row, by=row.volunteer, note="没有人在家")

    @rule(which=which, minutes=st.integers(-5, 730))
    def complete(self, which, minutes):
        going = self.orders[which].assignments.filter(status="accepted").values_list("volunteer", flat=True)
        given = dict.fromkeys(going, minutes)
        self.attempt(dispatching.complete, self.order(which), by=self.by, what="办好了", minutes=given)

    @rule(which=which, rating=st.sampled_from(ServiceOrder.Rating.values))
    def rate(self, which, rating):
        self.attempt(ordering.rate, self.order(which), rating)

    @rule(which=which)
    def reopen(self, which):
        self.attempt(ordering.reopen, self.order(which), reason="又坏了")

    @rule(which=which, step=st.sampled_from(("cancel", "reject", "correct", "correct")))
    def end(self, which, step):
        self.attempt(getattr(ordering, step), self.order(which), by=self.by, reason="弄错了一单")

    @rule(which=which, other=which)
    def mark_duplicate(self, which, other):
        self.attempt(ordering.mark_duplicate, self.order(which), self.order(other), by=self.by)

    @rule(hours=st.sampled_from((1, 12, 24, 24 * 8)))
    def time_goes_on(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def the_timer_rings(self):
        dispatching.expire(now=self.now)
        ordering.close_silent(now=self.now)
        asked = list(Assignment.objects.order_by("pk").values_list("pk", "status"))
        assert dispatching.expire(now=self.now) == ordering.close_silent(now=self.now) == 0  # twice is as once
        assert list(Assignment.objects.order_by("pk").values_list("pk", "status")) == asked

    @invariant()
    def never_more_accept_than_are_needed(self):
        """O-I1, O-I2, O-I4."""
        for order in ServiceOrder.objects.all():
            count = Counter(order.assignments.values_list("status", flat=True))
            assert count["accepted"] <= order.needed
            assert order.needed > 1 or count["accepted"] + count["offered"] <= 1
            assert (order.status == "accepted") == (count["accepted"] == order.needed)
            if order.status not in {"dispatching", "accepted"}:
                assert count["offered"] == count["accepted"] == 0

    @invariant()
    def the_events_tell_how_it_came_to_this(self):
        """O-I5, of orders and of assignments; every step is one the tables allow."""
        for model, table, name in (
            (ServiceOrder, ORDER, "volunteers.serviceorder"),
            (Assignment, ASSIGNMENT, "volunteers.assignment"),
        ):
            for record in model.objects.all():
                events = list(Event.objects.filter(subject=name, subject_pk=record.pk).exclude(event="override"))
                assert events
                assert events[-1].after == record.status
                assert events[0].before == ""
                assert all(one.after == two.before for one, two in itertools.pairwise(events))
                for event in events:
                    starts, ends = table[event.event]
                    assert event.before in starts
                    assert event.after in ends

    @invariant()
    def nobody_is_in_two_places(self):
        """O-I6."""
        for person in self.people:
            held = person.assignments.filter(status="accepted").order_by("visit_at")
            for one, two in itertools.combinations(held, 2):
                apart = one.visit_ends_at <= two.visit_at or two.visit_ends_at <= one.visit_at
                assert apart or person.pk in self.overridden

    @invariant()
    def minutes_are_those_of_who_completed(self):
        """O-I7."""
        for row in Assignment.objects.all():
            assert (row.minutes is not None) == (row.status == "completed")
            assert row.minutes is None or 0 <= row.minutes <= 12 * 60

    @invariant()
    def who_may_read_where_to_go(self):
        """O-I8."""
        for row in Assignment.objects.all():
            over = row.ended_at is not None and self.now > row.ended_at + timedelta(days=7)
            readable = row.status == "accepted" or (row.status in ("completed", "failed") and not over)
            assert contact.is_open(row, now=self.now) == readable

    @invariant()
    def silence_is_no_praise(self):
        """O-I9."""
        rated = Counter(ServiceOrder.objects.filter(status="closed").values_list("rating", flat=True))
        told = figures.satisfaction(ServiceOrder.objects.all())
        assert (told.satisfied, told.rated, told.silent) == (
            rated["good"] + rated["fair"],
            rated["good"] + rated["fair"] + rated["poor"],
            rated["none"],
        )

    @invariant()
    def nobody_is_asked_to_come_to_what_is_not_theirs(self):
        waiting = Message.objects.waiting().filter(kind="offered").select_related("assignment")
        assert all(each.assignment.status == "offered" for each in waiting)


@pytest.mark.django_db
@pytest.mark.once
def test_the_invariants_hold_whatever_anybody_does():
    with patch.object(dispatching, "LATE", timedelta(days=40)):  # time goes on, visits stay where they were
        run_state_machine_as_test(
            Errands,
            settings=settings(
                max_examples=7, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
