"""Print docs/permissions.md from the table the site itself asks."""

from django.apps import apps
from django.core.management.base import BaseCommand

from branches.access import GRANTS, ROLES, Action

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
    """The page as Markdown: a sentence for each role, then record × role."""
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
        "| 记录 | " + " | ".join(role.name for role in ROLES.values()) + " |",
        "|---" * (len(ROLES) + 1) + "|",
    ]
    order = {config.label: place for place, config in enumerate(apps.get_app_configs())}
    for model in sorted(GRANTS, key=lambda model: (order[model._meta.app_label], model.__name__)):
        cells = [
            " ".join(WORDS[action] for action in Action if action in GRANTS[model].get(role, ())) or "–"
            for role in ROLES
        ]
        lines.append(f"| {model._meta.verbose_name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Print docs/permissions.md."

    def handle(self, **options):
        self.stdout.write(permissions(), ending="")
