from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"

    def ready(self):
        # who may do what, what is kept about people, what homes show of teams: once the models are loaded
        from volunteers import grants, privacy_letters, privacy_orders, privacy_teams, standing  # noqa: F401, PLC0415

        privacy_letters.register()
        privacy_orders.register()
        privacy_teams.register()
        standing.register()
