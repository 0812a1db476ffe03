"""What the circle of a home does not have yet: neither the home, nor another home in it, nor the buildings in it.

The programme asks for teaching, political life and usefulness within a walk, along grids, groups of buildings and
centre households. Nobody is counted or compared.
"""

from collections import defaultdict

from django.db.models import BigIntegerField, F, IntegerField, TextField, Value
from django.db.models.functions import Cast

from branches.models import CentreHousehold
from homes.models import Facility, Home, HomeFacility, HostedBranch, Walk

DAYS = 30  # that what goes on is looked for in
WANTED = 0  # in the place of a home: every circle should have it
TEACHING, LIFE, USE, NEAR, PLACE = "teaching", "life", "use", "near", "place"
PARTS = {
    TEACHING: f"思想教育和活动（往后{DAYS}天）",
    LIFE: "政治生活",
    USE: "作用发挥",
    NEAR: "走到家门口的",
    PLACE: "屋里和门口",
}
BRANCH, GRID, GROUP, HOUSEHOLD, DOOR = "支部", "网格", "楼栋党小组", "党员中心户", "不上台阶就进得去的门"
ALWAYS = ((LIFE, 0, BRANCH), (NEAR, 0, GRID), (NEAR, 1, GROUP), (NEAR, 2, HOUSEHOLD), (PLACE, -1, DOOR))
ELSEWHERE = []  # what other apps can tell: functions that return querysets made by `told`


def told(rows, part, label, home, order=0):
    """Rows that say which homes have something: `label` and `order` are values or expressions, `home` the path to the
    home, or WANTED where they say what every circle should have."""
    return (
        rows.order_by()
        .annotate(
            told_part=Value(part, TextField()),
            told_order=Cast(order if hasattr(order, "resolve_expression") else Value(order), IntegerField()),
            told_label=Cast(label if hasattr(label, "resolve_expression") else Value(label), TextField()),
            told_home=Cast(Value(WANTED) if home == WANTED else F(home), BigIntegerField()),
        )
        .values_list("told_part", "told_order", "told_label", "told_home")
    )


def lacks(limit):
    """{number of a home: [(heading, [what its circle of `limit` metres does not have])]} of public homes with a circle.

    One that lacks nothing has an empty list.
    """
    wanted, has = set(ALWAYS), defaultdict(set)
    first, *others = [*_here(limit), *(rows for tell in ELSEWHERE for rows in tell())]
    for part, order, label, home in first.union(*others).order_by():
        if home == WANTED:
            wanted.add((part, order, label))
        else:
            has[home].add((part, label))
    return {home: _named(wanted, set().union(*(has[each] for each in inside))) for home, inside in _reach(limit)}


def _named(wanted, there):
    rows = sorted((order, label, part) for part, order, label in wanted if (part, label) not in there)
    named = [(heading, [label for _, label, of in rows if of == part]) for part, heading in PARTS.items()]
    return [(heading, labels) for heading, labels in named if labels]


def _reach(limit):
    """[(number of a home, {itself and the public homes inside its circle})]"""
    found = {pk: {pk} for pk in Home.objects.public().exclude(circle=None).values_list("pk", flat=True)}
    near = Walk.objects.from_public_homes().within(limit).filter(home__status__in=Home.PUBLIC).order_by()
    for origin, home in near.values_list("circle__home", "home"):
        found[origin].add(home)
    return found.items()


def _here(limit):
    """What this app and that on its left know."""
    hosted = HostedBranch.objects.filter(branch__is_archived=False)
    walks = Walk.objects.from_public_homes().within(limit).filter(building__is_archived=False)
    hosts = CentreHousehold.objects.current().consented().filter(group__is_archived=False).values("group")
    facilities = Facility.objects.filter(is_archived=False)
    of_homes = HomeFacility.objects.filter(facility__in=facilities)
    named = {"label": F("facility__name"), "order": F("facility__order")}
    return [
        told(hosted, LIFE, BRANCH, "home"),
        told(walks.exclude(building__grid=None), NEAR, GRID, "circle__home"),
        told(hosted.filter(branch__groups__is_archived=False), NEAR, GROUP, "home"),
        told(walks.filter(building__groups__is_archived=False), NEAR, GROUP, "circle__home"),
        told(hosted.filter(branch__groups__in=hosts), NEAR, HOUSEHOLD, "home"),
        told(walks.filter(building__groups__in=hosts), NEAR, HOUSEHOLD, "circle__home"),
        told(Home.objects.public().filter(step_free=True), PLACE, DOOR, "pk"),
        told(facilities, PLACE, F("name"), WANTED, F("order")),
        told(of_homes, PLACE, home="home", **named),
    ]
