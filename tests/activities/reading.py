"""Reading the pages of residents, for the tests: as they are now, and what their cards say."""

import re
from datetime import UTC, datetime, timedelta

from django.core.cache import caches

from config import caching

WEDNESDAY = datetime(2026, 11, 18, 2, tzinfo=UTC)  # ten in the morning in Changsha
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def get(client, address):
    """The page as it is now: what a test writes is never committed, so it tells no stored page that it is old."""
    caches["pages"].clear()
    caching._remembered.clear()
    return client.get(address)


def text(response):
    return response.content.decode()


def titles(response):
    """The titles of the cards, in order."""
    return [each.split("<")[0] for each in re.findall(r'<h3 class="home-name"><a href="[^"]+">([^<]+)', text(response))]
