"""Every address of the site, for everybody in the cast, read and posted to.

A new address fails here until it says whom it is for: public ones in public_addresses.py, staff pages in addresses.py.
"""

from functools import cache

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse

from branches.access import allowed
from branches.scoped_admin import ScopedAdmin
from config import errors
from homes.models import Demonstration, Home
from tests.cast import CANARIES, ask_for_exports, make_deliveries
from tests.makers import make_photo, make_recap
from tests.whole_site.addresses import NARROWER, STAFF_PAGES, admin_pages, public_routes, routes, row_actions
from tests.whole_site.public_addresses import HIDDEN, OWN_FORMS, PUBLIC, QUESTIONS, SPOILT, at
from tests.whole_site.records import snapshot

PEOPLE = (
    "visitor", "officer", "next_door_officer", "elsewhere_officer", "street_officer", "district_officer",
    "secretary", "next_door_secretary", "organiser", "auditor", "technician",
)  # fmt: skip
# one of every role
STAFF = [person for person in PEOPLE[1:] if not person.startswith(("elsewhere", "next_door"))]
REFUSED = (302, 403, 404, 405)


@pytest.fixture
def plain_refusals(monkeypatch):
    """There are hundreds of them: what such a page says is asked in tests/config/test_errors.py."""
    monkeypatch.setattr(errors, "_page", lambda request, status: HttpResponse(status=status))


@pytest.fixture
def deliveries(cast):
    make_deliveries(cast)


@pytest.fixture
def photos(cast):
    """A photograph of each open home and each draft, by area; a demonstration site here; an export asked for each."""
    Demonstration.objects.create(home=cast.homes["here"], granted_on="2022-10-01")
    ask_for_exports(cast)
    return {
        state: {area: make_photo(home) for area, home in homes.items()}
        for state, homes in (("open", cast.homes), ("draft", cast.drafts))
    } | {"recap": make_recap(cast.homes["here"], f"{CANARIES['here']}旧事")}


def test_every_public_address_says_what_it_answers():
    assert {route.route for route in public_routes()} == set(PUBLIC)


def test_public_addresses_answer_everybody_alike(cast, client_of, photos):
    # nobody, and somebody of each way of being staff
    clients = {person: client_of(cast.people[person]) for person in ("visitor", "officer", "organiser", "technician")}
    wrong = {}
    for route, (written, reading, posting) in PUBLIC.items():
        address, bodies, own = at(written, cast, photos), set(), route in OWN_FORMS
        for person, client in clients.items():
            response = client.get(address)
            answered = response.status_code, client.post(address).status_code
            if answered != (reading, posting) or (own and response["Cache-Control"] != "private, no-store"):
                wrong[f"{route} {person}"] = answered
            bodies.add(response.getvalue())
        if len(bodies) != 1 and not own:
            wrong[route] = f"{len(bodies)} answers"
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_drafts_have_no_public_address(cast, client_of, person):
    client = client_of(cast.people[person])
    assert {client.get(at(address, cast)).status_code for address in HIDDEN} == {404}


@pytest.mark.parametrize("person", PEOPLE)
def test_photographs_of_drafts_are_for_those_who_work_on_them(cast, client_of, photos, person):
    client, seen = client_of(cast.people[person]), set()
    for area, photo in photos["draft"].items():
        for file in (photo.large, photo.small):
            response = client.get(f"/media/{file.name}")
            if response.status_code == 200:
                assert response.getvalue()
                seen.add(area)
                assert response["Cache-Control"] == "private, no-store"
            else:
                assert response.status_code == 404
    # an organiser's home is the open one, and homes are no business of a branch's secretary
    nothing = person in ("organiser", "secretary", "next_door_secretary")
    assert seen == (set() if nothing else cast.areas_of(person))


@pytest.mark.once
def test_a_spoilt_address_is_a_missing_page(cast, client):
    wrong = {}
    for route in PUBLIC:
        for spoilt in SPOILT if "<" in route else ():
            address = "/" + route[: route.index("<")] + spoilt + route[route.index(">") + 1 :]
            status = client.get(address).status_code
            if status not in (400, 404):
                wrong[address] = status
    assert wrong == {}


def test_odd_questions_break_nothing(cast, client, photos):
    wrong = {}
    for address, reading, _ in PUBLIC.values():
        caches["default"].clear()  # who asks this much would be told to wait
        for question in QUESTIONS if reading == 200 else ():
            response = client.get(f"{at(address, cast, photos)}?{question}")
            response.getvalue()  # a file is closed when it has been read
            if response.status_code not in (200, 302, 400, 404):
                wrong[f"{address} {question}"] = response.status_code
    assert wrong == {}


def test_every_staff_address_says_what_it_needs():
    assert len(list(admin_pages())) > 20
    assert {route.route for route in routes() if route.route in STAFF_PAGES} == set(STAFF_PAGES)


def test_every_model_in_the_admin_is_scoped():
    assert [
        model for model, model_admin in admin.site._registry.items() if not isinstance(model_admin, ScopedAdmin)
    ] == []


def test_a_visitor_is_led_to_the_log_in_page(cast, client, photos):
    rows = {page.model: page.model._default_manager.first() for page in admin_pages()}
    addresses = [page.address(rows[page.model]) for page in admin_pages()] + list(STAFF_PAGES.values())
    answers = {
        (address, method): getattr(client, method)(address) for address in addresses for method in ("get", "post")
    }
    wrong = {
        asked: response.status_code
        for asked, response in answers.items()
        if not (response.status_code == 302 and response["Location"].startswith("/admin/login/"))
    }
    wrong = {asked: status for asked, status in wrong.items() if not asked[0].startswith("/admin/logout/")}
    assert wrong == {}


def samples(cast, model):
    """A row of each area, so that own and foreign ones are among them; the first two where rows belong to no area."""
    rows = list(model._default_manager.all())
    by_area = [[row for row in rows if canary in str(row)] for canary in CANARIES.values()]
    return [row for group in by_area for row in group[:1]] or rows[:2]


def asked_and_granted(cast, person, method):
    """(page, address, whether this person may) for every page about a model: of its sample rows, the first where they
    may, and the nearest where they may not; the officer meets one of each area.
    """
    user = cast.people[person]
    foreign = None if person == "officer" else 1

    @cache
    def rows_of(model, action):
        may = set(row_actions(model, user, action).values_list("pk", flat=True))
        rows = samples(cast, model)
        own, others = [row for row in rows if row.pk in may], [row for row in rows if row.pk not in may]
        return [(row, False) for row in others[: foreign if action else 1]] + [(row, True) for row in own[:1]]

    for page in admin_pages():
        action = page.reading if method == "get" else page.posting
        if not page.about_a_row:
            yield page, page.address(), action is not None and allowed(user, action, page.model)
            continue
        for row, granted in rows_of(page.model, action):
            yield page, page.address(row), granted


@pytest.mark.usefixtures("deliveries", "plain_refusals")
@pytest.mark.parametrize("person", STAFF)
def test_staff_pages_open_for_those_they_are_for_and_nobody_else(cast, client_of, photos, person):
    client = client_of(cast.people[person])
    wrong = {}
    for page, address, granted in asked_and_granted(cast, person, "get"):
        status = client.get(address).status_code
        right = (200, 302, 405) if granted else REFUSED
        if status not in right and not (page.kind in NARROWER and status in REFUSED):
            wrong[address] = f"{status}, granted: {granted}"
    for address in STAFF_PAGES.values():
        if client.get(address).status_code not in (200, *REFUSED):
            wrong[address] = "broken"
    assert wrong == {}


@pytest.mark.once
@pytest.mark.usefixtures("deliveries", "plain_refusals")
@pytest.mark.parametrize("person", STAFF)
def test_posting_where_one_may_not_changes_nothing(cast, client_of, photos, person):
    client, before = client_of(cast.people[person]), snapshot()
    wrong = []
    for _, address, granted in asked_and_granted(cast, person, "post"):
        answer = None if granted else client.post(address, {"reason": "试一试", "_confirm": "1", "post": "yes"})
        if answer is not None and answer.status_code not in REFUSED:
            wrong.append(address)
    assert wrong == []
    assert snapshot() == before


@pytest.mark.usefixtures("deliveries")
@pytest.mark.parametrize("person", STAFF)
def test_an_empty_form_breaks_nothing_where_one_may_post(cast, client_of, photos, person):
    client = client_of(cast.people[person])
    wrong, asked = {}, 0
    for page, address, granted in asked_and_granted(cast, person, "post"):
        if granted:
            asked += 1
            with transaction.atomic():
                status = client.post(address).status_code
                transaction.set_rollback(True)
            if status not in (200, 302, 400, 405) and not (page.kind in NARROWER and status in REFUSED):
                wrong[address] = status
    assert wrong == {}
    assert asked or person == "auditor"


MISSING, NO_NUMBERS = ("0", "999999999999999999999"), ("-1", "%00", "x" * 300, "1_5F")


@pytest.mark.parametrize("person", ["technician", "officer"])
def test_a_row_that_does_not_exist_is_missing(cast, client_of, person):
    """Of each page; what cannot be a number of anything, of one page of each kind: they read it in one place."""
    client = client_of(cast.people[person])
    wrong, kinds = {}, set()
    for page in admin_pages():
        if page.about_a_row:
            for spoilt in MISSING if page.kind in kinds else MISSING + NO_NUMBERS:
                address = "/" + page.route[: page.route.index("<")] + spoilt + page.route[page.route.index(">") + 1 :]
                status = client.get(address).status_code
                if status not in REFUSED:
                    wrong[address] = status
            kinds.add(page.kind)
    assert wrong == {}


def test_nothing_is_visible_to_a_visitor_by_default():
    scoped = [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]
    assert Home in scoped
    for model in scoped:
        assert model._default_manager.visible_to(AnonymousUser()).query.is_empty()
