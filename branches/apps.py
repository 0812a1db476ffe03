from functools import cache

from django.apps import AppConfig
from simple_history.manager import HistoryManager


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = "组织与人员"

    def ready(self):
        # who may do what, and what waits: once the models are loaded
        from branches import grants, what_waits  # noqa: F401, PLC0415

        what_waits.register()
        _make_history_managers_once()


def _make_history_managers_once():
    """django-simple-history makes a class for every row it keeps, an eighth of the work of a sign-up: one will do."""
    HistoryManager.from_queryset = staticmethod(cache(HistoryManager.from_queryset))
