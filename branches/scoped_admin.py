"""The base of every admin class: nobody sees, picks, filters by or changes what lies outside their posts.

`visible_to(user)` narrows lists, change pages, choices, type-ahead, filters, history and bulk actions alike, and
`has_perm(…, obj)` answers from the same table. Records are archived by their verbs, so deleting is never offered;
only parts of a record (an opening hour) can be taken away, where the role's grant says so.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import urlencode

from branches.access import ROLES, Action
from branches.counted import Pages
from branches.models import Division
from branches.row_history import entries

NATIVE_PICKERS = {
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
}
LIST_PARAMETERS = {"q", "o", "p", "e", "all", "_facets", "_popup", "_to_field"}
SAVES = ("_change", "_reveal")  # how the names of the addresses end at which a record is saved
LONGEST_KEY = 18  # digits: more do not fit into a key of the database
LONGEST_QUESTION = 500  # characters of what a list is asked; SQLite refuses to look for a very long text
FIELD_LOOKUPS = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


def roles_at(request, obj):
    """The keys of the roles in which this user reaches `obj`; of all roles for an administrator.

    For a record that does not exist yet (None) the keys of all roles the user holds.
    """
    user = request.user
    if user.is_superuser:
        return frozenset(ROLES)
    if obj is None or obj.pk is None:
        return frozenset(posting.role for posting in user.current_postings)
    known = request.__dict__.setdefault("_roles_at", {})
    key = (type(obj), obj.pk)
    if key not in known:
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        known[key] = frozenset(
            posting.role for posting in user.current_postings if rows.filter(rows.scope(user, [posting])).exists()
        )
    return known[key]


class OnlyNumbers:
    """For a type-ahead field: a forged value that is no number is shown as nothing chosen; the form refuses it."""

    def optgroups(self, name, value, attr=None):
        numbers = [each for each in value if str(each).isascii() and str(each).isdecimal()]
        return super().optgroups(name, [each for each in numbers if len(str(each)) <= LONGEST_KEY] or [""], attr)


class TypeAhead(OnlyNumbers, AutocompleteSelect):
    """One record, found by typing."""


class TypeAheadForSeveral(OnlyNumbers, AutocompleteSelectMultiple):
    """Several records, found by typing."""


class Scoped:
    """What record pages and their inline parts share."""

    empty_value_display = "待补充"
    formfield_overrides = NATIVE_PICKERS
    owned_by = ()  # relations that decide whose a record is; a division always does

    def may(self, request, action, obj=None):
        return request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}", obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Leave the small buttons out that open another record's form in a new window."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        for button in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if formfield and hasattr(formfield.widget, button):
                setattr(formfield.widget, button, False)
        return formfield

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", TypeAhead(db_field, self.admin_site))
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        pointed_at = self.admin_site._registry.get(db_field.remote_field.model)
        if formfield and pointed_at and pointed_at.choice_label:
            formfield.label_from_instance = pointed_at.choice_label
        return formfield

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", TypeAheadForSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def choices_of(self, db_field, request):
        """The rows this user may point `db_field` at. An owner must be one where they may write such records."""
        related = db_field.remote_field.model
        told = getattr(self.admin_site._registry.get(related), "choice_relations", ())
        rows = related._default_manager.select_related(*told) if told else related._default_manager
        if related is not Division and db_field.name not in self.owned_by:
            return rows.visible_to(request.user)
        action = Action.ADD if request.resolver_match.url_name.endswith("_add") else Action.CHANGE
        return rows.where_granted(request.user, action, self.model)


class PagesByKeys(Pages):
    """Only keys are put in order; what a row says is joined and counted for those of the page. For lists whose scope
    is cheap to ask twice."""

    def page(self, number):
        page = super().page(number)
        page.object_list = self.object_list.filter(pk__in=page.object_list.values("pk"))
        return page


class ScopedAdmin(Scoped, admin.ModelAdmin):
    """A record's list and change pages. Subclasses declare; `history_sources` names the parts told in its history."""

    view_on_site = False
    show_full_result_count = False
    paginator = Pages
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    history_hidden = ()
    history_masked = ()  # besides what is sealed
    choice_label = None  # how a choice of such a record is told, where its name alone would not do
    choice_relations = ()  # what is read along with such choices
    object_history_template = "admin/row_history.html"

    def has_view_permission(self, request, obj=None):
        return self.may(request, Action.VIEW, obj)

    def has_add_permission(self, request):
        return self.may(request, Action.ADD)

    def has_change_permission(self, request, obj=None):
        return self.may(request, Action.CHANGE, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def has_export_permission(self, request):
        return self.may(request, Action.EXPORT)

    def has_import_permission(self, request):
        return self.may(request, Action.IMPORT)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """The row, locked while its form is being saved, so that a verb meanwhile is not written over."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST" and request.resolver_match.url_name.endswith(SAVES):
            self.model._base_manager.select_for_update().get(pk=obj.pk)
            obj.refresh_from_db()
        return obj

    def changeable(self, request, queryset):
        """Of the rows ticked in the list, those the user may change."""
        return self.model._default_manager.visible_to(request.user, Action.CHANGE).filter(pk__in=queryset.values("pk"))

    def list_parameters(self, request):
        """Every name that may stand in the address of the list. What is not here cannot be asked."""
        known = set(LIST_PARAMETERS)
        for spec in self.get_list_filter(request):
            if isinstance(getattr(spec, "parameter_name", None), str):
                known.add(spec.parameter_name)
            else:
                name = spec[0] if isinstance(spec, (tuple, list)) else spec
                known |= {name + lookup for lookup in FIELD_LOOKUPS}
        if self.date_hierarchy:
            known |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day", "gte", "lt")}
        return known

    def lookup_allowed(self, lookup, value, request):
        return lookup in self.list_parameters(request)

    def changelist_view(self, request, extra_context=None):
        known = self.list_parameters(request)
        kept = [(name, value) for name, values in request.GET.lists() for value in values if name in known]
        kept = [(name, value) for name, value in kept if "\0" not in value and len(value) <= LONGEST_QUESTION]
        if len(kept) != sum(len(values) for _name, values in request.GET.lists()):
            messages.warning(request, "网址里有不认识或者太长的筛选条件，已经去掉了。")
            return HttpResponseRedirect(f"{request.path}?{urlencode(kept)}")
        if "e" in request.GET:
            messages.warning(request, "没有这样的筛选结果或页码，下面是全部记录。")
        return super().changelist_view(request, extra_context)

    def response_action(self, request, queryset, **kwargs):
        """Only row numbers can have been ticked."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(number.isdecimal() and len(number) <= LONGEST_KEY for number in ticked):
            raise BadRequest("a ticked row that is no number")
        return super().response_action(request, queryset, **kwargs)

    def history_sources(self, obj):
        """Querysets of historical rows whose entries make up the history of `obj`."""
        return [obj.history.all()] if hasattr(obj, "history") else []

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{obj} · 修改记录",
            "entries": entries(self.history_sources(obj), hidden=self.history_hidden, masked=self.history_masked),
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


class ScopedAutocomplete(AutocompleteJsonView):
    """Type-ahead that tells records as the fields do: 张* · 3栋 · 138****5678."""

    def serialize_result(self, obj, to_field_name):
        told = self.model_admin.choice_label
        return super().serialize_result(obj, to_field_name) | ({"text": told(obj)} if told else {})


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A side bar of related records that lists only the user's own."""

    def field_choices(self, field, request, model_admin):
        return [(each.pk, str(each)) for each in field.remote_field.model._default_manager.visible_to(request.user)]


MOST_ROWS = 500  # of a record's parts in one form; nobody types that many


class OwnRowsFormSet(BaseInlineFormSet):
    """Rows of one record. A forged row number, or more rows than the record has, changes nothing and breaks nothing."""

    def initial_form_count(self):
        return min(super().initial_form_count(), len(self.get_queryset()))

    def add_fields(self, form, index):
        """The heading of a column names it for the eye; every field says its own name to a screen reader."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "拿掉这一行"
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)  # a foreign key's widget is wrapped
            widget.attrs.setdefault("aria-label", field.label)
            if field.help_text:
                widget.attrs.setdefault("aria-describedby", f"{self.prefix}-{name}-help")


class ScopedPart(Scoped):
    """Permissions of an inline part; the row's own record has been checked by its page."""

    formset = OwnRowsFormSet
    extra = 0
    max_num = MOST_ROWS

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.absolute_max = MOST_ROWS  # where the number of rows is forged; Django would make two thousand forms
        return formset

    def has_view_permission(self, request, obj=None):
        return self.may(request, Action.VIEW)

    def has_add_permission(self, request, obj=None):
        return self.may(request, Action.ADD)

    def has_change_permission(self, request, obj=None):
        return self.may(request, Action.CHANGE)

    def has_delete_permission(self, request, obj=None):
        return self.may(request, Action.DELETE)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


class ScopedTabularInline(ScopedPart, admin.TabularInline):
    """A part shown as a table."""


class ScopedStackedInline(ScopedPart, admin.StackedInline):
    """A part shown as blocks."""
