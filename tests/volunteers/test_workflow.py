"""/about/workflow/: every table that the verbs enforce is on it, and every state and event has words."""

import ast
import importlib

import pytest

from config.workflow import MACHINES, state_names, states_of, steps_of
from tests.whole_site.test_layers import APPS, ROOT, modules


def tables():
    """{module.name: table} of everything in the apps that looks like a table of events."""
    found = {}
    for app in APPS:
        for path in modules(app):
            names = [
                target.id
                for node in ast.parse(path.read_text()).body
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
                for target in node.targets
            ]
            if not names or "management" in path.parts:
                continue
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for name in names:
                table = getattr(module, name)
                if table and all(_is_step(each) for each in table.values()):
                    found[f"{module.__name__}.{name}"] = table
    return found


def _is_step(each):
    return isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], set)


def test_every_table_of_the_apps_is_told():
    told = [id(machine.table) for machine in MACHINES]
    found = tables()
    assert [name for name, table in found.items() if id(table) not in told] == []
    assert len(found) == len(MACHINES)


def test_the_detector_sees_tables():
    assert {"volunteers.order_steps.ORDER", "branches.membership.MACHINE", "homes.founding.TRANSITIONS"} <= set(
        tables()
    )


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.key)
def test_every_event_and_state_has_words(machine):
    assert set(machine.events) == set(machine.table)
    assert [words for words in machine.events.values() if not (words.name and words.who)] == []
    names = state_names(machine)
    for starts, ends in machine.table.values():
        reached = set() if ends is None else {ends} if isinstance(ends, str) else set(ends)
        assert set(starts) | reached <= set(names)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.key)
def test_every_state_can_be_reached_or_begins(machine):
    ends = {name for step in steps_of(machine) for name in step.ends}
    begins = {name for step in steps_of(machine) for name in step.starts}
    assert set(dict(machine.states.choices).values()) <= ends | begins


def test_the_page_tells_all_of_it(client, db):
    text = client.get("/about/workflow/").text
    for machine in MACHINES:
        assert f'id="{machine.key}"' in text
        for state in states_of(machine):
            assert state.name in text
        for words in machine.events.values():
            assert f"<b>{words.name}</b>" in text
            assert words.when in text
    for page in ("/about/", "/about/site-map/"):
        assert 'href="/about/workflow/"' in client.get(page).text
