"""When something is wrong: the same voice, a way back, a telephone number, and nothing of the inside."""

import errno
import html
import io
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.urls import path
from django.utils import timezone
from redis.exceptions import RedisError

from config import limits, lockout
from config import urls as site
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - this module serves as URLconf

INSIDE = "kanarienvogel"


class DiskFullError(OSError):
    """What the system says when it cannot write."""

    def __init__(self, words):
        super().__init__(errno.ENOSPC, words)


RAISED = {
    "wrong": (SuspiciousOperation, 400),
    "forbidden": (PermissionDenied, 403),
    "missing": (Http404, 404),
    "broken": (ZeroDivisionError, 500),
    "database-away": (OperationalError, 503),
    "database-closed": (InterfaceError, 503),
    "cache-away": (RedisError, 503),
    "disk-full": (DiskFullError, 503),
}


def raising(error):
    def view(request):
        raise error(INSIDE)

    return view


urlpatterns = [
    path("account/away/", raising(OperationalError)),
    *(path(f"{name}/", raising(error)) for name, (error, _) in RAISED.items()),
    *site.urlpatterns,
]


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


def test_too_much_is_read_to_its_end_before_it_is_refused(client):
    """A server that hangs up while somebody still sends shows them no page."""
    body = io.BytesIO(b"body=" + b"x" * 3_000_000)
    response = client.post("/letters/write/", content_type="application/x-www-form-urlencoded",
                           **{"wsgi.input": body, "CONTENT_LENGTH": str(len(body.getvalue()))})  # fmt: skip
    assert (response.status_code, body.read()) == (400, b"")


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


def test_a_form_that_could_not_be_saved_keeps_what_was_typed(asking):
    typed = {"text": ["第一行\n<b>第二行</b>"], "day": ["1", "2"], "csrfmiddlewaretoken": ["token"]}
    page = asking.post("/database-away/?home=here", typed)
    assert page.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert "没有保存" in page.text
    assert "<b>第二行" not in page.text
    form = page.text.split('<form method="post">')[1].split("</form>")[0]  # to the same address, with what it asks
    sent = {}
    for name, value in re.findall(r'<textarea name="([^"]*)"[^>]*>&#10;(.*?)</textarea>', form, re.DOTALL):
        sent.setdefault(name, []).append(html.unescape(value))
    assert sent == typed
    assert "没有保存" not in asking.get("/database-away/").text
    assert "没有保存" not in asking.post("/broken/").text


def test_a_session_that_a_full_disk_did_not_take_is_no_fault_of_the_reader(cast, client_of, monkeypatch, time_machine):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    client = client_of(cast.officer)
    time_machine.move_to(timezone.now() + timedelta(minutes=2))  # being in use is written down again
    monkeypatch.setattr(Session, "save", full)
    client.raise_request_exception = False
    answer = client.post("/desk/notices/new/", {"title": INSIDE})
    assert answer.status_code == 503
    assert INSIDE in answer.text  # to be sent once more


def test_passwords_and_what_is_too_long_are_not_written_into_a_page(asking):
    for address, typed in (
        ("/account/away/", {"code": "geheim"}),
        ("/disk-full/", {"password": "geheim", "login": "officer"}),
        ("/database-away/", {"text": "geheim" * 10_001}),
    ):
        page = asking.post(address, typed)
        assert (page.status_code, "没有保存" in page.text, "geheim" in page.text) == (503, True, False)


def test_a_limit_that_cannot_be_counted_is_no_refusal_and_is_not_tried_again_and_again(monkeypatch):
    asked = []
    monkeypatch.setattr(limits.cache, "add", lambda *place: asked.append(place) or False)  # as the table does
    with pytest.raises(OperationalError):
        limits.Limit("of the test", 60, 60).take("somebody")
    with pytest.raises(OperationalError):
        lockout.begin("somebody", "192.0.2.7")
    assert len(asked) == 2


def test_the_proxy_has_pages_of_its_own_to_show(settings, tmp_path):
    settings.DATA_DIR, settings.SITE_TELEPHONE = tmp_path, "0731-1234 5678"
    call_command("write_trouble_pages")  # no database either
    written = {path.name: path.read_text() for path in (tmp_path / "troubles").iterdir()}
    assert set(written) == {"400.html", "404.html", "413.html", "503.html"}
    assert all('href="tel:073112345678"' in text for text in written.values())
    assert "网站正在歇一歇" in written["503.html"]
