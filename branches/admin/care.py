"""The staff pages of care: pairs, those due first; visits, whose notes are sealed until somebody says why."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from branches import audit
from branches.admin.filters import Usually
from branches.admin.members import FindsMembers, ReadOnlyByVerbs
from branches.admin.revealing import Reveals
from branches.masking import HIDDEN
from branches.models import CareVisit, Event, Pairing

EVENTS = {"pair": "结对", "rhythm": "改了多久看望一次", "end_pair": "结束结对"}


class Due(Usually):
    title = "看望"
    usual = "正在结对的"
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [("yes", "到期或过期了"), ("ended", "已经结束的"), ("all", "全部")]

    def queryset(self, request, queryset):
        match self.value():
            case "yes":
                return queryset.due()
            case "ended":
                return queryset.filter(until__isnull=False)
            case "all":
                return queryset
        return queryset.running()


@admin.register(Pairing)
class PairingAdmin(FindsMembers, ReadOnlyByVerbs):
    menu_order = 48
    member_path = "member__"
    change_form_template = "admin/branches/steps_change_form.html"
    list_display = ("member", "carer", "building", "every_days", "next_visit_on", "overdue", "until")
    list_filter = (Due, "member__needs_home_visit")
    list_select_related = ("member__building__compound", "carer")
    search_fields = ("member__name",)
    ordering = ("next_visit_on", "pk")
    fields = ("member", "carer", "every_days", "since", "until", "next_visit_on", "is_sample")
    readonly_fields = ("until", "next_visit_on")

    @admin.display(description="楼栋")
    def building(self, pairing):
        return str(pairing.member.building or "")

    @admin.display(description="过了几天")
    def overdue(self, pairing):
        days = (timezone.localdate() - pairing.next_visit_on).days
        return f"{days}天" if days > 0 and pairing.until is None else "—"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        steps = [("记一次看望", "visit_pair", False), ("改多久一次", "rhythm", False), ("结束结对", "end_pair", True)]
        if obj.until is not None or not self.may_step(request, obj):
            steps = []
        events = Event.objects.filter(subject=self.opts.label_lower, subject_pk=obj.pk)
        context |= {
            "steps": [(words, reverse(f"desk:{name}", args=[obj.pk]), careful) for words, name, careful in steps],
            "timeline": [(EVENTS.get(event.event, event.event), event) for event in events],
        }
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(CareVisit)
class VisitAdmin(Reveals, FindsMembers, ReadOnlyByVerbs):
    menu_order = 49
    member_path = "member__"
    sealed_facts = "走访记的话"
    list_display = ("member", "kind", "visited_on", "logged_by", "is_sample")
    list_filter = ("kind", "visited_on")
    list_select_related = ("member", "logged_by")
    search_fields = ("member__name",)
    ordering = ("-visited_on", "-pk")
    readonly_fields = ("masked_note", "logged_by", "logged_at")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.defer("note") if request.resolver_match.url_name == "branches_carevisit_changelist" else rows

    def get_fieldsets(self, request, obj=None):
        note = "note" if self.revealed(request) else "masked_note"
        fields = ("member", "kind", "visited_on", note, "pairing", "logged_by", "logged_at", "is_sample")
        return ((None, {"fields": fields}),)

    @admin.display(description="记一笔")
    def masked_note(self, visit):
        return HIDDEN if visit.note else ""

    def record_reveal(self, request, obj, reason):
        audit.record(audit.Action.REVEAL, by=request.user, subject=obj, reason=reason, fields=["note"])
