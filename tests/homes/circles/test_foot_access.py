"""Where one may walk, tag by tag."""

from homes.circles.foot_access import Foot, node_stops, way_on_foot

BOTH, STEPS, FORWARD, BACKWARD = Foot(), Foot(steps=True), Foot(backward=False), Foot(forward=False)

WAYS = """
    primary secondary_link tertiary unclassified residential living_street service road          | BOTH
    pedestrian footway path track bridleway cycleway corridor elevator platform                  | BOTH
    steps                                                                                        | STEPS
    motorway motorway_link busway bus_guideway escape                                            | None
    construction proposed raceway rest_area services abandoned razed no via_ferrata something    | None
    motorway,foot=yes motorway_link,foot=designated motorway,sidewalk=right busway,foot=yes      | BOTH
    motorway,sidewalk=separate motorway,sidewalk=no motorway,access=yes                          | None
    motorway,sidewalk:left=yes primary,motorroad=yes,sidewalk=both trunk,bridge=yes,sidewalk=left | BOTH
    construction,foot=yes proposed,foot=designated                                               | None
    trunk trunk_link trunk,sidewalk=no trunk,bridge=no,tunnel=no trunk,bridge=yes,foot=yes       | BOTH
    trunk,bridge=yes trunk,bridge=viaduct trunk_link,tunnel=yes trunk,motorroad=yes              | None
    primary,bridge=yes primary,tunnel=yes primary,sidewalk=no footway,tunnel=building_passage    | BOTH
    primary,motorroad=yes                                                                        | None
    primary,motorroad=yes,foot=yes primary,motorroad=no                                          | BOTH
    footway,foot=no residential,foot=private primary,foot=use_sidepath path,foot=no;yes          | None
    residential,foot=Yes path,foot=permissive path,foot=destination path,foot=discouraged        | BOTH
    residential,access=private service,access=no service,access=delivery track,access=forestry   | None
    service,access=destination service,access=customers service,access=permissive path,access=x  | BOTH
    service,access=private,foot=yes service,access=no,foot=designated road,access=no,foot=permissive | BOTH
    service,access=private,foot=x service,access=no,sidewalk=both service,access=yes,foot=no     | None
    residential,vehicle=no residential,motor_vehicle=private service,service=parking_aisle       | BOTH
    service,service=driveway pedestrian,area=yes footway,indoor=yes footway,footway=crossing     | BOTH
    residential,oneway=yes residential,oneway=-1 footway,oneway=yes path,oneway=yes,oneway:foot=no | BOTH
    footway,oneway:foot=yes path,oneway:foot=1 footway,foot:backward=no                          | FORWARD
    footway,oneway:foot=-1 footway,foot:forward=no                                               | BACKWARD
    footway,foot:forward=no,foot:backward=no                                                     | None
    corridor,conveying=forward corridor,conveying=yes,oneway=yes                                 | FORWARD
    corridor,conveying=backward corridor,conveying=yes,oneway=-1                                 | BACKWARD
    corridor,conveying=reversible corridor,conveying=yes footway,conveying=no,oneway=yes         | BOTH
    footway,route=ferry                                                                          | None
"""
NODES = """
    gate lift_gate entrance turnstile yes gate,access=yes gate,access=destination gate,locked=no       | False
    gate,access=private lift_gate,access=no gate,foot=no gate,locked=yes chain,access=private          | True
    gate,access=private,foot=yes gate,locked=yes,foot=permissive fence,foot=yes                        | False
    bollard bollard,access=no kerb stile block,access=private cycle_barrier kissing_gate jersey_barrier | False
    bollard,foot=no stile,foot=private                                                                 | True
    wall fence hedge retaining_wall                                                                    | True
"""


def told(table, key):
    """(tags, what is expected) of every entry of a table."""
    for line in table.strip().splitlines():
        entries, _, answer = line.rpartition("|")
        for entry in entries.split():
            kind, *others = entry.split(",")
            yield {key: kind} | dict(other.split("=") for other in others), answer.strip()


def test_every_tag_of_a_way():
    answers = {"BOTH": BOTH, "STEPS": STEPS, "FORWARD": FORWARD, "BACKWARD": BACKWARD, "None": None}
    wrong = [(tags, way_on_foot(tags)) for tags, said in told(WAYS, "highway") if way_on_foot(tags) != answers[said]]
    assert wrong == []
    assert way_on_foot({"highway": "steps", "conveying": "yes", "oneway": "yes"}) == Foot(True, False, True)


def test_what_is_no_way_at_all_is_not_walked():
    for tags in ({}, {"route": "ferry", "foot": "yes"}, {"railway": "platform"}, {"railway": "rail", "foot": "yes"}):
        assert way_on_foot(tags) is None
    assert way_on_foot({"waterway": "river"}) is None


def test_every_tag_of_a_node():
    wrong = [(tags, node_stops(tags)) for tags, said in told(NODES, "barrier") if str(node_stops(tags)) != said]
    assert wrong == []
    assert not node_stops({"highway": "crossing", "foot": "no"})
    assert not node_stops({})
