"""How many rows belong to each record of a list, as a column of it: asked for each one shown, with no join to group."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def number_of(rows, path):
    """A column for `annotate`: how many of `rows` lead by `path` to each record."""
    counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
