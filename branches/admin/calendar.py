"""The calendar of holidays and worked weekends: entered once a year, as the State Council announces it."""

from datetime import date

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from branches.access import Action
from branches.models import CalendarDay
from branches.scoped_admin import ScopedAdmin

ANNOUNCED = (11, 15)  # month and day by which the State Council has usually told of the next year


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

    def to_do(self, request):
        """From the middle of November on: next year's days, which are announced about then."""
        today = timezone.localdate()
        if (today.month, today.day) < ANNOUNCED or not self.may(request, Action.ADD):
            return []
        next_year = date(today.year + 1, 1, 1)
        return [
            {
                "label": f"的放假安排没有录：{next_year.year}年",
                "unit": "年",
                "count": len(CalendarDay.objects.years_open(next_year, next_year)),
                "hint": "录了，排课才跳得过春节、清明、端午和中秋。",
                "url": reverse("admin:branches_calendarday_changelist"),
            }
        ]
