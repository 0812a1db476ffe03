"""Applications for a home: read here, written and reviewed on the desk."""

from django.contrib import admin

from branches.admin.filters import InStreet
from branches.admin.on_the_desk import OnTheDesk
from homes.models import HomeApplication
from homes.views.application_desk import EVENTS


@admin.register(HomeApplication)
class HomeApplicationAdmin(OnTheDesk):
    menu_order = 15
    desk_address = "applications:desk_application"
    step_words = EVENTS
    list_display = ("name", "number", "division", "status", "submitted_on", "due_on", "decided_on", "is_sample")
    list_display_links = ("name",)
    list_filter = ("status", InStreet, "is_sample")
    list_select_related = ("division",)
    search_fields = ("name", "number", "address", "division__name", "division__parent__name")
    search_help_text = "可以搜名称、申报编号、地址、社区和街道。"
    history_hidden = ("version", "address_key", "days_left", "returned_at_street", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "number", "division", "host", "address", "applicant")}),
        (
            "三个条件",
            {"fields": ("branch", "branch_words", "place_words", "area", "tenure", "team_words", "team_size")},
        ),
        ("建成以后", {"fields": ("plan_words", "asked")}),
        ("办理", {"fields": ("status", "submitted_on", "due_on", "verdict", "rejection", "decided_on")}),
        ("公示", {"fields": ("notice_words", "notice_from", "notice_until")}),
        ("批准", {"fields": ("ceiling", "home")}),
        ("其他", {"fields": ("is_sample",)}),
    )
