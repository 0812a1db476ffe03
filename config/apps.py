"""App configurations of the site itself: its checks and commands, and the admin site it uses."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """The site as a whole. It has no models."""

    name = "config"
    verbose_name = "门户"

    def ready(self):
        # registers checks, signals, what waits and what can be found, once models are loaded
        from config import (  # noqa: PLC0415
            caching,  # noqa: F401
            checks,  # noqa: F401
            checks_database,  # noqa: F401
            columns,
            findings_deployment,  # noqa: F401
            findings_now,  # noqa: F401
            in_search,
            login_audit,  # noqa: F401
        )

        columns.register()
        in_search.register()


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"
