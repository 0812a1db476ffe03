"""The pages of the desk as its tests know them: the address of each, whose row it is about, and who may open it."""

from branches.models import AuditEntry, CareVisit, CommunityMembership, GroupPlacement, Member, Pairing

# {name: the model whose row its address names, what reading needs of its area}
PAGES = {
    "member": Member, "full": Member, "year": Member, "visit_member": Member, "pair": Member,
    "visit_pair": Pairing, "rhythm": Pairing, "end_pair": Pairing, "slip": Pairing,
    "confirm": CommunityMembership, "reject": CommunityMembership, "transfer": CommunityMembership,
    "place": CommunityMembership, "end": CommunityMembership,
}  # fmt: skip
LISTS = {"today": "/desk/", "members": "/desk/members/", "slips": "/desk/slips/", "waiting": "/desk/memberships/",
         "report": "/desk/report/", "position": "/desk/position/"}  # fmt: skip
# who may open what in their own area: v(iew), n(othing)
EDITORS = {"officer", "next_door_officer", "elsewhere_officer", "secretary", "next_door_secretary", "technician"}
READERS = {"street_officer", "district_officer"}
OUTSIDERS = {"organiser", "auditor"}
VIEWED = {"street_officer": {"member"}, "district_officer": {"member", "full", "year", "slip"}}
DISTRICT_STEPS = {"confirm", "reject", "transfer", "place", "end"}
OF_PAIR = ("visit_pair", "rhythm", "end_pair", "slip")
KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b111"
PEOPLE = sorted(EDITORS | READERS | OUTSIDERS)


def address(name, pk):
    part = {Member: "members", Pairing: "pairs", CommunityMembership: "memberships"}[PAGES[name]]
    tail = {"member": "", "visit_member": "visit/", "visit_pair": "visit/", "end_pair": "end/"}.get(name, f"{name}/")
    return f"/desk/{part}/{pk}/{tail}"


def row_of(cast, name, area):
    if PAGES[name] is Member:
        return cast.members[area].pk
    if PAGES[name] is Pairing:
        return cast.pairings[area].pk
    who = cast.newcomers if name in ("confirm", "reject", "transfer") else cast.members
    return who[area].memberships.get().pk


def may_open(person, name):
    if person in EDITORS:
        return True
    return name in VIEWED.get(person, ()) or (person == "district_officer" and name in DISTRICT_STEPS)


def own_areas(cast, person, name):
    """The areas in which this person may open the page."""
    return cast.areas_of(person) if may_open(person, name) and person not in OUTSIDERS else set()


def everything():
    """What must be the same after something was refused: all rows, and how often somebody looked."""
    models = (Member, CommunityMembership, GroupPlacement, Pairing, CareVisit)
    seen = AuditEntry.objects.filter(action=AuditEntry.Action.REVEAL).count()
    return [list(model.objects.order_by("pk").values()) for model in models], seen
