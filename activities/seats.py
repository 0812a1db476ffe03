"""The seats of an activity and the queue for them. Everything here runs while the activity is locked.

`locked` is the one lock: whoever changes who sits or waits takes it first. On PostgreSQL it is the row; on SQLite the
transaction itself, which begins as IMMEDIATE (docs/decisions/0002-databases.md).
"""

from datetime import timedelta
from itertools import groupby

from django.db import connection
from django.utils import timezone

from activities import outbox
from activities.models import Activity, Message, SignUp
from branches.transitions import IllegalTransition, record_event

Status = SignUp.Status
PROMOTED_UNTIL = timedelta(hours=2)  # before the start: later than that nobody can be expected to hear of it


def locked(activity, *columns):
    """The activity as it is now, held until the transaction is over; with these columns alone, if any are named."""
    return Activity.objects.select_for_update().only(*columns).get(pk=activity.pk)


def free(activity):
    """How many more may be confirmed; None without a limit."""
    if activity.capacity is None:
        return None
    return max(0, activity.capacity - activity.sign_ups.seated().count())


def fits(activity, people):
    room = free(activity)
    return room is None or people <= room


def there_and_waiting(activity, person_keys):
    """(whether somebody of these has a place here or waits for one, whether anybody waits).

    In SQL: Django needs thirty times as long to put these two questions as the database to answer them, and whoever
    signs up waits meanwhile.
    """
    here = f"SELECT 1 FROM {SignUp._meta.db_table} WHERE activity_id = %s AND status"  # noqa: S608 - our own table
    keys, active = (", ".join(["%s"] * len(each)) for each in (person_keys, SignUp.ACTIVE))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS ({here} IN ({active}) AND person_key IN ({keys})), EXISTS ({here} = %s)",
            [activity.pk, *SignUp.ACTIVE, *person_keys, activity.pk, Status.WAITLISTED],
        )
        there, waiting = cursor.fetchone()
    return bool(there), bool(waiting)


def promotes(activity, now):
    """Whether those who wait may still move up by themselves."""
    until = activity.closes_at if activity.kind.day_before_at else activity.starts_at - PROMOTED_UNTIL
    return activity.status == Activity.Status.PUBLISHED and now < until


def promote(activity, *, now=None):
    """Confirm those who wait, in order, as far as there is room: a group together, and nobody past a group in front.

    Returns the sign-ups that moved up. The seats kept in over the capacity shrink first, as people leave.
    """
    now = now or timezone.now()
    _forget_surplus(activity)
    moved = []
    if not promotes(activity, now):
        return moved
    for _booking, waiting in groupby(list(activity.sign_ups.queue()), key=lambda sign_up: sign_up.booking_id):
        group = list(waiting)
        if not fits(activity, len(group)):
            break
        for sign_up in group:
            step_to(sign_up, Status.CONFIRMED, "promote", by=None)
            outbox.tell(sign_up, Message.Kind.PROMOTED)
        moved += group
    return moved


def _forget_surplus(activity):
    """What was kept in over the capacity is less once somebody has left."""
    surplus = 0
    if activity.capacity is not None:
        surplus = max(0, activity.sign_ups.seated().count() - activity.capacity)
    if surplus != activity.over_by:
        activity.over_by = surplus
        activity.save(update_fields=["over_by"])


def step_to(sign_up, status, event, *, by, reason="", **fields):
    """Write a sign-up's next state with its history and its event. `by` is a user, None for the system."""
    before = sign_up.status
    sign_up.status = status
    for name, value in fields.items():
        setattr(sign_up, name, value)
    sign_up._history_user = by if getattr(by, "pk", None) else None
    sign_up._change_reason = event
    sign_up.save()
    record_event(sign_up, event, by=by, before=before, after=status, reason=reason)


def room_for_one_more(activity):
    """IllegalTransition where the room is full to its limit, walk-ins counted."""
    if activity.room_limit is None:
        return
    inside = activity.sign_ups.filter(status__in=SignUp.SEATED).count()
    if inside >= activity.room_limit:
        raise IllegalTransition(f"屋里最多坐{activity.room_limit}人，已经满了。")
