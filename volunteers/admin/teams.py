"""Teams and duties in the staff pages; people are read here, and taken in and let go on the desk or by Excel."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from branches import audit
from branches.admin.filters import InStreet
from branches.admin.on_the_desk import OnTheDesk
from branches.admin.register_export import ReasonForm, for_the_trail
from branches.masking import mask_telephone
from branches.scoped_admin import ScopedAdmin, ScopedRelatedFilter
from config.login import prove_again, second_step_is_fresh
from config.spreadsheet_admin import SpreadsheetAdmin
from volunteers import duties
from volunteers.models import Duty, Skill, Team, TeamKind, TeamMembership, Volunteer
from volunteers.models.team import DAYS
from volunteers.spreadsheet import PeopleSheet, TeamSheet

ALONE = 500  # rows of people that one person may take out with a reason


@admin.register(TeamKind)
class TeamKindAdmin(ScopedAdmin):
    menu_order = 56
    list_display = ("name", "sentence", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    search_help_text = "可以搜种类的名称。"
    fieldsets = ((None, {"fields": ("name", "slug", "sentence", "order", "is_archived")}),)


@admin.register(Skill)
class SkillAdmin(ScopedAdmin):
    menu_order = 57
    list_display = ("name", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    search_help_text = "可以搜本领的名称。"
    fieldsets = ((None, {"fields": ("name", "slug", "order", "is_archived")}),)


class InStreetOfHome(InStreet):
    path = "home__division"


class InStreetOfTeam(InStreet):
    path = "team__home__division"


@admin.register(Team)
class TeamAdmin(SpreadsheetAdmin, ScopedAdmin):
    menu_order = 52
    sheet_class = TeamSheet
    owned_by = ("home",)
    list_display = ("name", "home", "kind", "captain", "takes_people", "is_archived", "is_sample")
    list_filter = ("is_archived", InStreetOfHome, ("kind", ScopedRelatedFilter), "takes_people", "is_sample")
    list_select_related = ("home", "kind", "captain")
    ordering = ("home__division__code", "home", "name")
    search_fields = ("name", "home__name")
    search_help_text = "可以搜队名和家的名称。"
    history_hidden = ("created_at",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "home", "kind", "lead", "story", "founded_on", "takes_people")}),
        (
            "管理",
            {
                "fields": ("captain", "is_archived", "is_sample"),
                "description": "换队长、归档，在工作台的“志愿服务队”上办。",
            },
        ),
    )

    def get_readonly_fields(self, request, obj=None):
        fixed = ["captain", "is_archived"]
        return [*fixed, "home"] if obj is not None else fixed

    def view_on_site(self, team):
        return team.get_absolute_url() if team.is_public else None


class DutyForm(forms.ModelForm):
    """A duty whose weekdays are ticked."""

    weekdays = forms.TypedMultipleChoiceField(
        label="星期几", choices=list(enumerate(DAYS)), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个星期几。"},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        bits = self.instance.weekdays
        self.initial["weekdays"] = [day for day in range(len(DAYS)) if bits & 1 << day]

    def clean_weekdays(self):
        return sum(1 << day for day in set(self.cleaned_data["weekdays"]))


@admin.register(Duty)
class DutyAdmin(ScopedAdmin):
    menu_order = 53
    form = DutyForm
    owned_by = ("team",)
    list_display = ("name", "team", "begins", "ends", "needed", "since", "until", "is_archived", "is_sample")
    list_filter = ("is_archived", InStreetOfTeam, "is_sample")
    list_select_related = ("team",)
    ordering = ("team__home__division__code", "team", "begins", "pk")
    search_fields = ("name", "team__name")
    search_help_text = "可以搜勤务和队伍的名称。"
    autocomplete_fields = ("team",)
    readonly_fields = ("is_archived",)
    fieldsets = (
        (None, {"fields": ("team", "name", "place", "weekdays", "working_days", "begins", "ends", "needed")}),
        (
            "从哪天到哪天",
            {
                "fields": ("since", "until"),
                "description": "存下来就排好今后四周；已经排出来的班不变。不排了，在工作台上办。",
            },
        ),
        ("管理", {"fields": ("is_archived", "is_sample")}),
    )

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, "team"] if obj is not None else self.readonly_fields

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_archived)

    def save_model(self, request, obj, form, change):
        duties.keep_duty(obj, by=request.user)


@admin.register(TeamMembership)
class TeamMembershipAdmin(SpreadsheetAdmin, OnTheDesk):
    """Who is in which team. Going out in Excel asks why; so many as one person may take, no more."""

    menu_order = 54
    sheet_class = PeopleSheet
    desk_address = "volunteers:desk_team"
    list_display = ("volunteer", "team", "telephone", "status", "since", "until")
    list_filter = ("status", InStreetOfTeam, ("team", ScopedRelatedFilter))
    list_select_related = ("volunteer", "team")
    ordering = ("team", "pk")
    history_hidden = ("asked_at",)
    fieldsets = ((None, {"fields": ("volunteer", "team", "telephone", "status", "since", "until", "asked_at")}),)

    def desk_key(self, membership):
        return membership.team_id

    @admin.display(description="电话")
    def telephone(self, membership):
        return mask_telephone(membership.volunteer.telephone)

    def changelist_view(self, request, extra_context=None):
        """The export is a page that asks why first, not a download."""
        return super().changelist_view(request, {"export_asks": True} | (extra_context or {}))

    def export_view(self, request):
        if not self.has_export_permission(request):
            raise PermissionDenied
        if not second_step_is_fresh(request):
            return prove_again(request, request.get_full_path())
        known = self.list_parameters(request)
        asked = request.GET.copy()
        for name, value in request.GET.items():
            if name not in known or "\0" in value:
                del asked[name]
        request.GET = asked
        form, method = ReasonForm(request.POST if request.method == "POST" else None), request.method
        request.method = "GET"
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{reverse(f'admin:{self.sheet_name}_changelist')}?e=1")
        request.method, count = method, rows.count()
        if count > ALONE:
            messages.warning(request, f"一次最多导出{ALONE}位。请先在列表里按街道或者队伍筛一筛。")
            return HttpResponseRedirect(reverse(f"admin:{self.sheet_name}_changelist"))
        if method == "POST" and count and form.is_valid():
            sheet = self.sheet_class(request.user)
            table = sheet.export(rows)
            audit.record(
                audit.Action.EXPORT, by=request.user, label=str(self.opts.verbose_name_plural),
                reason=form.cleaned_data["reason"], rows=count, filter=for_the_trail(asked.urlencode()),
            )  # fmt: skip
            return self._download(sheet, table, "导出")
        return TemplateResponse(
            request,
            "admin/volunteers/export.html",
            {
                **self.admin_site.each_context(request), "opts": self.opts, "form": form, "count": count,
                "title": f"导出{self.opts.verbose_name_plural}",
            },
            headers={"Cache-Control": "private, no-store"},
        )  # fmt: skip


@admin.register(Volunteer)
class VolunteerAdmin(OnTheDesk):
    menu_order = 55
    list_display = ("person", "telephone_masked", "division", "has_code", "created_at", "is_sample")
    list_display_links = ("person",)
    list_filter = (("skills", ScopedRelatedFilter), "is_sample")
    list_select_related = ("division",)
    ordering = ("-created_at", "-pk")
    history_hidden = ("created_at",)
    history_masked = ("name", "note", "member")
    fieldsets = (
        (
            None,
            {"fields": ("person", "telephone_masked", "division", "compound", "skills", "has_code", "created_at")},
        ),
    )

    @admin.display(description="志愿者")
    def person(self, volunteer):
        return str(volunteer)

    @admin.display(description="电话")
    def telephone_masked(self, volunteer):
        return mask_telephone(volunteer.telephone)

    @admin.display(description="有志愿者码", boolean=True)
    def has_code(self, volunteer):
        return volunteer.code is not None
