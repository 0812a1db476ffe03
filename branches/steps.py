"""Writing a state: the row, its history, and the event, in the caller's transaction."""

from branches.models import User
from branches.transitions import record_event


def user_of(by):
    """The account behind who acts, for the history; None for a volunteer, a resident, the system."""
    return by if isinstance(by, User) else None


def move(record, event, to, *, by, reason="", **fields):
    """Write the next state of `record` (the one it has where it stays) with its history and its event."""
    before = record.status if record.pk else ""
    record.status = to
    for name, value in fields.items():
        setattr(record, name, value)
    record._history_user, record._change_reason = user_of(by), event
    record.save()
    record_event(record, event, by=by, before=before, after=to, reason=reason.strip()[:300])
