"""Demonstration sites (示范阵地): the recognitions of all homes in one list."""

from django.contrib import admin
from django.utils import timezone

from branches.scoped_admin import ScopedAdmin
from homes.admin.filters import HomesInStreet
from homes.models import Demonstration


class InForce(admin.SimpleListFilter):
    title = "现在是否有效"
    parameter_name = "in_force"

    def lookups(self, request, model_admin):
        return [("yes", "有效"), ("no", "到期或已撤销")]

    def queryset(self, request, queryset):
        current = Demonstration.objects.current()
        match self.value():
            case "yes":
                return queryset.filter(pk__in=current.values("pk"))
            case "no":
                return queryset.exclude(pk__in=current.values("pk"))
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
class DemonstrationAdmin(ScopedAdmin):
    menu_order = 20
    list_display = ("home", "granted_on", "valid_until", "revoked_on", "state")
    list_filter = (InForce, GrantedYear, HomeInStreet)
    list_select_related = ("home",)
    search_fields = ("home__name", "home__slug", "reason")
    search_help_text = "可以搜家的名称和撤销原因。"
    fieldsets = (
        (None, {"fields": ("home", "granted_on", "valid_until")}),
        ("撤销", {"fields": ("revoked_on", "reason"), "description": "撤销时日期和原因都要写。授予的记录不会消失。"}),
        ("管理", {"fields": ("is_sample",)}),
    )

    @admin.display(description="现在")
    def state(self, obj):
        today = timezone.localdate()
        if obj.revoked_on and obj.revoked_on <= today:
            return "已撤销"
        if obj.granted_on > today:
            return "还没开始"
        return "已到期" if obj.valid_until and obj.valid_until < today else "有效"

    def get_readonly_fields(self, request, obj=None):
        return ("home",) if obj else ()
