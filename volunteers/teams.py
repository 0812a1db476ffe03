"""The verbs of a team: ask to join, take in, decline, enter, leave, let go, name a captain, archive; and a new code.

Only this module writes `TeamMembership.status`. Whoever acts (`by`) is a User, the captain of the team (a Volunteer),
or RESIDENT who asks for themselves. Each verb locks the team first, then what hangs on it.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from branches import codes, telephones
from branches.models import Member, User
from branches.names import person_key, plain_name, tidy
from branches.steps import move, user_of
from branches.transitions import RESIDENT, IllegalTransition, not_later_than_today, record_event, step, told
from volunteers import dispatching, duties
from volunteers.models import Assignment, ServiceOrder, Team, TeamMembership, Volunteer

Status = TeamMembership.Status

# event: (states it may start from, state it ends in); a membership that is new comes from no state
TRANSITIONS = {
    "ask": ({""}, Status.ASKED),
    "enter": ({"", Status.ASKED}, Status.ACTIVE),
    "take_in": ({Status.ASKED}, Status.ACTIVE),
    "decline": ({Status.ASKED}, Status.DECLINED),
    "leave": ({Status.ACTIVE}, Status.LEFT),
    "let_go": ({Status.ACTIVE}, Status.LEFT),
}
IN_USE, ARCHIVED = "in_use", "archived"  # what events say of a team and of a volunteer, who have no states
NOT_CAPTAIN = "这件事由队长、社区或者支部来办。"


@transaction.atomic
def ask(team, *, name, telephone, note="", consent_version="", by=RESIDENT, now=None, **about):
    """A resident asks to be taken in; returns the membership.

    Whoever asks twice, or is in the team already, gets the membership there is: nobody learns from the answer who is in
    a team. `about` (skills, free_times) is kept of somebody new only, for anybody may have typed it.
    """
    now = now or timezone.now()
    team = _locked(team)
    if not team.takes_people:
        raise IllegalTransition("这支队伍现在不收人。可以看看别的队伍，或者打电话问问。")
    consent = {"consent_version": consent_version, "consented_at": now if consent_version else None}
    volunteer = _found_or_made(name, telephone, by=by, **consent, **about)
    there = team.memberships.filter(volunteer=volunteer, status__in=TeamMembership.CURRENT).first()
    if there is not None:
        return there
    membership = TeamMembership(team=team, volunteer=volunteer, status="", note=note.strip())
    move(membership, "ask", step(TRANSITIONS, "ask", membership), by=by)
    return membership


@transaction.atomic
def take_in(membership, *, by, on=None):
    """Somebody who has asked is in the team, from a day on."""
    on = not_later_than_today(on)
    team, membership = _both(membership)
    _may(by, team)
    move(membership, "take_in", step(TRANSITIONS, "take_in", membership), by=by, since=on)
    return membership


@transaction.atomic
def decline(membership, *, by, reason):
    reason = told(reason)
    team, membership = _both(membership)
    _may(by, team)
    move(membership, "decline", step(TRANSITIONS, "decline", membership), by=by, reason=reason, note="")
    return membership


@transaction.atomic
def enter(team, *, by, name="", telephone="", member=None, on=None, **about):
    """Staff put somebody into a team straight away: by name and telephone, or from the register (`member`).

    Returns the membership; whoever had asked is taken in. IllegalTransition for somebody who is in it.
    """
    on = not_later_than_today(on)
    team = _locked(team)
    volunteer = _of_member(member, by=by) if member is not None else _found_or_made(name, telephone, by=by, **about)
    membership = team.memberships.filter(volunteer=volunteer, status__in=TeamMembership.CURRENT).first()
    if membership is not None and membership.status == Status.ACTIVE:
        raise IllegalTransition(f"{volunteer} 已经在这支队伍里了。")
    membership = membership or TeamMembership(team=team, volunteer=volunteer, status="")
    move(membership, "enter", step(TRANSITIONS, "enter", membership), by=by, since=on)
    return membership


@transaction.atomic
def leave(membership, *, by, on=None, now=None):
    """Somebody goes out of a team of their own will."""
    return _end(membership, "leave", by=by, on=on, now=now)


@transaction.atomic
def let_go(membership, *, by, reason, on=None, now=None):
    """The captain or staff take somebody out of a team and say why."""
    return _end(membership, "let_go", by=by, on=on, now=now, reason=told(reason))


@transaction.atomic
def set_captain(team, volunteer, *, by):
    """Name the captain, one who is in the team; None for nobody."""
    team = _locked(team)
    if volunteer is not None and not team.memberships.filter(volunteer=volunteer, status=Status.ACTIVE).exists():
        raise IllegalTransition("队长要从在队的人里选。可能刚刚有人离队，请刷新看看。")
    if team.captain_id == (volunteer and volunteer.pk):
        return team
    team.captain = volunteer
    _save_team(team, "set_captain", by=by, volunteer=volunteer and volunteer.pk)
    return team


@transaction.atomic
def archive(team, *, by, reason, now=None):
    """End a team: nobody is in it any more, what was planned is off, who has asked is told no."""
    now, reason = now or timezone.now(), told(reason)
    team = _locked(team)
    for duty in team.duties.filter(is_archived=False).order_by("pk"):
        duties.end(duty, by=by, reason=reason, now=now)
    for membership in team.memberships.filter(status=Status.ACTIVE).order_by("pk"):
        _end(membership, "let_go", by=by, on=None, now=now, reason=reason)
    for membership in team.memberships.filter(status=Status.ASKED).order_by("pk"):
        move(membership, "decline", step(TRANSITIONS, "decline", membership), by=by, reason=reason, note="")
    team.refresh_from_db()
    team.is_archived = True
    _save_team(team, "archive", by=by, reason=reason)
    return team


@transaction.atomic
def new_code(volunteer, *, by):
    """Give somebody a new code for their page and return it: it is shown once. The old one ends."""
    volunteer = Volunteer.objects.locked(volunteer.pk)
    teams = Team.objects.filter(memberships__in=TeamMembership.objects.active().filter(volunteer=volunteer))
    if isinstance(by, Volunteer) and not teams.filter(captain=by).exists():
        raise IllegalTransition(NOT_CAPTAIN)
    if isinstance(by, Volunteer) and teams.exclude(captain=by).exists():  # whoever has the code reads what these do
        raise IllegalTransition("他也在别的队，志愿者码请社区或者支部来给。")
    if isinstance(by, User) and teams.exclude(pk__in=Team.objects.visible_to(by).values("pk")).exists():
        raise IllegalTransition("他也在别处的队，志愿者码请区里来给。")
    if not teams.exists():
        raise IllegalTransition("只给在队的人志愿者码。请先收进队里。")
    if not volunteer.telephone:
        raise IllegalTransition("还没有登记电话。打开自己的页要用电话的后四位，请先补上电话。")
    volunteer.code = codes.new_code(Volunteer)
    volunteer._history_user, volunteer._change_reason = user_of(by), "new_code"
    volunteer.save()
    record_event(volunteer, "new_code", by=by, before=IN_USE, after=IN_USE)
    return volunteer.code


@transaction.atomic
def describe(volunteer, *, skills, free_times, by):
    """What somebody can do and when they are free, as they say themselves or tell staff."""
    volunteer = Volunteer.objects.locked(volunteer.pk)
    volunteer.free_times = free_times
    volunteer._history_user, volunteer._change_reason = user_of(by), "describe"
    volunteer.save()
    volunteer.skills.set(skills)
    record_event(volunteer, "describe", by=by, before=IN_USE, after=IN_USE)
    return volunteer


# --- inside the caller's transaction
def _locked(team):
    team = Team.objects.select_for_update(of=("self",)).select_related("home").get(pk=team.pk)
    if team.is_archived:
        raise IllegalTransition("这支队伍已经归档了。")
    return team


def _both(membership):
    """(the team, locked; the membership as it is now)"""
    team = _locked(membership.team)
    return team, TeamMembership.objects.select_related("volunteer").get(pk=membership.pk)


def _may(by, team):
    """IllegalTransition for a volunteer who is not the captain of the team."""
    if isinstance(by, Volunteer) and team.captain_id != by.pk:
        raise IllegalTransition(NOT_CAPTAIN)


def _found_or_made(name, telephone, *, by, skills=(), **about):
    """Whoever has this name at this telephone, or somebody new."""
    name, number = tidy(name), telephones.digits(telephone)
    if not plain_name(name):
        raise IllegalTransition("请写姓名。")
    if not number:
        raise IllegalTransition("请写一个电话。")
    key = person_key(name, number)
    if known := Volunteer.objects.filter(person_key=key).first():
        return known
    volunteer = Volunteer(name=name, telephone=number, **about)
    volunteer._history_user, volunteer._change_reason = user_of(by), "enter"
    try:
        with transaction.atomic():
            volunteer.save()
    except IntegrityError:  # two teams were asked in the same moment
        return Volunteer.objects.get(person_key=key)
    volunteer.skills.set(skills)
    return volunteer


def _of_member(member, *, by):
    """The volunteer that a member of the register is, or becomes."""
    member = Member.objects.locked(member.pk)
    known = Volunteer.objects.filter(member=member).first()
    if known is not None:
        return known
    lives = {"compound": member.compound, "division": member.compound and member.compound.division}
    volunteer = _found_or_made(member.name, member.telephone, by=by, **lives)
    if volunteer.member_id is None:
        volunteer.member = member
        volunteer._history_user, volunteer._change_reason = user_of(by), "of_member"
        volunteer.save()
    return volunteer


def _end(membership, event, *, by, on, now, reason=""):
    """End a membership on a day: the places in shifts to come are given back, orders too where it was the last team."""
    on, now = not_later_than_today(on), now or timezone.now()
    team, membership = _both(membership)
    volunteer = membership.volunteer
    if by != volunteer:
        _may(by, team)
    status = step(TRANSITIONS, event, membership)
    if on < membership.since:
        raise IllegalTransition(f"{membership.since:%Y年%m月%d日}才进队，离队不能更早。")
    duties.give_back_all(team, volunteer, by=by, now=now)
    others = TeamMembership.objects.active().filter(volunteer=volunteer).exclude(pk=membership.pk)
    if not others.exists():
        _hand_back_orders(volunteer, by=by, now=now)
    if team.captain_id == volunteer.pk:
        team.captain = None
        _save_team(team, "set_captain", by=by, volunteer=None)
    move(membership, event, status, by=by, reason=reason, until=on, note="")
    return membership


def _hand_back_orders(volunteer, *, by, now):
    live = Assignment.objects.filter(volunteer=volunteer, status__in=Assignment.LIVE)
    orders = ServiceOrder.objects.filter(pk__in=live.values("order")).order_by("pk")
    list(orders.select_for_update())  # always in one order, before the volunteer
    for assignment in live.order_by("order"):
        dispatching.recall(assignment, by=by, reason="离队了", now=now)


def _save_team(team, event, *, by, reason="", **data):
    team._history_user, team._change_reason = user_of(by), event
    team.save()
    after = ARCHIVED if team.is_archived else IN_USE
    record_event(team, event, by=by, before=IN_USE, after=after, reason=reason, **data)
