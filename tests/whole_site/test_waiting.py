"""What waits for whom: every line of everybody leads to a page that opens for them and shows as much as it says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Activity, Notice
from branches.models import CentreHousehold
from branches.waiting import lines_for
from homes.models import Home, OpeningHours
from tests.cast import AREAS, ask_for_exports, make_activity_of, make_deliveries, make_letter
from volunteers import dispatching
from volunteers.models import Letter, Office, ServiceOrder

QUESTIONS_MOST = 12


def shown(response, line):
    """How many the page says there are, and shows, of what a line leads to."""
    context, text = response.context, response.text
    if "cl" in context:
        return context["cl"].result_count
    if line.url == "/desk/#due":
        return int(re.search(r'该去看望的（<span class="number">(\d+)', text)[1])
    if line.url == "/desk/orders/calls/":
        return text.count('class="say"')
    if line.url.startswith("/desk/teams/?"):
        return sum(len(teams) for _home, teams in context["homes"])
    return context["page"].paginator.count


@pytest.fixture
def busy(cast):
    """Something of every sort waits in every area."""
    today, now = timezone.localdate(), timezone.now()
    ask_for_exports(cast)
    make_deliveries(cast)
    CentreHousehold.objects.update(consent_on=None)
    office = Office.objects.first()
    for area in AREAS:
        home = cast.homes[area]
        for number, status in enumerate((Letter.Status.RECEIVED, Letter.Status.ACCEPTED, Letter.Status.DRAFTED)):
            make_letter(home, f"第{number}封", status=status, office=office)
            make_letter(home, f"过期第{number}封", status=status, office=office, due_on=today - timedelta(days=3))
        make_activity_of(home, "等人看的", status="pending")
        make_activity_of(home, "该写回顾的", status="finished", starts_in=timedelta(days=-5))
        make_activity_of(home, "忘了发的", status="draft", starts_in=timedelta(days=-2))
        Notice.objects.create(
            title="快到期", body="停水", source="社区", home=home, division=home.division, status="published",
            publish_at=now - timedelta(days=3), expires_on=today + timedelta(days=2),
        )  # fmt: skip
        Notice.objects.create(title="还没写完", body="停电", source="社区", home=home, division=home.division)
    OpeningHours.objects.filter(home=cast.homes["here"]).delete()
    Home.objects.filter(pk=cast.homes["here"].pk).update(longitude=None, latitude=None)
    late = ServiceOrder.objects.filter(pk=cast.orders["here"].pk)
    dispatching.offer(
        cast.orders["here"], cast.volunteers["here"], visit_at=now + timedelta(days=3), by=None, override="会修"
    )
    late.update(accept_by=today - timedelta(days=2), done_by=today - timedelta(days=1), attempts=3)
    ServiceOrder.objects.filter(pk=cast.orders["elsewhere"].pk).update(branch=None)
    ServiceOrder.objects.filter(pk=cast.orders["next_door"].pk).update(status="done", done_at=now)
    Activity.objects.filter(pk=cast.activities["here"].pk).update(starts_at=now - timedelta(hours=2), ends_at=now)
    return cast


def test_every_line_of_everybody_opens_and_shows_as_much_as_it_says(busy, client_of):
    told, wrong = {}, {}
    for person, user in busy.people.items():
        if user is None:
            continue
        client = client_of(user)
        waiting = client.get("/admin/").context["waiting"]
        for line in waiting or ():
            told.setdefault(line.url, set()).add(person)
            response = client.get(line.url)
            if response.status_code != 200 or shown(response, line) != line.count:
                wrong[person, line.url] = (response.status_code, line.count)
        if waiting is not None and "/desk/" not in (desk := client.get("/desk/")).get("Location", "/"):
            assert [line.url for line in desk.context["waiting"]] == [line.url for line in waiting]
        assert [line.overdue for line in waiting or ()] == sorted((line.overdue for line in waiting or ()), reverse=True)
    assert wrong == {}
    print(*told, sep="\n")
    assert len(told) >= 30


def test_lines_ask_little_and_the_same_for_many_rows(busy):
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            lines_for(type(busy.technician).objects.get(pk=busy.technician.pk))
        asked.append(len(queries))
        for number in range(10):
            make_letter(busy.homes["here"], f"又一封{number}")
            make_activity_of(busy.homes["here"], f"又一次{number}", status="pending")
    assert asked[0] == asked[1] <= QUESTIONS_MOST


def test_who_is_never_asked_for_anything_is_not_told_that_all_is_done(cast, client_of):
    assert lines_for(cast.auditor) is None
    assert "都做好了" not in client_of(cast.auditor).get("/admin/").text
