"""Every address of the site, for everybody in the cast, read and posted to.

A new address fails here until it says whom it is for: public ones in PUBLIC, staff pages in addresses.py.
"""

from functools import cache

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from branches.access import allowed
from branches.scoped_admin import ScopedAdmin
from homes.models import Demonstration, Home
from tests.cast import CANARIES, ask_for_exports, make_deliveries
from tests.makers import make_photo, make_recap
from tests.whole_site.addresses import NARROWER, STAFF_PAGES, admin_pages, public_routes, routes, row_actions

PEOPLE = (
    "visitor", "officer", "next_door_officer", "elsewhere_officer", "street_officer", "district_officer",
    "secretary", "next_door_secretary", "organiser", "auditor", "technician",
)  # fmt: skip
# one of every role
STAFF = [person for person in PEOPLE[1:] if not person.startswith(("elsewhere", "next_door"))]

# Public addresses: {route: (address, what reading gives, what posting gives)}
PUBLIC = {
    "healthz": ("/healthz", 200, 405),
    "readyz": ("/readyz", 200, 405),
    "display/": ("/display/", 405, 302),
    "": ("/", 200, 405),
    "figures/": ("/figures/", 200, 405),
    "about/": ("/about/", 200, 405),
    "about/privacy/": ("/about/privacy/", 200, 405),
    "about/accessibility/": ("/about/accessibility/", 200, 405),
    "about/workflow/": ("/about/workflow/", 200, 405),
    "about/site-map/": ("/about/site-map/", 200, 405),
    "gallery/": ("/gallery/", 200, 405),
    "robots.txt": ("/robots.txt", 200, 405),
    "sitemap.xml": ("/sitemap.xml", 200, 405),
    "sitemap-<section>.xml": ("/sitemap-homes.xml", 200, 405),
    "homes/": ("/homes/", 200, 405),
    "homes/<slug:slug>/": ("/homes/here/", 200, 405),
    "homes/<slug:slug>/poster/": ("/homes/here/poster/", 200, 405),
    "homes/<slug:slug>/circle/": ("/homes/here/circle/", 200, 405),
    "homes/<slug:slug>/circle.geojson": ("/homes/here/circle.geojson", 200, 405),
    "applications/": ("/applications/", 200, 405),
    "applications/<slug:number>/": ("/applications/{application}/", 200, 405),
    "themes/": ("/themes/", 200, 405),
    "themes/<slug:slug>/": ("/themes/garden/", 200, 405),
    "streets/<slug:code>/": ("/streets/990100001000/", 200, 405),
    "search/": ("/search/?q=二胡", 200, 405),
    "search/suggestions": ("/search/suggestions?q=er", 200, 405),
    "near/": ("/near/", 200, 200),
    "near/map.svg": ("/near/map.svg", 200, 405),
    "circles/": ("/circles/", 200, 405),
    "circles/lacking/": ("/circles/lacking/", 200, 405),
    "branches/": ("/branches/", 200, 405),
    "branches/<slug:slug>/": ("/branches/here-branch/", 200, 405),
    "api/homes/": ("/api/homes/", 200, 405),
    "api/homes.geojson": ("/api/homes.geojson", 200, 405),
    "api/circles.geojson": ("/api/circles.geojson", 200, 405),
    "api/nearest": ("/api/nearest?lon=112.99&lat=28.11", 200, 405),
    "feeds/homes/": ("/feeds/homes/", 200, 405),
    "media/photos/<slug:name>.webp": ("{photo}", 200, 405),
    "media/recaps/<slug:name>.webp": ("{recap_photo}", 200, 405),
    "activities/": ("/activities/", 200, 405),
    "activities/month/": ("/activities/month/", 200, 405),
    "activities/<int:pk>/": ("/activities/{activity}/", 200, 405),
    "activities/<int:pk>.ics": ("/activities/{activity}.ics", 200, 405),
    "activities/<int:pk>/poster/": ("/activities/{activity}/poster/", 200, 405),
    "activities/<int:pk>/sign-up/": ("/activities/{activity}/sign-up/", 200, 200),
    "activities/<int:pk>/here/": ("/activities/{activity}/here/", 200, 200),
    "courses/": ("/courses/", 200, 405),
    "courses/<slug:slug>/": ("/courses/here-class/", 200, 405),
    "courses/<slug:slug>/calendar.ics": ("/courses/here-class/calendar.ics", 200, 405),
    "courses/<slug:slug>/sign-up/": ("/courses/here-class/sign-up/", 200, 200),
    "homes/<slug:slug>/calendar.ics": ("/homes/here/calendar.ics", 200, 405),
    "branches/<slug:slug>/calendar.ics": ("/branches/here-branch/calendar.ics", 200, 405),
    "themes/<slug:slug>/calendar.ics": ("/themes/garden/calendar.ics", 200, 405),
    "feeds/activities/": ("/feeds/activities/", 200, 405),
    "feeds/notices/": ("/feeds/notices/", 200, 405),
    "notices/": ("/notices/", 200, 405),
    "notices/<int:pk>/": ("/notices/{notice}/", 200, 405),
    "notices/<int:pk>/files/<int:file_pk>/": ("/notices/{notice}/files/{file}/", 200, 405),
    "library/": ("/library/", 200, 405),
    "library/<slug:slug>/": ("/library/here-book/", 200, 405),
    "library/<slug:slug>/sound/": ("/library/here-book/sound/", 200, 405),
    "help/": ("/help/", 200, 405),
    "help/ask/": ("/help/ask/?home=here&via=door", 200, 200),
    "help/sign/<slug:slug>/": ("/help/sign/here/", 200, 405),
    "help/photos/<int:pk>/": ("/help/photos/0/", 404, 405),  # who sees one that is there: tests/volunteers
    # open only to the browser that asked, or knew the code
    "help/<int:pk>/": ("/help/{order}/", 302, 405),
    "help/<int:pk>/rate/": ("/help/{order}/rate/", 405, 302),
    "help/<int:pk>/reopen/": ("/help/{order}/reopen/", 405, 302),
    "help/<int:pk>/cancel/": ("/help/{order}/cancel/", 302, 302),
    "projects/": ("/projects/", 200, 405),
    "projects/<slug:slug>/": ("/projects/here-works/", 200, 405),
    "projects/<slug:slug>/sheet/": ("/projects/here-works/sheet/", 200, 405),
    "letters/": ("/letters/", 200, 405),
    "letters/write/": ("/letters/write/", 200, 200),
    "letters/<int:pk>/": ("/letters/{letter}/", 200, 405),
    "lookup/": ("/lookup/", 200, 200),
    # open only to the browser that made the booking, or knew its code: any other is led to where the code is asked for
    "lookup/booking/<int:pk>/": ("/lookup/booking/{booking}/", 302, 405),
    "lookup/booking/<int:pk>/leave/": ("/lookup/booking/{booking}/leave/", 302, 302),
    "lookup/booking/<int:pk>/leave/<int:sign_up_pk>/": ("/lookup/booking/{booking}/leave/{sign_up}/", 302, 302),
    "teams/": ("/teams/", 200, 405),
    "teams/<slug:slug>/": ("/teams/here-team/", 200, 405),
    "teams/<slug:slug>/join/": ("/teams/here-team/join/", 200, 200),
    "teams/<slug:slug>/asked/": ("/teams/here-team/asked/", 200, 405),
    "volunteer/enter/": ("/volunteer/enter/", 200, 200),
    # open only to the browser that knew a volunteer's code: any other is led to where it is asked for
    "volunteer/": ("/volunteer/", 302, 405),
    "volunteer/leave/": ("/volunteer/leave/", 302, 302),
    "volunteer/orders/<int:pk>/": ("/volunteer/orders/{order}/", 302, 405),
    "volunteer/orders/<int:pk>/accept/": ("/volunteer/orders/{order}/accept/", 405, 302),
    "volunteer/orders/<int:pk>/decline/": ("/volunteer/orders/{order}/decline/", 302, 302),
    "volunteer/orders/<int:pk>/done/": ("/volunteer/orders/{order}/done/", 302, 302),
    "volunteer/orders/<int:pk>/failed/": ("/volunteer/orders/{order}/failed/", 302, 302),
    "volunteer/me/": ("/volunteer/me/", 302, 302),
    "volunteer/hours/": ("/volunteer/hours/", 302, 405),
    "volunteer/shifts/<int:pk>/join/": ("/volunteer/shifts/{shift}/join/", 302, 302),
    "volunteer/places/<int:pk>/": ("/volunteer/places/{place}/", 302, 302),
    "volunteer/places/<int:pk>/take-over/": ("/volunteer/places/{place}/take-over/", 302, 302),
    "volunteer/asks/<int:pk>/": ("/volunteer/asks/{ask}/", 302, 302),
    "volunteer/asks/<int:pk>/decline/": ("/volunteer/asks/{ask}/decline/", 302, 302),
    "volunteer/asks/<int:pk>/code/": ("/volunteer/asks/{ask}/code/", 302, 302),
    "lookup/letter/<int:pk>/": ("/lookup/letter/{letter}/", 302, 405),
    "lookup/letter/<int:pk>/ask-again/": ("/lookup/letter/{letter}/ask-again/", 302, 302),
    "lookup/letter/<int:pk>/consent/": ("/lookup/letter/{letter}/consent/", 302, 302),
    "lookup/letter/<int:pk>/withdraw/": ("/lookup/letter/{letter}/withdraw/", 302, 302),
}
# Forms for anybody: each reader gets a form of their own, which is stored nowhere
OWN_FORMS = {
    "activities/<int:pk>/sign-up/", "activities/<int:pk>/here/", "courses/<slug:slug>/sign-up/", "lookup/",
    "teams/<slug:slug>/join/", "volunteer/enter/",
    "help/ask/", "letters/write/",
}  # fmt: skip
# Addresses of drafts: nothing for anybody; staff see them as a preview in the admin
HIDDEN = (
    "/homes/here-draft/", "/homes/here-draft/poster/", "/homes/here-draft/calendar.ics", "/help/sign/here-draft/",
    *(f"/activities/{{draft}}{end}" for end in ("/", ".ics", "/poster/", "/sign-up/", "/here/")),
    "/letters/{new_letter}/", "/applications/{application_under_review}/", "/projects/here-idea/",
    "/projects/here-idea/sheet/",
)  # fmt: skip
SPOILT = ("%00", "%ff", "'", "<script>", "a" * 300, "..%2f..%2fetc%2fpasswd", "中文", "-1", "%F0%9F%92%A9", "%0a")
# each name with several odd values; a page has to do with all of them at once
QUESTIONS = (
    "page=abc&q=%00&street=nowhere&when=never&month=2026-13",
    "page=0&q=%ff&theme=%00&day=2026-02-30&month=%00",
    "page=-1&q=" + "长" * 2000 + "&facility='&day=%00&month=0001-01",
    "page=99999&open=maybe&day=9999-12-31",
    "page=%00&step_free=%00&home='&kind=%00&title=%00&office=%00",
    "demonstration=x&street=&theme=&open=1&kind=nowhere&free=x",
    "longitude=nan&latitude=inf&place=%00&nonsense=1",
    "a=" * 300,
)


REFUSED = (302, 403, 404, 405)


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


def at(address, cast, photos=None):
    """An address of PUBLIC, with what stands in it here."""
    return address.format(
        photo=f"/media/{photos['open']['here'].large.name}" if photos else "",
        recap_photo=f"/media/{photos['recap'].large.name}" if photos else "",
        activity=cast.activities["here"].pk,
        draft=cast.draft_activities["here"].pk,
        notice=cast.notices["here"].pk,
        file=cast.notices["here"].files.get().pk,
        booking=cast.bookings["here"].pk,
        sign_up=cast.bookings["here"].sign_ups.first().pk,
        order=cast.orders["here"].pk,
        letter=cast.letters["here"].pk,
        shift=cast.shifts["here"].pk,
        place=cast.shifts["here"].places.get().pk,
        ask=cast.teams["here"].memberships.get(status="asked").pk,
        new_letter=cast.new_letters["here"].pk,
        application=cast.applications["here"].number,
        application_under_review=cast.applications["next_door"].number,
    )


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


def snapshot():
    """Every record and every link between records; not when a row was last saved, nor its history, nor the audit trail,
    which notes what was refused.
    """
    kept = {}
    for model in apps.get_models(include_auto_created=True):
        ours = model._meta.app_label in ("branches", "homes", "volunteers", "activities")
        if ours and not model.__name__.startswith(("Historical", "Audit")):
            fields = [field.attname for field in model._meta.concrete_fields if not getattr(field, "auto_now", False)]
            kept[model._meta.label] = list(model._default_manager.order_by("pk").values_list(*fields))
    return kept


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


@pytest.mark.usefixtures("deliveries")
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
@pytest.mark.usefixtures("deliveries")
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
