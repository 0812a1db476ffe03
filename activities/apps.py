from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self):
        # who may do what, what is kept about people, where volunteers are, what circles lack, what can be found,
        # what waits: once the models are loaded
        from activities import grants, in_circles, in_search, privacy, volunteering, what_waits  # noqa: F401, PLC0415

        in_circles.register()
        in_search.register_sources()
        privacy.register()
        volunteering.register()
        what_waits.register()
