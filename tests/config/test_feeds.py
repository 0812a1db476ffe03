"""Every Atom feed: valid, with ids that stay, and nothing but what is public."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import caches
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Course, Notice
from config.feeds import FEEDS
from homes.models import CommunityProject, Home, ProjectUpdate
from tests.makers import make_recap
from volunteers.models import Letter

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
PORTAL = "https://jinqiu.example.cn"
HOME = "/homes/here/feed/"


@pytest.fixture
def told(cast):
    """Something to tell in every feed."""
    make_recap(cast.homes["here"], "金丝雀旧事")
    ProjectUpdate.objects.create(project=cast.projects["here"], on=timezone.localdate(), words="金丝雀灯亮了")
    return cast


def read(client, address, host="testserver"):
    caches["pages"].clear()  # what a test writes is never committed, so it tells no page that it is old
    response = client.get(address, headers={"host": host})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 - our own


def text(element, name):
    (found,) = element.findall(f"{ATOM}{name}")
    return found.text or found.get("href")


@override_settings(SITE_ADDRESS=PORTAL)
def test_every_feed_is_valid_and_keeps_its_ids(told, client):
    for address in (*(reverse(name) for name in FEEDS), HOME):
        feed, again = read(client, address), read(client, address, host="127.0.0.1")
        entries = feed.findall(f"{ATOM}entry")
        assert entries, address
        for part in (feed, *entries):
            assert text(part, "title").strip(), address
            assert text(part, "id").startswith(PORTAL), address
            assert MOMENT.fullmatch(text(part, "updated")), address
        assert feed.find(f"{ATOM}author/{ATOM}name").text == "美在金秋"
        ids = [text(entry, "id") for entry in entries]
        assert len(set(ids)) == len(ids), address
        assert ids == [text(entry, "id") for entry in again.findall(f"{ATOM}entry")], address
        for entry in entries:
            assert text(entry, "link") == text(entry, "id")
            page, _, place = text(entry, "link").removeprefix(PORTAL).partition("#")
            shown = client.get(page)
            assert shown.status_code == 200
            assert not place or f'id="{place}"' in shown.content.decode(), address


def words(client, address):
    return ET.tostring(read(client, address), encoding="unicode")


def test_what_is_not_public_is_in_none(told, client):
    Activity.objects.filter(home=told.homes["here"], course=None).update(is_sample=True)
    assert "【示例数据】金丝雀旧事" in words(client, "/feeds/recaps/")
    assert "金丝雀换灯" in words(client, "/feeds/projects/")
    assert "金丝雀路灯" in words(client, "/feeds/letters/")
    assert "金丝雀讲座" in words(client, HOME)
    assert "金丝雀通知" in words(client, HOME)
    for bird in ("画眉鸟", "啄木鸟", "未定稿"):
        assert bird not in words(client, HOME)
    letter = told.letters["here"]
    assert not [word for word in (letter.name, letter.telephone) if word in words(client, "/feeds/letters/")]

    Activity.objects.filter(home=told.homes["here"]).update(status="draft")
    Letter.objects.filter(pk=letter.pk).update(publication="unpublished", unpublished_reason="写信人收回")
    CommunityProject.objects.filter(pk=told.projects["here"].pk).update(status="proposed")
    Notice.objects.filter(pk=told.notices["here"].pk).update(status="withdrawn", note="写错了", pinned=False)
    Course.objects.filter(pk=told.courses["here"].pk).update(until="2026-01-01", since="2026-01-01")
    told.recordings["here"].__class__.objects.filter(pk=told.recordings["here"].pk).update(is_public=False)
    for name in ("recaps", "projects", "letters", "activities", "notices", "courses", "library"):
        assert "金丝雀" not in words(client, f"/feeds/{name}/"), name
    assert "讲座" not in words(client, HOME)
    Home.objects.filter(pk=told.homes["here"].pk).update(status="closed")
    caches["pages"].clear()
    assert client.get(HOME).status_code == 404


def test_the_pages_lead_to_them(told, client):
    page = client.get("/feeds/").content.decode()
    assert [name for name in FEEDS if f'href="{reverse(name)}"' not in page] == []
    for address, feed in (
        ("/", "/feeds/notices/"), ("/homes/here/", HOME), ("/letters/", "/feeds/letters/"),
        ("/projects/", "/feeds/projects/"), ("/library/", "/feeds/library/"), ("/courses/", "/feeds/courses/"),
    ):  # fmt: skip
        link = rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{feed}">'
        assert re.search(link, client.get(address).content.decode()), address


@override_settings(SITE_ADDRESS=PORTAL)
def test_the_lists_for_search_engines_say_when_something_changed(told, client):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    robots = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {PORTAL}/sitemap.xml" in robots
    index = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314
    lists = [line.text.removeprefix(PORTAL) for line in index.iter(f"{space}loc")]
    assert "/sitemap-circles.xml" in lists
    without = {}
    for address in lists:
        urls = list(ET.fromstring(client.get(address).content))  # noqa: S314
        assert urls, address
        assert all(url.find(f"{space}loc").text.startswith(f"{PORTAL}/") for url in urls), address
        undated = [url.find(f"{space}loc").text for url in urls if url.find(f"{space}lastmod") is None]
        without |= {address: undated} if undated else {}
    assert set(without) == {"/sitemap-pages.xml", "/sitemap-english.xml"}  # sections, which no row dates
