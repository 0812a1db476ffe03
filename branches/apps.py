from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = "组织与人员"

    def ready(self):
        # who may do what, and what waits: once the models are loaded
        from branches import grants, what_waits  # noqa: F401, PLC0415

        what_waits.register()
