"""Writing a state: the row, its history, and the event, in the caller's transaction."""

from simple_history.utils import bulk_create_with_history

from branches.models import Event, User
from branches.transitions import IllegalTransition, record_event, record_known, step, told

CHANGED = "刚刚有人处理过，请看看现在的样子，再决定怎么办。"
REASON_LEAST = 5  # characters of the reason for a correction


def user_of(by):
    """The account behind who acts, for the history; None for a volunteer, a resident, the system."""
    return by if isinstance(by, User) else None


def save_with_history(row, event, *, by):
    """Write a row, with who did what in its history. Returns it."""
    row._history_user, row._change_reason = user_of(by), event
    row.save()
    return row


def held(record, version=None):
    """The row as it is now, held until the transaction ends; IllegalTransition where it moved on since `version`."""
    record = type(record).objects.select_for_update().get(pk=record.pk)
    if version is not None and version != record.version:
        raise IllegalTransition(CHANGED)
    return record


def move(record, event, to, *, by, reason="", data=None, **fields):
    """Write the next state of `record` (the one it has where it stays) with its history and its event.

    `fields` are written with it; `data` goes into the event.
    """
    before = record.status if record.pk else ""
    record.status = to
    for name, value in fields.items():
        setattr(record, name, value)
    if hasattr(record, "version"):
        record.version += 1
    save_with_history(record, event, by=by)
    record_event(record, event, by=by, before=before, after=to, reason=reason.strip()[:300], **(data or {}))
    return record


def take(machine, event, record, *, by, reason="", data=None, **fields):
    """Take the step `event` of a held `record` by its table; None as its end means that it stays where it is."""
    to = step(machine, event, record)
    return move(record, event, record.status if to is None else to, by=by, reason=reason, data=data, **fields)


def corrects(user):
    """Whether this user may correct a wrong step."""
    return user.is_superuser or any(posting.role == "district" for posting in user.current_postings)


def correction(by, reason):
    """The reason of a correction, cleaned; IllegalTransition for who may make none, or too few words."""
    if not corrects(by):
        raise IllegalTransition("更正要由区里的工作人员来做。")
    reason = told(reason)
    if len(reason) < REASON_LEAST:
        raise IllegalTransition(f"请写明为什么更正，至少{REASON_LEAST}个字。")
    return reason


def standing_steps(record):
    """The events that led to the present state, without those that were taken back; the first is how it began."""
    steps = []
    for event in Event.objects.filter(subject=record._meta.label_lower, subject_pk=record.pk):
        if event.event == "correct":
            steps.pop()
        elif event.before != event.after:
            steps.append(event)
    return steps


def enter(rows, *, by, reason):
    """Enter unsaved rows of one model (samples), each in its state, with history and event; for the loading of data."""
    saved = remember(rows, by=by, reason=reason)
    record_known(saved, by=by, reason=reason)
    return saved


def remember(rows, *, by, reason):
    """Save unsaved rows of one model, each with the first row of its history."""
    return bulk_create_with_history(rows, type(rows[0]), batch_size=500, default_user=by, default_change_reason=reason)
