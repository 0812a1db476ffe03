"""Full telephones of those who signed up: only with a reason, and only once it is in the audit trail.

The list of one activity is opened at once: whoever has to ring forty people would otherwise write the same reason forty
times. On the call list it stays open for half an hour (`opened`), for this user in this session and for the bookings
that the entry in the audit trail names; a booking that comes to the list later is masked until it is asked for.
"""

from django.db import transaction
from django.utils import timezone

from activities.models import Booking
from branches import audit
from branches.access import Action
from branches.reveal import enough

OPEN, OPEN_SECONDS = "telephones", 30 * 60  # in the session: {activity: what was opened, why, until when}


@transaction.atomic
def reveal(activity, bookings, *, by, reason):
    """{booking's primary key: its telephone, "" where it has none}; one entry in the audit trail names them all.

    Booking.DoesNotExist where some of them are not for `by` to see; IllegalTransition where the reason is too short.
    """
    reason = enough(reason)
    wanted = {booking.pk for booking in bookings}
    seen = Booking.objects.visible_to(by, Action.REVEAL).in_bulk(wanted)
    if wanted - set(seen):
        raise Booking.DoesNotExist
    if seen:
        audit.record(
            audit.Action.REVEAL, by=by, subject=activity, reason=reason, fields=["telephone"], bookings=sorted(seen)
        )
    return {pk: booking.telephone for pk, booking in seen.items()}


def keep_open(session, activity, bookings, *, by, reason):
    """Let what was just revealed stay open for a while."""
    now = int(timezone.now().timestamp())
    kept = {pk: each for pk, each in session.get(OPEN, {}).items() if each["until"] > now}
    kept[str(activity.pk)] = {
        "by": by.pk, "reason": reason, "until": now + OPEN_SECONDS, "bookings": sorted(each.pk for each in bookings),
    }  # fmt: skip
    session[OPEN] = kept


def opened(session, activity, *, by):
    """({booking's primary key: telephone}, reason) of what is still open to `by`; ({}, "") for nothing.

    Whoever may not see them any more, because their post has ended, sees none.
    """
    kept = session.get(OPEN, {}).get(str(activity.pk))
    if kept is None or kept["by"] != by.pk or kept["until"] <= timezone.now().timestamp():
        return {}, ""
    rows = Booking.objects.visible_to(by, Action.REVEAL).filter(sign_ups__activity=activity)
    return {row.pk: row.telephone for row in rows.filter(pk__in=kept["bookings"])}, kept["reason"]
