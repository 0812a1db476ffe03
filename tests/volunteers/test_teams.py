"""The verbs of a team: every event in every state, who may take which step, and what goes with it."""

import itertools
from datetime import date, timedelta

import pytest
from django.utils import timezone

from branches.models import Event, Member
from branches.transitions import IllegalTransition
from tests.at_once import together
from tests.makers import make_home, make_user
from tests.volunteers.test_busy import visit
from tests.volunteers.troop import TELEPHONE, make_duty, make_shift, make_team, make_volunteer, with_code
from volunteers import duties, teams
from volunteers.models import ShiftPlace, Skill, TeamMembership, Volunteer
from volunteers.teams import Status

EVENTS = ("take_in", "decline", "leave", "let_go")
# {event: {state before: state after}}; whatever is not here is refused
LIFE = {
    "take_in": {"asked": "active"},
    "decline": {"asked": "declined"},
    "leave": {"active": "left"},
    "let_go": {"active": "left"},
}
REASONED = ("decline", "let_go")
TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22T10:00:00+08:00")


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def officer(team):
    return make_user("officer", "district", team.home.division, name="小陈")


@pytest.fixture
def captain(team):
    captain = make_volunteer(team, 100)
    return captain_of(team, captain)


def captain_of(team, volunteer):
    team.captain = volunteer
    team.save()
    return volunteer


def membership_of(team, status="active", number=1):
    return make_volunteer(team, number, status=status).memberships.get()


def do(event, membership, by, **given):
    needs = {"reason": "人手够了"} if event in REASONED else {}
    return getattr(teams, event)(membership, by=by, **needs | given)


def ask(team, **given):
    return teams.ask(team, **{"name": "示例老王", "telephone": TELEPHONE.format(9)} | given)


# --- the table
@pytest.mark.parametrize(("event", "before"), list(itertools.product(EVENTS, Status.values)))
def test_every_event_in_every_state(team, officer, event, before):
    membership, after = membership_of(team, before), LIFE[event].get(before)
    steps = membership.history.count()
    if after is None:
        with pytest.raises(IllegalTransition, match="刷新"):
            do(event, membership, officer)
        membership.refresh_from_db()
        assert (membership.status, membership.history.count()) == (before, steps)
        return
    do(event, membership, officer)
    membership.refresh_from_db()
    assert membership.status == after
    told = Event.objects.get(subject="volunteers.teammembership", subject_pk=membership.pk)
    assert (told.event, told.before, told.after, told.actor) == (event, before, after, "officer")
    assert membership.history.first().history_user == officer


def test_the_table_is_what_the_verbs_do():
    assert {event: dict.fromkeys(starts, end) for event, (starts, end) in teams.TRANSITIONS.items()} == LIFE | {
        "ask": {"": "asked"}, "enter": {"": "active", "asked": "active"}
    }  # fmt: skip


@pytest.mark.parametrize("event", REASONED)
def test_a_no_is_explained(team, officer, event):
    membership = membership_of(team, "asked" if event == "decline" else "active")
    with pytest.raises(IllegalTransition, match="原因"):
        do(event, membership, officer, reason=" ")


@pytest.mark.parametrize(("event", "before"), [("take_in", "asked"), ("leave", "active")])
def test_nothing_is_dated_later_than_today(team, officer, event, before):
    with pytest.raises(IllegalTransition, match="日期"):
        do(event, membership_of(team, before), officer, on=TODAY + timedelta(days=1))


def test_nobody_leaves_before_they_came(team, officer):
    with pytest.raises(IllegalTransition, match="更早"):
        teams.leave(membership_of(team), by=officer, on=date(2025, 12, 31))


@pytest.mark.parametrize("event", ["ask", "enter"])
def test_an_archived_team_takes_nobody(team, officer, event):
    teams.archive(team, by=officer, reason="并到别的队")
    with pytest.raises(IllegalTransition, match="归档"):
        ask(team) if event == "ask" else teams.enter(team, by=officer, name="示例", telephone="19900079998")


# --- asking
def test_a_resident_asks(team):
    skill = Skill.objects.create(slug="hair", name="理发")
    membership = ask(team, note="周末有空", consent_version="2026-11", skills=[skill], free_times=3)
    assert (membership.status, membership.note, membership.since) == ("asked", "周末有空", None)
    volunteer = membership.volunteer
    assert (volunteer.name, volunteer.telephone, volunteer.consent_version) == ("示例老王", "19900070009", "2026-11")
    assert (volunteer.free_times, list(volunteer.skills.all()), volunteer.code) == (3, [skill], None)
    told = Event.objects.get(subject="volunteers.teammembership")
    assert (told.event, told.before, told.after, told.actor_name) == ("ask", "", "asked", "居民")


@pytest.mark.parametrize("status", ["asked", "active"])
def test_asking_again_answers_alike_and_changes_nothing(team, status):
    there = membership_of(team, status)
    again = ask(team, name="示例 1号", telephone="+86 1990007 0001", free_times=5)
    assert again == there
    assert TeamMembership.objects.count() == Volunteer.objects.count() == 1
    assert Volunteer.objects.get().free_times == 0  # anybody may have typed it


@pytest.mark.parametrize("status", ["declined", "left"])
def test_who_was_declined_or_left_may_ask_again(team, status):
    before = membership_of(team, status)
    again = ask(team, name="示例1号", telephone=TELEPHONE.format(1))
    assert again.pk != before.pk
    assert (again.status, again.volunteer) == ("asked", before.volunteer)


def test_a_team_that_takes_nobody_says_so(team):
    team.takes_people = False
    team.save()
    with pytest.raises(IllegalTransition, match="不收人"):
        ask(team)


@pytest.mark.parametrize("wrong", [{"name": " \u200b"}, {"telephone": "-"}])
def test_a_name_and_a_telephone_are_needed(team, wrong):
    with pytest.raises(IllegalTransition, match="请写"):
        ask(team, **wrong)


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_make_one_person_and_one_membership():
    home = make_team().home
    other = make_team(home, name="别的队", slug="other")
    first = make_team(home, name="第三队", slug="third")
    said = together(*[lambda team=team: ask(team) for team in (first, other) * 10])
    assert len({membership.pk for membership in said}) == 2
    assert Volunteer.objects.count() == 1
    assert TeamMembership.objects.count() == 2


# --- entering
def test_staff_enter_somebody_at_once(team, officer):
    membership = teams.enter(team, by=officer, name="示例老李", telephone="199 0007 0008", on=date(2026, 3, 1))
    assert (membership.status, membership.since) == ("active", date(2026, 3, 1))
    with pytest.raises(IllegalTransition, match="已经在"):
        teams.enter(team, by=officer, name="示例老李", telephone="19900070008")


def test_who_had_asked_is_taken_in_by_being_entered(team, officer):
    asked = ask(team)
    assert teams.enter(team, by=officer, name="示例老王", telephone=TELEPHONE.format(9)).pk == asked.pk
    assert TeamMembership.objects.get().status == "active"


def test_a_member_of_the_register_becomes_a_volunteer_once(team, officer):
    member = Member.objects.create(name="示例党员", telephone=TELEPHONE.format(7))
    known = make_volunteer(number=7, name="示例党员")
    assert teams.enter(team, by=officer, member=member).volunteer == known
    known.refresh_from_db()
    assert known.member == member
    other = make_team(team.home, name="别的队", slug="other")
    assert teams.enter(other, by=officer, member=member).volunteer == known


def test_a_member_without_a_telephone_has_to_tell_one_first(team, officer):
    with pytest.raises(IllegalTransition, match="电话"):
        teams.enter(team, by=officer, member=Member.objects.create(name="示例党员"))


# --- the captain
def test_the_captain_takes_in_and_declines(team, captain):
    yes, no = membership_of(team, "asked", 1), membership_of(team, "asked", 2)
    teams.take_in(yes, by=captain)
    teams.decline(no, by=captain, reason="住得太远")
    assert sorted(team.memberships.values_list("status", flat=True)) == ["active", "active", "declined"]
    told = Event.objects.filter(event="take_in").get()
    assert (told.actor, told.actor_name) == ("", "示*")
    assert yes.history.first().history_user is None


@pytest.mark.parametrize("event", EVENTS)
def test_other_volunteers_do_not(team, captain, event):
    before = "asked" if event in ("take_in", "decline") else "active"
    membership = membership_of(team, before)
    stranger = captain_of(make_team(team.home, name="别的队", slug="other"), make_volunteer(team, 3))
    with pytest.raises(IllegalTransition, match="队长"):
        do(event, membership, stranger)


def test_one_may_leave_by_oneself(team, captain):
    membership = membership_of(team)
    teams.leave(membership, by=membership.volunteer)
    membership.refresh_from_db()
    assert (membership.status, membership.until) == ("left", TODAY)


def test_only_somebody_in_the_team_becomes_captain(team, officer):
    asked, active = membership_of(team, "asked", 1), membership_of(team, "active", 2)
    elsewhere = make_volunteer(make_team(team.home, name="别的队", slug="other"), 3)
    for volunteer in (asked.volunteer, elsewhere):
        with pytest.raises(IllegalTransition, match="在队"):
            teams.set_captain(team, volunteer, by=officer)
    teams.set_captain(team, active.volunteer, by=officer)
    team.refresh_from_db()
    assert team.captain == active.volunteer
    teams.set_captain(team, None, by=officer)
    team.refresh_from_db()
    assert team.captain is None
    assert Event.objects.filter(event="set_captain").count() == 2


def test_a_captain_who_leaves_is_captain_no_more(team, captain, officer):
    teams.leave(captain.memberships.get(), by=captain)
    team.refresh_from_db()
    assert team.captain is None


# --- what goes with leaving
def test_shifts_to_come_are_free_again_and_past_ones_stay(team, officer):
    membership = membership_of(team)
    duty = make_duty(team)
    past, coming = make_shift(duty, day=TODAY - timedelta(days=1)), make_shift(duty)
    for shift in (past, coming):
        ShiftPlace.objects.create(shift=shift, volunteer=membership.volunteer)
    teams.let_go(membership, by=officer, reason="搬走了")
    assert dict(ShiftPlace.objects.values_list("shift", "status")) == {past.pk: "joined", coming.pk: "left"}


def test_orders_go_back_with_the_last_team_only(team, officer):
    membership = membership_of(team)
    other = teams.enter(make_team(team.home, name="别的队", slug="other"), by=officer, name="示例1号",
                        telephone=TELEPHONE.format(1))  # fmt: skip
    assignment = visit(membership.volunteer, timezone.now() + timedelta(days=1))
    teams.leave(membership, by=officer)
    assignment.refresh_from_db()
    assert assignment.status == "accepted"
    teams.leave(other, by=officer)
    assignment.refresh_from_db()
    assert (assignment.status, assignment.order.status) == ("recalled", "submitted")


def test_archiving_ends_everything(team, captain, officer):
    membership_of(team, "asked")
    shift = make_shift(make_duty(team))
    duties.join(shift, captain, by=captain)
    teams.archive(team, by=officer, reason="并到别的队")
    team.refresh_from_db()
    shift.refresh_from_db()
    assert (team.is_archived, team.captain, shift.status, shift.duty.is_archived) == (True, None, "cancelled", True)
    assert sorted(team.memberships.values_list("status", flat=True)) == ["declined", "left"]


# --- codes
def test_a_new_code_ends_the_old_one(team, officer):
    volunteer = with_code(make_volunteer(team))
    code = teams.new_code(volunteer, by=officer)
    volunteer.refresh_from_db()
    assert volunteer.code == code != "12345678"
    assert (len(code), code.isdecimal()) == (8, True)
    assert code not in str(Event.objects.values_list("data", "reason"))


def test_the_captain_gives_codes_in_their_own_team_alone(team, captain):
    mine = make_volunteer(team)
    other = make_volunteer(make_team(make_home(team.home.division, "别家", "away"), slug="away"), 2)
    assert teams.new_code(mine, by=captain)
    with pytest.raises(IllegalTransition, match="队长"):
        teams.new_code(other, by=captain)


def test_no_captain_opens_the_page_of_somebody_who_serves_elsewhere_too(team, captain, officer):
    """Anybody can ask in another's name; the code would show what that other team was trusted with."""
    away = make_team(make_home(team.home.division, "别家", "away"), slug="away")
    other = with_code(make_volunteer(away, 2))
    asked = teams.ask(team, name=other.name, telephone=other.telephone)
    teams.take_in(asked, by=captain)
    with pytest.raises(IllegalTransition, match="别的队"):
        teams.new_code(other, by=captain)
    other.refresh_from_db()
    assert other.code == "12345678"
    assert teams.new_code(other, by=officer)


def test_no_staff_opens_the_page_of_somebody_who_serves_out_of_their_sight(cast):
    away, here = cast.teams["elsewhere"], cast.teams["here"]
    other = with_code(make_volunteer(away, 2))
    teams.enter(here, name=other.name, telephone=other.telephone, by=cast.officer)
    with pytest.raises(IllegalTransition, match="区里"):
        teams.new_code(other, by=cast.officer)
    assert teams.new_code(other, by=cast.district_officer)


@pytest.mark.parametrize("status", ["asked", "declined", "left"])
def test_who_is_in_no_team_gets_no_code(team, officer, status):
    with pytest.raises(IllegalTransition, match="在队"):
        teams.new_code(make_volunteer(team, status=status), by=officer)


def test_what_somebody_says_of_themselves(team):
    volunteer, skill = make_volunteer(team), Skill.objects.create(slug="hair", name="理发")
    teams.describe(volunteer, skills=[skill], free_times=7, by=volunteer)
    volunteer.refresh_from_db()
    assert (volunteer.free_times, list(volunteer.skills.all())) == (7, [skill])
