"""/desk/circles/: who lives outside every circle, as far as their reader answers for them; what the circles lack."""

from collections import defaultdict
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from branches import audit
from branches.access import Action, allowed
from branches.models import Building, Division, Member, ResidentCompound
from branches.views.desk import SHOWN, Section, add_section, desk_page, way_in
from config.spreadsheet import download, workbook_of
from homes.circles import lacking
from homes.circles.coverage import dwellings, tallies
from homes.circles.pace import PACES, STORED, USUAL, pace_named
from homes.circles.walks import basis, kept
from homes.models import Coverage, Home

add_section(Section("服务圈", "circles:desk", Coverage, "住在十五分钟圈外的党员，各个圈里还缺什么。"))
READ = ("GET", "HEAD")
HEADINGS = ["街道", "社区", "小区", "楼栋", "圈外的党员（名）", "走到最近的家（米）", "怎么算的"]
BEYOND = f"{STORED}米以外"


class Estate(NamedTuple):
    """A compound in which people live outside every circle. `rows` are (building or "", members, metres or None)."""

    compound: ResidentCompound
    community: Division
    members: int
    rows: list

    @property
    def walk(self):
        """From where to where the walks to the nearest home are, in words."""
        walks = [metres for _, _, metres in self.rows]
        found = sorted(metres for metres in walks if metres is not None)
        words = [f"{metres}米" for metres in dict.fromkeys([*found[:1], *found[-1:]])]
        return "到".join([*words[:1], BEYOND] if None in walks else words)


class Asked:
    """What the address asks for: a pace, and a street or a community. Odd values ask for nothing.

    Everything is counted of the members that this user may see, as they live today.
    """

    def __init__(self, request):
        self.user, self.pace = request.user, pace_named(request.GET.get("pace", ""))
        self.metres = self.pace.metres()
        self.members = Member.objects.visible_to(request.user).active()
        self.places = dwellings(self.members)
        self.source = kept()
        found = tallies(self.places, self.metres, self.source and self.source.factor)
        self.divisions = Division.objects.defer("outline").in_bulk()
        self.tallies = {self.divisions[pk]: tally for pk, tally in found.items() if tally.members}
        where = request.GET.get("where", "")
        self.where = next((each for each in self.tallies if each.code == where), None)
        self.area = {
            pk for pk, each in self.divisions.items() if not self.where or self.where.pk in (pk, each.parent_id)
        }

    @property
    def below(self):
        """[(division, its counts)] of the streets, or of the communities of the street that was asked for."""
        of_street = self.where and self.where.level == Division.Level.STREET
        level = Division.Level.COMMUNITY if of_street else Division.Level.STREET
        rows = [each for each in self.tallies if each.level == level and each.pk in self.area]
        return [(each, self.tallies[each]) for each in sorted(rows, key=lambda each: each.code)]

    @property
    def tally(self):
        """The counts of the place that was asked for; None where nobody lives."""
        tops = [self.where] if self.where else [each for each in self.tallies if each.parent_id is None]
        return self.tallies[tops[0]] if tops else None

    @property
    def outside(self):
        return [
            place
            for place in self.places
            if place.members and place.column and place.division in self.area and not place.is_inside(self.metres)
        ]

    def estates(self):
        """The compounds with somebody outside, in the order of the divisions."""
        buildings = Building.objects.filter(compound__division__in=self.area)
        of_building = {pk: (name, compound) for pk, name, compound in buildings.values_list("pk", "name", "compound")}
        rows = defaultdict(list)
        for place in self.outside:
            name, compound = of_building[place.pk] if place.column == "building" else ("", place.pk)
            rows[compound].append((name, place.members, place.metres))
        compounds = ResidentCompound.objects.filter(division__in=self.area).order_by("division__code", "name")
        return [
            Estate(each, self.divisions[each.division_id], sum(number for _, number, _ in rows[each.pk]),
                   sorted(rows[each.pk], key=lambda row: (len(row[0]), row[0])))
            for each in compounds if each.pk in rows
        ]  # fmt: skip

    def address(self, page="desk", **changes):
        """The address of one of these pages for the same pace and place, but for `changes`."""
        asked = {"pace": "" if self.pace is USUAL else self.pace.key, "where": self.where.code if self.where else ""}
        query = urlencode({name: value for name, value in (asked | changes).items() if value})
        return reverse(f"circles:{page}") + (f"?{query}" if query else "")

    @property
    def paces(self):
        return [
            (each, each.metres(), self.address(pace="" if each is USUAL else each.key), each is self.pace)
            for each in PACES
        ]

    @property
    def how(self):
        """By what the walks were found, for a cell of a sheet."""
        pace = f"“{self.pace.name}”每秒{self.pace.speed}米，圈是{self.metres}米"
        return f"{basis(self.source)}；{pace}" if self.source else pace


def crumbs(request, *, inside=False):
    """The way to a page: [(label, url)]."""
    way = way_in(request.user)
    return [*way, ("服务圈", reverse("circles:desk"))] if inside else way


@desk_page(Action.VIEW, Coverage, READ)
def outside(request):
    """How many live outside every circle, by place, compound and building."""
    asked = Asked(request)
    page = Paginator(asked.estates(), SHOWN).get_page(request.GET.get("page"))
    context = {
        "asked": asked, "page": page, "crumbs": crumbs(request, inside=asked.where is not None),
        "below": [(each, tally, asked.address(where=each.code)) for each, tally in asked.below],
        "whole": asked.address(where=""), "export": asked.address("export"),
        "may_export": allowed(request.user, Action.EXPORT, Coverage),
        "may_place": allowed(request.user, Action.CHANGE, ResidentCompound),
    }  # fmt: skip
    return render(request, "desk/circles/outside.html", context)


@desk_page(Action.VIEW, Coverage, READ)
def compound(request, pk):
    """Who of one compound lives outside, masked; each leads to the page of the member."""
    asked = Asked(request)
    found = get_object_or_404(ResidentCompound.objects.select_related("division__parent"), pk=pk)
    here = asked.members.filter(Q(compound=found) | Q(building__compound=found)).select_related("building__compound")
    placed = {place.pk for place in asked.places if place.column == "building"}
    out = {(place.column, place.pk) for place in asked.outside}
    rows = [each for each in here.order_by("building", "pk") if _dwelling(each, placed) in out]
    if not rows:
        raise Http404
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    way = crumbs(request, inside=True)
    return render(
        request, "desk/circles/compound.html", {"asked": asked, "compound": found, "page": page, "crumbs": way}
    )


def _dwelling(member, placed):
    """Where a member lives, as homes/circles/coverage.py has it."""
    return ("building", member.building_id) if member.building_id in placed else ("compound", member.compound_id)


@desk_page(Action.EXPORT, Coverage, READ)
def export(request):
    """How many live where, outside every circle, as a workbook: no names."""
    asked = Asked(request)
    lines = []
    for estate in asked.estates():
        street = asked.divisions.get(estate.community.parent_id, "")
        place = [street, estate.community.short_name, estate.compound.name]
        for building, number, metres in estate.rows:
            lines.append([*place, building or "没有写楼栋", number, BEYOND if metres is None else metres, asked.how])
    place = asked.where or Division.objects.district() or "全区"
    audit.record(
        audit.Action.EXPORT, by=request.user, label=f"服务圈外的党员数（{place}，{asked.pace.name}）", rows=len(lines)
    )
    name = f"服务圈外-{place}-{timezone.localdate():%Y%m%d}.xlsx"
    return download(workbook_of([("圈外", [HEADINGS, *lines])]), name)


@desk_page(Action.VIEW, Coverage, READ)
def what_is_lacking(request):
    """Which circles do not have what, as a table: a line for each thing."""
    pace = pace_named(request.GET.get("pace", ""))
    found = lacking.lacks(pace.metres())
    where = defaultdict(list)
    for home in Home.objects.filter(pk__in=found).only("name", "slug"):
        for heading, labels in found[home.pk]:
            for label in labels:
                where[heading, label].append(home)
    order = list(lacking.PARTS.values())
    rows = sorted(where.items(), key=lambda row: order.index(row[0][0]))
    parts = [(heading, [(label, homes) for (of, label), homes in rows if of == heading]) for heading in order]
    page = reverse("circles:desk_lacking")
    paces = [(each, each.metres(), f"{page}?pace={each.key}", each is pace) for each in PACES]
    context = {
        "pace": pace, "metres": pace.metres(), "paces": paces, "number": len(found),
        "parts": [(heading, lines) for heading, lines in parts if lines], "crumbs": crumbs(request, inside=True),
        "source": kept(),
    }  # fmt: skip
    return render(request, "desk/circles/lacking.html", context)
