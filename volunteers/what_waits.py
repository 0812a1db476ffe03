"""What waits for help, for an answer, and for somebody who serves."""

from datetime import timedelta

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from branches.access import COMMUNITY, ORGANISER, SECRETARY, Action, allowed
from branches.steps import corrects
from branches.waiting import Line, Part, add_waiting
from volunteers.models import Letter, Message, ServiceOrder, Shift, ShiftPlace, Team, TeamMembership

Status, Publication = Letter.Status, Letter.Publication
FEW_PEOPLE = 5  # in a team: with fewer, one who is ill and one who is away leave a pair of two alone
SHIFT_DAYS = 7  # ahead


# --- orders
def orders(user):
    rows, address = ServiceOrder.objects.visible_to(user), reverse("volunteers:desk_orders")
    if allowed(user, Action.VIEW, ServiceOrder):
        yield Line(
            rows.overdue(),
            "份求助单",
            "过了期限",
            "没人接，或者没办完，先办这些。",
            f"{address}?state=overdue",
            overdue=True,
        )
    if not allowed(user, Action.CHANGE, ServiceOrder):
        return
    yield Line(
        rows.flagged(), "份求助单", "去了三次没办成", "看一看，换个办法。", f"{address}?state=flagged", overdue=True
    )
    new = rows.filter(status=ServiceOrder.Status.SUBMITTED)
    if corrects(user):
        yield Line(
            new.filter(branch=None), "份求助单", "还没有支部负责", "看一看地点，分派给一个支部。",
            f"{address}?state=submitted&branch=none",
        )  # fmt: skip
        return
    yield Line(new, "份求助单", "等着请人去", "看一看，请人去；办不了的，说明原因。", f"{address}?state=submitted")
    done = rows.filter(status=ServiceOrder.Status.DONE)
    yield Line(done, "份求助单", "等着评价", "打个电话问问办得好不好，替他填上。", f"{address}?state=done", upkeep=True)


def calls(user):
    if allowed(user, Action.CHANGE, Message):
        yield Line(
            Message.objects.visible_to(user, Action.CHANGE).to_ring(), "件求助的事", "要打电话告诉",
            "打一个，勾一个。", reverse("volunteers:desk_order_calls"),
        )  # fmt: skip


# --- letters
def letter_parts(user, today=None):
    """What is to be done about letters, the overdue first; none of them twice."""
    today = today or timezone.localdate()
    rows = Letter.objects.visible_to(user, Action.CHANGE).order_by("due_on", "pk")
    late, timely = rows.overdue(today), rows.exclude(status__in=Letter.OPEN, due_on__lt=today)
    answered = rows.filter(status__in=Letter.ANSWERED)
    drafted, own_draft = timely.filter(status=Status.DRAFTED), Q(drafted_by=user)
    redacted = answered.filter(publication=Publication.REDACTED).exclude(own_draft).exclude(redacted_by=user)
    return (
        Part("late", "过了期限的", "过了期限", "先办这些。", late, overdue=True),
        Part("new", "要受理的", "要受理", "看一看，定由哪个单位答复。", timely.filter(status=Status.RECEIVED)),
        Part("accepted", "要写答复的", "要写答复", "写好了交给另一位同事审核。", timely.filter(status=Status.ACCEPTED)),
        Part("check", "要审核的", "要审核答复", "别人写的答复，看过再发。", drafted.exclude(own_draft)),
        Part("mine", "等同事审核的", "等同事审核", "您写的，要由另一位同事审核。",
             drafted.filter(own_draft), upkeep=True),
        Part(
            "redact", "要脱敏的", "要脱敏", "写信人同意公开，去掉认得出人的话。",
            answered.filter(publication=Publication.CONSENTED), upkeep=True,
        ),
        Part("publish", "等着公开的", "等着公开", "脱敏好了，看过预览再公开。", redacted, upkeep=True),
    )  # fmt: skip


def letters(user):
    if allowed(user, Action.CHANGE, Letter):
        for part in letter_parts(user):
            yield part.line("封信", reverse("letters:desk"))


# --- teams
def with_people(teams):
    """With `asking` and `people`: how many want to join, how many are in it."""
    told = TeamMembership.Status
    asked, active = (Q(memberships__status=status) for status in (told.ASKED, told.ACTIVE))
    return teams.annotate(asking=Count("memberships", asked), people=Count("memberships", active))


def team_parts(user):
    teams = with_people(Team.objects.visible_to(user).filter(is_archived=False))
    few = f"在队的不到{FEW_PEOPLE}人，一位病了、一位出门就排不开。请邻居们来。"
    return (
        Part("asked", "有人想加入的", "有人想加入", "等着回话，收下或者说明原因。", teams.filter(asking__gt=0)),
        Part("few", "人手少的", "人手少", few, teams.filter(people__lt=FEW_PEOPLE, takes_people=True), upkeep=True),
    )


def short_shifts(user, now=None):
    """Shifts of the next days for which people are missing, the soonest first; `standing` says how many come."""
    now = now or timezone.now()
    coming = Shift.objects.visible_to(user).filter(
        status=Shift.Status.PLANNED, starts_at__gt=now, starts_at__lte=now + timedelta(days=SHIFT_DAYS)
    )
    counted = coming.annotate(standing=Count("places", Q(places__status__in=ShiftPlace.STANDING)))
    return counted.filter(standing__lt=F("needed")).order_by("starts_at", "pk")


def teams(user):
    """The rota is the business of those near by."""
    if allowed(user, Action.CHANGE, ShiftPlace):
        yield Line(
            short_shifts(user), "班", f"今后{SHIFT_DAYS}天缺人", "打电话请人，或者请队长换一换。",
            reverse("volunteers:desk_short_shifts"),
        )  # fmt: skip
    if allowed(user, Action.CHANGE, TeamMembership):
        for part in team_parts(user):
            yield part.line("支队", reverse("volunteers:desk_teams"))


def register():
    add_waiting(letters, COMMUNITY)
    add_waiting(orders, COMMUNITY, SECRETARY, ORGANISER)
    add_waiting(calls, COMMUNITY, SECRETARY, ORGANISER)
    add_waiting(teams, ORGANISER)
