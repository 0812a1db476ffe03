"""The staff pages of branches, their groups and centre households, and the district's classes of care."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from branches.access import DISTRICT
from branches.admin.filters import Archived, InStreet, OfBranch
from branches.admin.forms import KeepsUnseen
from branches.admin.places import Place
from branches.counted import number_of
from branches.models import (
    Branch,
    CareClass,
    CentreHousehold,
    CommunityMembership,
    Division,
    GroupPlacement,
    Member,
    PartyGroup,
)
from branches.scoped_admin import PagesByKeys, ScopedAdmin, roles_at


class BranchForm(KeepsUnseen, forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        division = cleaned.get("division") or (self.instance.division if self.instance.pk else None)
        if division and "compounds" in cleaned:
            inside = Division.objects.within(division).values_list("pk", flat=True)
            outside = [str(each) for each in cleaned["compounds"] if each.division_id not in set(inside)]
            if outside:
                self.add_error("compounds", f"不在“{division}”里面：{'、'.join(outside)}。")
        return cleaned

    def clean_is_archived(self):
        archived = self.cleaned_data["is_archived"]
        here = self.instance.memberships.filter(status__in=CommunityMembership.CURRENT).count()
        if archived and not self.instance.is_archived and here:
            raise ValidationError(f"还有{here}名党员在册或等着确认，请先转到别的支部，再归档。")
        return archived


@admin.register(Branch)
class BranchAdmin(Place):
    menu_order = 50
    paginator = PagesByKeys
    form = BranchForm
    autocomplete_fields = ("compounds",)
    list_display = ("name", "division", "telephone", "active_members", "is_sample")
    list_filter = (Archived, InStreet)
    list_select_related = ("division",)
    search_fields = ("name", "slug", "telephone", "division__name", "division__parent__name")
    search_help_text = "可以搜支部、社区、街道的名称和电话。"
    ordering = ("division__code", "name")

    def get_queryset(self, request):
        active = number_of(CommunityMembership.objects.active(), "branch")
        return super().get_queryset(request).annotate(active_count=active)

    @admin.display(description="在册党员", ordering="active_count")
    def active_members(self, branch):
        return branch.active_count

    def get_fieldsets(self, request, obj=None):
        return (
            (None, {"fields": ("name", "slug", "telephone")}),
            ("管哪里", {"fields": ("division", "compounds")}),
            *self.managed(obj),
        )

    def get_readonly_fields(self, request, obj=None):
        fixed = ["is_sample"]
        if obj is not None:
            fixed.append("slug")  # posters and links carry it
        if DISTRICT.key not in roles_at(request, obj):
            fixed += ["name", "division", "compounds", "is_archived"]
        return fixed

    def view_on_site(self, branch):
        return None if branch.is_archived else branch.get_absolute_url()


class GroupForm(KeepsUnseen, forms.ModelForm):
    def clean_is_archived(self):
        archived = self.cleaned_data["is_archived"]
        here = self.instance.placements.current().count()
        if archived and not self.instance.is_archived and here:
            raise ValidationError(f"还有{here}名党员在这个组，请先分到别的组，再归档。")
        return archived


@admin.register(PartyGroup)
class GroupAdmin(Place):
    menu_order = 52
    choice_relations = ("branch",)
    form = GroupForm
    owned_by = ("branch",)
    autocomplete_fields = ("branch", "buildings")
    list_display = ("name", "branch", "kind", "members_now", "is_sample")
    list_filter = (Archived, "kind", OfBranch)
    search_fields = ("name", "branch__name")
    search_help_text = "可以搜党小组和支部的名称。"
    ordering = ("branch", "name")

    def choice_label(self, group):
        return f"{group} · {group.branch}"

    def get_queryset(self, request):
        current = number_of(GroupPlacement.objects.current(), "group")
        return super().get_queryset(request).select_related("branch").annotate(members_count=current)

    @admin.display(description="现有党员", ordering="members_count")
    def members_now(self, group):
        return group.members_count

    def get_readonly_fields(self, request, obj=None):
        return ("is_sample", "branch") if obj else ("is_sample",)

    def get_fieldsets(self, request, obj=None):
        return ((None, {"fields": ("name", "branch", "kind", "buildings")}), *self.managed(obj))


class HouseholdForm(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        group, host = cleaned.get("group"), cleaned.get("host")
        active = CommunityMembership.objects.active()
        if group and host and not active.filter(member=host, branch=group.branch_id).exists():
            self.add_error("host", "户主要是这个党小组所在支部的在册党员。")
        return cleaned


class OfGroupsBranch(OfBranch):
    path = "group__branch"


class Consent(admin.SimpleListFilter):
    title = "户主同意公开"
    parameter_name = "consent"

    def lookups(self, request, model_admin):
        return [("yes", "同意了"), ("none", "在用，还没问过"), ("withdrawn", "撤回了")]

    def queryset(self, request, queryset):
        match self.value():
            case "yes":
                return queryset.filter(consent_on__isnull=False, consent_withdrawn_on=None)
            case "none":
                return queryset.filter(pk__in=CentreHousehold.objects.not_asked().values("pk"))
            case "withdrawn":
                return queryset.filter(consent_withdrawn_on__isnull=False)
        return queryset


@admin.register(CentreHousehold)
class HouseholdAdmin(ScopedAdmin):
    menu_order = 54
    form = HouseholdForm
    owned_by = ("group",)
    autocomplete_fields = ("group", "host")
    list_display = ("group", "branch", "host", "since", "until", "consent", "is_sample")
    list_filter = (Consent, OfGroupsBranch)
    list_select_related = ("group__branch", "host")
    search_fields = ("group__name", "group__branch__name")
    search_help_text = "可以搜党小组和支部的名称。"
    ordering = ("group__branch", "group", "since")

    @admin.display(description="支部", ordering="group__branch")
    def branch(self, household):
        return household.group.branch

    @admin.display(description="同意公开")
    def consent(self, household):
        if household.consent_withdrawn_on:
            return "撤回了"
        return "同意了" if household.consent_on else "还没问过"

    def choices_of(self, db_field, request):
        choices = super().choices_of(db_field, request)
        return choices.active() if db_field.remote_field.model is Member else choices

    def get_readonly_fields(self, request, obj=None):
        return ("is_sample", "group", "host") if obj else ("is_sample",)

    def get_fieldsets(self, request, obj=None):
        asked = "先问过户主，写下同意的日期，居民才看得到有这样一户；户主反悔了，写下撤回的日期，马上就不显示。"
        return (
            (None, {"fields": ("group", "host", "since", "until")}),
            ("户主的同意", {"fields": ("consent_on", "consent_withdrawn_on"), "description": asked}),
            *((("管理", {"fields": ("is_sample",)}),) if obj else ()),
        )

    def history_sources(self, household):
        return [household.history.all(), GroupPlacement.history.filter(household_id=household.pk)]


@admin.register(CareClass)
class CareClassAdmin(ScopedAdmin):
    menu_order = 58
    list_display = ("name", "sentence", "visit_every_days", "order", "is_archived")
    list_filter = (Archived,)
    search_fields = ("name", "sentence")
    search_help_text = "可以搜分类和说明。"
    ordering = ("order", "pk")

    def get_readonly_fields(self, request, obj=None):
        return ("slug",) if obj else ()  # members carry it

    def get_fieldsets(self, request, obj=None):
        fields = ("name", "slug", "sentence", "visit_every_days", "order")
        return ((None, {"fields": (*fields, "is_archived") if obj else fields}),)
