"""A real browser, and two sites for it to visit.

* `demo`: the portal as `make run` serves it, with its sample data, one for all journeys of a process: look, but do
  not write over what other journeys read. `demo_of_its_own` is the same for one journey, to be changed at will.
* `live_server` (pytest-django's): this test's own database, to be filled with `cast` and changed at will.

A page that logs an error, misses a file or asks another site for anything fails the journey it was met on.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, sync_playwright

from config import open_forms
from tests import migrated
from tests.journeys.phone import Phone

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # a process for each session takes as long as a page
]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
START_SECONDS = 60
PYTHON = (sys.executable, "-m", "tests.clock")  # with the clock of the run


@pytest.fixture(scope="session")
def chromium():
    """One browser for all journeys of this process."""
    found = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    program = os.environ.get("CHROMIUM") or next(filter(None, found), None)  # the shell draws no window of its own
    if not program:
        pytest.fail(
            "没有找到浏览器 Chromium is missing: apt install chromium, or set CHROMIUM to its path", pytrace=False
        )
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright's loop runs in this thread, beside the tests' own queries
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True, scope="session")
def read_where_it_leads():
    """A press that leads to another page returns when that page can be read, not when it has begun to arrive."""

    def arrived(press):
        @wraps(press)
        def pressed(self, *args, **kwargs):
            press(self, *args, **kwargs)
            page = self if isinstance(self, Page) else self.page
            page.wait_for_load_state("domcontentloaded")

        return pressed

    with pytest.MonkeyPatch.context() as patch:
        for kind in (Page, Locator):
            for name in ("click", "press"):
                patch.setattr(kind, name, arrived(getattr(kind, name)))
        yield


@pytest.fixture
def open_page(chromium):
    """`open_page(width=1280, scripts=True)`: a page in a new, empty browser session; its troubles fail the test."""
    contexts, troubles = [], []

    def open_(width=1280, *, scripts=True, keeps_pages=False, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            service_workers="allow" if keeps_pages else "block",  # it asks for pages that no journey but its own needs
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        _watch(page, troubles)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def as_fast_as_a_machine(monkeypatch):
    """A form that anybody may send may come back as fast as a machine types."""
    monkeypatch.setattr(open_forms, "FASTEST", 0)


def _watch(page, troubles):
    def heard(message):
        # what a missing document or file says in the console is judged below, by its status
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            troubles.append(f"{page.url}: {message.text}")

    def answered(response):
        if response.status >= 400 and response.request.resource_type != "document":
            troubles.append(f"{page.url}: {response.status} for {response.url}")

    def asked(request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in ("127.0.0.1", "localhost"):
            troubles.append(f"{page.url}: asks {address.hostname}")

    page.on("console", heard)
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("response", answered)
    page.on("request", asked)


@pytest.fixture(scope="session")
def axe():
    """`axe(page)`: what axe finds wrong (A, AA, 2.2 and best practice), one line a place; [] when all is well."""

    def run(page):
        found = Axe().run(page, options={"runOnly": AXE_RULES, "resultTypes": ["violations"]}).response["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    return run


@pytest.fixture(scope="session")
def fits():
    """`fits(page)`: whether nothing has to be scrolled sideways."""
    return lambda page: page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def phone(live_server, open_page, fits):
    """`phone(scripts)`: somebody's own phone, 360 pixels wide, on this test's own site."""
    return lambda scripts: Phone(open_page(360, scripts=scripts), live_server.url, fits)


@pytest.fixture
def log_in():
    """`log_in(page, site, user name, password, to)`: through the log-in page, as people do, and on to the page `to`."""

    def through_the_door(page, site, username, password="tests-only-password", to="/admin/"):
        page.goto(f"{site}/account/login/?next={to}")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{site}{to}")

    return through_the_door


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def demo_made(tmp_path_factory, worker_id):
    """The folder of a demo that was filled as `make run` fills it, to be copied.

    Made once a run, for all processes; always on SQLite, where what asks for it is judged (tests/conftest.py).
    """
    base = tmp_path_factory.getbasetemp()
    made = (base if worker_id == "master" else base.parent) / "demo-made"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "made").exists():
            made.mkdir(exist_ok=True)
            migrated.copy_to(made / "portal.sqlite3")
            subprocess.run([*PYTHON, "manage.py", "prepare"], cwd=ROOT, env=_settings_of(made), check=True, timeout=300)
            (made / "made").touch()
    return made


@pytest.fixture(scope="session")
def demo(demo_made, tmp_path_factory):
    """The address of the portal as `make run` serves it: prepared, filled with the demo, behind gunicorn."""
    with _served(shutil.copytree(demo_made, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)) as address:
        yield address


@pytest.fixture
def demo_of_its_own(demo_made, tmp_path):
    """The address of a second one, for a journey that changes what others read."""
    with _served(shutil.copytree(demo_made, tmp_path / "demo")) as address:
        yield address


@pytest.fixture
def demo_to_stop(demo_made, tmp_path):
    """A third one, running, with one process to stop and to start again."""
    server = Server(shutil.copytree(demo_made, tmp_path / "demo"), WEB_CONCURRENCY="1")
    server.start()
    yield server
    server.stop()


def _settings_of(folder):
    given = {name: os.environ[name] for name in ("PATH", "TESTS_CLOCK_AHEAD")}
    return given | {"ENV_FILE": os.devnull, "DEMO": "1", "DATA_DIR": str(folder)}


@contextmanager
def _served(folder):
    server = Server(folder)
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


class Server:
    """A demo behind gunicorn that can be stopped, and started again at the same address."""

    def __init__(self, folder, **settings):
        self.port, self.folder, self.settings, self.process = str(_free_port()), folder, settings, None
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [*PYTHON, "gunicorn", "--config", ROOT / "config/gunicorn.py", "config.wsgi"],
            env=_settings_of(self.folder) | {"PORT": self.port} | self.settings,
            cwd=ROOT,
        )
        _wait_for(f"{self.address}/readyz", self.process)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def _wait_for(address, server):
    for _ in range(START_SECONDS * 10):
        if server.poll() is not None:
            raise AssertionError(f"The demo server ended at once, with {server.returncode}.")
        try:
            with urllib.request.urlopen(address):  # noqa: S310 - an address of this machine
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer.")
