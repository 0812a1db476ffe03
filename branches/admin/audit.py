"""The auditor's page: the audit trail, read by its own role and by technicians, changed by nobody."""

import re
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from branches.models import AuditEntry
from branches.scoped_admin import ScopedAdmin

DAYS = 7  # offered in the side bar; any other day is found by writing it into the search box
DAY = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")


def on_day(queryset, day):
    """The entries of one day as it is lived here."""
    begins = timezone.make_aware(datetime.combine(day, time()))
    return queryset.filter(at__gte=begins, at__lt=begins + timedelta(days=1))


class Day(admin.SimpleListFilter):
    title = "哪一天"
    parameter_name = "day"

    def lookups(self, request, model_admin):
        today = timezone.localdate()
        days = [today - timedelta(days=back) for back in range(DAYS)]
        return [(day.isoformat(), "今天" if day == today else f"{day.month}月{day.day}日") for day in days]

    def queryset(self, request, queryset):
        days = [value for value, _label in self.lookup_choices]
        return on_day(queryset, date.fromisoformat(self.value())) if self.value() in days else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ScopedAdmin):
    menu_order = 95
    empty_value_display = "—"
    list_display = ("number", "at", "action", "who", "label", "reason", "origin")
    list_display_links = ("number",)
    list_filter = ("action", Day)
    search_fields = ("actor", "actor_name", "label", "reason")
    search_help_text = "可以搜谁、对象和理由；写上日期，例如 2026-11-22，就只找那一天。"
    readonly_fields = fields = (
        "number", "at", "action", "who", "kind", "subject_pk", "label", "reason", "told", "origin", "digest",
    )  # fmt: skip

    @admin.display(description="谁", ordering="actor")
    def who(self, entry):
        if not entry.actor:
            return "没有登录的人" if entry.origin else "系统"
        return entry.actor if entry.actor == entry.actor_name else f"{entry.actor_name}（{entry.actor}）"

    @admin.display(description="对象种类")
    def kind(self, entry):
        try:
            return apps.get_model(entry.subject)._meta.verbose_name
        except (LookupError, ValueError):
            return entry.subject  # none, or one that the site no longer has

    @admin.display(description="其他")
    def told(self, entry):
        return "；".join(f"{key}：{value}" for key, value in entry.data.items())

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return False

    def get_search_results(self, request, queryset, search_term):
        days = []
        for year, month, day in DAY.findall(search_term):
            try:
                days.append(date(int(year), int(month), int(day)))
            except ValueError:
                return queryset.none(), False  # a day that no calendar has
        if days:
            queryset = on_day(queryset, days[0])
        return super().get_search_results(request, queryset, DAY.sub(" ", search_term))

    def history_view(self, request, object_id, extra_context=None):
        """An entry has no past: its page is all there is."""
        return HttpResponseRedirect(reverse("admin:branches_auditentry_change", args=(object_id,)))
