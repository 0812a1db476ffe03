"""The verbs of care: who is paired, how often, when the next visit is due, and what a visit counts for."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches import care, membership
from branches.models import Branch, CareVisit, Division, Event, Member, Pairing
from branches.transitions import IllegalTransition
from tests.at_once import together
from tests.makers import make_member

TODAY = date(2026, 11, 22)
LONG_AGO = date(2024, 3, 1)  # since when the cast is active
KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b111"


def days(number):
    return TODAY + timedelta(number)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")


@pytest.fixture
def old(cast):
    """The member who is visited, with no visit yet."""
    CareVisit.objects.all().delete()
    return cast.members["here"]


@pytest.fixture
def pairing(cast, old):
    """A pair of forty days, every fourteen; nobody has been there."""
    Pairing.objects.filter(pk=cast.pairings["here"].pk).update(since=days(-40), next_visit_on=days(-26))
    cast.pairings["here"].refresh_from_db()
    return cast.pairings["here"]


def next_of(pairing):
    return Pairing.objects.get(pk=pairing.pk).next_visit_on


# --- pairs
def test_a_pair_is_first_due_after_one_rhythm(cast):
    made = care.pair(cast.carers["here"], cast.members["here"], every_days=7, by=cast.secretary)
    assert (made.since, made.next_visit_on, made.until) == (TODAY, days(7), None)
    assert made.history.get().history_user == cast.secretary
    assert Event.objects.get(subject="branches.pairing", subject_pk=made.pk).event == "pair"


def test_a_pair_from_before_counts_the_visits_since_then(cast):
    care.log_visit(cast.carers["here"], kind="visit", by=None, visited_on=days(-3))
    made = care.pair(cast.carers["here"], cast.members["here"], every_days=7, by=None, since=days(-20))
    assert made.next_visit_on == days(4)


@pytest.mark.parametrize(
    ("member", "carer", "given", "said"),
    [
        ("members", "members", {}, "同一个人"),
        ("members", "carers", {}, "已经结对"),
        ("newcomers", "carers", {}, "不在册"),
        ("carers", "newcomers", {}, "不在册"),
        ("carers", "members", {"since": days(1)}, "今天以后"),
        ("carers", "members", {"since": LONG_AGO - timedelta(1)}, "在册的日期"),
        ("carers", "members", {"every_days": 0}, "1到365"),
        ("carers", "members", {"every_days": 366}, "1到365"),
    ],
)
def test_an_impossible_pair_is_refused(cast, member, carer, given, said):
    before = Pairing.objects.count()
    one, other = getattr(cast, member)["here"], getattr(cast, carer)["here"]
    with pytest.raises(IllegalTransition, match=said):
        care.pair(one, other, by=cast.secretary, **{"every_days": 14} | given)
    assert Pairing.objects.count() == before


def test_another_rhythm_counts_from_the_last_visit(cast, old, pairing):
    assert care.change_rhythm(pairing, every_days=30, by=cast.secretary).next_visit_on == days(-10)
    care.log_visit(old, kind="visit", by=None, visited_on=days(-4))
    assert care.change_rhythm(pairing, every_days=7, by=cast.secretary).next_visit_on == days(3)
    for wrong in (0, -1, 366):
        with pytest.raises(IllegalTransition, match="1到365"):
            care.change_rhythm(pairing, every_days=wrong, by=cast.secretary)


def test_a_pair_ends_once_for_a_reason_and_not_before_it_began(cast, pairing):
    for given, said in (
        ({"reason": " "}, "原因"),
        ({"reason": "搬走了", "on": days(1)}, "今天以后"),
        ({"reason": "搬走了", "on": days(-41)}, "早于结对"),
    ):
        with pytest.raises(IllegalTransition, match=said):
            care.end_pair(pairing, by=cast.secretary, **given)
    assert care.end_pair(pairing, by=cast.secretary, reason="搬走了", on=days(-1)).until == days(-1)
    for again in (
        lambda: care.end_pair(pairing, by=None, reason="再来"),
        lambda: care.change_rhythm(pairing, every_days=3, by=None),
        lambda: care.log_visit(pairing.member, kind="visit", by=None, pairing=pairing),
    ):
        with pytest.raises(IllegalTransition, match="已经结束"):
            again()
    assert pairing not in Pairing.objects.due()


def test_due_is_today_and_before_the_longest_first(cast):
    for area, number in (("here", 0), ("next_door", -5), ("elsewhere", 1)):
        Pairing.objects.filter(pk=cast.pairings[area].pk).update(next_visit_on=days(number))
    assert list(Pairing.objects.due()) == [cast.pairings["next_door"], cast.pairings["here"]]


# --- visits
@pytest.mark.parametrize("kind", ["visit", "study", "call"])
def test_a_visit_that_met_somebody_moves_the_next_one(cast, old, pairing, kind):
    visit = care.log_visit(old, kind=kind, by=cast.secretary, visited_on=days(-2), note=" 都好 ")
    assert next_of(pairing) == days(12)
    assert (visit.pairing, visit.note, visit.logged_by) == (pairing, "都好", cast.secretary)
    assert visit.history.get().history_user == cast.secretary


def test_nobody_home_moves_nothing(cast, old, pairing):
    care.log_visit(old, kind="nobody_home", by=cast.secretary)
    assert next_of(pairing) == days(-26)
    assert CareVisit.objects.count() == 1


def test_an_older_visit_written_down_later_does_not_bring_the_next_one_forward(cast, old, pairing):
    care.log_visit(old, kind="visit", by=None)
    care.log_visit(old, kind="visit", by=None, visited_on=days(-30))
    assert next_of(pairing) == days(14)


def test_a_visit_of_one_pair_counts_for_that_pair_and_one_without_for_all(cast, old, pairing):
    other = care.pair(old, make_member(cast.branches["here"], "金丝雀第三"), every_days=7, by=None)
    visit = care.log_visit(old, kind="visit", by=None, pairing=pairing, visited_on=days(-1))
    assert (visit.pairing, next_of(pairing), next_of(other)) == (pairing, days(13), days(7))
    visit = care.log_visit(old, kind="call", by=None)
    assert (visit.pairing, next_of(pairing), next_of(other)) == (None, days(14), days(7))
    assert care.change_rhythm(other, every_days=3, by=None).next_visit_on == days(3)


def test_another_rhythm_does_not_count_the_visits_of_another_pair(cast, old, pairing):
    third = make_member(cast.branches["here"], "金丝雀第三")
    other = care.pair(old, third, every_days=7, by=None, since=days(-20))
    care.log_visit(old, kind="visit", by=None, pairing=pairing, visited_on=days(-1))
    assert care.change_rhythm(other, every_days=10, by=None).next_visit_on == days(-10)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"visited_on": days(1)}, "今天以后"),
        ({"visited_on": days(-61)}, "最近60天"),
        ({"kind": "party"}, "名单"),
        ({"kind": ""}, "名单"),
        ({"note": "长" * 501}, "500"),
    ],
)
def test_an_impossible_visit_is_refused(cast, old, given, said):
    with pytest.raises(IllegalTransition, match=said):
        care.log_visit(old, by=cast.secretary, **{"kind": "visit"} | given)
    assert not CareVisit.objects.exists()


def test_the_oldest_visit_that_may_be_written_down(old):
    assert care.log_visit(old, kind="visit", by=None, visited_on=days(-60), note="长" * 500).pk


def test_nobody_visits_who_is_not_active_nor_in_the_name_of_anothers_pair(cast, old):
    with pytest.raises(IllegalTransition, match="不在册"):
        care.log_visit(cast.newcomers["here"], kind="visit", by=None)
    with pytest.raises(IllegalTransition, match="已经结束"):
        care.log_visit(old, kind="visit", by=None, pairing=cast.pairings["next_door"])
    membership.end(old.memberships.get(), by=None, end_reason="died")
    with pytest.raises(IllegalTransition, match="不在册"):
        care.log_visit(old, kind="visit", by=None)
    assert not CareVisit.objects.exists()


def test_one_form_is_one_visit_and_other_words_in_it_are_not_lost_unsaid(cast, old, pairing):
    first = care.log_visit(old, kind="visit", by=cast.secretary, key=KEY, note="好")
    assert care.log_visit(old, kind="visit", by=cast.secretary, key=KEY, note=" 好 ") == first
    with pytest.raises(IllegalTransition, match="已经记过"):
        care.log_visit(old, kind="visit", by=cast.secretary, key=KEY, note="不一样")
    assert CareVisit.objects.count() == 1
    care.log_visit(old, kind="visit", by=cast.secretary, note="好")  # without a word of a form, twice is twice
    assert CareVisit.objects.count() == 2
    assert care.log_visit(cast.carers["here"], kind="visit", by=cast.secretary, key=KEY, note="好") != first


def test_what_is_written_about_a_visit_is_sealed(old):
    visit = care.log_visit(old, kind="visit", by=None, note="金丝雀说的话")
    with connection.cursor() as cursor:
        for table in (CareVisit, CareVisit.history.model):
            cursor.execute(f"SELECT note FROM {table._meta.db_table}")  # noqa: S608 - the name is the model's own
            assert all("金丝雀" not in note for (note,) in cursor.fetchall())
    visit.refresh_from_db()
    assert visit.note == "金丝雀说的话"


# --- whatever anybody does
class Care(RuleBasedStateMachine):
    """Three members of a branch: `next_visit_on` is always what the visits say, and only the active are in a pair."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        district = Division.objects.create(code="990100000000", name="望岳区", level="district")
        branch = Branch.objects.create(name="one", slug="one", division=district)
        self.members = [make_member(branch, name) for name in "甲乙丙"]

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *given, **named):
        with suppress(IllegalTransition):
            verb(*given, by=None, **named)

    who = st.integers(0, 2)
    on = st.integers(-70, 2).map(days)

    @rule(member=who, carer=who, every=st.integers(1, 40), since=on)
    def pair(self, member, carer, every, since):
        self.attempt(care.pair, self.members[member], self.members[carer], every_days=every, since=since)

    @rule(which=st.integers(0, 5), every=st.integers(0, 40))
    def rhythm(self, which, every):
        for pairing in Pairing.objects.order_by("pk")[which : which + 1]:
            self.attempt(care.change_rhythm, pairing, every_days=every)

    @rule(which=st.integers(0, 5), on=on)
    def end(self, which, on):
        for pairing in Pairing.objects.order_by("pk")[which : which + 1]:
            self.attempt(care.end_pair, pairing, reason="x", on=on)

    @rule(member=who, kind=st.sampled_from(CareVisit.Kind.values), on=on, of_pair=st.booleans())
    def visit(self, member, kind, on, of_pair):
        member = self.members[member]
        pairing = member.pairings.last() if of_pair else None
        self.attempt(care.log_visit, member, kind=kind, visited_on=on, pairing=pairing)

    @rule(member=who, on=on)
    def leave(self, member, on):
        for active in self.members[member].memberships.active():
            self.attempt(membership.end, active, end_reason="moved", on=on)

    @invariant()
    def the_next_visit_follows_from_the_visits(self):
        for pairing in Pairing.objects.running():
            met = [
                visit.visited_on
                for visit in CareVisit.objects.filter(member=pairing.member).exclude(kind="nobody_home")
                if visit.pairing_id in (None, pairing.pk) and visit.visited_on >= pairing.since
            ]
            assert pairing.next_visit_on == max(met, default=pairing.since) + timedelta(pairing.every_days)

    @invariant()
    def only_the_active_are_in_a_pair(self):
        active = set(Member.objects.active().values_list("pk", flat=True))
        for pairing in Pairing.objects.running():
            assert {pairing.member_id, pairing.carer_id} <= active


@pytest.mark.django_db
def test_the_rhythm_holds_whatever_anybody_does():
    run_state_machine_as_test(
        Care,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


# --- two at once
@pytest.fixture
def two(transactional_db):
    district = Division.objects.create(code="990100000000", name="望岳区", level="district")
    branch = Branch.objects.create(name="one", slug="one", division=district)
    return make_member(branch, "甲"), make_member(branch, "乙")


def test_a_double_tap_at_the_very_same_moment_is_one_visit(two):
    care.pair(*two, every_days=7, by=None)
    said = together(*[lambda: care.log_visit(two[0], kind="visit", by=None, key=KEY, note="好").pk] * 4)
    assert len(set(said)) == 1
    assert CareVisit.objects.count() == 1


def test_the_same_pair_made_twice_at_once_is_one_pair(two):
    said = together(*[lambda: care.pair(*two, every_days=7, by=None)] * 3)
    assert sum("已经结对" in str(text) for text in said) == 2
    assert Pairing.objects.count() == 1


def test_pairing_and_leaving_at_once_leave_no_pair_of_somebody_gone(two):
    for _ in range(4):
        row = two[0].memberships.active().get()
        together(
            lambda: care.pair(*two, every_days=7, by=None),
            lambda row=row: membership.end(row, by=None, end_reason="moved"),
        )
        assert not Pairing.objects.running().exists()
        back = membership.report(two[0], row.branch, home_unit="示例厂", by=None)
        membership.confirm(back, by=None)
