"""Samples around recognition: nominations, terms that ran out or were taken back, and secretaries who came to look."""

from datetime import timedelta

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.demo_words import REASON
from homes.demo_founding_words import DECLINED, LATER_SITES, NOMINATED, OBSERVED, REVOKED
from homes.models import Demonstration, ObservationVisit

RECEIVED = (12, 9, 15, 8, 14, 20, 6, 11, 13, 10, 16, 12, 7, 15)  # secretaries at each visit: 168 in sum
OTHERS = (0, 3, 0, 5, 2)
A_YEAR = 365


def recognitions(homes, officers):
    """Unsaved rows on sample homes that are no demonstration site: two wait; one declined, one ran out, one revoked."""
    today = timezone.localdate()
    recognised = set(Demonstration.objects.filter(home__in=homes).values_list("home", flat=True))
    free = [home for home in homes if home.pk not in recognised]

    def ago(days):
        return today - timedelta(days=days)

    told = (
        {"nominated_on": ago(6), "why": NOMINATED},
        {"nominated_on": ago(40), "why": NOMINATED},
        {"nominated_on": ago(200), "why": NOMINATED, "declined_on": ago(180), "reason": DECLINED},
        {"nominated_on": ago(A_YEAR + 120), "why": LATER_SITES, "granted_on": ago(A_YEAR + 100),
         "valid_until": ago(30)},
        {"nominated_on": ago(A_YEAR + 230), "why": LATER_SITES, "granted_on": ago(A_YEAR + 200),
         "revoked_on": ago(60), "reason": REVOKED},
    )  # fmt: skip
    return [
        Demonstration(home=home, nominated_by=officers.reviewer(home.street), is_sample=True, **fields)
        for home, fields in zip(free, told, strict=False)
    ]


def visits(homes):
    """Unsaved visits over the last two years."""
    today = timezone.localdate()
    rows = []
    for turn, secretaries in enumerate(RECEIVED):
        guests, shown, takeaways = OBSERVED[turn % len(OBSERVED)]
        rows.append(
            ObservationVisit(
                home=homes[turn * 3 % len(homes)], on=today - timedelta(days=20 + 47 * turn), guests=guests,
                secretaries=secretaries, others=OTHERS[turn % len(OTHERS)], shown=shown,
                takeaways=takeaways if turn else "", is_sample=True,
            )
        )  # fmt: skip
    return rows


def recognise(homes, officers, arrivals):
    for rows in (recognitions(homes, officers), visits(homes)):
        if rows:
            bulk_create_with_history(rows, type(rows[0]), batch_size=500, default_change_reason=REASON)
            arrivals.created[rows[0]._meta.verbose_name] += len(rows)
