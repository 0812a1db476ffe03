"""Sample months before today: what the sample records would have said, by the days they themselves name."""

from django.utils import timezone

from branches.figures import keep
from branches.models import FigureSnapshot
from config.figures import COUNTS, counted, months_until, of_places


def load_figures(arrivals):
    """Keep the last day of each of the months before this one, and today."""
    today = timezone.localdate()
    days = [month.last for month in months_until(today)[:-1]] + [today]
    kept = sum(keep(of_places(counted(COUNTS, until=day)), on=day, is_sample=True) for day in days)
    if kept:
        arrivals.created[FigureSnapshot._meta.verbose_name] += kept
