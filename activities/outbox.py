"""Telling people, once: what is put into the outbox, and what no longer has to be told. How it leaves: sending.py.

Words are made here, from what is public of an activity; they hold no name and no telephone.
"""

from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.formats import date_format

from activities.models import Activity, Message, SignUp
from activities.surnames import by_sound
from branches import texting
from branches.transitions import IllegalTransition

Kind, Channel, Status = Message.Kind, Message.Channel, Message.Status

LONGEST = Message._meta.get_field("words").max_length
WORDS = {
    Kind.RESCHEDULED: "“{title}”改了：{when}到{until}，{where}。",
    Kind.CANCELLED: "“{title}”（原定{when}）取消了。{note}",
    Kind.PROMOTED: "“{title}”有位子了，已经给您报上：{when}，{where}。",
    Kind.REMINDER: "提醒您：“{title}”{when}开始，{where}。{bring}",
}


def when(activity):
    """2026年11月22日（星期日）上午9:30"""
    return f"{day(activity)}{clock(timezone.localtime(activity.starts_at))}"


def day(activity):
    """2026年11月22日（星期日）"""
    at = timezone.localtime(activity.starts_at)
    return f"{date_format(at, 'Y年n月j日')}（{date_format(at, 'l')}）"


def hours(activity):
    """上午9:00到10:30; the part of the day, or the day, is said again only where it is another one."""
    begins, ends = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    until = clock(ends)
    if begins.date() != ends.date():
        until = f"{date_format(ends, 'n月j日')}{until}"
    elif _part(begins) == _part(ends):
        until = until.removeprefix(_part(ends))
    return f"{clock(begins)}到{until}"


def clock(at):
    """上午9:30: the time as a neighbour says it."""
    return f"{_part(at)}{at.hour - 12 if at.hour > 12 else at.hour}:{at:%M}"


def _part(at):
    return "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"


def words(activity, kind, known=None):
    """What to say. `known` is the activity as the person knows it, who is told of another time or place."""
    if known and (moved := _moved(activity, known)):
        return moved
    bring = f"请带：{activity.bring}。" if activity.bring else ""
    text = WORDS[kind].format(
        title=activity.title, when=when(activity), until=clock(timezone.localtime(activity.ends_at)),
        where=activity.where, note=activity.note, bring=bring,
    )  # fmt: skip
    return text[:LONGEST]


def _moved(activity, known):
    """From when or where to when or where; "" where neither is another. Two long places: the new one alone."""
    title, at, where = activity.title, when(activity), activity.where
    later, elsewhere = known.starts_at != activity.starts_at, known.where != where
    if later and elsewhere:
        text = f"“{title}”改了：原来{when(known)}，在{known.where}，改到{at}，在{where}。"
        return text if len(text) <= LONGEST else f"“{title}”改了：原来{when(known)}，改到{at}，在{where}。"[:LONGEST]
    if later:
        return f"“{title}”改了：原来{when(known)}，改到{at}，{where}。"[:LONGEST]
    if elsewhere:
        text = f"“{title}”改了地方：原来在{known.where}，改到{where}，还是{at}。"
        return text if len(text) <= LONGEST else f"“{title}”改了地方：改到{where}，还是{at}。"[:LONGEST]
    return ""


def tell_moved(activity, sign_ups):
    """Tell each of them the new time or place, beside the one they know: what they were told last, or signed up for.

    Somebody who has not yet been told of a change before this one hears only of both as one.
    """
    versions = {}
    for sign_up in sign_ups:
        sign_up.activity = activity
        heard = sign_up.messages.aggregate(
            last=Max("version", filter=Q(status__in=(Status.SENT, Status.TOLD))),
            first=Min("version", filter=Q(kind=Kind.RESCHEDULED)),
        )
        version = heard["last"]
        if version is None:
            version = (activity.sequence if heard["first"] is None else heard["first"]) - 1
        if version not in versions:
            row = activity.history.filter(sequence=version).first()
            versions[version] = row.instance if row else None
        tell(sign_up, Kind.RESCHEDULED, known=versions[version])


def tell(sign_up, kind, *, version=None, known=None):
    """Put it into the outbox, once: a second time for the same person, kind and version changes nothing.

    `version` is the activity's sequence unless told. What was to be told of an older time or place is not needed any
    more; once it is called off, `silence` has taken back all that waited.
    """
    activity = sign_up.activity
    version = activity.sequence if version is None else version
    message, created = Message.objects.get_or_create(
        sign_up=sign_up, kind=kind, version=version,
        defaults={"words": words(activity, kind, known), "channel": channel_of(sign_up)},
    )  # fmt: skip
    if created and kind == Kind.RESCHEDULED:
        stale = sign_up.messages.waiting().filter(kind__in=(Kind.RESCHEDULED, Kind.REMINDER))
        stale.exclude(pk=message.pk).update(status=Status.VOID)
    return message


def channel_of(sign_up):
    """How this person is told: by e-mail where they gave one and we can send it, else by telephone (or SMS)."""
    booking = sign_up.booking
    if booking and booking.email and settings.SENDS_EMAIL:
        return Channel.EMAIL
    return Channel.SMS if texting.gateway() else Channel.TELEPHONE


def silence(sign_up):
    """Whoever has left needs not be told anything more."""
    sign_up.messages.waiting().update(status=Status.VOID)


def forget(*, now=None):
    """Let go of what nobody needs to be told any more: it has begun, is over, or they have left. Returns how many."""
    now = now or timezone.now()
    over = Q(sign_up__activity__ends_at__lte=now)
    no_reminder = ~Q(sign_up__status=SignUp.Status.CONFIRMED) | ~Q(sign_up__activity__status=Activity.Status.PUBLISHED)
    no_reminder |= Q(sign_up__activity__starts_at__lte=now)
    past = Message.objects.waiting().filter(over | (Q(kind=Kind.REMINDER) & no_reminder))
    return Message.objects.filter(pk__in=list(past.values_list("pk", flat=True))).waiting().update(status=Status.VOID)


class Call:
    """What is told to one telephone about one activity at one time, of however many people and for whatever reasons."""

    def __init__(self, messages):
        self.messages = messages
        self.activity, self.booking = messages[0].sign_up.activity, messages[0].sign_up.booking

    @property
    def key(self):
        """The numbers of its messages: what is ticked off is what was on the page, and nothing that came since."""
        return "-".join(str(message.pk) for message in self.messages)

    @property
    def is_reminder(self):
        """Whether nothing has changed: they know all of it."""
        return all(message.kind == Kind.REMINDER for message in self.messages)

    @property
    def people(self):
        """Whom it is about, each once."""
        return list(dict.fromkeys(message.sign_up.name for message in self.messages))

    @property
    def words(self):
        """What to say, in the order in which it happened."""
        return list(dict.fromkeys(message.words for message in self.messages))


def calls(messages):
    """The messages as calls: [Call], those of one activity together by surname, the soonest activity first."""
    rows = messages.select_related("sign_up__activity__home", "sign_up__activity__branch", "sign_up__booking")
    rows = sorted(rows, key=lambda row: (*_order(row.sign_up.activity), _line(row.sign_up), row.created_at, row.pk))
    groups = groupby(rows, key=lambda row: (row.sign_up.activity_id, _line(row.sign_up)))
    found = [Call(list(group)) for _line_of, group in groups]
    return sorted(found, key=lambda call: (*_order(call.activity), by_sound(call.people[0])))


def _order(activity):
    return activity.starts_at, activity.pk


def _line(sign_up):
    """Which telephone rings: bookings of one number are one line; one that has no number is a line of its own."""
    return sign_up.booking.telephone_index or f"booking {sign_up.booking_id}"


@transaction.atomic
def tick_off(message, *, by):
    """Somebody has rung them up."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.status == Status.VOID:
        raise IllegalTransition("这一条不用通知了：情况又有了变化，请刷新看看。")
    if message.status == Status.WAITING:
        message.status, message.done_at, message.done_by = Status.TOLD, timezone.now(), by
        message._history_user = by
        message.save()
    return message


@transaction.atomic
def tick_off_call(keys, *, by):
    """Tick off every message of one call (primary keys). What is not needed any more meanwhile stays as it is.

    IllegalTransition where nothing of it has to be told any more.
    """
    rows = list(Message.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if rows and all(row.status == Status.VOID for row in rows):
        raise IllegalTransition("这一条不用通知了：情况又有了变化，请刷新看看。")
    return [tick_off(row, by=by) for row in rows if row.status != Status.VOID]
