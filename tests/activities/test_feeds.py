"""Atom feeds and the lists for search engines: only what is public, and where it stands."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import caches
from django.utils import timezone

from activities.models import Activity, Course, Notice
from tests.cast import CANARIES
from tests.makers import make_recording

ATOM, MAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client, address):
    caches["pages"].clear()  # what a test writes is never committed, so it tells no page that it is old
    response = client.get(address)
    assert response.status_code == 200
    return ET.fromstring(response.content)  # noqa: S314 - our own


def entries(client, address):
    return {entry.find(f"{ATOM}title").text: entry for entry in read(client, address).iter(f"{ATOM}entry")}


def places(client, section):
    found = [line.text for line in read(client, f"/sitemap-{section}.xml").iter(f"{MAP}loc")]
    return {line.removeprefix("http://testserver") for line in found}


def test_new_activities(cast, client):
    Activity.objects.filter(pk=cast.activities["here"].pk).update(is_sample=True)
    found = entries(client, "/feeds/activities/")
    assert "【示例数据】金丝雀讲座" in found
    assert not any("未定稿" in title for title in found)
    entry = found["画眉鸟讲座"]
    assert entry.find(f"{ATOM}link").get("href").endswith(cast.activities["next_door"].get_absolute_url())
    assert "画眉鸟之家" in entry.find(f"{ATOM}summary").text


def test_what_is_over_or_cancelled_is_no_news(cast, client):
    Activity.objects.filter(pk=cast.activities["here"].pk).update(status="cancelled", note="下雨")
    assert "金丝雀讲座" not in entries(client, "/feeds/activities/")


def test_notices(cast, client):
    assert set(entries(client, "/feeds/notices/")) == {f"{canary}通知" for canary in CANARIES.values()}
    Notice.objects.filter(pk=cast.notices["here"].pk).update(status="withdrawn", note="写错了")
    assert "金丝雀通知" not in entries(client, "/feeds/notices/")


def test_a_sample_among_the_notices_says_so(cast, client):
    Notice.objects.filter(pk=cast.notices["here"].pk).update(is_sample=True)
    assert "【示例数据】金丝雀通知" in entries(client, "/feeds/notices/")


def test_what_was_published_last_comes_first(cast, client):
    later = cast.activities["elsewhere"]
    Activity.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(minutes=1))
    assert next(iter(entries(client, "/feeds/activities/"))) == later.title


def test_a_notice_past_its_day_is_no_news(cast, client):
    Notice.objects.filter(pk=cast.notices["here"].pk).update(
        publish_at=timezone.now() - timedelta(days=9), expires_on=timezone.localdate() - timedelta(days=1)
    )
    assert "金丝雀通知" not in entries(client, "/feeds/notices/")


@pytest.mark.parametrize("address", ["/feeds/activities/", "/feeds/notices/"])
def test_a_feed_without_news_is_a_feed(db, client, address):
    assert entries(client, address) == {}


def test_the_lists_for_search_engines_are_all_named(cast, client):
    named = {line.text for line in read(client, "/sitemap.xml").iter(f"{MAP}loc")}
    for section in ("pages", "homes", "activities", "courses", "notices", "library"):
        assert f"http://testserver/sitemap-{section}.xml" in named
    for address in named:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_only_what_is_public_is_listed(cast, client):
    make_recording(cast.homes["here"], "没有公开的", "hidden", is_public=False)
    hidden = Course.objects.create(
        title="草稿", slug="draft", kind=cast.courses["here"].kind, home=cast.homes["here"],
        division=cast.homes["here"].division, since="2026-01-01", until="2036-01-01",
    )  # fmt: skip
    Notice.objects.filter(pk=cast.notices["next_door"].pk).update(status="withdrawn", note="写错了")
    long_ago = timezone.now() - timedelta(days=400)
    Activity.objects.filter(pk=cast.activities["elsewhere"].pk).update(
        status="finished", starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)
    )
    activities = places(client, "activities")
    assert cast.activities["here"].get_absolute_url() in activities
    assert cast.activities["elsewhere"].get_absolute_url() not in activities
    assert not activities & {draft.get_absolute_url() for draft in cast.draft_activities.values()}
    assert places(client, "courses") == {course.get_absolute_url() for course in cast.courses.values()}
    assert hidden.get_absolute_url() not in places(client, "courses")
    assert places(client, "notices") == {cast.notices[area].get_absolute_url() for area in ("here", "elsewhere")}
    assert places(client, "library") == {item.get_absolute_url() for item in cast.recordings.values()}


def test_search_engines_are_kept_out_of_bookings(client):
    assert "Disallow: /lookup/" in client.get("/robots.txt").content.decode()
