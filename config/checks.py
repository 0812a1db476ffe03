"""System checks: an unsafe production explains itself before it serves anybody."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register  # noqa: A004 - what Django calls it


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


@register(Tags.caches, deploy=True)
def cache_is_shared(app_configs, **kwargs):
    """The content version lives in the default cache: in a store of one process, the others go on serving old pages."""
    if settings.CACHES["default"]["BACKEND"].endswith((".LocMemCache", ".DummyCache")):
        return [
            Error(
                "CACHE_URL names a cache that the processes do not share: an edit would not show in all of them.",
                hint="Leave CACHE_URL out (a table of the database is used), or name a Redis.",
                id="config.E002",
            )
        ]
    return []


@register(deploy=True)
def telephone_is_given(app_configs, **kwargs):
    """Whoever is lost on the site must be able to ring somebody."""
    if not settings.SITE_TELEPHONE:
        return [
            Warning(
                "SITE_TELEPHONE is empty: the pages offer nobody to call.",
                hint="Set it to the number residents should ring, as .env.example explains.",
                id="config.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def second_step_is_required(app_configs, **kwargs):
    """A password alone should not open the register of members."""
    if not settings.STAFF_REQUIRE_MFA:
        return [
            Warning(
                "STAFF_REQUIRE_MFA is off: a password alone opens the register of members.",
                hint="Leave STAFF_REQUIRE_MFA out, or set it to 1.",
                id="config.W002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def proxies_are_known(app_configs, **kwargs):
    """Behind a proxy that is not named, everybody seems to come from one address: one guesser would shut out all."""
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        return [
            Warning(
                "TRUSTED_PROXIES is empty, although HTTPS=1 means that there is a proxy in front.",
                hint="Set it to the proxy's address, for example 127.0.0.1 for nginx on the same machine.",
                id="config.W003",
            )
        ]
    return []
