"""The checklist, which the district edits; and what was found with it, which nobody changes."""

from django.contrib import admin

from branches.admin.on_the_desk import OnTheDesk
from branches.scoped_admin import ScopedAdmin
from homes.models import Inspection, Standard


@admin.register(Standard)
class StandardAdmin(ScopedAdmin):
    menu_order = 45
    list_display = ("name", "section", "is_required", "order", "is_archived")
    list_filter = ("section", "is_required", "is_archived")
    search_fields = ("name", "hint")
    search_help_text = "可以搜标准的文字。"
    fieldsets = (
        (
            None,
            {
                "fields": ("section", "name", "hint", "is_required", "order", "is_archived"),
                "description": "改了文字，以后的检查用新的；以前的检查记录不变。不用了就勾“已归档”。",
            },
        ),
    )


@admin.register(Inspection)
class InspectionAdmin(OnTheDesk):
    menu_order = 16
    desk_address = "inspections:inspection"
    desk_words = "看这次检查"
    step_words = {"inspect": "去看过", "enter": "录入"}
    list_display = ("place", "on", "score", "by", "is_sample")
    list_display_links = ("place",)
    list_filter = ("on", "is_sample")
    list_select_related = ("home", "application", "by")
    ordering = ("-on", "-pk")
    fieldsets = ((None, {"fields": ("home", "application", "on", "by", "score", "words", "is_sample")}),)

    def get_queryset(self, request):
        return super().get_queryset(request).with_score()

    @admin.display(description="看的是哪里")
    def place(self, inspection):
        return inspection.home or inspection.application

    @admin.display(description="达标")
    def score(self, inspection):
        return f"{inspection.met}/{inspection.asked}项"
