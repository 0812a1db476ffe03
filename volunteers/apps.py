from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"

    def ready(self):
        # who may do what, what is kept about people, what homes show of teams, what can be found, what waits: once
        # the models are loaded
        from volunteers import (  # noqa: PLC0415
            grants,  # noqa: F401
            in_search,
            objections,
            privacy_letters,
            privacy_orders,
            privacy_teams,
            standing,
            what_waits,
        )

        in_search.register_sources()
        privacy_letters.register()
        privacy_orders.register()
        privacy_teams.register()
        standing.register()
        objections.register()
        what_waits.register()
