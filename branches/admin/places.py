"""The staff pages of compounds, grids, buildings and the enterprises whose retirees live there."""

from django import forms
from django.contrib import admin

from branches.admin.filters import Archived, InStreet, Located
from branches.admin.forms import KeepsUnseen
from branches.admin.on_the_map import OnTheMap
from branches.models import Building, Enterprise, Grid, ResidentCompound
from branches.position_form import ABOUT, FIELDS, PositionForm
from branches.scoped_admin import ScopedAdmin

POSITION = ("longitude", "latitude")
ARCHIVING = "不用了就勾上归档，不用删除；党员和修改记录都还在。"


class Place(OnTheMap, ScopedAdmin):
    """What the places share: samples say so, and what is archived is not offered to be chosen any more."""

    def get_readonly_fields(self, request, obj=None):
        return ("is_sample", "where_on_map")

    def get_search_results(self, request, queryset, search_term):
        found, twice = super().get_search_results(request, queryset, search_term)
        choosing = request.resolver_match.url_name == "autocomplete"
        return (found.filter(is_archived=False) if choosing else found), twice

    @admin.display(description="位置", boolean=True)
    def located(self, place):
        return place.longitude is not None

    def managed(self, obj):
        """The last part of a form; a new record is neither archived nor a sample."""
        return (("管理", {"fields": ("is_archived", "is_sample"), "description": ARCHIVING}),) if obj else ()

    def position(self, request, obj):
        """Where it is: to be typed with the map it is from, or only looked at."""
        may = self.has_change_permission(request, obj) if obj else True
        fields = (*(FIELDS if may else (POSITION,)), "where_on_map")
        return (("地图上的位置", {"fields": fields, "description": ABOUT}),)


class CompoundInStreet(InStreet):
    path = "compound__division"


@admin.register(ResidentCompound)
class CompoundAdmin(Place):
    menu_order = 110
    form = PositionForm
    list_display = ("name", "division", "located", "is_sample")
    list_filter = (Archived, InStreet, Located)
    list_select_related = ("division",)
    search_fields = ("name", "division__name")
    search_help_text = "可以搜小区和社区的名称。"

    choice_relations = ("division",)

    def choice_label(self, compound):
        return f"{compound.name}（{compound.division.short_name}）"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("division")

    def get_fieldsets(self, request, obj=None):
        return ((None, {"fields": ("name", "division")}), *self.position(request, obj), *self.managed(obj))


@admin.register(Grid)
class GridAdmin(Place):
    menu_order = 112
    list_display = ("name", "division", "is_sample")
    list_filter = (Archived, InStreet)
    list_select_related = ("division",)
    search_fields = ("name", "division__name")
    search_help_text = "可以搜网格和社区的名称。"

    def get_fieldsets(self, request, obj=None):
        return ((None, {"fields": ("name", "division")}), *self.managed(obj))


class BuildingForm(PositionForm):
    def clean(self):
        cleaned = super().clean()
        compound, grid = cleaned.get("compound"), cleaned.get("grid")
        if compound and grid and grid.division_id != compound.division_id:
            self.add_error("grid", f"“{grid}”和“{compound}”不在同一个社区。")
        return cleaned


@admin.register(Building)
class BuildingAdmin(Place):
    menu_order = 114
    choice_relations = ("compound",)
    form = BuildingForm
    owned_by = ("compound",)
    autocomplete_fields = ("compound", "grid")
    list_display = ("name", "compound", "community", "grid", "located", "is_sample")
    list_filter = (Archived, CompoundInStreet, Located)
    search_fields = ("name", "compound__name")
    search_help_text = "可以搜楼栋和小区的名称；两个都搜，中间空一格，例如：示例小区 3栋。"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("compound__division", "grid")

    def get_fieldsets(self, request, obj=None):
        return ((None, {"fields": ("compound", "name", "grid")}), *self.position(request, obj), *self.managed(obj))

    @admin.display(description="社区", ordering="compound__division__code")
    def community(self, building):
        return building.compound.division.short_name


class EnterpriseForm(KeepsUnseen, forms.ModelForm):
    pass


@admin.register(Enterprise)
class EnterpriseAdmin(Place):
    menu_order = 116
    form = EnterpriseForm
    autocomplete_fields = ("compounds",)
    list_display = ("name", "handed_over_on", "is_sample")
    list_filter = (Archived, "handed_over_on")
    search_fields = ("name",)
    search_help_text = "可以搜企业的名称。"

    def get_readonly_fields(self, request, obj=None):
        return ("is_sample", "own_compounds")

    def get_fieldsets(self, request, obj=None):
        compounds = "compounds" if self.has_change_permission(request, obj) else "own_compounds"
        return ((None, {"fields": ("name", "handed_over_on", compounds)}), *self.managed(obj))

    def get_object(self, request, object_id, from_field=None):
        enterprise = super().get_object(request, object_id, from_field)
        if enterprise is not None:  # everybody sees the enterprise, and of its compounds their own
            enterprise.seen_compounds = enterprise.compounds.visible_to(request.user)
        return enterprise

    @admin.display(description="家属区")
    def own_compounds(self, enterprise):
        return "、".join(str(compound) for compound in enterprise.seen_compounds) if enterprise.pk else ""
