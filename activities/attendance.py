"""Who came: ticked off by the organiser, checked in by code, or written down at the door."""

from django.db import transaction
from django.utils import timezone

from activities.models import Activity, SignUp
from activities.models.activity import ATTENDANCE_CLOSES, ATTENDANCE_OPENS
from activities.seats import locked, room_for_one_more, step_to
from branches.names import person_key, plain_name
from branches.transitions import IllegalTransition

Status = SignUp.Status
TICKABLE = (Status.CONFIRMED, Status.ATTENDED, Status.ABSENT)


class Namesake(IllegalTransition):
    """Somebody of this name is on the list, and nothing tells whether it is another one: ask, then say `another`."""

    def __init__(self, sign_up):
        how = "临时来的" if sign_up.walk_in else "报了名的"
        super().__init__(f"名单上已经有一位{how}{sign_up.name}，是另一位吗？")


def is_open(activity, now=None):
    """From an hour before the start until seven days after the end."""
    now = now or timezone.now()
    held = activity.status in (Activity.Status.PUBLISHED, Activity.Status.FINISHED)
    return held and activity.starts_at - ATTENDANCE_OPENS <= now <= activity.ends_at + ATTENDANCE_CLOSES


@transaction.atomic
def mark(activity, *, attended, absent=(), by, now=None):
    """Tick off many at once: primary keys of sign-ups who came, and of those who did not. Returns how many changed."""
    activity = _open(activity, now)
    attended, absent = set(attended), set(absent) - set(attended)
    changed = 0
    for sign_up in activity.sign_ups.filter(pk__in=attended | absent).order_by("pk"):
        wanted = Status.ATTENDED if sign_up.pk in attended else Status.ABSENT
        if sign_up.status not in TICKABLE:
            raise IllegalTransition(f"{sign_up.name} 现在是“{sign_up.get_status_display()}”，不能签到。请刷新看看。")
        if sign_up.walk_in and wanted == Status.ABSENT:
            raise IllegalTransition(f"{sign_up.name} 是临时来的，记错了请点“删去”。")
        if sign_up.status != wanted:
            step_to(sign_up, wanted, f"mark_{wanted}", by=by)
            changed += 1
    return changed


@transaction.atomic
def save_ticks(activity, *, seen, here, rest_absent=False, by, now=None):
    """Save a page of ticks; returns how many changed. `seen` is {primary key: status} as the page showed it, `here` the
    keys that are ticked on it; `rest_absent` says that whoever has no tick did not come.

    Only what was changed on the page is written, so that two who tick on two phones do not undo each other's ticks.
    IllegalTransition where somebody has meanwhile changed the same person otherwise; then nothing is written.
    """
    activity = _open(activity, now)
    came = {pk for pk, status in seen.items() if pk in here and status != Status.ATTENDED}
    not_there = {Status.ATTENDED, Status.CONFIRMED} if rest_absent else {Status.ATTENDED}
    stayed = {pk for pk, status in seen.items() if pk not in here and status in not_there}
    for row in activity.sign_ups.filter(pk__in=came | stayed).order_by("pk"):
        wanted = Status.ATTENDED if row.pk in came else Status.ABSENT
        if row.status not in (seen[row.pk], wanted):
            raise IllegalTransition(
                f"{row.name} 刚刚有人改成“{row.get_status_display()}”了。看一看现在的名单，再保存一次。"
            )
    return mark(activity, attended=came, absent=stayed, by=by, now=now)


@transaction.atomic
def check_in(activity, *, code, by, now=None):
    """Everybody of the booking with this code who has a seat is there. Returns their names; none where they were."""
    activity = _open(activity, now)
    rows = list(activity.sign_ups.filter(booking__code=code, status__in=TICKABLE).order_by("pk"))
    if not rows:
        raise IllegalTransition("这个报名码不在这次活动的名单里。请核对号码，或者按姓名找。")
    arrived = [sign_up for sign_up in rows if sign_up.status != Status.ATTENDED]
    for sign_up in arrived:
        step_to(sign_up, Status.ATTENDED, "check_in", by=by)
    return [sign_up.name for sign_up in arrived]


@transaction.atomic
def walk_in(activity, *, name, telephone="", another=False, by, now=None):
    """Write down somebody who came without signing up: beyond the seats, within what the room holds.

    Namesake where one of this name is there and not both have told a telephone, unless `another` says who it is not.
    """
    activity = _open(activity, now)
    name = " ".join(name.split())
    if not plain_name(name):
        raise IllegalTransition("请写来的人的姓名。")
    key = person_key(name, telephone) if telephone else ""
    if key and activity.sign_ups.active().filter(person_key=key).exists():
        raise IllegalTransition(f"{name} 已经在名单上了，直接打勾就行。")
    if not another and (namesake := _namesake(activity, name, key)):
        raise Namesake(namesake)
    room_for_one_more(activity)
    sign_up = SignUp(activity=activity, name=name, person_key=key, walk_in=True)
    step_to(sign_up, Status.ATTENDED, "walk_in", by=by)
    return sign_up


@transaction.atomic
def strike_out(sign_up, *, by, now=None):
    """Take back somebody written down at the door by mistake."""
    now = now or timezone.now()
    _open(sign_up.activity, now)
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    if not sign_up.walk_in or sign_up.status != Status.ATTENDED:
        raise IllegalTransition("只有临时来的才能删去。")
    step_to(
        sign_up, Status.CANCELLED, "strike_out", by=by,
        cancelled_by=SignUp.CancelledBy.ORGANISER, cancelled_at=now,
    )  # fmt: skip
    return sign_up


def _namesake(activity, name, key):
    """Somebody with a seat whose name is the same; two who both told a telephone are told apart by it."""
    rows = activity.sign_ups.filter(status__in=SignUp.SEATED).order_by("pk")
    rows = rows.filter(person_key="") if key else rows
    return next((row for row in rows if plain_name(row.name) == plain_name(name)), None)


def _open(activity, now):
    activity = locked(activity)
    if not is_open(activity, now):
        raise IllegalTransition("现在不能签到：从开始前一小时，到结束后七天。")
    return activity
