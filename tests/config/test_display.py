"""The reader's way to look is remembered without scripts, and nothing else can be done with its form."""

from itertools import product

import pytest
from django.test import RequestFactory

from config import display

CHOICES = list(product(display.SIZES, display.CONTRASTS))


def choose(client, **fields):
    return client.post("/display/", fields)


@pytest.mark.parametrize(("size", "contrast"), CHOICES)
def test_each_choice_is_remembered(client, size, contrast):
    response = choose(client, size=size, contrast=contrast, next="/homes/?step_free=1")
    assert (response.status_code, response["Location"]) == (302, "/homes/?step_free=1")
    cookie = response.cookies[display.cookie_name()]
    assert cookie.value == f"{size}-{contrast}"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert int(cookie["max-age"]) > 300 * 24 * 60 * 60


def test_one_choice_leaves_the_other_as_it_is(client):
    choose(client, size="huge")
    assert choose(client, contrast="high").cookies[display.cookie_name()].value == "huge-high"
    assert choose(client, size="large").cookies[display.cookie_name()].value == "large-high"


def test_the_cookie_is_for_https_only_where_the_site_is(client):
    response = client.post("/display/", {"size": "large"}, secure=True)
    assert response.cookies[display.cookie_name()]["secure"]


@pytest.mark.parametrize("fields", [{}, {"size": "gigantic"}, {"contrast": "<script>"}, {"size": ""}])
def test_an_unknown_choice_changes_nothing(client, fields):
    choose(client, size="large", contrast="high")
    assert choose(client, **fields).cookies[display.cookie_name()].value == "large-high"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "",
        "\nhttps://evil.example",
    ],
)
def test_the_way_back_stays_on_this_site(client, address):
    assert choose(client, size="large", next=address)["Location"] == "/"


@pytest.mark.parametrize("value", ["", "-", "huge", "x-y", "huge-high-more", "标准-普通", "huge-high\x00", "a" * 5000])
def test_a_spoilt_cookie_is_read_without_harm(value):
    request = RequestFactory().get("/")
    request.COOKIES[display.cookie_name()] = value
    assert tuple(display.of(request)) in CHOICES


def test_reading_changes_nothing(client):
    assert client.get("/display/").status_code == 405
