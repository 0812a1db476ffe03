"""Rules of opening times that span several rows, and one special arrangement for many homes at once."""

from django.db import transaction

from homes.models import Home, OpeningException


def overlapping_hours(rows):
    """Pairs (earlier, later) of weekly intervals that share a minute of the same weekday.

    `rows` have `weekday`, `opens`, `closes`; an interval that ends when the next begins is fine.
    """
    found, latest = [], None
    for row in sorted(rows, key=lambda row: (row.weekday, row.opens)):
        if latest and latest.weekday == row.weekday and row.opens < latest.closes:
            found.append((latest, row))
        if latest is None or latest.weekday != row.weekday or row.closes > latest.closes:
            latest = row
    return found


def contradict(first, second):
    """Whether two special arrangements cannot both hold: they share a day, and one of them closes the doors or their
    times overlap. Each has `first_day`, `last_day`, `opens`, `closes`."""
    if first.last_day < second.first_day or second.last_day < first.first_day:
        return False
    if first.opens is None or second.opens is None:
        return True
    return first.opens < second.closes and second.opens < first.closes


@transaction.atomic
def announce_exception(homes, *, by, first_day, last_day, opens, closes, reason):
    """Give every home in the queryset `homes` the same special arrangement.

    Returns (added, had it already, contradicted): lists of homes. A home whose own arrangement contradicts this one is
    left as it is, for a person to decide.
    """
    added, present, contradicted = [], [], []
    facts = {"first_day": first_day, "last_day": last_day, "opens": opens, "closes": closes, "reason": reason}
    chosen = Home.objects.select_for_update().filter(pk__in=list(homes.values_list("pk", flat=True)))
    for home in chosen.prefetch_related("exceptions"):
        wanted = OpeningException(home=home, **facts)
        wanted.full_clean(validate_unique=False)
        others = list(home.exceptions.all())
        if any(all(getattr(other, name) == value for name, value in facts.items()) for other in others):
            present.append(home)
        elif any(contradict(other, wanted) for other in others):
            contradicted.append(home)
        else:
            wanted._history_user, wanted._change_reason = by, "批量加特殊安排"
            wanted.save()
            added.append(home)
    return added, present, contradicted
