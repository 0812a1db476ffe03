"""Where to go and whom to ask for: open to the volunteer until a week after it is over; every look is written down."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from branches import audit
from branches.access import Action
from branches.reveal import enough
from branches.transitions import IllegalTransition
from volunteers.models import Assignment, Message, ServiceOrder

KEPT = timedelta(days=7)  # after it is over
FIELDS = ("what", "name", "telephone", "place", "wish")


def is_open(assignment, *, now=None):
    """Whether the volunteer may read name, telephone and place of this order now."""
    if assignment.status == Assignment.Status.ACCEPTED:
        return True
    went = assignment.status in (Assignment.Status.COMPLETED, Assignment.Status.FAILED)
    return went and (now or timezone.now()) <= assignment.ended_at + KEPT


@transaction.atomic
def read(assignment, *, now=None):
    """{field: text} for the volunteer who has the order in hand; IllegalTransition where it is closed to them."""
    if not is_open(assignment, now=now):
        raise IllegalTransition("这一单的电话和地址现在看不到了。")
    order, volunteer = assignment.order, assignment.volunteer
    audit.record(
        audit.Action.REVEAL, by=volunteer, subject=order, reason="接单", fields=list(FIELDS), volunteer=volunteer.pk
    )
    return {field: getattr(order, field) for field in FIELDS}


@transaction.atomic
def reveal(order, *, by, reason):
    """{field: text} for staff, with a reason. ServiceOrder.DoesNotExist where `by` may not see it."""
    reason = enough(reason)
    order = ServiceOrder.objects.visible_to(by, Action.REVEAL).get(pk=order.pk)
    audit.record(audit.Action.REVEAL, by=by, subject=order, reason=reason, fields=[*FIELDS, "proxy_name"])
    return {field: getattr(order, field) for field in (*FIELDS, "proxy_name")}


@transaction.atomic
def ring(messages, *, by, reason):
    """{message's pk: (name, telephone)} of whom to ring up; one entry in the trail names the orders and volunteers.

    Message.DoesNotExist where some of them are not for `by` to see.
    """
    reason = enough(reason)
    wanted = {message.pk for message in messages}
    rows = Message.objects.visible_to(by, Action.REVEAL).select_related("order", "assignment__volunteer")
    seen = rows.in_bulk(wanted)
    if wanted - set(seen):
        raise Message.DoesNotExist
    if seen:
        residents = sorted({row.order_id for row in seen.values() if row.assignment is None})
        volunteers = sorted({row.assignment.volunteer_id for row in seen.values() if row.assignment})
        audit.record(
            audit.Action.REVEAL, by=by, label="要打的电话", reason=reason, fields=["name", "telephone"],
            orders=residents, volunteers=volunteers,
        )  # fmt: skip
    return {pk: whom(row) for pk, row in seen.items()}


def whom(message):
    """(name, telephone) of whoever is told."""
    person = message.assignment.volunteer if message.assignment_id else message.order
    return person.name, person.telephone
