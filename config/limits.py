"""How often one thing may be done from one place: counted in the shared cache, so that every worker counts the same."""

import hashlib
import time
from collections import Counter
from dataclasses import dataclass

from django import forms
from django.core.cache import cache, caches
from django.db import OperationalError
from django.shortcuts import render

from config.shared_cache import SharedCache

TOO_MANY = 429
MINUTE = 60
PLACES_MOST = 10_000  # remembered by a `Flood` at once


def take_place(places, taken, seconds):
    """Take the first of these keys that nobody has taken, and return it; None where there is none.

    A cache in the database says "not added", too, where nothing can be written: then no other is tried, since each
    may take as long as the database waits for a lock.
    """
    for place in places:
        if place in taken:
            continue
        if cache.add(place, 1, seconds):
            return place
        if cache.get(place) is None:
            raise OperationalError("Nothing can be written into the shared cache.")
    return None


@dataclass(frozen=True)
class Limit:
    """At most `number` times in `seconds`, counted for each key apart. Keys are hashed: no telephone is kept."""

    name: str
    number: int
    seconds: int

    def take(self, key):
        """Count one more; False where there are as many already. A place is free again after `seconds`."""
        places = self._places(key)
        if take_place(places[:1], (), self.seconds):  # nearly everybody's first time: the others are not looked at
            return True
        return take_place(places, cache.get_many(places), self.seconds) is not None

    def is_reached(self, key):
        return len(cache.get_many(self._places(key))) >= self.number

    def give_back(self, key):
        """Count one less: what was taken last turned out to be no such thing."""
        taken = cache.get_many(self._places(key))
        if taken:
            cache.delete(max(taken))

    def forget(self, key):
        cache.delete_many(self._places(key))

    def _places(self, key, number=None):
        digest = hashlib.sha256(f"{self.name}:{key}".encode()).hexdigest()
        return [f"limit:{digest}:{place}" for place in range(number or self.number)]


def take_all(wanted):
    """Count one more of each (limit, key) in turn; the first limit that refuses, None where none does.

    By one question where that is everybody's first time, and the shared cache is in the database.
    """
    first = [limit._places(key, 1)[0] for limit, key in wanted]
    free = set()
    if isinstance(caches["default"], SharedCache):
        free = cache.add_all({place: limit.seconds for place, (limit, _) in zip(first, wanted, strict=True)})
    for number, (limit, key) in enumerate(wanted):
        if first[number] not in free and not limit.take(key):
            cache.delete_many(free.intersection(first[number:]))  # nothing after it counts
            return limit
    return None


class LimitedForm(forms.Form):
    """A form that a limit may refuse; `wait` is then for how many seconds. The page shows components/too_many.html."""

    wait = 0

    def refuse(self, sentence, limit, field=None):
        self.add_error(field, sentence)
        self.wait = limit.seconds


def limited_page(request, template, context, status=200):
    """The page of a `LimitedForm`, the `form` of its context: 429 and when to try again where a limit refused it."""
    wait = context["form"].wait
    response = render(request, template, context, status=TOO_MANY if wait else status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


class Flood:
    """At most `number` times a minute from one place, counted in this process alone: for pages that are read.

    Costs no question, lets as much through as there are processes, and forgets everybody at the end of the minute.
    """

    def __init__(self, number):
        self.number = number
        self._minute, self._counts = None, Counter()

    def take(self, key):
        """Count one more; False where there are as many already."""
        minute = int(time.time() // MINUTE)
        if minute != self._minute or len(self._counts) >= PLACES_MOST:
            self._minute, self._counts = minute, Counter()
        self._counts[key] += 1
        return self._counts[key] <= self.number
