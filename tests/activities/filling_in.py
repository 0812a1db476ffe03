"""Signing up as a browser does, for the tests: what its form would send, and what the answer says."""

import re
from datetime import timedelta

from django.utils import timezone

TELEPHONE = "19900001111"


def clock_ahead(hours):
    return timezone.now() + timedelta(hours=hours)


def text(response):
    return response.content.decode()


def errors(response):
    """What the summary at the top says, in order."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', text(response), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", summary[1])] if summary else []


def filled(client, address, clock, **given):
    """What a person sends who opened the form and took a while: its hidden fields and what they typed."""
    page = text(client.get(address))
    hidden = dict(re.findall(r'<input type="hidden" name="(made_at|form_key)" value="([^"]+)"', page))
    assert set(hidden) == {"made_at", "form_key"}
    clock.shift(30)
    return hidden | {"name": "张三", "telephone": TELEPHONE, "consent": "on", "website": ""} | given


def sign_up(client, activity, clock, **given):
    address = f"{activity.get_absolute_url()}sign-up/"
    return client.post(address, filled(client, address, clock, **given))
