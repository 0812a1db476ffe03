from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"

    def ready(self):
        # who may do what, what homes show of teams: once the models are loaded
        from volunteers import grants, standing  # noqa: F401, PLC0415

        standing.register()
