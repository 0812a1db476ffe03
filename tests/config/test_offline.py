"""What browsers may keep, the worker that keeps it, and the site as an app."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

pytestmark = pytest.mark.django_db
MARK = "Keep-On-Device"


def release(client):
    """What the worker begins with."""
    return json.loads(re.match(r"const RELEASE = (.*);\n", client.get("/service-worker.js").text)[1])


def test_only_pages_for_everybody_may_be_kept(cast, client_of):
    asked = {
        "/": True,
        "/homes/": True,
        "/homes/?page=2": True,
        "/homes/here/": True,
        "/help/": True,
        "/homes/?q=13800001111": False,
        "/near/?place=990100001001": False,
        "/?from=13800001111": False,
        "/near/map.svg": False,
        "/api/homes/": False,
        "/service-worker.js": False,
        "/homes/here-draft/": False,
        "/lookup/": False,
        "/help/ask/": False,
        "/desk/": False,
        "/admin/": False,
        "/account/login/": False,
        "/volunteer/enter/": False,
    }
    for person in (None, cast.officer):
        reader = client_of(person)
        for _ in "fresh", "stored":
            assert {path: MARK in reader.get(path) for path in asked} == asked
    assert MARK not in reader.post("/near/", {"longitude": "112.99", "latitude": "28.11"})
    assert "js/keep.js" in reader.get("/").text
    assert "js/keep.js" not in reader.get("/desk/").text


def test_the_worker_is_the_sites_own_and_asked_for_anew(client):
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    given = release(client)
    assert (given["pages"], given["logOut"]) == (["/about/offline/", "/homes/"], "/account/logout/")
    assert all(client.get(page)[MARK] for page in given["pages"])
    assert given["note"] in given["files"]
    assert all(finders.find(file.removeprefix(settings.STATIC_URL)) for file in given["files"])


def test_switched_off_it_lets_go_of_everything(client, settings):
    settings.OFFLINE = False
    worker = client.get("/service-worker.js").text
    assert "RELEASE" not in worker
    assert "caches.delete" in worker
    assert "unregister" in worker
    assert "js/keep.js" not in client.get("/").text


def test_the_manifest_names_pictures_of_the_sizes_it_says(cast, client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    described = answer.json()
    assert (described["name"], described["short_name"]) == ("美在金秋 · 望岳区老党员之家", "美在金秋")
    assert (described["lang"], described["start_url"], described["scope"]) == ("zh-CN", "/", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in described["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in described["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix(settings.STATIC_URL))) as picture:
            assert "{}x{}".format(*picture.size) == icon["sizes"]
    front = client.get("/").text
    assert 'rel="manifest" href="/manifest.webmanifest"' in front
    assert f'content="{described["theme_color"]}"' in front
    assert finders.find(re.search(r'apple-touch-icon" href="/static/([^"]+)', front)[1])
