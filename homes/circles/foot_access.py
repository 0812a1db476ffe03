"""Where one may walk, by the tags of OpenStreetMap: rules of our own, tag by tag.

`foot` says it best, then `access`, then what sort of way it is. Where the tags leave it open:

- A motorway, and whatever is `motorroad`, is walked only if it says so itself, by `foot` or by a sidewalk of its own.
- So is a trunk road on a bridge or in a tunnel: the express roads of Chinese cities run on such bridges. A circle that
  is too small gets a complaint; one that leads over an express road leads an old person onto it.
- Every other road is walked, with or without a sidewalk: people do.
- `oneway` is about wheels. Feet are bound by `oneway:foot`, `foot:forward`, `foot:backward` and moving stairs.
- Platforms of trains lie behind a gate for tickets, ferries go by a timetable: neither is a walk.
- What is private stays out, also the lanes of a closed compound: nobody can say who is let in.
"""

from typing import NamedTuple

OPEN = {"yes", "designated", "permissive", "official", "destination", "customers", "public", "discouraged", "limited"}
CLOSED = {
    "no", "private", "use_sidepath", "restricted", "permit", "delivery", "agricultural", "forestry", "military",
    "emergency", "residents",
}  # fmt: skip
WALKED = {
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified",
    "residential", "living_street", "service", "road", "pedestrian", "footway", "path", "steps", "track", "bridleway",
    "cycleway", "corridor", "elevator", "platform",
}  # fmt: skip
EXPRESS = {"trunk", "trunk_link"}
IF_IT_SAYS_SO = {"motorway", "motorway_link", "busway", "bus_guideway", "escape"}  # the rest cannot be walked at all
SIDES = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
SIDEWALK = {"both", "left", "right", "yes"}  # one that is mapped apart ("separate") is a way of its own
SOLID = {"wall", "fence", "hedge", "ditch", "retaining_wall", "city_wall", "guard_rail", "debris"}
DOORS = {
    "gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate", "hampshire_gate", "door", "entrance", "turnstile",
    "full-height_turnstile", "border_control", "toll_booth", "sally_port", "checkpoint", "chain", "yes",
}  # fmt: skip


class Foot(NamedTuple):
    """How a way is walked: with its direction, against it, and whether there are steps."""

    forward: bool = True
    backward: bool = True
    steps: bool = False


def way_on_foot(tags):
    """The `Foot` of a way with these tags (a mapping), or None where nobody may walk."""
    highway = _said(tags, "highway")
    foot = _said(tags, "foot")
    if highway not in WALKED | EXPRESS | IF_IT_SAYS_SO or _said(tags, "route") == "ferry":
        return None
    if foot in CLOSED or (foot not in OPEN and (_said(tags, "access") in CLOSED or not _meant_for_feet(tags, highway))):
        return None
    forward, backward = _directions(tags)
    return Foot(forward, backward, highway == "steps") if forward or backward else None


def node_stops(tags):
    """Whether a node with these tags ends the walk: a locked gate does, a bollard does not."""
    barrier, foot = _said(tags, "barrier"), _said(tags, "foot")
    if not barrier or foot in OPEN:
        return False
    if foot in CLOSED or barrier in SOLID:
        return True
    # on bollards, blocks and kerbs `access` is about wheels
    return barrier in DOORS and (_said(tags, "access") in CLOSED or _said(tags, "locked") == "yes")


def _meant_for_feet(tags, highway):
    """Whether a way that says nothing of `foot` is walked, by its sort."""
    if any(_said(tags, side) in SIDEWALK for side in SIDES):
        return True
    if highway in IF_IT_SAYS_SO or _said(tags, "motorroad") == "yes":
        return False
    return highway in WALKED or all(_said(tags, key) in {"", "no"} for key in ("bridge", "tunnel"))


def _directions(tags):
    """(with the way, against it)."""
    conveying = _said(tags, "conveying")
    oneway = _said(tags, "oneway:foot") or (
        _said(tags, "oneway") if conveying in {"yes", "forward", "backward"} else ""
    )
    forward = _said(tags, "foot:forward") not in CLOSED
    backward = _said(tags, "foot:backward") not in CLOSED
    if oneway in {"yes", "true", "1"} or (conveying == "forward" and oneway != "no"):
        backward = False
    elif oneway in {"-1", "reverse"} or (conveying == "backward" and oneway != "no"):
        forward = False
    return forward, backward


def _said(tags, key):
    """The first value of a key, in small letters, or nothing."""
    return tags.get(key, "").split(";")[0].strip().lower()
