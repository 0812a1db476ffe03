"""What every kind of answer says to browsers, with the settings of a production: grade A+, and cookies that stay here.

Judged by the rules of MDN Observatory, on every address there is. Through nginx, which answers some things itself, the
same judge sits in `make drill-deploy`.
"""

import re

import pytest
from django.test import Client
from django.urls import is_valid_path, resolve

from config import limits
from tests.cast import ask_for_exports, make_deliveries
from tests.config.test_errors import RAISED
from tests.log_in import CODE, LOGIN, code_of, enrol, log_in
from tests.makers import make_photo, make_recap
from tests.whole_site.addresses import routes
from tests.whole_site.observatory import LEAST_FOR_A_PLUS, points
from tests.whole_site.pages import answers
from tests.whole_site.production import settings_with
from tests.whole_site.public_addresses import HIDDEN, PUBLIC, at

pytestmark = pytest.mark.once  # what these pages ask of the database, test_access asks of both
OF_SAFETY = ("SECURE_", "SESSION_", "CSRF_", "X_FRAME_", "PERMISSIONS_", "MIDDLEWARE", "ALLOWED_HOSTS")
RAISED_BY = "tests.config.test_errors"  # a URL configuration with pages that fail
FROM_NGINX = {"HTTP_X_FORWARDED_PROTO": "https", "SERVER_NAME": "portal.example.cn"}


@pytest.fixture
def production(settings, monkeypatch, tmp_path):
    """The safety settings of a production, and style sheets to be served."""
    for name, value in settings_with(monkeypatch, tmp_path).items():
        if name.startswith(OF_SAFETY):
            setattr(settings, name, value)
    settings.WHITENOISE_USE_FINDERS = True
    return settings


def faults(response):
    """What is wrong with the headers and cookies of an answer."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    cookies = [morsel.OutputString() for morsel in response.cookies.values()]
    score, found = points(headers, cookies)
    if score < LEAST_FOR_A_PLUS:
        found.append(f"{score} points")
    found += [f"leaves this host: {each}" for each in cookies if not stays_here(each)]
    response.getvalue()  # a file is closed when it has been read
    return found


def stays_here(cookie):
    """Whether browsers take a cookie for this host alone, by its name and its path."""
    name, *marks = (part.strip() for part in cookie.split(";"))
    return (
        name.startswith("__Host-") and "Path=/" in marks and not [mark for mark in marks if mark.startswith("Domain")]
    )


class Grades(dict):
    """{what was asked: what is wrong with its answer}; `seen` has the status of every answer."""

    def __init__(self):
        super().__init__()
        self.seen = {}

    def judge(self, asked, response):
        self.seen[asked] = response.status_code
        if found := faults(response):
            self[asked] = found


def test_whatever_residents_ask_for(cast, production):
    photos = {"open": {"here": make_photo(cast.homes["here"])}, "recap": make_recap(cast.homes["here"], "旧事")}
    grades, client = Grades(), Client(**FROM_NGINX)
    for route, (written, reading, posting) in PUBLIC.items():
        address = at(written, cast, photos)
        grades.judge(route, client.get(address))
        grades.judge(f"POST {route}", client.post(address))
        assert (grades.seen[route], grades.seen[f"POST {route}"]) == (reading, posting)
    for written in HIDDEN:
        grades.judge(written, client.get(at(written, cast, photos)))
    for method in ("TRACE", "PUT", "OPTIONS"):
        grades.judge(method, client.generic(method, "/"))
    for file in ("css/page.css", "js/codes.js", "vendor/leaflet-1.9.4/leaflet.js"):
        grades.judge(file, client.get(f"/static/{file}"))
        assert grades.seen[file] == 200
    assert grades == {}


def test_whatever_staff_ask_for(cast, production):
    """One page of each address below the admin, the desk and the account; links lead to those about a row."""
    production.STAFF_REQUIRE_MFA = False  # the log-in has a test of its own
    make_deliveries(cast)
    ask_for_exports(cast)
    grades, client, reached = Grades(), Client(**FROM_NGINX), set()
    client.force_login(cast.technician)
    below = {route.route for route in routes() if route.route.startswith(("admin/", "desk/", "account/"))}
    starts = [f"/{route}" for route in below if "<" not in route and "logout" not in route and "?" not in route]

    def is_new(link):
        path = link.partition("?")[0]
        route = resolve(path).route if is_valid_path(path) else ""
        return route.replace("^", "") in below - reached and not reached.add(route)

    for address, response in answers(client, starts, is_new, limit=400):
        grades.judge(address, response)
    for route in below - reached:
        address = re.sub(r"\(\?P<url>.*|<[^>]+>", "1", route)
        grades.judge(route, client.post(f"/{address}"))
    assert grades == {}
    assert list(grades.seen.values()).count(200) > 100


@pytest.mark.parametrize("name", RAISED)
def test_whatever_goes_wrong(production, name):
    production.ROOT_URLCONF = RAISED_BY
    response = Client(raise_request_exception=False, **FROM_NGINX).get(f"/{name}/")
    assert (response.status_code, faults(response)) == (RAISED[name][1], [])


def test_whatever_is_too_much(cast, production, monkeypatch):
    client, grades = Client(**FROM_NGINX), Grades()
    production.DATA_UPLOAD_MAX_MEMORY_SIZE, production.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000, 10
    grades.judge(
        "a long text", client.post("/letters/write/", "text=" + "x" * 2000, "application/x-www-form-urlencoded")
    )
    grades.judge("many fields", client.post("/letters/write/", {f"f{number}": "" for number in range(20)}))
    grades.judge("many questions", client.get("/homes/?" + "a=1&" * 20))
    grades.judge("another name", client.get("/", headers={"host": "evil.example"}))
    grades.judge("no token", Client(enforce_csrf_checks=True, **FROM_NGINX).post("/letters/write/"))
    monkeypatch.setattr(limits.Flood, "take", lambda self, key: False)
    grades.judge("too often", client.get("/search/?q=er"))
    assert grades == {}
    assert grades.seen == {"a long text": 400, "many fields": 400, "many questions": 400, "another name": 400,
                           "no token": 403, "too often": 429}  # fmt: skip


def test_the_log_in_and_its_cookies(cast, production):
    secret, _codes = enrol(cast.officer)
    client, grades = Client(**FROM_NGINX), Grades()
    grades.judge("the door", client.get(LOGIN))
    grades.judge("a wrong password", log_in(client, password="wrong"))
    grades.judge("the first step", log_in(client))
    grades.judge("its page", client.get(CODE))
    grades.judge("the second step", client.post(CODE, {"code": code_of(secret)}))
    grades.judge("the staff pages", client.get("/admin/"))
    assert grades == {}
    assert grades.seen["the staff pages"] == 200
    assert {"__Host-session", "__Host-csrf"} == set(client.cookies) - {"__Host-messages"}


def test_the_judge_sees_what_is_wrong(client):
    response = client.get("/healthz")  # a demo, without https
    assert "https is not for ever" in faults(response)
    response.headers["Content-Security-Policy"] = "default-src *"
    response.set_cookie("session", "1", domain="example.cn")
    assert {"unsafe policy of contents", "cookies"} <= set(faults(response))
    assert "leaves this host: session=1; Domain=example.cn; Path=/" in faults(response)
