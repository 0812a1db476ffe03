from django.apps import AppConfig


class HomesConfig(AppConfig):
    name = "homes"
    verbose_name = "老党员之家"

    def ready(self):
        # who may do what, and what waits: once the models are loaded
        from homes import grants, what_waits  # noqa: F401, PLC0415

        what_waits.register()
