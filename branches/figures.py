"""Keeping, publishing and explaining figures. What was kept, published or said on a day stays as it is."""

from django.db import transaction
from django.utils import timezone

from branches.models import Division, FigureNote, FigureSnapshot, PublishedFigure
from branches.transitions import IllegalTransition, record_event

ROWS = 500  # written at a time


def keep(counts, *, on, is_sample):
    """Keep what was counted on the day `on`: {key: {division of a street, or None for the district: value}}.

    A day that has been kept is left as it is. Returns the number of rows that are new.
    """
    with transaction.atomic():
        _queue()
        known = set(FigureSnapshot.objects.filter(taken_on=on).values_list("key", "division"))
        rows = [
            FigureSnapshot(key=key, division=division, taken_on=on, value=value, is_sample=is_sample)
            for key, places in counts.items()
            for division, value in places.items()
            if (key, division and division.pk) not in known
        ]
        FigureSnapshot.objects.bulk_create(rows, batch_size=ROWS)
    return len(rows)


def publish(figures, *, by, source):
    """Publish, as of today, the `figures`: unsaved rows with key, label, value, unit and order."""
    today = timezone.localdate()
    with transaction.atomic():
        _queue()
        if not figures:
            raise IllegalTransition("现在还没有可以公布的数字。")
        if PublishedFigure.objects.filter(published_on=today).exists():
            raise IllegalTransition("今天已经公布过一次了。公布了的不改，请明天再来。")
        for figure in figures:
            figure.published_on, figure.source, figure.at_least = today, source, False
            figure.save()
            record_event(figure, "publish", by=by, before="", after="published", value=str(figure.value))
    return figures


def explain(key, words, *, by):
    """Say why today's count of this figure is not what was published; what was said before stays."""
    words = words.strip()
    if not words:
        raise IllegalTransition("请写为什么不一样。")
    with transaction.atomic():
        note = FigureNote(key=key, words=words, by=by)
        note.save()
        record_event(note, "explain", by=by, before="", after="shown")
    return note


def _queue():
    """Whoever keeps or publishes waits here: twice on a day is once."""
    list(Division.objects.filter(level=Division.Level.DISTRICT).select_for_update())
