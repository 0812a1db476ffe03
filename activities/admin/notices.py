"""Notices and their files."""

from django.contrib import admin
from django.utils import timezone

from activities.models import Notice, NoticeFile
from activities.notices import state_of
from branches.admin.filters import InStreet
from branches.admin.on_the_desk import OnTheDesk
from branches.scoped_admin import ScopedTabularInline


class FilesInline(ScopedTabularInline):
    model = NoticeFile
    fields = readonly_fields = ("title", "kind", "size")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Notice)
class NoticeAdmin(OnTheDesk):
    menu_order = 25
    desk_address = "activities:desk_notice"
    inlines = (FilesInline,)
    list_display = ("title", "source", "division", "state", "pinned", "publish_at", "expires_on", "is_sample")
    list_filter = ("status", "pinned", InStreet, "is_sample")
    list_select_related = ("division",)
    search_fields = ("title", "body", "source")
    search_help_text = "可以搜标题、正文和来源。"
    ordering = ("-created_at", "-pk")
    history_hidden = ("created_at", "kind", "size", "file")
    fieldsets = (
        (None, {"fields": ("title", "body", "source")}),
        ("给谁看，看多久", {"fields": ("home", "branch", "division", "expires_on")}),
        ("状态", {"fields": ("status", "publish_at", "pinned", "note", "created_by", "is_sample")}),
    )

    @admin.display(description="状态", ordering="status")
    def state(self, notice):
        return state_of(notice, timezone.now())

    def history_sources(self, notice):
        return [notice.history.all(), NoticeFile.history.filter(notice_id=notice.pk)]
