"""The states of orders and assignments, and the one place that writes them.

Whoever takes a step holds the lock of the order first, then that of the volunteer; always in this order.
"""

from simple_history.utils import bulk_create_with_history

from branches.models import User
from branches.sealing import telephone_index
from branches.transitions import IllegalTransition, record_event, record_known, step
from volunteers import telling
from volunteers.models import Assignment, Message, ServiceOrder

Status, Held = ServiceOrder.Status, Assignment.Status

# event: (states it may start from, states it may end in); an order that is placed comes from no state
ORDER = {
    "place": ({""}, {Status.SUBMITTED}),
    "route": ({Status.SUBMITTED}, {Status.SUBMITTED}),
    "reject": ({Status.SUBMITTED}, {Status.UNABLE}),
    "mark_duplicate": ({Status.SUBMITTED}, {Status.DUPLICATE}),
    "offer": ({Status.SUBMITTED, Status.DISPATCHING}, {Status.DISPATCHING}),
    "open_call": ({Status.SUBMITTED, Status.DISPATCHING}, {Status.DISPATCHING}),
    "accept": ({Status.DISPATCHING}, {Status.DISPATCHING, Status.ACCEPTED}),
    "decline": ({Status.DISPATCHING}, {Status.DISPATCHING, Status.SUBMITTED}),
    "expire": ({Status.DISPATCHING}, {Status.DISPATCHING, Status.SUBMITTED}),
    "recall": ({Status.DISPATCHING, Status.ACCEPTED}, {Status.DISPATCHING, Status.SUBMITTED}),
    "fail": ({Status.DISPATCHING, Status.ACCEPTED}, {Status.DISPATCHING, Status.SUBMITTED}),
    "complete": ({Status.ACCEPTED}, {Status.DONE}),
    "rate": ({Status.DONE}, {Status.CLOSED}),
    "close": ({Status.DONE}, {Status.CLOSED}),
    "reopen": ({Status.DONE, Status.CLOSED, Status.UNABLE}, {Status.SUBMITTED}),
    "cancel": ({Status.SUBMITTED, Status.DISPATCHING, Status.ACCEPTED}, {Status.CANCELLED}),
    "correct": (
        {Status.CLOSED, Status.DONE, Status.UNABLE, Status.DUPLICATE, Status.CANCELLED},
        {Status.DONE, Status.ACCEPTED, Status.SUBMITTED},
    ),
}
ASSIGNMENT = {
    "offer": ({""}, {Held.OFFERED}),
    "take_call": ({""}, {Held.ACCEPTED}),
    "accept": ({Held.OFFERED}, {Held.ACCEPTED}),
    "decline": ({Held.OFFERED}, {Held.DECLINED}),
    "expire": ({Held.OFFERED}, {Held.EXPIRED}),
    "recall": ({Held.OFFERED, Held.ACCEPTED}, {Held.RECALLED}),
    "fail": ({Held.ACCEPTED}, {Held.FAILED}),
    "complete": ({Held.ACCEPTED}, {Held.COMPLETED}),
    "correct": ({Held.COMPLETED}, {Held.ACCEPTED}),
}
ENDED = (Status.CLOSED, Status.UNABLE, Status.CANCELLED, Status.DUPLICATE)
MOVED_ON = "刚刚有人处理过这一单，请看看现在的情况，再决定要不要改。"


def locked(order, version=None):
    """The order as it is now, held until the transaction is over.

    `version` is what the page said; IllegalTransition where somebody has been quicker.
    """
    order = ServiceOrder.objects.select_for_update(of=("self",)).select_related("category", "branch").get(pk=order.pk)
    if version is not None and version != order.version:
        raise IllegalTransition(MOVED_ON)
    return order


def move(order, event, to, *, by, now, reason="", on_behalf_of="", data=None, **fields):
    """Write the order's next state, its history and its event. ValueError for an end that the table does not know."""
    if to not in step(ORDER, event, order):
        raise ValueError(f"{event} does not lead to {to}")
    before, order.status = order.status, to
    order.done_at = (order.done_at or now) if to in (Status.DONE, Status.CLOSED) else None
    order.ended_at = now if to in ENDED else None
    if to != Status.CLOSED:
        order.rating, order.rating_words = "", ""
    if to != Status.DUPLICATE:
        order.duplicate_of = None
    for name, value in fields.items():
        setattr(order, name, value)
    order.version += 1
    _save(order, event, by)
    record_event(order, event, by=by, before=before, after=to, reason=reason, on_behalf_of=on_behalf_of, **(data or {}))


def move_assignment(assignment, event, to, *, by, now, reason="", on_behalf_of="", **fields):
    """Write the assignment's next state, its history and its event."""
    if to not in step(ASSIGNMENT, event, assignment):
        raise ValueError(f"{event} does not lead to {to}")
    before, assignment.status = assignment.status, to
    live = to in Assignment.LIVE
    assignment.ended_at = None if live else now
    assignment.minutes = None if to != Held.COMPLETED else assignment.minutes
    assignment.reason = reason[:200]
    for name, value in fields.items():
        setattr(assignment, name, value)
    _save(assignment, event, by)
    record_event(assignment, event, by=by, before=before, after=to, reason=reason, on_behalf_of=on_behalf_of)


def _save(record, event, by):
    record._history_user = by if isinstance(by, User) else None
    record._change_reason = event
    record.save()


def recall_all(order, *, by, now, reason, keep=()):
    """Take back what is offered or accepted, end an open call, and tell those it concerns."""
    for assignment in order.assignments.filter(status__in=Assignment.LIVE).exclude(pk__in=keep).order_by("pk"):
        move_assignment(assignment, "recall", Held.RECALLED, by=by, now=now, reason=reason)
        telling.silence(assignment)
        telling.tell_volunteer(assignment, Message.Kind.RECALLED)
    order.calls.filter(closed_at=None).update(closed_at=now)


def held(order):
    """How many have accepted."""
    return order.assignments.held().count()


def state_of(order, now):
    """Where an order stands that is neither over nor accepted: is anybody still asked, or going?"""
    asked = order.assignments.live(now).exists() or order.calls.filter(closed_at=None, expires_at__gt=now).exists()
    return Status.DISPATCHING if asked or held(order) else Status.SUBMITTED


def enter(orders, assignments, *, by, reason):
    """Enter unsaved orders and assignments (samples), each in its state; for the loading of data."""
    for order in orders:
        order.telephone_index = telephone_index(order.telephone)
    bulk_create_with_history(orders, ServiceOrder, batch_size=500, default_user=by, default_change_reason=reason)
    record_known(orders, by=by, reason=reason)
    bulk_create_with_history(assignments, Assignment, batch_size=500, default_user=by, default_change_reason=reason)
    record_known(assignments, by=by, reason=reason)
