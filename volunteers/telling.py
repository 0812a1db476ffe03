"""What has to be told about orders, once: put into the outbox here. The words hold no name, telephone or address."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from branches import texting
from branches.transitions import IllegalTransition
from volunteers.models import Message

Kind, Status = Message.Kind, Message.Status

TO_RESIDENT = {
    Kind.COMING: "您求助的事（{category}）有人接了，{when}上门。",
    Kind.UNABLE: "您求助的事（{category}）我们办不了。为什么、可以找谁，凭查询码能看到，也可以打电话来问。",
    Kind.CANCELLED: "您求助的事（{category}）撤掉了。原因凭查询码能看到，也可以打电话来问。",
    Kind.DONE: "您求助的事（{category}）办完了吗？办得好不好，请您说一声。",
    Kind.REOPENED: "您求助的事（{category}）重新办理了。",
}
TO_VOLUNTEER = {
    Kind.OFFERED: "有一件事想请您去：{category}，{when}。去得了去不了，请在{until}以前回个话。",
    Kind.RECALLED: "原来请您去的事（{category}，{when}）不用去了，谢谢您。",
}


def tell_resident(order, kind):
    """Tell whoever asked for help, once for each step of the order."""
    words = TO_RESIDENT[kind].format(category=order.category, when=when(order.visit_at))
    _void(Q(order=order, assignment=None))
    return Message.objects.create(order=order, kind=kind, version=order.version, words=words, channel=channel())


def tell_volunteer(assignment, kind):
    """Tell whoever was asked, once for each kind."""
    words = TO_VOLUNTEER[kind].format(
        category=assignment.order.category, when=when(assignment.visit_at), until=when(assignment.expires_at)
    )
    return Message.objects.create(
        order_id=assignment.order_id, assignment=assignment, kind=kind, version=assignment.order.version, words=words,
        channel=channel(),
    )  # fmt: skip


def channel():
    """How people are told: by text message where a gateway is set, else somebody rings."""
    return Message.Channel.SMS if texting.gateway() else Message.Channel.TELEPHONE


def silence_resident(order):
    """What was not yet told the resident need not be told any more."""
    _void(Q(order=order, assignment=None))


def silence(assignment):
    """What was not yet told them need not be told any more."""
    _void(Q(assignment=assignment))


def _void(condition):
    Message.objects.waiting().filter(condition).update(status=Status.VOID)


def when(at):
    """11月23日（星期一）上午9:30"""
    if at is None:
        return "时间另约"
    at = timezone.localtime(at)
    return f"{date_format(at, 'n月j日')}（{date_format(at, 'l')}）{_clock(at)}"


def hours(begins, ends):
    """上午9:30到10:30, 上午9:30到下午1:00, of local times; the other day is said where it is another one."""
    until = _clock(ends)
    if begins.date() != ends.date():
        until = f"{date_format(ends, 'n月j日')}{until}"
    elif _part(begins) == _part(ends):
        until = until.removeprefix(_part(ends))
    return f"{_clock(begins)}到{until}"


def _clock(at):
    return f"{_part(at)}{at.hour - 12 if at.hour > 12 else at.hour}:{at:%M}"


def _part(at):
    return "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"


@transaction.atomic
def tick_off(keys, *, by):
    """Somebody has rung them up about these messages (primary keys). What is not needed any more stays as it is.

    IllegalTransition where nothing of it has to be told any more.
    """
    rows = list(Message.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if rows and all(row.status == Status.VOID for row in rows):
        raise IllegalTransition("这一条不用通知了：情况又有了变化，请刷新看看。")
    waiting = [row for row in rows if row.status == Status.WAITING]
    for row in waiting:
        row.status, row.done_at, row.done_by = Status.TOLD, timezone.now(), by
        row._history_user, row._change_reason = by, "told"
        row.save()
    return waiting


@transaction.atomic
def take(messages, *, until, now):
    """Those of the messages that are in our hands now: still to be told, and in nobody else's until then."""
    free = Q(held_until=None) | Q(held_until__lte=now)
    rows = Message.objects.select_for_update().waiting().filter(free, pk__in=[each.pk for each in messages])
    ours = set(rows.values_list("pk", flat=True))
    Message.objects.filter(pk__in=ours).update(held_until=until)
    return [message for message in messages if message.pk in ours]


@transaction.atomic
def settle(message, *, accepted, now):
    """Write down how the sending went. What was silenced while it was on its way stays silenced; what has failed
    as often as texting.TRIES_MOST is for a person to ring.
    """
    row = Message.objects.select_for_update().waiting().filter(pk=message.pk).first()
    if row is None:
        return
    row.held_until = None
    if accepted:
        row.status, row.done_at = Status.SENT, now
    else:
        row.tries += 1
        row.channel = Message.Channel.TELEPHONE if row.tries >= texting.TRIES_MOST else row.channel
    row._change_reason = "sent" if accepted else "failed"
    row.save()
