"""What holds of applications whatever anybody does, in whatever order: H-I1, H-I2, H-I3, H-I5, H-I6."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches.models import Event
from branches.transitions import IllegalTransition
from homes import application_worklist as worklist
from homes import applying
from homes.models import Home, HomeApplication
from tests.homes.applying import MONDAY, drafted, make_hall, seen, steps

ROLES = ("officer", "neighbour", "street", "district", "leader", "chief")
REACHED = {"return", "street_pass", "start_notice", "approve", "reject", "withdraw", "correct"}


class Review(RuleBasedStateMachine):
    """Three applications, two of one address, everybody in the hall, and days that go by."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.hall, self.on = make_hall(), MONDAY
        addresses = ("一号路1号", "一号路1号", "二号路2号")
        self.keys = [drafted(self.hall, address=address).pk for address in addresses]

    def teardown(self):
        for user in map(self.hall.who, ROLES):  # who is told that it waits for them may act
            for application in (*worklist.to_review(user), *worklist.run_out(user, self.on)):
                assert applying.may_act(user, application)
        Review.happened |= set(Event.objects.values_list("event", flat=True))
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, which, *args, **given):
        try:
            with transaction.atomic():
                return verb(HomeApplication.objects.get(pk=self.keys[which]), *args, **given)
        except IllegalTransition:
            return None

    which, who = st.integers(0, 2), st.sampled_from(ROLES)

    @rule(which=which, who=who, event=st.sampled_from(sorted(set(applying.TRANSITIONS) - {"begin", "withdraw"})))
    def anybody_tries(self, which, who, event):
        if event == "approve":
            self.attempt(applying.approve, which, by=self.hall.who(who), slug=f"x{which}", ceiling=1, on=self.on)
        else:
            self.attempt(steps(self.hall, self.hall.who(who), self.on)[event], which)

    @rule(which=which, reviewer=st.sampled_from(("street", "district", "leader")))
    def it_goes_on_as_it_should(self, which, reviewer):
        """As most of it goes; somebody of the right level, or not."""
        application = HomeApplication.objects.get(pk=self.keys[which])
        by = self.hall.who(reviewer)
        match application.status:
            case "draft" | "returned":
                self.attempt(applying.submit, which, by=self.hall.officer, on=self.on)
            case "submitted":
                self.attempt(seen, which, by=self.hall.street)
                self.attempt(applying.street_pass, which, by=self.hall.street, on=self.on)
            case "street_ok":
                self.attempt(applying.start_notice, which, by=by, words="两间屋。", on=self.on)
            case "public_notice":
                self.time_passes(8)
                self.attempt(applying.approve, which, by=by, slug=f"x{which}", ceiling=1, on=self.on)

    @rule(which=which, event=st.sampled_from(("return", "return", "reject")))
    def whose_turn_it_is_refuses_it(self, which, event):
        application = HomeApplication.objects.get(pk=self.keys[which])
        for by in (self.hall.street, self.hall.chief):
            if applying.may_act(by, application):
                self.attempt(steps(self.hall, by, self.on)[event], which)

    @rule(which=which)
    def it_is_taken_back(self, which):
        if which == 1:
            self.attempt(applying.withdraw, which, by=self.hall.officer)

    @rule(which=which, who=st.sampled_from(("district", "leader", "chief")))
    def a_mistake_is_put_right(self, which, who):
        self.attempt(applying.correct, which, by=self.hall.who(who), reason="点错了按钮", on=self.on)

    @rule(which=which, address=st.sampled_from(("一号路1号", "三号路3号")))
    def it_is_written_anew(self, which, address):
        self.attempt(applying.write, which, by=self.hall.officer, address=address)

    @rule(days=st.sampled_from([1, 8]))
    def time_passes(self, days):
        self.on += timedelta(days=days)

    def events(self, pk):
        return Event.objects.filter(subject="homes.homeapplication", subject_pk=pk).order_by("pk")

    # --- what holds
    @invariant()
    def an_approved_one_is_exactly_one_home(self):  # H-I1
        approved = HomeApplication.objects.filter(status="approved").count()
        assert approved == Home.objects.count() == HomeApplication.objects.exclude(home=None).count()

    @invariant()
    def nobody_acts_at_two_levels(self):  # H-I2
        for pk in self.keys:
            levels = {}
            for event in self.events(pk):
                if "who" in event.data:
                    levels.setdefault(event.data["who"], set()).add(event.data["level"])
            assert [who for who, acted in levels.items() if len(acted) > 1] == []
            assert levels[self.hall.officer.pk] == {"applicant"}

    @invariant()
    def a_return_and_a_rejection_say_why(self):  # H-I3
        for application in HomeApplication.objects.filter(pk__in=self.keys):
            assert bool(application.verdict) == (application.status in ("returned", "rejected"))
            assert bool(application.returned_fields) >= (application.status == "returned")
            assert bool(application.rejection) == (application.status == "rejected")

    @invariant()
    def everybody_reads_those_in_notice_alone(self):  # H-I5
        shown = set(HomeApplication.objects.in_notice().values_list("pk", flat=True))
        for application in HomeApplication.objects.filter(pk__in=self.keys):
            assert (application.pk in shown) == (application.status == "public_notice")
            if application.pk in shown:
                assert application.notice_until > application.notice_from

    @invariant()
    def the_clock_runs_with_reviewers_alone(self):  # H-I6
        for application in HomeApplication.objects.filter(pk__in=self.keys):
            if application.status in ("submitted", "street_ok"):
                assert application.due_on is not None
            assert (application.days_left is not None) == (application.status == "returned")
        late = HomeApplication.objects.overdue(self.on + timedelta(days=999))
        assert {each.status for each in late} <= {"submitted", "street_ok"}

    @invariant()
    def one_address_has_one_application_under_way(self):
        live = [(each.division_id, each.address_key) for each in HomeApplication.objects.live()]
        assert len(live) == len(set(live))

    @invariant()
    def the_events_tell_how_it_came_to_be_as_it_is(self):
        for application in HomeApplication.objects.filter(pk__in=self.keys):
            state = ""
            for event in self.events(application.pk):
                if event.before != event.after:
                    assert event.before == state
                    state = event.after
            assert state == application.status


@pytest.mark.django_db
@pytest.mark.once
def test_the_invariants_hold_whatever_anybody_does():
    Review.happened = set()
    run_state_machine_as_test(
        Review,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert REACHED - Review.happened == set()
