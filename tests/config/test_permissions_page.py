"""docs/permissions.md says what the site does: it is what the command prints, and the steps of homes are asked."""

from pathlib import Path

import pytest

from branches.access import GRANTS, ROLES, Action, allowed
from config.management.commands.show_permissions import WORDS, permissions
from homes.admin.steps import STEPS
from homes.models import Home
from tests.districts.folders import run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
HOLDERS = {
    "district": "district_officer",
    "street": "street_officer",
    "community": "officer",
    "secretary": "secretary",
    "organiser": "organiser",
    "auditor": "auditor",
}


def cells(name):
    """{role: the words in its cell} of the row of this name."""
    (row,) = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| {name} |")]
    return dict(zip(ROLES, (cell.strip() for cell in row.strip("|").split("|")[1:]), strict=True))


def test_the_page_is_what_the_command_prints():
    assert PAGE.read_text() == permissions() == run("show_permissions")


def test_every_role_has_a_sentence_and_every_action_a_word():
    assert set(WORDS) == set(Action)
    assert set(HOLDERS) == set(ROLES)
    assert all(f"| {role.name} | {role.sentence} |" in PAGE.read_text() for role in ROLES.values())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_its_column_says(cast, role):
    person, wrong = cast.people[HOLDERS[role]], []
    for model in GRANTS:
        told = cells(model._meta.verbose_name)[role].split()
        wrong += [(model, action) for action in Action if allowed(person, action, model) != (WORDS[action] in told)]
    assert wrong == []


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ROLES)
def test_a_step_opens_for_the_roles_its_row_names(cast, client_of, role, step):
    home = cast.homes["here"]
    Home.objects.filter(pk=home.pk).update(status=min(STEPS[step].states))
    answer = client_of(cast.people[HOLDERS[role]]).get(f"/admin/homes/home/{home.pk}/{step}/")
    assert (answer.status_code == 200) is (cells(STEPS[step].name)[role] == "可以")
