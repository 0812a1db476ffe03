from django.apps import AppConfig


class HomesConfig(AppConfig):
    name = "homes"
    verbose_name = "老党员之家"

    def ready(self):
        from homes import grants  # noqa: F401, PLC0415 - declares who may do what, once the models are loaded
