"""When something is wrong: the same voice, a way back, a telephone number, and nothing of the inside."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.urls import path

from config import urls as site
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - this module serves as URLconf

INSIDE = "kanarienvogel"
RAISED = {
    "wrong": (SuspiciousOperation, 400),
    "forbidden": (PermissionDenied, 403),
    "missing": (Http404, 404),
    "broken": (ZeroDivisionError, 500),
    "database-away": (OperationalError, 503),
    "database-closed": (InterfaceError, 503),
}


def raising(error):
    def view(request):
        raise error(INSIDE)

    return view


urlpatterns = [*(path(f"{name}/", raising(error)) for name, (error, _) in RAISED.items()), *site.urlpatterns]


@pytest.fixture
def asking(client, settings):
    settings.ROOT_URLCONF = __name__
    settings.SITE_TELEPHONE = "0731-1234 5678"
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", RAISED)
def test_every_trouble_has_its_page(asking, name):
    response = asking.get(f"/{name}/")  # no test database: these pages must not need one
    text = response.content.decode()
    assert response.status_code == RAISED[name][1]
    assert re.search(r"<h1[^>]*>[^<]*[\u4e00-\u9fff]", text)
    assert 'href="tel:073112345678"' in text
    assert 'href="/"' in text
    assert response["Cache-Control"] == "no-store"
    assert INSIDE not in text
    assert "Traceback" not in text


def test_a_database_that_is_away_says_when_to_come_back(asking):
    assert int(asking.get("/database-away/")["Retry-After"]) > 0
    assert "Retry-After" not in asking.get("/broken/")


def test_a_stranger_host_is_refused_politely(asking, settings):
    settings.ALLOWED_HOSTS = ["portal.example.cn"]
    assert asking.get("/missing/", headers={"Host": "evil.example"}).status_code == 400


def test_a_form_without_its_token_is_refused_politely(settings):
    from django.test import Client  # noqa: PLC0415 - the one client here that checks tokens

    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert re.search(r"<h1[^>]*>[^<]*[\u4e00-\u9fff]", response.content.decode())


def test_the_reader_keeps_their_text_size_on_an_error_page(asking):
    asking.cookies["display"] = "huge-high"
    assert "huge" in re.search(r"<html[^>]*>", asking.get("/missing/").content.decode())[0]
