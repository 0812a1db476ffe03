from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self):
        from activities import grants  # noqa: F401, PLC0415 - declares who may do what, once the models are loaded
