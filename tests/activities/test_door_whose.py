"""The desk's pages at the door: whose they are, and that reading changes nothing."""

import pytest

from activities.models import Activity, HomeDelivery
from activities.scanning import scan_address
from branches.models import AuditEntry
from tests.activities.door import page, statuses
from tests.cast import AREAS, BOOKED, CANARIES
from tests.whole_site.addresses import routes

KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b111"
AT_THE_DOOR = {"officer", "next_door_officer", "elsewhere_officer", "secretary", "next_door_secretary", "organiser",
               "technician"}  # fmt: skip
CARERS = AT_THE_DOOR - {"organiser"}
PEOPLE = sorted(AT_THE_DOOR | {"street_officer", "district_officer", "auditor"})
# {name: who may read it in their own area}; about an activity, a sign-up, a delivery
OF_ACTIVITY = dict.fromkeys(("people", "sign_up_caller", "paper", "paper_full", "check_in", "calls_of", "calls_paper"),
                            AT_THE_DOOR)  # fmt: skip
OF_SIGN_UP = dict.fromkeys(("leave_for", "offer"), AT_THE_DOOR)
POSTED = ("walk_in", "calls_open")
POSTING = AT_THE_DOOR | {"street_officer", "district_officer"}  # who may edit a recap
TRIED = {*OF_ACTIVITY, *OF_SIGN_UP, *POSTED, "strike_out", "recap", "put_away", "deliver", "delivered", "scan", "calls",
         "deliveries"}  # fmt: skip
MODULES = {f"activities.views.{name}" for name in ("door", "check_in", "paper", "calls", "recap", "deliveries")}


def test_every_page_of_the_door_is_tried_here():
    own = [route for route in routes() if route.view.__module__ in MODULES and route.route.startswith("desk/")]
    assert {route.name for route in own} == TRIED


def addresses(cast, area):
    """(name, address, who may read it) of every page about what goes on in this area."""
    activity, row = cast.activities[area], cast.bookings[area].sign_ups.first()
    yield from ((name, page(name, activity.pk), who) for name, who in OF_ACTIVITY.items())
    yield from ((name, page(name, activity.pk, row.pk), who) for name, who in OF_SIGN_UP.items())
    yield "recap", page("recap", activity.pk), POSTING
    yield "deliver", page("deliver", activity.pk), CARERS


@pytest.mark.parametrize("person", PEOPLE)
def test_a_page_opens_in_ones_own_area_alone(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    for area in AREAS:
        for name, address, who in addresses(cast, area):
            may = person in who and area in cast.areas_of(person)
            status = client.get(address).status_code
            if status not in ((200,) if may else (403, 404)):
                wrong[name, area] = status
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_posting_in_another_area_changes_and_tells_nothing(cast, client_of, person):
    client, wrong, before = client_of(cast.people[person]), {}, statuses()
    sent = {
        "reason": "试一试可不可以",
        "name": "甲",
        "telephone": "19900009999",
        "consent": "on",
        "words": "好",
        "others": "0",
    }
    for area in AREAS:
        row = cast.bookings[area].sign_ups.first()
        every = [
            *addresses(cast, area),
            *((name, page(name, cast.activities[area].pk), AT_THE_DOOR) for name in POSTED),
        ]
        for name, address, who in every:
            if person in who and area in cast.areas_of(person):
                continue
            extra = {"seen": f"{row.pk}-confirmed", "here": row.pk, "code": cast.bookings[area].code}
            answer = client.post(address, sent | extra)
            told = CANARIES[area] in answer.text or BOOKED[area] in answer.text
            if answer.status_code not in (403, 404, 405) or told:
                wrong[name, area] = answer.status_code
    assert wrong == {}
    assert statuses() == before
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_a_visitor_is_led_to_the_log_in_page(cast, client, activity):
    scanned = scan_address(cast.bookings["here"])
    for address in [*(each[1] for each in addresses(cast, "here")), page("calls"), page("deliveries"), scanned]:
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


def test_no_page_of_the_door_is_kept_anywhere(cast, client_of):
    client = client_of(cast.officer)
    every = [*(each[1] for each in addresses(cast, "here")), page("calls"), page("deliveries")]
    for address in every:
        answer = client.get(address)
        assert answer.status_code == 200
        assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(",")), address


def test_reading_changes_nothing(cast, client_of, now):
    client, before = client_of(cast.officer), statuses()
    for _name, address, _who in addresses(cast, "here"):
        client.get(address)
    client.get(scan_address(cast.bookings["here"]))
    assert statuses() == before
    assert not HomeDelivery.objects.exists()
    assert not AuditEntry.objects.filter(action="reveal").exists()


@pytest.mark.parametrize("status", ["draft", "pending"])
def test_what_is_not_published_has_no_door(cast, door, activity, status):
    Activity.objects.filter(pk=activity.pk).update(status=status)
    assert door.get(page("people", activity.pk)).status_code == 404
