"""The verbs of dispatch: ask somebody, ask whole teams, accept, decline, take back, could not, done.

An offer is a question until it is accepted. Each verb locks the order, then the volunteer (order_steps.py), lets go of
offers whose time is over, looks, and writes, in one transaction.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from branches.models import User
from branches.transitions import IllegalTransition, record_event, told
from volunteers import busy, telling
from volunteers.models import Assignment, Message, OpenCall, ServiceOrder, TeamMembership, Volunteer
from volunteers.models.duty import MINUTES_MOST
from volunteers.order_steps import held, locked, move, move_assignment, recall_all, state_of

Status, Held, Kind = ServiceOrder.Status, Assignment.Status, Message.Kind
ANSWER_WITHIN = timedelta(hours=24)  # an offer waits so long, and never past the visit
LATE = timedelta(hours=1)  # a visit that has just begun may still be put on somebody
TOO_LATE = "回话的时间已经过了，这一单收回去了。谢谢您，下次再请您。"
TAKEN = "这一单刚刚有人接了，谢谢您！"


@transaction.atomic
def offer(order, volunteer, *, visit_at, by, minutes=None, version=None, override="", now=None):
    """Ask one person to go at `visit_at` for about `minutes`; returns the assignment.

    IllegalTransition for somebody who is in no team, who lacks the skill (unless `override` says why they can do it),
    or while as many as are needed are asked already.
    """
    now = now or timezone.now()
    order = _ready(order, version, now)
    _set_visit(order, visit_at, minutes, now)
    volunteer = Volunteer.objects.locked(volunteer.pk)
    if not Volunteer.objects.active().filter(pk=volunteer.pk).exists():
        raise IllegalTransition(f"{volunteer} 现在不在任何一支队伍里，不能派单。")
    if not _is_able(volunteer, order) and not override.strip():
        raise IllegalTransition(f"{volunteer} 没有登记会“{order.category.skill}”。确实会，请写明原因。")
    asked = order.assignments.filter(status__in=Assignment.LIVE)
    if asked.filter(volunteer=volunteer).exists():
        raise IllegalTransition(f"已经在问 {volunteer} 了，等他回话。")
    if asked.count() >= order.needed:
        raise IllegalTransition("已经在等人回话了。要另请人，先把没回话的收回。")
    if order.needed == 1 and order.calls.filter(closed_at=None).exists():
        raise IllegalTransition("正在公开派单。要指定人，先把公开派单收回。")
    assignment = Assignment(order=order, volunteer=volunteer, status="", offered_at=now, **_terms(order, now))
    data = {"volunteer": volunteer.pk} | ({"override": "skill"} if override.strip() else {})
    move(order, "offer", Status.DISPATCHING, by=by, now=now, reason=override.strip(), data=data)
    assignment.order = order
    move_assignment(assignment, "offer", Held.OFFERED, by=by, now=now)
    Volunteer.objects.filter(pk=volunteer.pk).update(last_asked_at=now)
    telling.tell_volunteer(assignment, Kind.OFFERED)
    return assignment


@transaction.atomic
def open_call(order, teams, *, visit_at, by, minutes=None, version=None, now=None):
    """Ask everybody of these teams: who accepts first goes. Returns the call."""
    now, teams = now or timezone.now(), list(teams)
    order = _ready(order, version, now)
    _set_visit(order, visit_at, minutes, now)
    if not teams:
        raise IllegalTransition("请至少选一支队伍。")
    if order.calls.filter(closed_at=None).exists():
        raise IllegalTransition("已经公开派单了，等大家回话。")
    if order.assignments.filter(status__in=Assignment.LIVE).count() >= order.needed:
        raise IllegalTransition("已经在等人回话了。要公开派单，先把没回话的收回。")
    call = OpenCall.objects.create(order=order, expires_at=_answer_until(order, now), created_at=now)
    call.teams.set(teams)
    move(order, "open_call", Status.DISPATCHING, by=by, now=now, data={"teams": [team.pk for team in teams]})
    return call


@transaction.atomic
def accept(order, volunteer, *, by, now=None, override="", on_behalf_of="", version=None):
    """Say yes; returns the assignment. IllegalTransition where somebody was quicker, it is too late, or two things
    would be at one time.

    `by` is the volunteer, or the staff they told by telephone, who may let two things overlap and say why.
    """
    now, order = now or timezone.now(), locked(order, version)
    volunteer = Volunteer.objects.locked(volunteer.pk)
    assignment = order.assignments.filter(volunteer=volunteer, status__in=Assignment.LIVE).first()
    if assignment is not None and assignment.status == Held.ACCEPTED:
        return assignment  # pressed twice
    if order.status == Status.ACCEPTED:
        raise IllegalTransition(TAKEN)
    if assignment is not None and assignment.expires_at <= now:
        raise IllegalTransition(TOO_LATE)
    if assignment is None:
        assignment = _from_call(order, volunteer, now)
    by_staff = isinstance(by, User)
    if clashes := busy.clashes(volunteer, assignment.visit_at, assignment.visit_ends_at, apart_from=assignment):
        if not (by_staff and override.strip()):
            raise IllegalTransition(f"这个时候已经有别的事：{clashes[0]}。两件事撞上了，不能接。")
        record_event(
            order, "override", by=by, before=order.status, after=order.status, reason=override.strip(),
            volunteer=volunteer.pk,
        )  # fmt: skip
    full = held(order) + 1 >= order.needed
    event = "accept" if assignment.pk else "take_call"
    data = {"volunteer": volunteer.pk}
    # the assignment first where it is new: the order's count is what the state is made of
    move_assignment(assignment, event, Held.ACCEPTED, by=by, now=now, on_behalf_of=on_behalf_of, answered_at=now)
    to = Status.ACCEPTED if full else Status.DISPATCHING
    move(order, "accept", to, by=by, now=now, on_behalf_of=on_behalf_of, data=data)
    telling.silence(assignment)
    if full:
        going = list(order.assignments.held().values_list("pk", flat=True))
        recall_all(order, by=None, now=now, reason="人手够了", keep=going)
        telling.tell_resident(order, Kind.COMING)
    return assignment


def _from_call(order, volunteer, now):
    """A new assignment for somebody of a called team; IllegalTransition where nobody called them, or too late."""
    called = order.calls.filter(closed_at=None, teams__in=_teams_of(volunteer)).first()
    if called is None:
        over = order.status in (Status.DISPATCHING, Status.SUBMITTED) and order.assignments.filter(
            volunteer=volunteer, status=Held.EXPIRED
        )
        raise IllegalTransition(TOO_LATE if over else "这一单现在不用您去了，谢谢您！")
    if called.expires_at <= now:
        raise IllegalTransition(TOO_LATE)
    return Assignment(order=order, volunteer=volunteer, status="", offered_at=called.created_at, **_terms(order, now))


def _teams_of(volunteer):
    return TeamMembership.objects.active().filter(volunteer=volunteer).values("team")


@transaction.atomic
def decline(assignment, *, by, reason="", on_behalf_of="", version=None, now=None):
    """Say no, with or without a reason; the dispatcher asks somebody else."""
    now = now or timezone.now()
    order, assignment = _both(assignment, version)
    move_assignment(
        assignment, "decline", Held.DECLINED, by=by, now=now, reason=reason.strip(), on_behalf_of=on_behalf_of,
        answered_at=now,
    )  # fmt: skip
    _let_go(order, now)
    move(order, "decline", state_of(order, now), by=by, now=now, on_behalf_of=on_behalf_of, data=_who(assignment))
    telling.silence(assignment)
    return order


@transaction.atomic
def recall(assignment, *, by, reason, version=None, now=None):
    """Take an offer back, or somebody off who was going; they are told."""
    now, reason = now or timezone.now(), told(reason)
    order, assignment = _both(assignment, version)
    was_going = assignment.status == Held.ACCEPTED
    move_assignment(assignment, "recall", Held.RECALLED, by=by, now=now, reason=reason)
    _let_go(order, now)
    move(order, "recall", state_of(order, now), by=by, now=now, reason=reason, data=_who(assignment))
    telling.silence(assignment)
    telling.tell_volunteer(assignment, Kind.RECALLED)
    if was_going:
        telling.silence_resident(order)
    return order


@transaction.atomic
def recall_call(order, *, by, reason, version=None, now=None):
    """End an open call that nobody has answered yet."""
    now, reason, order = now or timezone.now(), told(reason), locked(order, version)
    if not order.calls.filter(closed_at=None).update(closed_at=now):
        raise IllegalTransition("现在没有公开派单，不用收回。")
    _let_go(order, now)
    move(order, "recall", state_of(order, now), by=by, now=now, reason=reason)
    return order


@transaction.atomic
def fail(assignment, *, by, note, on_behalf_of="", version=None, now=None):
    """They went and nobody was there, or cannot come after all. Somebody else is asked; three times are flagged."""
    now, note = now or timezone.now(), told(note)
    order, assignment = _both(assignment, version)
    move_assignment(assignment, "fail", Held.FAILED, by=by, now=now, reason=note, on_behalf_of=on_behalf_of)
    _let_go(order, now)
    move(
        order, "fail", state_of(order, now), by=by, now=now, reason=note, on_behalf_of=on_behalf_of,
        data=_who(assignment), attempts=order.attempts + 1,
    )  # fmt: skip
    telling.silence_resident(order)
    return order


@transaction.atomic
def complete(order, *, by, what, minutes, on_behalf_of="", version=None, now=None):
    """It is done: what was done, and for everybody who went how many minutes, {volunteer's pk: minutes}."""
    now, what, order = now or timezone.now(), told(what), locked(order, version)
    going = list(order.assignments.held().select_related("volunteer").order_by("pk"))
    if isinstance(by, Volunteer) and by.pk not in {each.volunteer_id for each in going}:
        raise IllegalTransition("这一单不是您接的，不能填办结。")
    if set(minutes) != {each.volunteer_id for each in going}:
        raise IllegalTransition("去的人有变化，请刷新看看，再填各人的分钟数。")
    if not all(0 <= each <= MINUTES_MOST for each in minutes.values()):
        raise IllegalTransition(f"服务时间请填0到{MINUTES_MOST}分钟，也就是最多12个小时。")
    move(order, "complete", Status.DONE, by=by, now=now, on_behalf_of=on_behalf_of, outcome=what)
    for assignment in going:
        assignment.order = order
        move_assignment(
            assignment, "complete", Held.COMPLETED, by=by, now=now, minutes=minutes[assignment.volunteer_id]
        )
    telling.tell_resident(order, Kind.DONE)
    return order


def expire(*, now=None):
    """Let go of offers and calls whose time is over; returns how many orders were looked at. Run by a timer."""
    now = now or timezone.now()
    offered = Assignment.objects.filter(status=Held.OFFERED, expires_at__lte=now).values_list("order", flat=True)
    called = OpenCall.objects.filter(closed_at=None, expires_at__lte=now).values_list("order", flat=True)
    orders = sorted({*offered, *called})
    for pk in orders:
        with transaction.atomic():
            _expire(locked(ServiceOrder(pk=pk)), now)
    return len(orders)


def _expire(order, now):
    """Inside the lock: what was not answered in time is over."""
    late, closed = _let_go(order, now)
    if (late or closed) and order.status == Status.DISPATCHING:
        move(order, "expire", state_of(order, now), by=None, now=now, data={"volunteers": late})


def _let_go(order, now):
    """End the offers and the call whose time is over: (keys of the volunteers, number of calls).

    Whoever says afterwards where the order stands counts none of them, so none of them may be left.
    """
    late = list(order.assignments.filter(status=Held.OFFERED, expires_at__lte=now).order_by("pk"))
    for assignment in late:
        assignment.order = order
        move_assignment(assignment, "expire", Held.EXPIRED, by=None, now=now)
        telling.silence(assignment)
    closed = order.calls.filter(closed_at=None, expires_at__lte=now).update(closed_at=now)
    return [each.volunteer_id for each in late], closed


def _ready(order, version, now):
    """The order, locked, that somebody may be asked to do."""
    order = locked(order, version)
    if order.branch_id is None:
        raise IllegalTransition("这一单还没有定由哪个支部负责，先分派给一个支部，再请人。")
    _expire(order, now)
    return order


def _set_visit(order, visit_at, minutes, now):
    """When somebody goes: one time for all who go."""
    minutes = minutes or order.category.usual_minutes
    if visit_at is None or visit_at < now - LATE:
        raise IllegalTransition("请定好什么时候去，不能是已经过去的时间。")
    if not 1 <= minutes <= MINUTES_MOST:
        raise IllegalTransition("大约多少分钟，请填1到720之间的数。")
    called = order.calls.filter(closed_at=None).exists()
    settled = called or order.assignments.filter(status__in=Assignment.LIVE).exists()
    if settled and (order.visit_at, order.visit_minutes) != (visit_at, minutes):
        raise IllegalTransition("已经和别的人约好了时间，要一起去，时间不能改。")
    order.visit_at, order.visit_minutes = visit_at, minutes


def _terms(order, now):
    return {
        "visit_at": order.visit_at, "visit_ends_at": order.visit_ends_at, "is_sole": order.needed == 1,
        "expires_at": _answer_until(order, now),
    }  # fmt: skip


def _answer_until(order, now):
    return min(now + ANSWER_WITHIN, max(order.visit_at, now + timedelta(minutes=15)))


def _is_able(volunteer, order):
    skill = order.category.skill_id
    return skill is None or volunteer.skills.filter(pk=skill).exists()


def _both(assignment, version=None):
    """(the order, the assignment) as they are now, held."""
    order = locked(assignment.order, version)
    assignment = order.assignments.select_related("volunteer").get(pk=assignment.pk)
    assignment.order = order
    return order, assignment


def _who(assignment):
    return {"volunteer": assignment.volunteer_id}
