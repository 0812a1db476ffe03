"""The side bars of the lists; none lists anything outside the reader's posts."""

from django.contrib import admin

from branches.access import Action
from branches.admin.filters import Usually
from branches.models import Division
from homes.models import Home
from homes.what_waits import TO_DO


class ToDoFilter(admin.SimpleListFilter):
    title = "要做的事"
    parameter_name = "todo"

    def lookups(self, request, model_admin):
        return [(value, words) for value, (words, _method, _hint) in TO_DO.items()]

    def queryset(self, request, queryset):
        return getattr(queryset, TO_DO[self.value()][1])() if self.value() in TO_DO else queryset


class StatusFilter(Usually):
    """Archived homes stay out of the way until they are asked for."""

    title = "状态"
    usual = "没有归档的"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [*Home.Status.choices, ("all", "全部，包括已归档")]

    def queryset(self, request, queryset):
        if self.value() in Home.Status:
            return queryset.filter(status=self.value())
        return queryset if self.value() == "all" else queryset.exclude(status=Home.Status.CLOSED)


class StreetFilter(admin.SimpleListFilter):
    """The streets in which the reader may see homes."""

    title = "街道"
    parameter_name = "street"

    def lookups(self, request, model_admin):
        streets = Division.objects.where_granted(request.user, Action.VIEW, Home).streets()
        return [(street.code, street.name) for street in streets]

    def queryset(self, request, queryset):
        street = dict(self.lookup_choices).get(self.value())
        return queryset.in_street(self.value()) if street else queryset


class HomesInStreet(StreetFilter):
    """For what homes have: themes, facilities, recognitions. `homes_path` leads from the row to the home."""

    title = "哪个街道有"
    homes_path = "homes"

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        homes = Home.objects.visible_to(request.user).in_street(self.value())
        return queryset.filter(pk__in=queryset.model.objects.filter(**{f"{self.homes_path}__in": homes}).values("pk"))


class InUse(admin.SimpleListFilter):
    title = "有没有家在用"
    parameter_name = "used"

    def lookups(self, request, model_admin):
        return [("yes", "有"), ("no", "没有")]

    def queryset(self, request, queryset):
        match self.value():
            case "yes":
                return queryset.filter(homes_count__gt=0)
            case "no":
                return queryset.filter(homes_count=0)
        return queryset
