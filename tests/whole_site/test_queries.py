"""How many questions a page asks the database: few, and as many for thirty rows as for one.

Counted as a process meets a page for the first time after an edit: nothing is remembered, nothing is stored.
"""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import signup
from activities.models import HomeDelivery
from branches.access import Action, allowed
from branches.figures import keep
from branches.models import FigureNote, Posting, PublishedFigure
from config import caching
from homes.models import (
    Demonstration,
    FundingSource,
    Grant,
    Instalment,
    LedgerLine,
    Milestone,
    ObservationVisit,
    ProjectUpdate,
)
from homes.search.index import index_all
from tests.makers import (
    make_activity_of,
    make_application,
    make_compound,
    make_course_of,
    make_home,
    make_inspection,
    make_letter,
    make_member,
    make_notice,
    make_photo,
    make_project,
    make_public_letter,
    make_recording,
    make_user,
    make_walks,
)
from tests.whole_site.public_addresses import PUBLIC, at
from volunteers import dispatching, ordering, teams
from volunteers.models import Office, Shift, Team

ROWS = (1, 30)
LIST, DETAIL, FRONT, STAFF_LIST = 4, 6, 7, 8  # the most a page of its kind may ask; the front page asks about all
DETAILS = {
    "homes/<slug:slug>/", "homes/<slug:slug>/poster/", "homes/<slug:slug>/circle/",
    "homes/<slug:slug>/circle/poster/", "homes/<slug:slug>/programme/", "courses/<slug:slug>/poster/",
    "themes/<slug:slug>/", "streets/<slug:code>/",
    "branches/<slug:slug>/", "activities/<int:pk>/", "activities/<int:pk>/poster/", "activities/<int:pk>/sign-up/",
    "courses/<slug:slug>/", "courses/<slug:slug>/sign-up/", "notices/<int:pk>/", "library/<slug:slug>/",
    "teams/<slug:slug>/", "teams/<slug:slug>/join/", "teams/<slug:slug>/asked/",
    "letters/<int:pk>/", "applications/<slug:number>/", "projects/<slug:slug>/", "projects/<slug:slug>/sheet/",
    "help/ask/", "help/sign/<slug:slug>/", "en/homes/<slug:slug>/", "en/help/ask/",
    "api/nearest", "api/figures/", "homes/directory.csv", "homes/directory.xlsx",
    "sitemap.xml", "search/", "figures/", "circles/lacking/",  # one of a kind, and no list
}  # fmt: skip


@pytest.fixture(autouse=True)
def within_a_minute():
    """What is remembered for a minute is asked for again in the next one: none begins while a page is made."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def queries(client, address):
    """The questions asked by a process that has just begun and has no page in store."""
    for cache in caches.all():
        cache.clear()
    caching._remembered.clear()
    caching._questions.clear()
    caching.content.value = ()
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        response.getvalue()
    assert response.status_code == 200
    told = ("SAVEPOINT", "RELEASE", "SET LOCAL")  # the database something, and asked nothing
    return [query["sql"] for query in asked if not query["sql"].startswith(told)]


def add_homes(cast, numbers):
    """Homes here with all that belongs to them, besides the cast's; and as much going on in the cast's home."""
    for number in numbers:
        home = make_home(cast.communities["here"], f"第{number}号家", f"row-{number}")
        make_walks(cast.homes["here"], home, *make_compound(cast.communities["here"], f"第{number}家园"))
        make_photo(home)
        Demonstration.objects.create(home=home, granted_on="2022-10-01")
        Instalment.objects.create(
            grant=Grant.objects.create(
                home=home, year=2026, purpose="桌椅", planned=5, approved=5, paid=3, status="disbursed"
            ),
            amount=3, paid_on="2026-10-01", voucher=f"记-{number}",
        )  # fmt: skip
        for place in (home, cast.homes["here"]):
            ObservationVisit.objects.create(home=place, on="2026-10-01", guests="街道", secretaries=3, shown="活动室")
        organiser = make_user(f"organiser-{number}", "organiser", name=f"组织者{number}")
        Posting.objects.create(user=organiser, role="community", division=cast.communities["here"])
        home.organisers.add(organiser)
        for place in (home, cast.homes["here"]):
            make_activity_of(place, "座谈", branch=cast.branches["here"])
        make_activity_of(
            cast.homes["here"], "又一次课", starts_in=timedelta(days=3 + number), course=cast.courses["here"]
        )
        signup.join(cast.activities["here"], names=[f"来宾{number}"], telephone=f"199{number:08}")
        member = make_member(cast.branches["here"], f"党员{number}", needs_home_visit=True)
        HomeDelivery.objects.create(activity=cast.activities["here"], member=member)
        make_course_of(home, "合唱班", f"choir-{number}")
        make_notice(home, "停水")
        make_recording(home, "老街", f"street-{number}")
        for place in (home, cast.homes["here"]):
            team = Team.objects.create(
                name=f"第{number}队", slug=f"team-{number}-{place.pk}", home=place, kind=cast.teams["here"].kind
            )
            teams.enter(team, by=None, name=f"志愿者{number}", telephone=f"198{number:08}")
        order = ordering.place(
            category=cast.orders["here"].category, what="漏水", name="婆婆", telephone=f"197{number:08}", place="5栋",
            home=home,
        )  # fmt: skip
        visit_at = timezone.now() + timedelta(days=number + 1)
        dispatching.offer(order, cast.volunteers["here"], visit_at=visit_at, by=None, override="会修")
        shift = cast.shifts["here"]
        later = {name: getattr(shift, name) + timedelta(days=1 + number) for name in ("starts_at", "ends_at")}
        Shift.objects.create(duty=shift.duty, needed=2, **later)
        make_letter(home, "井盖")
        make_project(home, "修路", f"road-{number}")
        works = cast.projects["here"]
        source = FundingSource.objects.create(project=works, kind="other", name=f"第{number}笔", committed=9)
        LedgerLine.objects.create(project=works, source=source, amount=9, on=timezone.localdate(), words="一笔")
        Milestone.objects.create(project=works, name="又一步", planned_on=timezone.localdate())
        ProjectUpdate.objects.create(project=works, on=timezone.localdate(), words="又有进展")
        make_public_letter(home, "路灯", office=Office.objects.create(name=f"第{number}办公室"))
        make_application(cast.communities["here"], f"第{number}号申报", by=cast.officer, reviewer=cast.leader)
        make_inspection(home, by=cast.street_officer)
        earlier = timezone.localdate() - timedelta(days=number)
        PublishedFigure.objects.create(
            key="homes_in_use", label="家", value=29, unit="个", published_on=earlier, source="某报"
        )
        FigureNote.objects.create(key="homes_in_use", words="多了一个", by=organiser)
        keep({"homes_in_use": {None: 29}}, on=earlier, is_sample=True)


def counts(cast, client, addresses):
    """{address: [questions at one row more than the cast has, at thirty]}"""
    asked, there = {address: [] for address in addresses}, 0
    queries(client, next(iter(addresses)))  # content types are looked up once a process
    for rows in ROWS:
        add_homes(cast, range(there, rows))
        index_all()  # nothing of a test is committed, which is when the search looks at it
        there = rows
        for address in addresses:
            asked[address].append(len(queries(client, address)))
    return asked


@pytest.mark.once
def test_public_pages_ask_little_and_the_same_for_many_homes(cast, client):
    limits = {
        at(address, cast): DETAIL if route in DETAILS else LIST
        for route, (address, reading, _) in PUBLIC.items()
        if reading == 200 and not address.startswith("{")
    }
    limits["/"] = limits["/en/"] = FRONT
    asked = counts(cast, client, limits)
    assert {address: found for address, found in asked.items() if max(found) > limits[address]} == {}
    assert {address: found for address, found in asked.items() if len(set(found)) > 1} == {}
    assert max(asked["/homes/"]) > 0


@pytest.mark.once
@pytest.mark.parametrize("person", ["district_officer"])
def test_staff_lists_ask_little_and_the_same_for_many_rows(cast, client_of, person):
    addresses = [
        f"/admin/{model._meta.label_lower.replace('.', '/')}/"
        for model in admin.site._registry
        if allowed(cast.people[person], Action.VIEW, model)
    ]
    asked = counts(cast, client_of(cast.people[person]), addresses)
    assert {address: found for address, found in asked.items() if max(found) > STAFF_LIST} == {}
    assert {address: found for address, found in asked.items() if len(set(found)) > 1} == {}
    assert max(asked["/admin/homes/home/"]) > 3


@pytest.mark.once
def test_a_home_with_many_parts_is_opened_with_as_many_questions(cast, client_of, client):
    make_photo(cast.homes["here"])
    cast.homes["here"].exceptions.create(first_day="2030-02-01", last_day="2030-02-02", reason="修路")
    for visitor, address in (
        (client, "/homes/here/"),
        (client_of(cast.district_officer), f"/admin/homes/home/{cast.homes['here'].pk}/change/"),
    ):
        queries(visitor, address)  # content types are looked up once a process
        few = len(queries(visitor, address))
        for _ in range(5):
            make_photo(cast.homes["here"])
        cast.homes["here"].exceptions.create(first_day="2030-01-01", last_day="2030-01-02", reason="过节")
        assert len(queries(visitor, address)) == few
