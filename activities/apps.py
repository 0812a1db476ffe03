from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self):
        # who may do what, what is kept about people, where volunteers are, what circles lack, what waits: once the
        # models are loaded
        from activities import grants, in_circles, privacy, volunteering, what_waits  # noqa: F401, PLC0415

        in_circles.register()
        privacy.register()
        volunteering.register()
        what_waits.register()
