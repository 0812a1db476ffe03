"""Moving a record from one state to the next: tables, refusals, and the row that tells who did it.

A machine is a dict: {event: (states it may start from, state it ends in)}. Only the verbs of the record's own module
write its status; they lock the row, ask `step`, write, and call `record` inside the same transaction.
"""

from django.utils import timezone

from branches.models.event import Event


class IllegalTransition(Exception):  # noqa: N818 - the name the state tables use
    """The step does not fit the state the record is in now. The text is meant for the person who tried."""


class Resident:
    """Whoever acts for themselves and has no account, as the event rows name them."""

    username, pk = "", None

    def __str__(self):
        return "居民"


RESIDENT = Resident()


def step(machine, event, record):
    """The state that `event` leads to from the state of `record`; IllegalTransition where it may not happen."""
    starts, end = machine[event]
    if record.status not in starts:
        raise IllegalTransition(
            f"“{record}”现在是“{record.get_status_display()}”，不能这样操作。可能刚刚有人处理过，请刷新看看。"
        )
    return end


def not_later_than_today(on, what=""):
    """The day of a step, today unless told; IllegalTransition for a day to come. `what` names the step."""
    today = timezone.localdate()
    if on is not None and on > today:
        raise IllegalTransition(f"{what and what + '的'}日期不能在今天以后，到了那一天再来办。")
    return on or today


def told(reason):
    """The reason, cleaned; IllegalTransition where nothing was written."""
    reason = (reason or "").strip()
    if not reason:
        raise IllegalTransition("请写明原因，当事人和同事都会看到。")
    return reason


def record_event(subject, event, *, by, before, after, reason="", on_behalf_of="", **data):
    """Append the row that says what happened. `by` is a user, or None for the system itself."""
    entry = _entry(subject, event, by=by, before=before, after=after, reason=reason, data=data)
    entry.on_behalf_of = on_behalf_of
    entry.save()
    return entry


def record_events(told, event, *, by, reason=""):
    """Append what happened to many at once, none of which changed its state: `told` is [(subject, data)]."""
    Event.objects.bulk_create(
        _entry(subject, event, by=by, before=subject.status, after=subject.status, reason=reason, data=data)
        for subject, data in told
    )


def record_known(subjects, *, by, reason):
    """Append, for many new rows of one model at once, the row that says they were entered in their present state."""
    Event.objects.bulk_create(
        _entry(subject, "enter", by=by, before="", after=subject.status, reason=reason, data={}) for subject in subjects
    )


def record_past(steps):
    """Append, for rows that are entered with what happened to them, each step: [(subject, event, words, at)].

    `words` are by, before, after, reason and data.
    """
    entries = [_entry(subject, event, **words) for subject, event, words, _ in steps]
    Event.objects.bulk_create(entries, batch_size=500)
    for entry, (*_, at) in zip(entries, steps, strict=True):
        entry.at = at  # which is now for whatever is written
    Event.objects.bulk_update(entries, ["at"], batch_size=500)


def _entry(subject, event, *, by, before, after, reason, data):
    return Event(
        subject=subject._meta.label_lower,
        subject_pk=subject.pk,
        event=event,
        before=before or "",
        after=after,
        actor=by.username if by else "",
        actor_name=str(by) if by else "系统",
        reason=reason,
        data=data,
    )
