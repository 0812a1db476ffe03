"""What every test stands on: the cast, clients, empty caches, and no network beyond this machine."""

import gc
import ipaddress
import socket

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.template import Template
from django.test import Client, TransactionTestCase
from django.test.signals import template_rendered
from hypothesis import settings as examples

from config import caching, proof_of_work
from config.management.commands import load_demo
from homes.models import Home
from tests import clock, migrated
from tests import stage as staging
from tests.audit_triggers import without_audit_triggers

DATABASE = {"db", *staging.COMMITTING}
PAGES, APPS = {"client", "client_of"}, {"branches", "homes", "volunteers", "activities"}
# one whose questions are bound (areas, branches and homes are one condition), and one who may open every page there is
ONE_OF_EACH = {"secretary", "technician"}

# the same examples every time: a run that is green stays green; others are looked for by hand (docs/testing.md)
examples.register_profile("same", derandomize=True, deadline=None)
examples.load_profile("same")


def pytest_addoption(parser):
    parser.addoption("--everything", action="store_true", help="on PostgreSQL too, every test there is")
    parser.addoption("--every-text", action="store_true", help="every text in every field of every form, as everybody")


def pytest_configure():
    clock.start()


class NetworkRefusedError(AssertionError):
    """A test tried to reach another machine."""


def _refuse_other_machines(connect):
    def guarded(self, address, *args):
        if self.family != socket.AF_UNIX and not (
            address[0] == "localhost" or ipaddress.ip_address(address[0]).is_loopback
        ):
            raise NetworkRefusedError(f"A test may not connect to {address[0]}.")
        return connect(self, address, *args)

    return guarded


@pytest.fixture(autouse=True, scope="session")
def only_this_machine():
    """Refuse connections to other machines; psycopg, written in C, is pointed at this one by DATABASE_URL."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _refuse_other_machines(getattr(socket.socket, name)))
        yield


def pytest_collection_finish():
    """What stands by now stays until the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def contexts_of_pages_alone(django_test_environment):
    """Keep for `response.context` what a page was rendered with, not what each of its hundreds of widgets was."""

    def render(self, context):
        if getattr(context, "request", None):
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(autouse=True, scope="session")
def emptied_audit_trail():
    """Take the append-only triggers away for the moment in which Django empties all tables after a test.

    During a test they always hold.
    """
    empty = TransactionTestCase._fixture_teardown

    def without_triggers(self):
        with without_audit_triggers():
            empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, django_db_blocker):
    """Whether pytest-django finds a test database: on SQLite a migrated one, in the folder that goes with the run.

    On PostgreSQL it makes one, as a copy of a migrated one.
    """
    on_sqlite, test_database = connection.vendor == "sqlite", settings.DATABASES["default"]["TEST"]
    if on_sqlite:
        migrated.copy_to(test_database["NAME"])
    else:
        with django_db_blocker.unblock():
            test_database["TEMPLATE"] = migrated.template()
    return on_sqlite


@pytest.fixture(autouse=True)
def forgotten_pages():
    """Start every test with nothing cached in this process."""
    for name in ("default", "pages"):  # other threads have used them, of which this one's `caches` may know nothing
        caches[name].clear()
    for cache in caches.all(initialized_only=True):
        cache.clear()
    caching._remembered.clear()
    caching._questions.clear()
    caching.content.value, caching.content.away_until = (), 0.0


@pytest.fixture(autouse=True)
def small_demo(monkeypatch):
    """Let load_demo bring in a register that is made in a second. The real size: `load_demo.REGISTER = Size()`."""
    monkeypatch.setattr(load_demo, "REGISTER", staging.SMALL)
    monkeypatch.setattr(load_demo, "SEASON", staging.SHORT)
    monkeypatch.setattr(load_demo, "TROOP", staging.FEW)


@pytest.fixture
def homes_alone(monkeypatch):
    """Let load_demo stop at the homes, their people and how they were founded: what goes on in them comes after."""
    for name in ("load_projects", "load_volunteers", "load_letters", "load_objections", "load_activities"):
        monkeypatch.setattr(load_demo, name, lambda *args, **kwargs: None)


@pytest.fixture
def cache_in_the_database(settings, db):
    """The shared cache as it is unless CACHE_URL says otherwise; elsewhere in the tests it is one of this process."""
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "config.shared_cache.SharedCache", "LOCATION": "portal_cache"}
    }
    call_command("createcachetable", verbosity=0)
    yield caches["default"]
    with connection.cursor() as cursor:  # where the test commits, the next one has none
        cursor.execute("DROP TABLE portal_cache")


@pytest.fixture
def easy_work(monkeypatch):
    """A proof of work that takes a test no time; a made-up one is right once in 4,096 times."""
    monkeypatch.setattr(proof_of_work, "BITS", 12)


@pytest.fixture(scope="session")
def bare_stage(django_db_setup, django_db_blocker):
    """The stage of this process, with nothing on it yet."""
    stage = staging.Stage()
    yield stage
    with django_db_blocker.unblock():
        stage.strike()


@pytest.fixture
def stage(request):
    """Set before the database is opened to a test: pytest_collection_modifyitems puts it first."""
    name = staging.wanted(request.node)
    if not opens_database(request.node):
        return None
    stage, blocker = request.getfixturevalue("bare_stage"), request.getfixturevalue("django_db_blocker")
    with blocker.unblock():
        if name:
            stage.set(name)
        else:
            stage.strike()
    return stage


def opens_database(item):
    """Whether a test has anything to do with the database."""
    asked = {*DATABASE, *staging.MAKERS} & set(item.fixturenames)
    return bool(asked or item.get_closest_marker("django_db"))


def asks_anew(item):
    """Whether a test asks a second database what no other test asks it: "Two databases" in docs/testing.md."""
    if item.get_closest_marker("both"):
        return True
    in_browser = "chromium" in item.fixturenames
    of_pages = PAGES & set(item.fixturenames) and item.path.parent.name in APPS
    return opens_database(item) and not (in_browser or of_pages or item.get_closest_marker("once"))


def person_of(item):
    return item.callspec.params.get("person") if hasattr(item, "callspec") else None


def pytest_collection_modifyitems(config, items):
    """Put `stage` before every other fixture of a test. On PostgreSQL leave out what asks it nothing new."""
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if not (on_sqlite or config.getoption("--everything")):
        for_some = {item.function for item in items if person_of(item) in ONE_OF_EACH}
        again = {
            item
            for item in items
            if asks_anew(item) and (item.function not in for_some or person_of(item) in ONE_OF_EACH)
        }
        config.hook.pytest_deselected(items=[item for item in items if item not in again])
        items[:] = [item for item in items if item in again]
    # The demo is looked at first, by the process that makes it, while the other one is busy. What opens no database
    # stays last: short tests, so that the processes end together.
    items.sort(key=lambda item: "demo_made" not in item.fixturenames or opens_database(item))
    for item in items:
        item.fixturenames.insert(0, "stage")


@pytest.fixture
def cast(stage, db):
    """The people and places of tests/cast.py."""
    return stage.props("cast")


@pytest.fixture
def samples(stage, db):
    """The demo of a Sunday morning, which it is while the test runs; the public sample homes."""
    stage.props("samples")
    with time_machine.travel(staging.SUNDAY, tick=False):
        yield Home.objects.public().filter(is_sample=True)


@pytest.fixture
def district(stage, db):
    """The district's own data, without samples."""
    stage.props("district")


@pytest.fixture
def client_of():
    """`client_of(person)`: a browser in which this person is logged in; None is a visitor."""

    def log_in(person):
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    return log_in
