"""The manual: every page of the desk leads to one of its pages, and nothing in it leads nowhere."""

import re
from fnmatch import fnmatchcase

import pytest
from django.urls import resolve

from config.manual import FOLDER, INDEX, LESSON, TASKS, page_of, pages_for
from tests.journeys.manual_list import PICTURES
from tests.journeys.manual_pictures import kept_words
from tests.whole_site.addresses import routes

PAGES = sorted(TASKS)
STAFF = ("officer", "street_officer", "district_officer", "secretary", "organiser", "auditor", "technician")
# the manual itself, the door, and what tells the technician what to do by itself
NO_WAY = ("desk/manual/", "account/login/", "account/logout/", "account/again/", "desk/health/")
LARGEST, LARGEST_IN_ALL = 40_000, 1_500_000  # bytes
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)]+)\)")


def links(slug):
    """[(is it a picture, its words, its target)] of a page as it is written."""
    return [(mark == "!", words, target) for mark, words, target in LINK.findall((FOLDER / f"{slug}.md").read_text())]


def test_the_pages_are_those_that_are_linked_from_the_site():
    assert {file.stem for file in FOLDER.glob("*.md")} == {*PAGES, INDEX, LESSON}


def test_every_place_of_a_task_exists():
    known = {route.route for route in routes()}
    lost = {place for places in TASKS.values() for place in places if not any(fnmatchcase(r, place) for r in known)}
    assert lost == set()


def test_every_page_of_the_desk_and_of_the_staff_pages_leads_to_the_manual():
    own = {route.route for route in routes() if route.route.startswith(("desk/", "admin/", "account/"))}
    assert [route for route in sorted(own) if not route.startswith(NO_WAY) and not pages_for(route)] == []


@pytest.mark.parametrize("slug", [*PAGES, INDEX, LESSON])
def test_what_a_page_leads_to_exists(slug):
    for is_picture, words, target in links(slug):
        assert words, target
        assert (FOLDER / target).is_file(), target
        assert is_picture == target.startswith("pictures/")


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_is_one_task_in_numbered_steps_with_a_few_pictures(slug):
    text = (FOLDER / f"{slug}.md").read_text()
    assert 1 <= sum(is_picture for is_picture, _, _ in links(slug)) <= 3
    assert re.search(r"^1\. ", text, re.MULTILINE)
    assert len(text) < 1500
    assert len(page_of(slug).title) <= 16


def test_the_list_by_role_leads_to_every_page():
    assert {target.removesuffix(".md") for _, _, target in links(INDEX)} == {*PAGES, LESSON}


def test_every_picture_is_taken_shown_once_and_small():
    shown = [target for slug in PAGES for is_picture, _, target in links(slug) if is_picture]
    files = {f"pictures/{file.name}": file.stat().st_size for file in FOLDER.glob("pictures/*.webp")}
    assert sorted(shown) == sorted(files)
    assert files.keys() == {f"pictures/{name}.webp" for name in PICTURES}
    assert kept_words().keys() == PICTURES.keys()
    assert [name for name, size in files.items() if size > LARGEST] == []
    assert sum(files.values()) <= LARGEST_IN_ALL


# --- as pages of the site
def test_whoever_works_here_reads_all_of_it(cast, client_of):
    slugs = [page_of(slug).address for slug in [*PAGES, INDEX, LESSON]]
    for person in STAFF:
        client = client_of(cast.people[person])
        for address in slugs if person == "auditor" else slugs[-2:]:  # the pages are the same for everybody
            response = client.get(address)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]


def test_a_visitor_is_led_to_the_log_in_page(client):
    for address in [page_of(slug).address for slug in (PAGES[0], INDEX, LESSON)] + [
        "/desk/manual/pictures/log-in.webp"
    ]:
        assert client.get(address)["Location"] == f"/account/login/?next={address}"


def test_what_is_not_there_is_missing(cast, client_of):
    client = client_of(cast.officer)
    for address in ("/desk/manual/nothing/", "/desk/manual/pictures/nothing.webp"):
        assert client.get(address).status_code == 404
    assert client.post("/desk/manual/").status_code == 405


def test_a_page_is_shown_with_its_pictures_and_ways(cast, client_of):
    client = client_of(cast.officer)
    text = client.get("/desk/manual/door/").text
    assert f"<h1>{page_of('door').title}</h1>" in text
    assert 'href="/desk/manual/paper/"' in text
    source = re.search(r'<img src="([^"]+)" alt="[^"]+" width="\d+" height="\d+"', text)[1]
    picture = client.get(source)
    assert picture["Content-Type"] == "image/webp"
    assert picture.getvalue() == (FOLDER / "pictures/door-1.webp").read_bytes()


@pytest.mark.parametrize(
    ("page", "slugs"),
    [
        ("/desk/activities/new/", ["post-activity", "again"]),
        ("/desk/members/", ["care"]),
        ("/admin/homes/home/", ["hours", "closed-day", "records"]),
        ("/account/password/", ["log-in"]),
    ],
)
def test_a_page_shows_how_it_is_done(cast, client_of, page, slugs):
    assert [each.slug for each in pages_for(resolve(page).route)] == slugs
    text = client_of(cast.secretary if "members" in page else cast.officer).get(page).text
    for slug in slugs:
        assert f'<a href="/desk/manual/{slug}/">{page_of(slug).title}</a>' in text
