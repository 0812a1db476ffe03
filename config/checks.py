"""System checks: an unsafe production explains itself before it serves anybody."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def demo_is_not_production(app_configs, **kwargs):
    """Demo mode has a fixed key and printed log-ins."""
    if settings.DEMO and settings.HTTPS:
        return [
            Error(
                "DEMO=1 together with HTTPS=1: a demo must not be reachable by the public.",
                hint="Set DEMO=0 and give SECRET_KEY and ALLOWED_HOSTS, as .env.example explains.",
                id="config.E001",
            )
        ]
    return []
