"""The log: one line a request, its name on the pages for when something is wrong, and nothing of anybody in it."""

import logging
import re
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from django.db import IntegrityError, OperationalError
from django.urls import path
from gunicorn.config import Config

from config import tally, urls
from config.gunicorn import Log
from config.log_lines import JsonLine, Line
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - this module serves as URLconf
from tests.log_book import log_book
from tests.whole_site.public_addresses import OWN_FORMS, PUBLIC, at

TELEPHONE, NAME, LETTER = "13912345678", "灰喜鹊李四", "灰喜鹊写的信"
CANARIES = (TELEPHONE, "灰喜鹊", r"\u7070\u559c\u9e4a", "%E7%81%B0%E5%96%9C%E9%B9%8A")


def twice(request, word):
    try:
        raise IntegrityError(f"DETAIL: Key (telephone, name)=({TELEPHONE}, {NAME}) already exists.")
    except IntegrityError as error:
        raise ValueError(f"{LETTER}: {request.POST}") from error


def away(request):
    raise OperationalError("the connection was refused")


urlpatterns = [path("twice/<str:word>/", twice, name="twice"), path("away/", away), *urls.urlpatterns]


class Counted:
    def __init__(self):
        self.failed = []

    def count(self, *, failed):
        self.failed.append(failed)


@pytest.fixture
def book():
    with log_book() as book:
        yield book


@pytest.fixture
def failing(client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


def test_a_line_says_when_who_where_and_how_it_ended(cast, client_of, book):
    client_of(cast.officer).get("/admin/?q=secret", headers={"User-Agent": "secret"})
    (line,) = book.requests
    assert (line["method"], line["route"], line["status"]) == ("GET", "admin:index", 200)
    assert (line["user"], line["role"]) == (cast.officer.pk, "community")
    assert line["ms"] > 0
    assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(hours=8)
    assert re.fullmatch("[0-9]{10}", line["request"])
    assert "secret" not in book.text


def test_nothing_typed_into_a_form_comes_into_the_log(cast, client, book):
    for route in sorted(OWN_FORMS):
        address = at(PUBLIC[route][0], cast)
        page = client.get(address, {"q": NAME, "telephone": TELEPHONE})
        typed = {name: TELEPHONE if "telephone" in name else f"{NAME}{LETTER}" for name in page.context["form"].fields}
        client.post(f"{address}?of={NAME}", typed | {"code": TELEPHONE})
    client.get(f"/homes/{NAME}/")
    client.get("/search/", {"q": NAME})
    client.post("/account/login/", {"login": NAME, "password": LETTER})
    assert len(book.requests) == 2 * len(OWN_FORMS) + 3
    assert [found for found in CANARIES if found in book.text] == []


def test_what_is_no_method_does_not_come_into_the_log(client, book):
    assert client.generic(f"CALL{TELEPHONE}", "/homes/").status_code == 405
    assert client.generic("TRACE", "/homes/").status_code == 405
    assert [line["method"] for line in book.requests] == ["", "TRACE"]


@pytest.mark.django_db
def test_a_page_out_of_the_cache_says_its_route_and_nobody(client, book):
    for _ in range(2):
        client.get("/homes/")
    assert [(line["route"], line["status"]) for line in book.requests] == [("homes:directory", 200)] * 2
    assert not {"user", "role"} & set(book.requests[1])


@pytest.mark.parametrize(
    ("address", "given", "kept"),
    [
        ("10.0.0.1", "5f2c9a1e7b3d4c6f8a9b0c1d2e3f4a5b", True),
        ("10.0.0.1", "short", False),
        ("10.0.0.1", "x" * 65, False),
        ("10.0.0.1", 'well-formed"} {"forged', False),
        ("192.0.2.7", "5f2c9a1e7b3d4c6f8a9b0c1d2e3f4a5b", False),  # a stranger
    ],
)
def test_a_name_is_taken_from_our_proxy_alone(client, settings, book, address, given, kept):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.1")]
    response = client.get("/healthz", REMOTE_ADDR=address, headers={"X-Request-ID": given})
    assert (response["X-Request-ID"] == given) is kept
    assert book.requests[0]["request"] == response["X-Request-ID"]


@pytest.mark.parametrize(("page", "status"), [("/twice/x/", 500), ("/away/", 503)])
def test_who_rings_up_can_read_the_name_aloud(failing, book, page, status):
    response = failing.get(page)
    assert response.status_code == status
    assert f">{response['X-Request-ID']}<" in response.text
    error = next(line for line in book.lines if "error" in line)
    assert error["request"] == response["X-Request-ID"]


def test_an_error_says_where_and_of_what_kind_but_no_value(failing, book):
    failing.post(f"/twice/{TELEPHONE}/?q={NAME}", {"letter": LETTER})
    assert [found for found in CANARIES if found in book.text] == []
    error = next(line["error"] for line in book.lines if "error" in line)
    assert "in twice" in error
    assert "IntegrityError" in error
    assert error.endswith("builtins.ValueError")
    assert book.requests[0]["route"] == "twice"
    failing.get("/away/")
    assert "the connection was refused" in book.text  # the words of a database that is away hold nothing of anybody


@pytest.mark.parametrize("kind", [JsonLine, Line])
def test_nobody_writes_a_line_of_their_own(kind):
    words = f"一\r\n{{}}\x1b[2J\x9b\u2028{TELEPHONE}"
    record = logging.LogRecord("portal", logging.INFO, "", 0, "%s", (words,), None)
    line = kind("Asia/Shanghai").format(record)
    assert not set(line) & set("\r\n\x1b\x9b\u2028")
    assert TELEPHONE not in line


def test_what_gunicorn_says_of_a_request_is_cut(book):
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/?q={NAME}")
    logging.getLogger("gunicorn.error").warning(f"Invalid request from ip=1.2.3.4: Invalid line: {NAME!r}")
    assert [line["message"] for line in book.lines] == ["Error handling request", "Invalid request from"]


@pytest.mark.usefixtures("loggers_restored")
def test_the_server_writes_lines_like_all_others():
    log = Log(Config()).error_log
    assert [type(handler.formatter) for handler in log.handlers] == [Line]  # of a demo


def test_failures_are_counted_beside_the_database(failing, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("config.request_log.tally", tally.Tally())
    for page in ("/twice/x/", "/away/", "/nowhere/", "/healthz"):
        failing.get(page)
    assert tally.lately() == (3, 2)  # a supervisor's questions are not counted
    old = tmp_path / "watching" / "1.requests"
    old.write_bytes(b"!!!")
    assert tally.lately() == (3, 2)
    assert not old.exists()


def test_where_not_even_the_page_of_trouble_can_be_made_the_log_says_so(client, settings, book, monkeypatch):
    """As before anybody has collected the style sheets."""
    monkeypatch.setattr("config.request_log.tally", counted := Counted())
    monkeypatch.setattr("config.errors.render_to_string", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get("/nowhere/")
    assert ([line["status"] for line in book.requests], counted.failed) == ([500], [True])


def test_a_full_disk_does_not_keep_a_page_back(client, monkeypatch):
    def full(*args):
        raise OSError("No space left on device")

    monkeypatch.setattr(tally.os, "write", full)
    assert client.get("/nowhere/").status_code == 404
