"""Kinds, activities, courses and recaps."""

from django.contrib import admin
from django.db.models import Count
from django.utils import timezone

from activities.models import Activity, ActivityKind, Course, Recap
from branches.access import Action
from branches.admin.filters import InStreet, Usually
from branches.admin.on_the_desk import OnTheDesk
from branches.scoped_admin import ScopedAdmin, ScopedRelatedFilter


@admin.register(ActivityKind)
class KindAdmin(ScopedAdmin):
    menu_order = 24
    list_display = ("name", "usual_minutes", "usual_capacity", "day_before_at", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name", "slug")
    search_help_text = "可以搜种类的名称。"
    fieldsets = (
        (None, {"fields": ("name", "slug", "sentence")}),
        (
            "通常是这样",
            {
                "fields": ("usual_minutes", "usual_capacity", "day_before_at"),
                "description": "发活动的时候先填上，可以再改。",
            },
        ),
        ("管理", {"fields": ("order", "is_archived")}),
    )


class ActivityInStreet(InStreet):
    path = "division"


class RecapInStreet(InStreet):
    path = "activity__division"


class WhenOn(Usually):
    """What comes next is listed unless something else is asked for."""

    title = "什么时候"
    usual = "接下来的"
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [("past", "办过的"), ("all", "全部")]

    def queryset(self, request, queryset):
        match self.value():
            case "all":
                return queryset
            case "past":
                return queryset.filter(ends_at__lte=timezone.now())
        return queryset.filter(ends_at__gt=timezone.now())


@admin.register(Activity)
class ActivityAdmin(OnTheDesk):
    menu_order = 20
    desk_address = "activities:desk_activity"
    list_display = ("title", "starts_at", "home", "branch", "kind", "status", "is_sample")
    list_filter = (WhenOn, "status", ActivityInStreet, ("kind", ScopedRelatedFilter), "is_sample")
    list_select_related = ("home", "branch", "kind")
    search_fields = ("title", "home__name", "branch__name")
    search_help_text = "可以搜活动、家和支部的名称。"
    ordering = ("ends_at", "pk")  # by their ends, as they are told apart: one index has both
    history_hidden = ("created_at", "division", "over_by")
    fieldsets = (
        (None, {"fields": ("title", "kind", "status", "note", "publish_at", "published_at")}),
        ("时间地点", {"fields": ("starts_at", "ends_at", "home", "branch", "setting", "household", "place", "room")}),
        ("讲什么，做什么", {"fields": ("course", "number", "description", "bring", "telephone")}),
        ("报名", {"fields": ("takes_sign_up", "capacity", "over_by", "room_limit", "sign_up_until", "remind_hours")}),
        ("管理", {"fields": ("division", "sequence", "created_by", "is_sample")}),
    )

    def get_ordering(self, request):
        """The next one first; of the past, the last one."""
        return ("-ends_at", "-pk") if request.GET.get("when") in ("past", "all") else self.ordering


@admin.register(Course)
class CourseAdmin(OnTheDesk):
    menu_order = 22
    desk_address = "activities:desk_course"
    list_display = ("title", "home", "kind", "teacher", "since", "until", "meetings", "is_sample")
    list_filter = (ActivityInStreet, ("kind", ScopedRelatedFilter), "is_sample")
    list_select_related = ("home", "kind")
    search_fields = ("title", "home__name", "teacher")
    search_help_text = "可以搜课程、老师和家的名称。"
    ordering = ("-since", "pk")
    history_hidden = ("created_at", "division")
    readonly_fields = ("slug", "kind", "home", "branch", "division", "since", "until", "is_sample")
    fieldsets = (
        (None, {"fields": ("title", "teacher", "lead", "description")}),
        ("哪里，什么时候", {"fields": ("home", "branch", "kind", "since", "until")}),
        ("管理", {"fields": ("slug", "division", "is_sample")}),
    )

    def has_change_permission(self, request, obj=None):
        """Its words are changed here; its days on the desk."""
        return self.may(request, Action.CHANGE, obj)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(meetings_count=Count("sessions"))

    @admin.display(description="几次课", ordering="meetings_count")
    def meetings(self, course):
        return course.meetings_count


@admin.register(Recap)
class RecapAdmin(OnTheDesk):
    menu_order = 26
    desk_address = "activities:desk_activity"
    list_display = ("activity", "created_by", "created_at", "is_sample")
    list_filter = (RecapInStreet, "is_sample")
    list_select_related = ("activity", "created_by")
    search_fields = ("activity__title", "words")
    search_help_text = "可以搜活动的名称和回顾里的话。"
    ordering = ("-activity__starts_at", "-pk")
    history_hidden = ("created_at",)
    fields = ("activity", "words", "others", "created_by", "is_sample")

    def desk_key(self, recap):
        return recap.activity_id
