"""An order as whoever asked for help reads it: what happened, what comes next and by which day, whom to ring.

Of those who were asked nothing is told; of somebody who said yes, the surname and the team. Of the staff, their part.
"""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from branches.models import Event
from branches.names import surname_of
from volunteers.models import ServiceOrder, TeamMembership, Volunteer
from volunteers.order_steps import held
from volunteers.ordering import REOPEN_DAYS, SILENT_DAYS, may_reopen
from volunteers.telling import when

Status, Rating = ServiceOrder.Status, ServiceOrder.Rating
HEADINGS = {
    Status.SUBMITTED: "收到了，正在安排",
    Status.DISPATCHING: "正在找人去",
    Status.ACCEPTED: "有人接了",
    Status.DONE: "办完了，您满意吗？",
    Status.CLOSED: "办完了",
    Status.UNABLE: "这件事我们办不了",
    Status.CANCELLED: "撤掉了",
    Status.DUPLICATE: "和另一件合在一起办",
}
SAID = {  # events that only the staff has to do with are left out
    "route": "交给{now}办理。",
    "reject": "说了办不了，为什么写在上面。",
    "mark_duplicate": "和另一件是同一件事，合在一起办。",
    "offer": "支部派了单，等人回话。",
    "open_call": "支部请队伍里的人来接单。",
    "accept": "{who}接了单。",
    "decline": "请的人去不了，支部另外请人。",
    "expire": "请的人没有按时回话，支部另外请人。",
    "recall": "支部重新安排人。",
    "fail": "去的人没有办成，支部另外请人。",
    "complete": "办完了。",
    "close": f"{SILENT_DAYS}天没有评价，自动结单，算作未评价。",
    "correct": "区里更正了上一步：{reason}",
}


class Step(NamedTuple):
    """One line of what happened; the last one is where it stands."""

    at: str
    words: str


class Call(NamedTuple):
    """Whom to ring."""

    label: str
    telephone: str


def day(on):
    """11月23日（星期一）"""
    return f"{date_format(on, 'n月j日')}（{date_format(on, 'l')}）"


def happened(order):
    """What happened to the order, the first first."""
    events = list(Event.objects.filter(subject=order._meta.label_lower, subject_pk=order.pk))
    names = _names({event.data["volunteer"] for event in events if event.event == "accept"})
    steps = [(_at(event, order), _words(event, order, names)) for event in events]
    return [Step(when(at), words) for at, words in steps if words]


def _at(event, order):
    """When it happened; what came in with the samples came when it says, not when they were loaded."""
    return order.created_at if event.event == "enter" else event.at


def _words(event, order, names):
    by_resident = not event.actor and event.actor_name == "居民"
    match event.event:
        case "place" | "enter":
            return "您的求助收到了。" if not order.taken_by_id else f"您的求助登记好了（{order.get_via_display()}）。"
        case "rate":
            said = Rating(event.data["rating"]).label
            return f"您评价：{said}。" if by_resident else f"工作人员打电话问了您，您评价：{said}。"
        case "reopen":
            return f"{'您' if by_resident else '工作人员'}要求重新办理：{event.reason}"
        case "cancel":
            return "您撤掉了。" if by_resident else f"工作人员撤掉了：{event.reason}"
    volunteer = names.get(event.data.get("volunteer"), "一位志愿者")
    return SAID.get(event.event, "").format(who=volunteer, now=event.data.get("now", ""), reason=event.reason)


def _names(pks):
    """{volunteer: 红马甲队的王师傅}"""
    found = Volunteer.objects.in_bulk(pks)
    teams = {}
    for row in TeamMembership.objects.filter(volunteer__in=pks).select_related("team").order_by("-status", "-pk"):
        if row.status != TeamMembership.Status.DECLINED:
            teams[row.volunteer_id] = f"{row.team}的"  # the first that they are in stands
    return {
        pk: f"{teams.get(pk, '')}{surname_of(each.name)}师傅" for pk, each in found.items() if each.name
    }  # fmt: skip


def heading(order):
    return "重新办理，正在安排" if order.reopened and order.status == Status.SUBMITTED else HEADINGS[order.status]


def comes_next(order, now=None):
    """Sentences: what comes next and by which day, or why nothing does."""
    now = now or timezone.now()
    match order.status:
        case Status.SUBMITTED | Status.DISPATCHING | Status.ACCEPTED:
            return [*_under_way(order), *_late(order, timezone.localdate(now))]
        case Status.DONE:
            until = order.done_at + timedelta(days=SILENT_DAYS)
            told = [f"办得好不好，请您说一声。到{_local_day(until)}还没有说，就自动结单，算作未评价。"]
            return [order.outcome and f"办了什么：{order.outcome}", *told]
        case Status.CLOSED:
            return [order.outcome and f"办了什么：{order.outcome}", _may_reopen_until(order, now)]
        case Status.UNABLE:
            return [f"原因：{order.outcome}", order.category.elsewhere and f"可以找：{order.category.elsewhere}"]
        case Status.CANCELLED:
            return [order.outcome and f"原因：{order.outcome}", "还要帮忙，请再求助一次。"]
    other = order.duplicate_of
    until = f"，最晚{day(other.done_by)}办完" if other.is_open else ""
    return [f"另有一张单子说的是同一件事。那一张现在：{other.get_status_display()}{until}。"]


def _under_way(order):
    if order.status == Status.ACCEPTED:
        going = _names(order.assignments.held().values_list("volunteer", flat=True)).values()
        who = "、".join(going) or "志愿者"
        return [f"{who}{when(order.visit_at)}来。", f"最晚{day(order.done_by)}办完。那个时候不方便，请打电话改时间。"]
    told = [] if order.branch else ["这个地方由哪个支部负责，区里正在定。"]
    if order.needed > 1:
        told.append(f"要{order.needed}个人去，答应了的有{held(order)}个。")
    who = order.branch or "支部"
    return [*told, f"{who}找人去办，最晚{day(order.accept_by)}有人接，最晚{day(order.done_by)}办完。"]


def _late(order, today):
    if order.done_by < today:
        return [f"本来{day(order.done_by)}以前该办完的，我们晚了，对不起。请打下面的电话催一催。"]
    if order.status in ServiceOrder.UNACCEPTED and order.accept_by < today:
        return [f"本来{day(order.accept_by)}以前该有人接的，我们晚了，对不起。请打下面的电话催一催。"]
    return []


def _may_reopen_until(order, now):
    until = order.done_at + timedelta(days=REOPEN_DAYS)
    return f"没有解决的，{_local_day(until)}以前可以重新办理。" if may_reopen(order, now) else ""


def _local_day(at):
    return day(timezone.localdate(at))


def call(order):
    """Whom to ring about the order: the branch, else the home, else the service telephone."""
    for place in (order.branch, order.home):
        if place and place.telephone:
            return Call(f"有事打电话给{place.name}", place.telephone)
    return Call("有事打服务电话", settings.SITE_TELEPHONE)
