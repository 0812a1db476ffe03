"""What has to be told about orders, once: put into the outbox here. The words hold no name, telephone or address."""

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

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
    return Message.objects.create(order=order, kind=kind, version=order.version, words=words)


def tell_volunteer(assignment, kind):
    """Tell whoever was asked, once for each kind."""
    words = TO_VOLUNTEER[kind].format(
        category=assignment.order.category, when=when(assignment.visit_at), until=when(assignment.expires_at)
    )
    return Message.objects.create(
        order_id=assignment.order_id, assignment=assignment, kind=kind, version=assignment.order.version, words=words
    )


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
    part = "上午" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    hour = at.hour - 12 if at.hour > 12 else at.hour
    return f"{date_format(at, 'n月j日')}（{date_format(at, 'l')}）{part}{hour}:{at:%M}"
