"""What stands while names are put down is made of nothing but what lasts: `LASTING`, and what is of the app homes."""

import re
import sys

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import caching, urls  # noqa: F401 - every view is there before it is watched
from config.content_version import LASTING, is_lasting
from tests.whole_site.public_addresses import PUBLIC, at

OURS = ("config.", "branches.", "homes.", "volunteers.", "activities.")


def models_of(sql):
    """The models whose tables a question reads."""
    known = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {known[name] for name in re.findall(r'"(\w+)"', sql) if name in known}


@pytest.fixture
def made(monkeypatch):
    """Of all that is kept as lasting: [(name, its questions)], and what was kept within it and does not last."""
    asked, within, passing = [], [], []

    def watched(keep):
        def kept(name, build, *, lasting=False):
            def noted():
                within.append(name)
                with CaptureQueriesContext(connection) as questions:
                    try:
                        return build()
                    finally:
                        within.pop()
                        asked.append((name, [each["sql"] for each in questions]))

            if within and not lasting:
                passing.append((within[-1], name))
            return keep(name, noted if lasting else build, lasting=lasting)

        return kept

    for keep in (caching.piece, caching.remember):
        for name, module in [*sys.modules.items()]:
            if name.startswith(OURS) and getattr(module, keep.__name__, None) is keep:
                monkeypatch.setattr(module, keep.__name__, watched(keep))
    return asked, passing


@pytest.mark.once
def test_what_lasts_is_made_of_what_lasts(cast, client, made):
    asked, passing = made
    for address, reading, _ in PUBLIC.values():
        if reading == 200 and not address.startswith("{"):
            assert client.get(at(address, cast)).getvalue()
    assert passing == []
    read = {model: name for name, questions in asked for sql in questions for model in models_of(sql)}
    assert {model: name for model, name in read.items() if not is_lasting(model)} == {}
    assert {"district", "directory", "activity choices", "front figures"} <= {name for name, _ in asked}
    assert {model._meta.label_lower for model in read if model._meta.app_label != "homes"} == LASTING
