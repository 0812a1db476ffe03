"""What a dispatcher finds when they sit down: the orders that wait for somebody, what is most pressing on top."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from volunteers.models import Assignment, OpenCall, ServiceOrder
from volunteers.models.order import FLAGGED_AT

Status, Held = ServiceOrder.Status, Assignment.Status
WAITING = (*ServiceOrder.OPEN, Status.DONE)
CAME_BACK = (Held.DECLINED, Held.EXPIRED, Held.FAILED)


class Group(NamedTuple):
    """A part of the list: its heading, and what is to be done."""

    heading: str
    what: str


GROUPS = (
    Group("三次没办成的", "去了三次都没办成，请区里看一看，换个办法。"),
    Group("重新办理的", "居民说还没有解决，先办这些。"),
    Group("还没有支部负责的", "看一看地点，分派给一个支部。"),
    Group("刚刚没请到人的", "请的人去不了，或者没有回话，请再请一位。"),
    Group("新来的", "看一看，请人去；办不了的，说明原因。"),
    Group("等人回话的", "已经请了人，还没有回话。"),
    Group("有人去的", "说好了谁去，办完了填办结。"),
    Group("等评价的", "打个电话问问办得好不好，替他填上。"),
)


def grouped(orders):
    """These orders with `group`, a place in GROUPS."""
    tried = Assignment.objects.filter(order=OuterRef("pk"), status__in=CAME_BACK)
    new = Q(status=Status.SUBMITTED)
    return orders.annotate(
        group=Case(
            When(Q(status__in=ServiceOrder.OPEN, attempts__gte=FLAGGED_AT), then=Value(0)),
            When(new & Q(reopened__gt=0), then=Value(1)),
            When(new & Q(branch=None), then=Value(2)),
            When(new & Exists(tried), then=Value(3)),
            When(new, then=Value(4)),
            When(status=Status.DISPATCHING, then=Value(5)),
            When(status=Status.ACCEPTED, then=Value(6)),
            default=Value(7),
        )
    )


def waiting(orders):
    """Those that wait for somebody: by group, in each by the day by which the next thing should have happened."""
    last = F("accept_by")
    due = Case(
        When(status__in=ServiceOrder.UNACCEPTED, then=last),
        When(status=Status.ACCEPTED, then=F("done_by")),
        default=last,
    )
    rows = grouped(orders.filter(status__in=WAITING)).annotate(due=due)
    return rows.order_by("group", "due", Coalesce("done_at", "created_at"), "pk")


def for_list(orders):
    """With what a row says: who is asked or goes, and an open call."""
    live = Assignment.objects.filter(status__in=Assignment.LIVE).select_related("volunteer").order_by("pk")
    called = OpenCall.objects.filter(closed_at=None)
    return orders.select_related("category", "division__parent", "compound", "branch", "home").prefetch_related(
        Prefetch("assignments", live, to_attr="asked"), Prefetch("calls", called, to_attr="called")
    )


def overdue_words(order, today=None):
    """How long something should have happened already: 过了3天还没人接, "" where all is in time."""
    today = today or timezone.localdate()
    if order.status in ServiceOrder.UNACCEPTED and order.accept_by < today:
        return f"过了{_days(today - order.accept_by)}还没人接"
    if order.status in ServiceOrder.OPEN and order.done_by < today:
        return f"过了{_days(today - order.done_by)}还没办完"
    return ""


def _days(late):
    return f"{late.days}天" if late < timedelta(days=60) else f"{late.days // 30}个多月"
