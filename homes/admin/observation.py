"""Visits by those who come to look (观摩)."""

from django.contrib import admin

from branches.scoped_admin import ScopedAdmin
from homes.admin.filters import HomesInStreet
from homes.models import ObservationVisit


class ObservedInStreet(HomesInStreet):
    title = "街道"
    homes_path = "home"


@admin.register(ObservationVisit)
class ObservationAdmin(ScopedAdmin):
    menu_order = 24
    list_display = ("home", "on", "guests", "secretaries", "others", "is_sample")
    list_filter = ("on", ObservedInStreet, "is_sample")
    list_select_related = ("home",)
    autocomplete_fields = owned_by = ("home",)
    search_fields = ("home__name", "guests", "takeaways")
    search_help_text = "可以搜家的名称、从哪里来、带走了什么。"
    fieldsets = (
        (
            None,
            {"fields": ("home", "on", "guests", "secretaries", "others"), "description": "写单位和人数，不写人名。"},
        ),
        ("看了什么", {"fields": ("shown", "takeaways")}),
        ("管理", {"fields": ("is_sample",)}),
    )
