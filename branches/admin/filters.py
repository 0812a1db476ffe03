"""The side bars of the register's lists; none lists anything outside the reader's posts."""

from django.contrib import admin
from django.db.models import Q

from branches.models import Branch, Division

MANY = 40  # branches; more are offered street by street


class Usually(admin.SimpleListFilter):
    """A side bar that narrows the list unless something else is asked for; `usual` says to what."""

    usual = ""

    def choices(self, changelist):
        first, *rest = super().choices(changelist)
        return [first | {"display": self.usual}, *rest]


class Archived(Usually):
    """What was archived stays out of the way until it is asked for."""

    title = "归档"
    usual = "没有归档的"
    parameter_name = "archived"

    def lookups(self, request, model_admin):
        return [("yes", "已归档"), ("all", "全部，包括已归档")]

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.filter(is_archived=self.value() == "yes")


class InStreet(admin.SimpleListFilter):
    """`path` leads from a row to its division."""

    title = "街道"
    parameter_name = "street"
    path = "division"

    def lookups(self, request, model_admin):
        return [(street.code, street.name) for street in Division.objects.visible_to(request.user).streets()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(
            Q(**{f"{self.path}__code": self.value()}) | Q(**{f"{self.path}__parent__code": self.value()})
        )


class Located(admin.SimpleListFilter):
    title = "有没有位置"
    parameter_name = "located"

    def lookups(self, request, model_admin):
        return [("yes", "有"), ("no", "没有")]

    def queryset(self, request, queryset):
        known = self.value() in ("yes", "no")
        return queryset.filter(longitude__isnull=self.value() == "no") if known else queryset


def asked(request, name):
    """The primary key in the address under this name, or None."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None


class OfBranch(admin.SimpleListFilter):
    """The reader's branches, those of the chosen street where there are many. `path` leads from a row to its branch."""

    title = "支部"
    parameter_name = "branch"
    path = "branch"

    def lookups(self, request, model_admin):
        branches = Branch.objects.visible_to(request.user).active().values_list("pk", "name")
        rows = list(branches[: MANY + 1])
        if len(rows) > MANY:
            shown = Q(pk=asked(request, self.parameter_name))
            if street := request.GET.get("street"):
                shown |= Q(division__code=street) | Q(division__parent__code=street)
            rows = branches.filter(shown)
        return [(str(pk), name) for pk, name in rows]

    def queryset(self, request, queryset):
        pk = asked(request, self.parameter_name)
        return queryset if pk is None else queryset.filter(self.condition(pk))

    def condition(self, pk):
        return Q(**{self.path: pk})
