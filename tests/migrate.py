"""`manage.py migrate` of an empty database, in an eighth of the time: run as a program by tests/migrated.py.

For each operation Django renders all models anew that are related to the model it is about, and what those are related
to, which is nearly all there are, for everything leads to a user. Here it is that model and those that point to it:
that is what an operation reads. Functions of migrations, and whoever listens at the end, get all of them anew, as ever.
"""

import os

import django
from django.core.management import call_command
from django.db.migrations.state import ProjectState


def _touched(state, app_label, model_name, delay=False):
    state.is_delayed = True  # so says Django that not all stands anew
    try:
        model = state.apps.get_model(app_label, model_name)
    except LookupError:
        return {(app_label, model_name)}
    pointing = {relation.related_model._meta for relation in model._meta.related_objects}
    return {(app_label, model_name), *((meta.app_label, meta.model_name) for meta in pointing)}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    ProjectState._find_reload_model = _touched
    call_command("migrate", verbosity=0)
