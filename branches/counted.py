"""How many there are: of a long list, and of what belongs to each record of one."""

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property


class Pages(Paginator):
    """The pages of a list, counted no further than anybody turns them: all there is would take ever longer to count."""

    MOST = 10_000

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[: self.MOST].count()

    @property
    def is_cut(self):
        return self.count == self.MOST


def number_of(rows, path):
    """A column for `annotate`: how many of `rows` lead by `path` to each record; with no join to group."""
    counted = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
