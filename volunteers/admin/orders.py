"""The kinds of help are a list to edit; orders and who was asked are read here, and done on the desk."""

from django.contrib import admin

from branches.admin.filters import InStreet
from branches.admin.on_the_desk import OnTheDesk
from branches.masking import mask_name, mask_telephone
from branches.scoped_admin import ScopedAdmin, ScopedRelatedFilter
from volunteers.models import Assignment, OrderCategory, ServiceOrder
from volunteers.order_words import ASSIGNMENT_STEPS, ORDER_STEPS

SEALED = ("what", "name", "telephone", "proxy_name", "place", "wish", "outcome", "rating_words")


@admin.register(OrderCategory)
class CategoryAdmin(ScopedAdmin):
    menu_order = 34.5
    list_display = ("name", "skill", "usual_minutes", "accept_days", "done_days", "order", "is_archived")
    list_filter = ("is_archived",)
    list_select_related = ("skill",)
    search_fields = ("name", "slug")
    search_help_text = "可以搜种类的名称。"
    fieldsets = (
        (None, {"fields": ("name", "slug", "sentence", "elsewhere")}),
        ("怎么办", {"fields": ("skill", "usual_minutes", "accept_days", "done_days")}),
        ("管理", {"fields": ("order", "is_archived")}),
    )


class OrderInStreet(InStreet):
    path = "order__division"


@admin.register(ServiceOrder)
class OrderAdmin(OnTheDesk):
    menu_order = 33
    desk_address = "volunteers:desk_order"
    step_words = ORDER_STEPS
    list_display = ("number", "category", "division", "branch", "status", "accept_by", "done_by", "is_sample")
    list_display_links = ("number",)
    list_filter = ("status", ("category", ScopedRelatedFilter), "rating", "via", InStreet, "is_sample")
    list_select_related = ("category", "division", "branch")
    ordering = ("-created_at", "-pk")
    history_hidden = ("version",)
    history_masked = SEALED
    fieldsets = (
        (None, {"fields": ("number", "category", "masked_name", "masked_telephone", "division", "compound", "home")}),
        ("办理", {"fields": ("status", "branch", "needed", "visit_at", "visit_minutes", "accept_by", "done_by")}),
        ("结果", {"fields": ("done_at", "ended_at", "attempts", "reopened", "duplicate_of", "rating")}),
        ("怎么来的", {"fields": ("via", "taken_by", "is_proven", "created_at", "consent_version", "consented_at")}),
        ("其他", {"fields": ("is_sample",)}),
    )

    def get_queryset(self, request):
        """Nothing sealed is opened that is not shown."""
        rows = super().get_queryset(request)
        return rows.defer(*SEALED) if request.resolver_match.url_name.endswith("_changelist") else rows

    @admin.display(description="第几号", ordering="pk")
    def number(self, order):
        return str(order)

    @admin.display(description="称呼")
    def masked_name(self, order):
        return mask_name(order.name) or "（已删除）"

    @admin.display(description="电话")
    def masked_telephone(self, order):
        return mask_telephone(order.telephone) or "（已删除）"


@admin.register(Assignment)
class AssignmentAdmin(OnTheDesk):
    menu_order = 34
    desk_address = "volunteers:desk_order"
    step_words = ASSIGNMENT_STEPS
    list_display = ("order", "volunteer", "status", "visit_at", "expires_at", "minutes")
    list_filter = ("status", OrderInStreet)
    list_select_related = ("order", "volunteer")
    ordering = ("-offered_at", "-pk")
    fields = ("order", "volunteer", "status", "visit_at", "visit_ends_at", "offered_at", "expires_at", "answered_at",
              "ended_at", "minutes", "reason")  # fmt: skip

    def desk_key(self, assignment):
        return assignment.order_id
