"""Full telephones of those who signed up: only with a reason, and only once it is in the audit trail.

The list of one activity is opened at once, for one page or one sheet of paper: whoever has to ring forty people would
otherwise write the same reason forty times.
"""

from django.db import transaction

from activities.models import Booking
from branches import audit
from branches.access import Action
from branches.reveal import enough


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
