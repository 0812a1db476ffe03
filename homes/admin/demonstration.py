"""Demonstration sites (示范阵地): the recognitions of all homes in one list, read here, decided on the desk."""

from django.contrib import admin

from branches.admin.on_the_desk import OnTheDesk
from homes.admin.filters import HomesInStreet
from homes.models import Demonstration
from homes.views.demonstration_desk import EVENTS


class InForce(admin.SimpleListFilter):
    title = "现在是否有效"
    parameter_name = "in_force"

    def lookups(self, request, model_admin):
        return [("yes", "有效"), ("no", "到期或已撤销"), ("nominated", "等着定的")]

    def queryset(self, request, queryset):
        current = Demonstration.objects.current()
        match self.value():
            case "yes":
                return queryset.filter(pk__in=current.values("pk"))
            case "no":
                return queryset.filter(granted_on__isnull=False).exclude(pk__in=current.values("pk"))
            case "nominated":
                return queryset.nominated()
        return queryset


class GrantedYear(admin.SimpleListFilter):
    title = "授予年份"
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = model_admin.get_queryset(request).dates("granted_on", "year", order="DESC")
        return [(str(year.year), f"{year.year}年") for year in years]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return queryset.filter(granted_on__year=int(year)) if year.isdecimal() and len(year) == 4 else queryset


class HomeInStreet(HomesInStreet):
    title = "街道"
    homes_path = "home"


@admin.register(Demonstration)
class DemonstrationAdmin(OnTheDesk):
    menu_order = 20
    desk_address = "demonstrations:demonstration"
    step_words = EVENTS
    list_display = ("home", "state", "nominated_on", "granted_on", "valid_until", "revoked_on")
    list_filter = (InForce, GrantedYear, HomeInStreet)
    list_select_related = ("home",)
    search_fields = ("home__name", "home__slug", "reason")
    search_help_text = "可以搜家的名称和撤销原因。"
    fieldsets = (
        (None, {"fields": ("home", "state", "granted_on", "valid_until")}),
        ("提名", {"fields": ("nominated_on", "nominated_by", "why", "declined_on")}),
        ("撤销或没有授予", {"fields": ("revoked_on", "reason")}),
        ("管理", {"fields": ("is_sample",)}),
    )

    @admin.display(description="现在")
    def state(self, obj):
        return obj.get_status_display()
