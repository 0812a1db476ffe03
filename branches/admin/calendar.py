"""The calendar of holidays and worked weekends: entered once a year, as the State Council announces it."""

from django.contrib import admin

from branches.models import CalendarDay
from branches.scoped_admin import ScopedAdmin


@admin.register(CalendarDay)
class CalendarAdmin(ScopedAdmin):
    menu_order = 120
    list_display = ("day", "name", "is_worked")
    list_filter = ("is_worked",)
    search_fields = ("name",)
    search_help_text = "可以搜节日的名称。"
    ordering = ("-day",)
    fieldsets = (
        (None, {"fields": ("day", "name", "is_worked"), "description": "排课会跳过放假的日子；调休上班的周末照常排。"}),
    )
