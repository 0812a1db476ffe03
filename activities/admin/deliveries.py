"""The staff page of 送学上门: what was planned from which activity, and by which visit it was brought."""

from django.contrib import admin
from django.urls import reverse

from activities.models import HomeDelivery
from branches.admin.members import FindsMembers, ReadOnlyByVerbs


class Brought(admin.SimpleListFilter):
    title = "送到没有"
    parameter_name = "brought"

    def lookups(self, request, model_admin):
        return [("no", "还没送"), ("yes", "送到了")]

    def queryset(self, request, queryset):
        match self.value():
            case "no":
                return queryset.due()
            case "yes":
                return queryset.exclude(visit=None)
        return queryset


@admin.register(HomeDelivery)
class HomeDeliveryAdmin(FindsMembers, ReadOnlyByVerbs):
    menu_order = 48.5  # between who looks after whom, and the visits
    member_path = "member__"
    empty_value_display = "—"
    change_form_template = "admin/branches/steps_change_form.html"
    list_display = ("member", "activity", "brought_on", "created_by", "created_at", "is_sample")
    list_filter = (Brought, "is_sample")
    list_select_related = ("member", "activity", "visit", "created_by")
    search_fields = ("member__name",)
    ordering = ("-created_at", "-pk")
    fields = ("member", "activity", "visit", "created_by", "created_at", "is_sample")
    readonly_fields = fields

    @admin.display(description="哪天送到的", ordering="visit__visited_on")
    def brought_on(self, delivery):
        return delivery.visit and delivery.visit.visited_on

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        due = obj.visit_id is None and self.may_step(request, obj)
        context["steps"] = [("送到了，记一笔", reverse("activities:delivered", args=[obj.pk]), False)] if due else []
        return super().render_change_form(request, context, add, change, form_url, obj)
