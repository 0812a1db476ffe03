"""The desk: whose its pages are, that they are masked, and what the first page says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches import membership
from branches.models import Pairing, Posting
from tests.branches.desk_pages import (
    KEY,
    LISTS,
    OUTSIDERS,
    PAGES,
    PEOPLE,
    address,
    everything,
    own_areas,
    row_of,
)
from tests.cast import AREAS, CANARIES, MOBILES
from tests.makers import make_member, make_user
from tests.whole_site.addresses import routes


@pytest.fixture
def desk(cast, client_of):
    """The secretary's browser."""
    return client_of(cast.secretary)


# --- whose it is
def test_every_page_of_the_desk_is_tried_here():
    own = [route for route in routes() if route.view.__module__.startswith("branches.")]
    named = {route.name for route in own if route.route.startswith("desk/")}
    assert named == set(PAGES) | set(LISTS)


@pytest.mark.parametrize("person", PEOPLE)
def test_a_page_about_a_row_opens_in_ones_own_area_alone(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    for name in PAGES:
        own = own_areas(cast, person, name)
        for area in AREAS:
            status = client.get(address(name, row_of(cast, name, area))).status_code
            if status not in ((200,) if area in own else (403, 404)):
                wrong[name, area] = status
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_posting_about_a_row_of_another_area_changes_and_tells_nothing(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    today = timezone.localdate().isoformat()
    sent = {
        "kind": "visit", "visited_on": today, "key": KEY, "reason": "试一试可不可以",
        "fields_wanted": ["telephone", "name"], "every_days": "3", "on": today, "end_reason": "moved", "seen": "",
    }  # fmt: skip
    before = everything()
    for name in PAGES:
        for area in set(AREAS) - own_areas(cast, person, name):
            extra = {"group": cast.groups[area].pk, "carer": cast.carers[area].pk}
            response = client.post(address(name, row_of(cast, name, area)), sent | extra)
            told = CANARIES[area] in response.text or MOBILES[area][0] in response.text
            if told or response.status_code not in (403, 404, 405):
                wrong[name, area] = response.status_code
    assert wrong == {}
    assert everything() == before


@pytest.mark.parametrize("person", PEOPLE)
def test_lists_tell_of_ones_own_area_alone(cast, client_of, person):
    client, foreign = client_of(cast.people[person]), set(AREAS) - cast.areas_of(person)
    for page in LISTS.values():
        response = client.get(page)
        # whoever has other parts of the desk has a first page too
        assert response.status_code in ({200, 403} if page == "/desk/" or person not in OUTSIDERS else {403})
        told = [CANARIES[area] for area in foreign if CANARIES[area] in response.text]
        if person == "organiser":
            told = []  # their own name and home are of `here`
        assert told == []


def test_who_looks_on_in_the_street_and_acts_in_one_branch_acts_in_that_alone(cast, client_of):
    """Two posts do not mix: the street's lets them look at the members next door, the branch's does not reach there."""
    both = make_user("both", "street", cast.streets["east"])
    Posting.objects.create(user=both, role="secretary", branch=cast.branches["here"], since="2020-01-01")
    client = client_of(both)
    for name in PAGES:
        wanted = {"here": 200, "next_door": 200 if name == "member" else 404}
        found = {area: client.get(address(name, row_of(cast, name, area))).status_code for area in wanted}
        if name == "year":
            wanted["next_door"] = 200  # the member may be seen, and no visit of theirs
            assert "上门看望" not in client.get(address(name, row_of(cast, name, "next_door"))).text
        assert (name, found) == (name, wanted)
    text = client.get(address("member", cast.members["next_door"].pk)).text
    assert "画眉鸟说家里都好" not in text
    assert "记一笔" not in text
    report = "/desk/report/"
    assert "画眉鸟" not in client.post(report, {"telephone": "19900007777"}).text.split("<main")[1].split("<h2")[0]


def test_a_visitor_is_led_to_the_log_in_page(cast, client, settings):
    addresses = [*LISTS.values(), *(address(name, row_of(cast, name, "here")) for name in PAGES)]
    for page in addresses:
        for response in (client.get(page), client.post(page)):
            assert response.status_code == 302
            assert response["Location"].endswith(f"?next={page}")


def test_no_page_of_the_desk_is_kept_anywhere(cast, desk):
    for page in [*LISTS.values(), *(address(name, row_of(cast, name, "here")) for name in PAGES)]:
        assert {"private", "no-store"} <= set(desk.get(page)["Cache-Control"].replace(" ", "").split(",")), page
    assert "no-store" in desk.get("/desk/members/0/")["Cache-Control"]


def test_who_has_no_business_here_is_told_kindly(cast, client_of):
    response = client_of(cast.auditor).get("/desk/")
    assert response.status_code == 403
    assert "支部书记" in response.text


def test_a_post_that_ends_closes_the_desk_on_the_next_request(cast, desk):
    page = address("member", cast.members["here"].pk)
    assert desk.get(page).status_code == 200
    cast.secretary.postings.update(until="2020-01-02")
    assert desk.get(page).status_code != 200
    assert desk.get("/desk/").status_code != 200


# --- masked
def test_nothing_is_shown_in_full(cast, desk):
    hidden = (*MOBILES["here"], "金丝雀老人", "金丝雀邻居", "金丝雀新来", "3栋401", "金丝雀女儿")
    shown = {}
    for page in (*LISTS.values(), *(address(name, row_of(cast, name, "here")) for name in PAGES)):
        response = desk.get(page)
        assert (page, response.status_code) == (page, 200)
        if told := [text for text in hidden if text in response.text]:
            shown[page] = told
    assert shown == {}


def test_masks_are_shown(cast, desk):
    text = desk.get(address("member", cast.members["here"].pk)).text
    assert "199****1101" in text
    assert "金* · 金丝雀家园 金丝雀3栋" in text
    assert "甲社区" in text


# --- the first page
def test_the_first_page_names_who_is_overdue_and_counts(cast, desk):
    text = desk.get("/desk/").text
    assert "过了6天" in text
    assert f"/desk/pairs/{cast.pairings['here'].pk}/visit/" in text
    assert f"/desk/pairs/{cast.pairings['next_door'].pk}/visit/" not in text
    assert "<b>1</b><span><strong>份报到等着确认</strong>" in text
    figures = re.findall(r'class="number">(\d+)</span>名', text)
    assert figures == ["2", "1", "1"]
    assert '<a href="/admin/">改记录<' in text


def test_the_longest_overdue_comes_first(cast, desk):
    late = make_member(cast.branches["here"], "金丝雀久等", telephone="19900001177")
    today = timezone.localdate()
    pair = Pairing.objects.create(
        member=late, carer=cast.carers["here"], since=today - timedelta(days=200), next_visit_on=today - timedelta(90)
    )
    text = desk.get("/desk/").text
    assert text.index(f"/desk/pairs/{pair.pk}/") < text.index(f"/desk/pairs/{cast.pairings['here'].pk}/")
    assert "过了3个多月" in text


def test_nothing_to_do_is_said_kindly(cast, desk):
    membership.reject(cast.newcomers["here"].memberships.get(), by=cast.secretary, reason="重复报到")
    Pairing.objects.update(next_visit_on=timezone.localdate() + timedelta(days=3))
    text = desk.get("/desk/").text
    assert "都看望过了" in text
    assert "等着确认" not in text


def test_pages_ask_as_much_for_many_rows_as_for_one(cast, desk):
    asked = {}
    desk.get("/desk/")  # the district is read once a process
    for number in range(25):
        if number in (1, 24):
            for page in ("/desk/", "/desk/members/", "/desk/memberships/"):
                with CaptureQueriesContext(connection) as queries:
                    assert desk.get(page).status_code == 200
                asked.setdefault(page, []).append(len(queries))
        member = make_member(cast.branches["here"], f"金丝雀{number}", group=cast.groups["here"])
        make_member(cast.branches["here"], f"金丝雀等{number}", status="pending", compound=member.compound)
        today = timezone.localdate()
        Pairing.objects.create(member=member, carer=cast.carers["here"], since=today, next_visit_on=today)
    assert {page: found for page, found in asked.items() if len(set(found)) > 1} == {}
    assert max(max(found) for found in asked.values()) <= 10
