"""What neighbours do together: read here, done on the desk; its ledger is appended to by verbs alone."""

from django.contrib import admin

from branches.admin.on_the_desk import OnTheDesk
from homes.admin.filters import HomesInStreet
from homes.models import CommunityProject, LedgerLine
from homes.views.project_desk import EVENTS


class ProjectsInStreet(HomesInStreet):
    title = "街道"
    homes_path = "home"


class LinesInStreet(HomesInStreet):
    title = "街道"
    homes_path = "project__home"


@admin.register(CommunityProject)
class CommunityProjectAdmin(OnTheDesk):
    menu_order = 26
    desk_address = "projects:desk_project"
    step_words = EVENTS
    list_display = ("name", "home", "status", "households", "received", "paid", "is_sample")
    list_filter = ("status", ProjectsInStreet, "is_sample")
    list_select_related = ("home",)
    search_fields = ("name", "home__name")
    search_help_text = "可以搜项目和家的名称。"
    history_hidden = ("version", "resumes_as", "scan")
    fieldsets = (
        (None, {"fields": ("name", "home", "status", "status_note", "lead", "source")}),
        ("征询", {"fields": ("scope", "plan", "cost_low", "cost_high", "consult_until")}),
        ("规模", {"fields": ("households", "leading_members", "unit_count", "unit_name", "raised_at_least")}),
        ("钱", {"fields": ("received", "paid", "short_of_budget", "final_cost")}),
        ("施工和验收", {"fields": ("contractor", "accepted_on", "final_words")}),
        ("管理", {"fields": ("slug", "cancel_asked_by", "is_sample")}),
    )


@admin.register(LedgerLine)
class LedgerLineAdmin(OnTheDesk):
    menu_order = 27
    desk_address = "projects:ledger"
    list_display = ("on", "project", "words", "amount", "source", "budget_line", "voucher")
    list_filter = ("project__status", LinesInStreet, "project__is_sample")
    list_select_related = ("project", "source", "budget_line")
    search_fields = ("project__name", "words", "voucher")
    search_help_text = "可以搜项目、摘要和凭证号。"
    ordering = ("-on", "-pk")
    fields = ("project", "source", "budget_line", "amount", "on", "words", "voucher", "reverses", "by", "created_at")

    def desk_key(self, obj):
        return obj.project_id
