"""Text messages: the gateway of the settings, and what all that leave by it have in common."""

from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

TRIES_MOST = 3  # then somebody rings
HELD = timedelta(minutes=10)  # longer than any transport takes to answer


def gateway():
    """The SMS gateway of the settings, or None."""
    return import_string(settings.SMS_GATEWAY)() if settings.SMS_GATEWAY else None


def signed(words):
    return f"【{settings.SITE_NAME}】{words}"
