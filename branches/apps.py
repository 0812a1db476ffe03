from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = "组织与人员"

    def ready(self):
        from branches import grants  # noqa: F401, PLC0415 - declares who may do what, once the models are loaded
