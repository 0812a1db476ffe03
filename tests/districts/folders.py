"""Data folders for tests: where they are, and copies of them that a test may spoil."""

import shutil
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

from homes.models import SearchEntry

YUNSHAN = Path(__file__).parent / "yunshan"


def copied(source, target):
    """A copy of a data folder that may be written to."""
    return Path(shutil.copytree(source, target, dirs_exist_ok=True))


def replaced(path, old, new):
    """Replace the only occurrence of `old` in a file."""
    text = path.read_text()
    assert text.count(old) == 1, f"{old} occurs {text.count(old)} times"
    path.write_text(text.replace(old, new))


def run(command, *arguments):
    """What a management command prints."""
    output = StringIO()
    call_command(command, *map(str, arguments), stdout=output)
    return output.getvalue()


def everything():
    """{(table, primary key): all values} of the portal's own tables, histories included.

    What the search repeats of them is not among them.
    """
    return {
        (model._meta.db_table, row["pk"]): row
        for app in ("branches", "homes")
        for model in [*apps.get_app_config(app).get_models(include_auto_created=True)]
        if model is not SearchEntry
        for row in model._default_manager.values("pk", *(field.attname for field in model._meta.concrete_fields))
    }
