"""The staff pages of members and their memberships: masked; in full only with a reason; moved only by the verbs."""

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from branches import membership
from branches.access import Action
from branches.admin.filters import InStreet, OfBranch, Usually, asked
from branches.admin.forms import MemberForm, NewMemberForm
from branches.admin.register_sheet import RegisterSheetAdmin
from branches.admin.revealing import Reveals
from branches.masking import HIDDEN, mask_address, mask_telephone
from branches.models import Branch, CareClass, CommunityMembership, Event, GroupPlacement, Member, PartyGroup
from branches.reveal import FIELDS, reveal
from branches.scoped_admin import PagesByKeys, ScopedAdmin

Status = CommunityMembership.Status


class FindsMembers:
    """Search by a whole name, the beginning of a name, or a whole telephone. `member_path` leads to the member."""

    search_help_text = "可以搜姓名（写全或者写开头），或者完整的电话。"
    member_path = ""

    def get_search_results(self, request, queryset, search_term):
        if search_term.strip():
            found = Member.objects.named(search_term).values("pk")
            queryset = queryset.filter(**{f"{self.member_path}pk__in": found})
        return queryset, False


class MemberOfBranch(OfBranch):
    def condition(self, pk):
        current = CommunityMembership.objects.filter(branch=pk, status__in=CommunityMembership.CURRENT)
        return Q(pk__in=current.values("member"))


class MemberOfGroup(admin.SimpleListFilter):
    """The groups of the chosen branch; who is in none can be asked of all."""

    title = "党小组"
    parameter_name = "group"

    def lookups(self, request, model_admin):
        branch = asked(request, "branch")
        groups = PartyGroup.objects.visible_to(request.user).filter(branch=branch, is_archived=False) if branch else ()
        return [("none", "在册，还没有分组"), *((str(group.pk), group.name) for group in groups)]

    def queryset(self, request, queryset):
        placed = GroupPlacement.objects.current()
        if self.value() == "none":
            memberships = CommunityMembership.objects.visible_to(request.user)
            return queryset.filter(pk__in=memberships.ungrouped().values("member"))
        group = asked(request, self.parameter_name)
        return queryset.filter(pk__in=placed.filter(group=group).values("membership__member")) if group else queryset


class Belonging(admin.SimpleListFilter):
    title = "在不在册"
    parameter_name = "belongs"

    def lookups(self, request, model_admin):
        return [("yes", "在册"), ("no", "没有支部（等着确认，或者都已结束）")]

    def queryset(self, request, queryset):
        active = CommunityMembership.objects.active().values("member")
        match self.value():
            case "yes":
                return queryset.filter(pk__in=active)
            case "no":
                return queryset.exclude(pk__in=active)
        return queryset


@admin.register(Member)
class MemberAdmin(Reveals, FindsMembers, RegisterSheetAdmin, ScopedAdmin):
    menu_order = 44
    choice_relations = ("building__compound",)
    sealed_facts = "姓名、电话、地址和联系人"
    list_display = ("masked_name", "masked_telephone", "lives_in", "branch", "home_visit", "is_sample")
    list_display_links = ("masked_name",)
    list_filter = (MemberOfBranch, MemberOfGroup, "needs_home_visit", Belonging)
    search_fields = ("name",)
    ordering = ("pk",)
    autocomplete_fields = ("enterprise", "compound", "building")
    history_hidden = ("created_at",)
    history_masked = ("name",)

    # --- the list
    def get_queryset(self, request):
        members = super().get_queryset(request).select_related("compound__division", "building__compound")
        match request.resolver_match.url_name:
            case "autocomplete":
                return members.active()
            case "branches_member_changelist":  # nothing sealed is opened that the list does not show
                active = CommunityMembership.objects.active().filter(member=OuterRef("pk"))
                members = members.annotate(branch_name=Subquery(active.values("branch__name")[:1]))
                return members.defer("address", "contact", "care_class")
        return members

    def choice_label(self, member):
        parts = (str(member), str(member.building or ""), mask_telephone(member.telephone))
        return " · ".join(part for part in parts if part)

    @admin.display(description="姓名")
    def masked_name(self, member):
        return str(member)

    @admin.display(description="电话")
    def masked_telephone(self, member):
        return mask_telephone(member.telephone)

    @admin.display(description="小区楼栋", ordering="compound")
    def lives_in(self, member):
        return str(member.building or member.compound or "")

    @admin.display(description="支部")
    def branch(self, member):
        return member.branch_name or "不在册"

    @admin.display(description="需要上门", ordering="needs_home_visit")
    def home_visit(self, member):
        return "要上门" if member.needs_home_visit else "—"

    # --- the form
    @admin.display(description="地址")
    def masked_address(self, member):
        return mask_address(member.address, member.compound.division if member.compound else None)

    @admin.display(description="联系人")
    def masked_contact(self, member):
        return HIDDEN if member.contact else ""

    def get_readonly_fields(self, request, obj=None):
        return ("masked_name", "masked_telephone", "masked_address", "masked_contact", "is_sample")

    def get_fieldsets(self, request, obj=None):
        shown = obj is None or self.revealed(request)
        name, *rest = FIELDS if shown else [f"masked_{field}" for field in FIELDS]
        may_change = obj is None or self.has_change_permission(request, obj)
        care = ("needs_home_visit", "care_class") if may_change else ("needs_home_visit",)
        report = "新录入的党员先在这个支部报到，由另一位同事确认以后在册。"
        return (
            ("本人", {"fields": (name, ("birth_year", "joined_on"), "enterprise")}),
            *(() if obj else (("报到", {"fields": ("branch", "home_unit"), "description": report}),)),
            ("住在哪里，怎么联系", {"fields": ("compound", "building", *rest)}),
            ("照顾", {"fields": care, "description": "只记怎样照顾，不写病情。"}),
            *((("管理", {"fields": ("is_sample",)}),) if obj else ()),
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, form=MemberForm if obj else NewMemberForm, **kwargs)
        if obj is None:
            branches = Branch.objects.where_granted(request.user, Action.ADD, CommunityMembership).active()
            form.base_fields["branch"].queryset = branches
        return form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "care_class":
            classes = CareClass.objects.filter(is_archived=False).values_list("slug", "name")
            return forms.ChoiceField(label=db_field.verbose_name, required=False, choices=[("", "还没有分"), *classes])
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in FIELDS:
            formfield.widget = forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"})
        return formfield

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            given = {name: form.cleaned_data[name] for name in ("branch", "home_unit")}
            membership.report(obj, by=request.user, **given)

    def record_reveal(self, request, obj, reason):
        reveal([obj], FIELDS, by=request.user, reason=reason)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            rows = CommunityMembership.objects.visible_to(request.user).filter(member=obj)
            context["memberships"] = rows.select_related("branch")
        return super().render_change_form(request, context, add, change, form_url, obj)


class ReadOnlyByVerbs(ScopedAdmin):
    """Records whose every change is a verb with a page of its own."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def may_step(self, request, obj):
        return self.may(request, Action.CHANGE, obj)


EVENTS = {
    "report": "报到", "enter": "录入", "confirm": "确认在册", "reject": "没有通过", "withdraw": "撤回",
    "transfer": "转支部", "end": "结束在册", "place": "分到党小组",
}  # fmt: skip


class StatusFilter(Usually):
    """What is over stays out of the way until it is asked for."""

    title = "状态"
    usual = "待确认和在册"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [*Status.choices, ("all", "全部")]

    def queryset(self, request, queryset):
        if self.value() in Status:
            return queryset.filter(status=self.value())
        return queryset if self.value() == "all" else queryset.filter(status__in=CommunityMembership.CURRENT)


class BranchInStreet(InStreet):
    path = "branch__division"


@admin.register(CommunityMembership)
class MembershipAdmin(FindsMembers, ReadOnlyByVerbs):
    menu_order = 46
    paginator = PagesByKeys
    member_path = "member__"
    change_form_template = "admin/branches/steps_change_form.html"
    list_display = ("member", "branch", "status", "reported_on", "since", "until")
    list_filter = (StatusFilter, BranchInStreet, OfBranch)
    list_select_related = ("member", "branch")
    search_fields = ("member__name",)
    ordering = ("-reported_on", "-pk")
    fieldsets = (
        (None, {"fields": ("member", "branch", "status", "home_unit", "reported_on", "reported_by", "note")}),
        ("在册", {"fields": ("since", "until", "end_reason")}),
    )
    readonly_fields = ("status", "reported_by", "since", "until", "end_reason")

    def steps(self, membership):
        """[(words, address of the form on the desk, whether to be careful)] that fit the state it is in."""
        if membership.status == Status.ACTIVE:
            names = [("place", "分到党小组", False), ("end", "结束在册", True)]
        elif membership.status == Status.PENDING:
            elsewhere = membership.member.memberships.active().exists()
            names = [("transfer", "转入", False) if elsewhere else ("confirm", "确认报到", False)]
            names.append(("reject", "不接收", True))
        else:
            names = []
        return [(words, reverse(f"desk:{name}", args=[membership.pk]), careful) for name, words, careful in names]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        events = Event.objects.filter(subject=self.opts.label_lower, subject_pk=obj.pk)
        context |= {
            "steps": self.steps(obj) if self.may_step(request, obj) else [],
            "placements": obj.placements.select_related("group", "household__group"),
            "timeline": [(EVENTS.get(event.event, event.event), event) for event in events],
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_sources(self, membership):
        return [membership.history.all(), GroupPlacement.history.filter(membership_id=membership.pk)]
