"""Orders whose name, telephone and place a colleague has just asked to see stay open to them for half an hour.

Kept in their session: the trail was written when they asked (contact.reveal). Whoever may not see them any more,
because their post has ended, sees nothing.
"""

from django.utils import timezone

from branches.access import Action
from volunteers import contact
from volunteers.models import Message, ServiceOrder

OPEN, OPEN_SECONDS = "orders", 30 * 60  # in the session: {order: whose, until when}
CALLS = "order_calls"  # in the session: which messages, why, whose, until when


def keep(session, order, *, by):
    """Let what was just revealed stay open for a while."""
    now = int(timezone.now().timestamp())
    kept = {pk: each for pk, each in session.get(OPEN, {}).items() if each["until"] > now}
    session[OPEN] = kept | {str(order.pk): {"by": by.pk, "until": now + OPEN_SECONDS}}


def opened(session, order, *, by):
    """{field: text} of what is open to `by` just now, {} for nothing."""
    kept = session.get(OPEN, {}).get(str(order.pk))
    if kept is None or kept["by"] != by.pk or kept["until"] <= timezone.now().timestamp():
        return {}
    if not ServiceOrder.objects.visible_to(by, Action.REVEAL).filter(pk=order.pk).exists():
        return {}
    return {field: getattr(order, field) for field in (*contact.FIELDS, "proxy_name")}


def keep_calls(session, messages, *, by, reason):
    """Let the telephones of these messages stay open for a while."""
    until = int(timezone.now().timestamp()) + OPEN_SECONDS
    session[CALLS] = {"by": by.pk, "until": until, "reason": reason, "messages": sorted(each.pk for each in messages)}


def opened_calls(session, *, by):
    """({primary keys of messages whose telephone is open to `by`}, reason); (set(), "") for none."""
    kept = session.get(CALLS)
    if kept is None or kept["by"] != by.pk or kept["until"] <= timezone.now().timestamp():
        return set(), ""
    rows = Message.objects.visible_to(by, Action.REVEAL).filter(pk__in=kept["messages"])
    return set(rows.values_list("pk", flat=True)), kept["reason"]
