"""What waits for whom: every line of everybody leads to a page that opens for them and shows as much as it says."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches import waiting
from branches.models import Branch
from branches.views import desk
from branches.waiting import WAITING, lines_for
from tests.makers import make_activity_of, make_letter, make_user
from tests.whole_site.busy import make_busy

QUESTIONS_MOST = 12
PEOPLE = ("officer", "street_officer", "district_officer", "secretary", "organiser", "technician")
MISSING = {"/admin/branches/calendarday/"}  # lists of what is there, led to by lines about what is not


def shown(response, line):
    """How many the page says there are, and shows, of what a line leads to."""
    context, text = response.context, response.text
    if line.url in MISSING:
        return line.count
    if "cl" in context:
        return context["cl"].result_count
    if "#" in line.url:
        heading = re.search(r'id="{}">[^<]*<span class="number">(\d+)'.format(line.url.split("#")[1]), text)
        return int(heading[1])
    if line.url == "/desk/orders/calls/":
        return text.count('class="say"')
    if line.url.startswith("/desk/teams/?"):
        return sum(len(teams) for _home, teams in context["homes"])
    if line.url.startswith("/desk/grants/"):
        return context["number"]
    return context["page"].paginator.count


@pytest.fixture
def busy(cast):
    make_busy(cast)
    return cast


def test_every_line_of_everybody_opens_and_shows_as_much_as_it_says(busy, client_of):
    told, wrong = set(), {}
    for person in PEOPLE:
        client = client_of(busy.people[person])
        waiting, first = client.get("/admin/").context["waiting"], client.get("/desk/")
        listed_there = {"/desk/#due"}
        assert [line.url for line in first.context["waiting"]] == [
            line.url for line in waiting if line.url not in listed_there
        ]
        overdue = [line.overdue for line in waiting]
        assert overdue == sorted(overdue, reverse=True)
        told |= {line.url for line in waiting}
        for line in waiting:
            response = client.get(line.url)
            if response.status_code != 200 or shown(response, line) != line.count:
                wrong[person, line.url] = (response.status_code, line.count)
    assert wrong == {}
    kinds = {line.url for person in PEOPLE for function, _roles in WAITING for line in function(busy.people[person])}
    assert kinds - told == set()  # of every sort of line, something waits in `busy`


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


def test_what_waits_is_counted_no_further_than_is_work_for_a_day(busy, client_of, monkeypatch):
    client = client_of(busy.district_officer)
    before = {line.url: line.count for line in client.get("/admin/").context["waiting"]}
    monkeypatch.setattr(waiting, "MOST", 1)
    response = client.get("/desk/")
    found = {line.url: (line.count, line.more) for line in client.get("/admin/").context["waiting"]}
    rows = {url: count for url, count in before.items() if "columns" not in url and "calendar" not in url}
    assert {url: found[url] for url in rows} == {url: (1, count > 1) for url, count in rows.items()}
    assert 0 < response.text.count("<b>1多</b>") < len(found)


def test_who_is_never_asked_for_anything_is_not_told_that_all_is_done(cast, client_of):
    assert lines_for(cast.auditor) is None
    assert "都做好了" not in client_of(cast.auditor).get("/admin/").text


def test_nothing_to_do_is_said_kindly(cast, client_of):
    branch = Branch.objects.create(name="新支部", slug="new-branch", division=cast.communities["elsewhere"])
    client = client_of(make_user("new", "secretary", branch))
    for page in ("/admin/", "/desk/"):
        assert "现在没有等着您办的事" in client.get(page).text


def test_who_has_one_part_of_the_desk_is_led_there_and_who_has_several_chooses(cast, client_of, monkeypatch):
    client = client_of(cast.organiser)
    sections = [section.address for section in desk.sections_of(cast.organiser)]
    text = client.get("/desk/").text
    assert len(sections) > 2
    assert [address for address in sections if reverse(address) not in text] == []
    assert "本支部的党员" not in text
    assert 'href="/desk/"' in client.get("/desk/orders/").text
    monkeypatch.setattr(desk, "SECTIONS", [each for each in desk.SECTIONS if each.address == "volunteers:desk_teams"])
    assert client.get("/desk/")["Location"] == "/desk/teams/"
    assert 'href="/desk/"' not in client.get("/desk/teams/").text.split("<main")[1].split("<h1")[0]
