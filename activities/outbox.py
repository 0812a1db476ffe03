"""Telling people, once: what is put into the outbox, how it leaves, and what no longer has to be told.

Words are made here, from what is public of an activity; they hold no name and no telephone.
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string

from activities.models import Message
from branches.transitions import IllegalTransition

Kind, Channel, Status = Message.Kind, Message.Channel, Message.Status
TRIES_MOST = 3

WORDS = {
    Kind.RESCHEDULED: "“{title}”改了：{when}，{where}。",
    Kind.CANCELLED: "“{title}”（原定{when}）取消了。{note}",
    Kind.PROMOTED: "“{title}”有位子了，已经给您报上：{when}，{where}。",
    Kind.REMINDER: "提醒您：“{title}”{when}开始，{where}。{bring}",
}


def when(activity):
    """2026年11月22日（星期日）上午9:30"""
    at = timezone.localtime(activity.starts_at)
    return f"{date_format(at, 'Y年n月j日')}（{date_format(at, 'l')}）{clock(at)}"


def clock(at):
    """上午9:30: the time as a neighbour says it."""
    part = "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    return f"{part}{at.hour - 12 if at.hour > 12 else at.hour}:{at:%M}"


def words(activity, kind):
    bring = f"请带：{activity.bring}。" if activity.bring else ""
    text = WORDS[kind].format(
        title=activity.title, when=when(activity), where=activity.where, note=activity.note, bring=bring
    )
    return text[:300]


def tell(sign_up, kind, *, version=None):
    """Put it into the outbox, once: a second time for the same person, kind and version changes nothing.

    `version` is the activity's sequence unless told. What is told of an older version is not needed any more.
    """
    activity = sign_up.activity
    version = activity.sequence if version is None else version
    message, created = Message.objects.get_or_create(
        sign_up=sign_up, kind=kind, version=version,
        defaults={"words": words(activity, kind), "channel": channel_of(sign_up)},
    )  # fmt: skip
    if created and kind != Kind.REMINDER:
        stale = sign_up.messages.waiting().exclude(pk=message.pk)
        stale.filter(kind__in=STALE_AFTER[kind]).update(status=Status.VOID)
    return message


# once this is told, what still waits of these says nothing any more
STALE_AFTER = {
    Kind.RESCHEDULED: (Kind.RESCHEDULED, Kind.REMINDER),
    Kind.CANCELLED: (Kind.RESCHEDULED, Kind.PROMOTED, Kind.REMINDER),
    Kind.PROMOTED: (),
}


def channel_of(sign_up):
    """How this person is told: by e-mail where they gave one, else by telephone (SMS where a gateway is set)."""
    booking = sign_up.booking
    if booking and booking.email:
        return Channel.EMAIL
    return Channel.SMS if gateway() else Channel.TELEPHONE


def silence(sign_up):
    """Whoever has left needs not be told anything more."""
    sign_up.messages.waiting().update(status=Status.VOID)


def gateway():
    """The SMS gateway of the settings, or None."""
    return import_string(settings.SMS_GATEWAY)() if settings.SMS_GATEWAY else None


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
