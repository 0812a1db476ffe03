from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self):
        # who may do what, what is kept about people, where volunteers are, what waits: once the models are loaded
        from activities import grants, privacy, volunteering, what_waits  # noqa: F401, PLC0415

        privacy.register()
        volunteering.register()
        what_waits.register()
