"""What many tests start from is made once, not once a test.

A stage is set inside a transaction that is never committed; each test plays in a savepoint of it. It stands until a
test wants another one, or none. Tests that commit (`transaction=True`, a live server) get the rows for themselves.
The first process that needs them makes them; from then on they are copied (tests/kept_rows.py).
"""

import pickle
from datetime import UTC, datetime
from unittest.mock import patch

import time_machine
from django.db import connection, transaction
from PIL import Image

from activities.demo import Season
from branches.demo import Size
from config.management.commands import load_demo
from homes import demo_photos
from tests import kept_rows
from tests.cast import make_cast
from tests.districts.folders import run
from volunteers.demo import Troop

SUNDAY = datetime(2026, 11, 22, 2, tzinfo=UTC)  # ten in the morning in Changsha
SHORT = Season(days=5, sign_ups_a_home=6)
FEW = Troop(people=120, orders_a_home=6, orders_of_the_known=130)
SMALL = Size(members=240, enterprises=20, compounds=60, buildings=120)  # a register that is made in a second


def load_samples():
    """The demo as `make run` loads it, on a Sunday morning; its register small, its pictures plain."""
    run("load_district")
    with (
        patch.object(load_demo, "REGISTER", SMALL),
        patch.object(load_demo, "SEASON", SHORT),
        patch.object(load_demo, "TROOP", FEW),
        patch.object(demo_photos, "draw", plain_picture),
        time_machine.travel(SUNDAY, tick=False),
    ):
        run("load_demo")


def plain_picture(*wanted, indoors):
    """In place of a drawing, which takes a while."""
    return Image.new("RGB", (120, 80)), "示例图：一张"


def load_district():
    """The district's own data, without samples."""
    run("load_district")


# by the fixture that asks for it
MAKERS = {"cast": make_cast, "samples": load_samples, "district": load_district}
COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


class Stage:
    """The rows that stand in the database between tests."""

    def __init__(self):
        self.name, self.made, self._block = None, None, None

    def set(self, name):
        """Let the rows of `name` stand, and no others."""
        if name == self.name:
            return
        self.strike()
        self._block = transaction.atomic()
        self._block.__enter__()
        try:
            self.made = kept_rows.stand(name, MAKERS[name])
        except BaseException:
            self.strike()
            raise
        self.name = name

    def strike(self):
        """Take everything back."""
        if self._block and connection.in_atomic_block:  # a connection that was closed has taken everything back
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)
        self.name, self.made, self._block = None, None, None

    def props(self, name):
        """What the maker returned, to be changed at will.

        A test that commits has rows of its own, and what follows a commit has been done to them.
        """
        made = self.made if name == self.name else kept_rows.stand(f"{name}, committed", MAKERS[name])
        return pickle.loads(made)  # noqa: S301 - our own


def wanted(item):
    """The name of the stage that a test plays on, or None."""
    marker = item.get_closest_marker("django_db")
    commits = COMMITTING & set(item.fixturenames) or (marker and marker.kwargs.get("transaction"))
    return None if commits else next((name for name in MAKERS if name in item.fixturenames), None)
