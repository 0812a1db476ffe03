"""The district's money: grants and what was paid of them, read here, done on the desk."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join

from branches.admin.on_the_desk import OnTheDesk
from homes.admin.filters import HomesInStreet
from homes.models import Grant, Instalment
from homes.templatetags.money import yuan
from homes.views.grant_desk import EVENTS


class GrantsInStreet(HomesInStreet):
    title = "街道"
    homes_path = "home"


class PaidInStreet(HomesInStreet):
    title = "街道"
    homes_path = "grant__home"


@admin.register(Grant)
class GrantAdmin(OnTheDesk):
    menu_order = 22
    desk_address = "grants:grant"
    step_words = EVENTS
    list_display = ("home", "year", "purpose", "status", "planned", "approved", "paid", "is_sample")
    list_filter = ("year", GrantsInStreet, "status", "is_sample")
    list_select_related = ("home",)
    search_fields = ("home__name", "purpose")
    search_help_text = "可以搜家的名称和用途。"
    history_hidden = ("version",)
    fieldsets = (
        (None, {"fields": ("home", "year", "purpose", "status")}),
        ("钱", {"fields": ("planned", "approved", "paid", "instalments_told")}),
        ("谁办的", {"fields": ("planned_by", "approved_by", "approved_on", "closed_on", "closed_words")}),
        ("管理", {"fields": ("is_sample",)}),
    )

    @admin.display(description="拨了哪几笔")
    def instalments_told(self, grant):
        rows = ((f"{row.paid_on:%Y-%m-%d}", yuan(row.amount), row.voucher) for row in grant.instalments.all())
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} {}，凭证号{}</li>", rows))


@admin.register(Instalment)
class InstalmentAdmin(OnTheDesk):
    menu_order = 23
    desk_address = "grants:grant"
    list_display = ("paid_on", "grant", "amount", "voucher", "reverses")
    list_filter = ("grant__year", PaidInStreet, "grant__status")
    list_select_related = ("grant__home", "reverses")
    search_fields = ("grant__home__name", "voucher")
    search_help_text = "可以搜家的名称和凭证号。"
    ordering = ("-paid_on", "-pk")
    fields = ("grant", "amount", "paid_on", "voucher", "words", "reverses", "by", "created_at")

    def desk_key(self, obj):
        return obj.grant_id
