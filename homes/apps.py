from django.apps import AppConfig


class HomesConfig(AppConfig):
    name = "homes"
    verbose_name = "老党员之家"

    def ready(self):
        # who may do what, what is let go of by time, what can be found, and what waits: once the models are loaded
        from homes import grants, in_search, privacy, what_waits  # noqa: F401, PLC0415
        from homes.circles import keeping  # noqa: PLC0415

        in_search.register_sources()
        keeping.register()
        privacy.register()
        what_waits.register()
