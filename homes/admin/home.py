"""The staff pages of the homes."""

from itertools import batched

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q
from django.template.response import TemplateResponse
from django.utils.html import format_html

from branches.access import COMMUNITY, DISTRICT, ORGANISER, STREET, Action, allowed
from branches.admin.on_the_map import OnTheMap
from branches.models import Posting
from branches.position_form import ABOUT
from branches.scoped_admin import ScopedAdmin, ScopedRelatedFilter, roles_at
from config.spreadsheet_admin import SpreadsheetAdmin
from homes import founding
from homes.admin.filters import StatusFilter, StreetFilter, ToDoFilter
from homes.admin.forms import HolidayForm, HomeForm
from homes.admin.parts import PARTS, ToldInline
from homes.admin.steps import TakesSteps, next_steps
from homes.hours import announce_exception
from homes.models import (
    Demonstration,
    Home,
    HomeFacility,
    HostedBranch,
    Inspection,
    OpeningException,
    OpeningHours,
    Photo,
)
from homes.spreadsheet import HomeSheet

SHORT_STATES = {
    Home.Status.PREPARING: "筹建",
    Home.Status.OPEN: "开放",
    Home.Status.SUSPENDED: "暂停",
    Home.Status.CLOSED: "归档",
}
INSPECTIONS = 3  # shown on a home's page; the desk has all of them
DISTRICT_ONLY = ("organisers", "is_sample")
RUNNING_ONLY = ("name", "host", "theme", "source", "address", "location_precision")  # not for organisers
PLACE = ("slug", "division")
POSITION = ("longitude", "latitude", "datum", "location_precision", "outside_is_right")


@admin.register(Home)
class HomeAdmin(TakesSteps, OnTheMap, SpreadsheetAdmin, ScopedAdmin):
    menu_order = 10
    form = HomeForm
    inlines = PARTS
    sheet_class = HomeSheet
    list_display = ("name", "place", "theme", "state", "to_see_to", "verified")
    list_display_links = ("name",)
    list_filter = (ToDoFilter, StatusFilter, StreetFilter, ("theme", ScopedRelatedFilter))
    list_select_related = ("division__parent", "theme")
    ordering = ("division__code", "pk")
    search_fields = ("name", "slug", "address", "telephone", "lead", "division__name", "division__parent__name")
    search_help_text = "可以搜名称、社区、街道、地址、电话。"
    actions = ("give_holiday",)
    change_form_template = "admin/homes/home/change_form.html"
    history_hidden = ("created_at", "home", "large", "small", "width", "height")

    # --- the list
    def get_queryset(self, request):
        shown = Photo.objects.shown().filter(home=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_photo=Exists(shown))

    @admin.display(description="在哪里", ordering="division__code")
    def place(self, home):
        street = home.street
        if street is None or street == home.division:
            return str(home.division)
        return f"{street} {home.division.short_name}"

    @admin.display(description="状态", ordering="status")
    def state(self, home):
        return format_html('<span class="tag state-{}">{}</span>', home.status, SHORT_STATES[home.status])

    @admin.display(description="核实日期", ordering="verified_on")
    def verified(self, home):
        return f"{home.verified_on:%Y-%m-%d}" if home.verified_on else "还没有"

    @admin.display(description="要做的事")
    def to_see_to(self, home):
        if not home.is_public:
            return "补齐后发布" if home.status == Home.Status.PREPARING else "—"
        lacking = {"没有照片": not home.has_photo, "没有位置": not home.is_located, "90天没有核实": home.is_stale}
        return "、".join(words for words, lacks in lacking.items() if lacks) or "—"

    # --- the form
    def get_readonly_fields(self, request, obj=None):
        roles = roles_at(request, obj)
        fixed = ["where_on_map"]
        if DISTRICT.key not in roles:
            fixed += DISTRICT_ONLY
        if not roles & {DISTRICT.key, STREET.key}:
            fixed += PLACE
        elif obj is not None and obj.is_public:
            fixed.append("slug")  # posters carry it
        if not roles & {DISTRICT.key, STREET.key, COMMUNITY.key}:
            fixed += [*RUNNING_ONLY, "longitude", "latitude"]
        return fixed

    def choices_of(self, db_field, request):
        """Whoever looks after a home holds the role for it."""
        choices = super().choices_of(db_field, request)
        if db_field.name == "organisers":
            posted = Posting.objects.current().filter(role=ORGANISER.key)
            return choices.filter(Q(pk__in=posted.values("user")) | Q(homes__isnull=False)).distinct()
        return choices

    def get_fieldsets(self, request, obj=None):
        fixed = self.get_readonly_fields(request, obj)
        position = ("longitude", "latitude", "location_precision", "where_on_map")
        if "longitude" not in fixed:
            position = (("longitude", "latitude"), "datum", "location_precision", "outside_is_right", "where_on_map")
        about = "写给邻居看，用平常说话的口气。不知道的先空着，页面上会写“待补充”，不要猜。"
        return (
            ("基本信息", {"fields": ("name", "slug", "host", "division", "theme", "lead"), "description": about}),
            ("地址和电话", {"fields": ("address", "telephone", "directions")}),
            (
                "地图上的位置",
                {
                    "fields": position,
                    "description": ABOUT,
                },
            ),
            (
                "方便老人和坐轮椅的人",
                {
                    "fields": list(batched(Home.ACCESSIBILITY, 2)),
                    "description": "亲眼看过再选“是”或“否”；没看过就留“还不知道”。",
                },
            ),
            ("这个家的故事", {"fields": ("story", "source")}),
            ("管理", {"fields": ("organisers", "is_sample")}),
        )

    def get_inlines(self, request, obj):
        return [part for part in PARTS if obj is not None or not issubclass(part, ToldInline)]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["steps"] = next_steps(request, obj) if self.has_change_permission(request, obj) else []
            context["missing"] = founding.missing_facts(obj)
            seen = obj.inspections.with_score() if allowed(request.user, Action.VIEW, Inspection) else None
            context["inspections"] = seen if seen is None else seen[:INSPECTIONS]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def view_on_site(self, home):
        return home.get_absolute_url() if home.is_public else None

    def save_related(self, request, form, formsets, change):
        """Keep in the history, too, who looks after the home: that is who may change it."""
        super().save_related(request, form, formsets, change)
        if "organisers" in form.changed_data:
            home = form.instance
            home._change_reason = f"组织者：{'、'.join(str(user) for user in home.organisers.all()) or '没有'}"[:100]
            home.save()

    def history_sources(self, home):
        parts = (OpeningHours, OpeningException, HomeFacility, HostedBranch, Photo, Demonstration)
        return [home.history.all(), *(part.history.filter(home_id=home.pk) for part in parts)]

    # --- many at once
    @admin.action(description="给选中的家加一条特殊安排（节假日）", permissions=["change"])
    def give_holiday(self, request, queryset):
        """Ask once for the days, then write the same arrangement for every home ticked."""
        homes = self.changeable(request, queryset)
        form = HolidayForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            added, present, contradicted = announce_exception(homes, by=request.user, **form.cleaned_data)
            for home in added:
                self.log_change(request, home, f"加了特殊安排：{form.instance}")
            messages.success(request, f"给 {len(added)} 个家加上了“{form.instance.reason}”。")
            if present:
                messages.info(request, f"{len(present)} 个家早就有这一条，没有重复加。")
            if contradicted:
                names = "、".join(str(home) for home in contradicted)
                messages.warning(request, f"这几个家在同样的日子已有别的安排，没有动，请打开看看：{names}。")
            return None
        return TemplateResponse(
            request,
            "admin/homes/home/holiday.html",
            {
                **self.admin_site.each_context(request),
                "title": "给选中的家加一条特殊安排",
                "form": form,
                "homes": homes,
                "opts": self.opts,
                "action_name": "give_holiday",
            },
        )
