"""Print docs/permissions.md from the tables the site itself asks."""

from django.apps import apps
from django.core.management.base import BaseCommand

from branches.access import GRANTS, ROLES, Action
from homes.admin.steps import STEPS

WORDS = {
    Action.VIEW: "看",
    Action.ADD: "加",
    Action.CHANGE: "改",
    Action.DELETE: "删",
    Action.IMPORT: "导入",
    Action.EXPORT: "导出",
    Action.REVEAL: "看全",
}


def permissions():
    """The page as Markdown: a sentence for each role, record × role, step of a home × role."""
    lines = [
        "# Permissions",
        "",
        "Printed by `manage.py show_permissions`; a test compares it with the code.",
        "A role acts only inside the area of its posting; an organiser only on the homes that name them.",
        "Records are archived, never deleted; 删 concerns parts such as an opening hour.",
        "",
        "| role | 角色 | 说明 |",
        "|---|---|---|",
        *(f"| `{role.key}` | {role.name} | {role.sentence} |" for role in ROLES.values()),
        "",
        *_table("记录", _records()),
        "",
        "Some steps of a home's life are for fewer than those who may change it (`homes/admin/steps.py`):",
        "",
        *_table("家的步骤", _steps()),
    ]
    return "\n".join(lines) + "\n"


def _table(corner, rows):
    """`rows` are (name, [a cell for each role])."""
    yield f"| {corner} | " + " | ".join(role.name for role in ROLES.values()) + " |"
    yield "|---" * (len(ROLES) + 1) + "|"
    for name, cells in rows:
        yield f"| {name} | " + " | ".join(cell or "–" for cell in cells) + " |"


def _records():
    order = {config.label: place for place, config in enumerate(apps.get_app_configs())}
    for model in sorted(GRANTS, key=lambda model: (order[model._meta.app_label], model.__name__)):
        granted = [GRANTS[model].get(role, ()) for role in ROLES]
        yield (
            model._meta.verbose_name,
            [" ".join(WORDS[action] for action in Action if action in actions) for actions in granted],
        )


def _steps():
    for step in STEPS.values():
        taken_by = {role.key for role in step.roles}
        yield step.name, ["可以" if role in taken_by else "" for role in ROLES]


class Command(BaseCommand):
    help = "Print docs/permissions.md."

    def handle(self, **options):
        self.stdout.write(permissions(), ending="")
