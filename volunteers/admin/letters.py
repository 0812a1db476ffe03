"""Letters are read here as rows, and opened and answered on the desk; the offices that answer are a list to edit."""

from django.contrib import admin

from branches.admin.filters import InStreet
from branches.admin.on_the_desk import OnTheDesk
from branches.scoped_admin import ScopedAdmin
from volunteers.models import Letter, Office


@admin.register(Office)
class OfficeAdmin(ScopedAdmin):
    menu_order = 36
    list_display = ("name", "telephone", "order", "is_archived", "is_sample")
    list_filter = ("is_archived", "is_sample")
    search_fields = ("name",)
    search_help_text = "可以搜单位的名称。"
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "telephone", "order", "is_archived", "is_sample"),
                "description": "电话会写在公开的答复下面。不用了的单位勾“已归档”，以前的答复还留着。",
            },
        ),
    )


@admin.register(Letter)
class LetterAdmin(OnTheDesk):
    menu_order = 35
    desk_address = "letters:desk_letter"
    list_display = (
        "number", "created_at", "division", "home", "office", "status", "due_on", "publication", "is_sample",
    )  # fmt: skip
    list_display_links = ("number",)
    list_filter = ("status", "publication", InStreet, "is_sample")
    list_select_related = ("division", "home", "office")
    ordering = ("-created_at", "-pk")
    history_hidden = ("version", "text_changed_at")
    fieldsets = (
        (None, {"fields": ("number", "created_at", "home", "division", "application", "taken_by", "is_proven")}),
        ("办理", {"fields": ("status", "office", "due_on", "extended", "drafted_by", "checked_by", "answered_at")}),
        ("追问、不受理、合并", {"fields": ("asked_again_at", "decline_reason", "merged_into")}),
        (
            "公开",
            {
                "fields": (
                    "publication", "consented_on", "name_consented", "public_subject", "public_body", "public_answer",
                    "redacted_at", "redacted_by", "published_at", "unpublished_reason",
                ),
            },
        ),
        ("其他", {"fields": ("consent_version", "consented_at", "is_sample")}),
    )  # fmt: skip

    @admin.display(description="第几号", ordering="pk")
    def number(self, letter):
        return str(letter)

    def get_queryset(self, request):
        """Nothing sealed is opened that is not shown."""
        sealed = ("subject", "body", "name", "telephone", "email", "proxy_name", "draft", "answer", "asked_again")
        return super().get_queryset(request).defer(*sealed, "first_answer", "decline_words")
