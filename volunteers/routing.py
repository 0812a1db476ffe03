"""Which branch answers for a place. What falls between two, or is not known, is for the district to place."""

from typing import NamedTuple

from branches.models import Branch, Division, ResidentCompound


class Route(NamedTuple):
    """Where an order belongs: its division, its compound where one is known, and the branch, or None."""

    division: Division
    compound: ResidentCompound | None
    branch: Branch | None


def route(place="", *, home=None, division=None, compound=None):
    """The route for what was written as the place, and what else is known: the home's door, a chosen community.

    The compound that is named decides, then the community that is named or chosen, then the home.
    """
    compound = compound or _named_compound(place, home, division)
    if compound is not None:
        return Route(compound.division, compound, _of_compound(compound))
    division = _named_community(place) or division
    if division is not None:
        return Route(division, None, _of_division(division))
    if home is not None:
        return Route(home.division, None, _of_home(home))
    return Route(Division.objects.district(), None, None)


def _named_compound(place, home, division):
    """The one compound whose name stands in the text. Of several by one name, the one of the community at hand."""
    rows = ResidentCompound.objects.filter(is_archived=False).select_related("division__parent")
    named = [row for row in rows if len(row.name) > 1 and row.name in place]
    longest = max((len(row.name) for row in named), default=0)
    named = [row for row in named if len(row.name) == longest]
    near = division or (home and home.division)
    if len(named) > 1 and near:
        named = [row for row in named if row.division_id == near.pk]
    return named[0] if len(named) == 1 else None


def _named_community(place):
    rows = Division.objects.filter(level=Division.Level.COMMUNITY)
    named = [row for row in rows if row.short_name in place]
    return named[0] if len(named) == 1 else None


def _only(branches):
    found = list(branches[:2])
    return found[0] if len(found) == 1 else None


def _of_compound(compound):
    """The branch that names the compound; else the one that answers for all of its community."""
    return _only(Branch.objects.active().filter(compounds=compound)) or _of_division(compound.division)


def _of_division(division):
    return _only(Branch.objects.active().filter(division=division, compounds=None))


def _of_home(home):
    """The branch that meets there, of several the one that came first: somebody at that door has to answer for it."""
    return Branch.objects.active().filter(seat__home=home).order_by("seat__pk").first() or _of_division(home.division)
