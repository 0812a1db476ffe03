"""Themes and facilities: the district's own vocabulary."""

from django.contrib import admin
from django.db.models import Count, Q

from branches.scoped_admin import ScopedAdmin
from homes.admin.filters import HomesInStreet, InUse
from homes.models import Facility, Home, Theme


class UsedByHomes(ScopedAdmin):
    """A list whose rows tell how many homes in use have them."""

    ordering = ("order", "pk")  # said again, because a query that counts forgets the model's own

    def get_queryset(self, request):
        in_use = Q(homes__status__in=(*Home.PUBLIC, Home.Status.PREPARING))
        return super().get_queryset(request).annotate(homes_count=Count("homes", filter=in_use, distinct=True))

    @admin.display(description="有几个家在用", ordering="homes_count")
    def homes_count(self, obj):
        return obj.homes_count


@admin.register(Theme)
class ThemeAdmin(UsedByHomes):
    menu_order = 30
    list_display = ("name", "lead", "hue", "homes_count", "order", "is_archived")
    list_filter = (InUse, HomesInStreet, "is_archived")
    search_fields = ("name", "slug", "lead", "story")
    search_help_text = "可以搜主题的名称、介绍和故事。"
    autocomplete_fields = ("enterprises",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "lead", "story")}),
        ("来历", {"fields": ("enterprises",), "description": "这个主题说的是哪些移交企业的故事。"}),
        ("样子", {"fields": ("mark", "hue", "order"), "description": "图标和颜色用在卡片上；没有照片的家也用它。"}),
        ("管理", {"fields": ("is_archived", "is_sample")}),
    )


@admin.register(Facility)
class FacilityAdmin(UsedByHomes):
    menu_order = 40
    list_display = ("name", "homes_count", "order", "is_archived")
    list_filter = (InUse, HomesInStreet, "is_archived")
    search_fields = ("name", "slug")
    search_help_text = "可以搜设施的名称。"
    fieldsets = ((None, {"fields": ("name", "slug", "order", "is_archived")}),)
