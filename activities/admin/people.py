"""Who is coming and what has to be told: masked, read here and done on the desk. A telephone opens to a reason."""

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery

from activities.models import Activity, Booking, Message, SignUp
from branches import audit
from branches.admin.filters import InStreet
from branches.admin.on_the_desk import OnTheDesk
from branches.admin.revealing import Reveals
from branches.masking import HIDDEN, mask_name, mask_telephone

SEALED = ("telephone", "email", "proxy", "note")


class SignUpInStreet(InStreet):
    path = "activity__division"


class MessageInStreet(InStreet):
    path = "sign_up__activity__division"


@admin.register(SignUp)
class SignUpAdmin(OnTheDesk):
    menu_order = 27
    desk_address = "activities:desk_activity"
    list_display = ("masked_name", "activity", "status", "walk_in", "created_at", "is_sample")
    list_display_links = ("masked_name",)
    list_filter = ("status", "walk_in", SignUpInStreet, "is_sample")
    list_select_related = ("activity",)
    search_fields = ("activity__title",)
    search_help_text = "可以搜活动的名称。"
    ordering = ("-created_at", "-pk")
    history_hidden = ("created_at",)
    history_masked = ("name",)
    fields = ("masked_name", "activity", "status", "waitlisted_at", "walk_in", "cancelled_by", "cancelled_at",
              "created_at", "is_sample")  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def desk_key(self, sign_up):
        return sign_up.activity_id

    @admin.display(description="姓名")
    def masked_name(self, sign_up):
        return mask_name(sign_up.name) or "（已删除）"


@admin.register(Booking)
class BookingAdmin(Reveals, OnTheDesk):
    menu_order = 28
    sealed_facts = "电话、邮箱、代报的人和留的话"
    list_display = ("sheet", "first_activity", "people", "masked_telephone", "created_at", "is_sample")
    list_display_links = ("sheet",)
    list_filter = ("is_sample",)
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request):
        first = Activity.objects.filter(sign_ups__booking=OuterRef("pk")).order_by("starts_at", "pk")
        rows = (
            super()
            .get_queryset(request)
            .annotate(
                activity_title=Subquery(first.values("title")[:1]), people_count=Count("sign_ups__name", distinct=True)
            )
        )
        if request.resolver_match.url_name.endswith("_changelist"):  # nothing sealed is opened that is not shown
            return rows.defer("email", "note")
        return rows

    def get_fieldsets(self, request, obj=None):
        names = SEALED if self.revealed(request) else [f"masked_{name}" for name in SEALED]
        about = ("first_activity", "people", "course", "left_at", "consent_version", "consented_at", "taken_by")
        return ((None, {"fields": (*names, *about, "created_at", "is_sample")}),)

    def get_readonly_fields(self, request, obj=None):
        return self.get_fieldsets(request, obj)[0][1]["fields"]

    @admin.display(description="报名单")
    def sheet(self, booking):
        return str(booking)

    @admin.display(description="活动", ordering="activity_title")
    def first_activity(self, booking):
        return booking.activity_title or "—"

    @admin.display(description="几位", ordering="people_count")
    def people(self, booking):
        return booking.people_count

    @admin.display(description="电话")
    def masked_telephone(self, booking):
        return mask_telephone(booking.telephone) or "（已删除）"

    @admin.display(description="邮箱")
    def masked_email(self, booking):
        return HIDDEN if booking.email else ""

    @admin.display(description="代谁报名的人")
    def masked_proxy(self, booking):
        return mask_name(booking.proxy)

    @admin.display(description="要跟组织者说的话")
    def masked_note(self, booking):
        return HIDDEN if booking.note else ""

    def record_reveal(self, request, obj, reason):
        audit.record(audit.Action.REVEAL, by=request.user, subject=obj, reason=reason, fields=list(SEALED))


@admin.register(Message)
class MessageAdmin(OnTheDesk):
    menu_order = 29
    desk_address = "activities:desk_activity"
    list_display = ("kind", "person", "activity", "channel", "status", "created_at", "done_by")
    list_display_links = ("kind",)
    list_filter = ("status", "channel", "kind", MessageInStreet)
    list_select_related = ("sign_up__activity", "done_by")
    search_fields = ("sign_up__activity__title",)
    search_help_text = "可以搜活动的名称。"
    ordering = ("-created_at", "-pk")
    fields = ("kind", "person", "activity", "words", "channel", "status", "tries", "done_at", "done_by", "created_at")

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    def desk_key(self, message):
        return message.sign_up.activity_id

    @admin.display(description="谁")
    def person(self, message):
        return mask_name(message.sign_up.name) or "（已删除）"

    @admin.display(description="活动", ordering="sign_up__activity__starts_at")
    def activity(self, message):
        return str(message.sign_up.activity)
