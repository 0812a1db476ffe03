"""How often one thing may be done from one place: counted in the shared cache, so that every worker counts the same."""

import hashlib
from dataclasses import dataclass

from django import forms
from django.core.cache import cache
from django.shortcuts import render

TOO_MANY = 429


@dataclass(frozen=True)
class Limit:
    """At most `number` times in `seconds`, counted for each key apart. Keys are hashed: no telephone is kept."""

    name: str
    number: int
    seconds: int

    def take(self, key):
        """Count one more; False where there are as many already. A place is free again after `seconds`."""
        places = self._places(key)
        taken = cache.get_many(places)
        return any(place not in taken and cache.add(place, 1, self.seconds) for place in places)

    def is_reached(self, key):
        return len(cache.get_many(self._places(key))) >= self.number

    def give_back(self, key):
        """Count one less: what was taken last turned out to be no such thing."""
        taken = cache.get_many(self._places(key))
        if taken:
            cache.delete(max(taken))

    def forget(self, key):
        cache.delete_many(self._places(key))

    def _places(self, key):
        digest = hashlib.sha256(f"{self.name}:{key}".encode()).hexdigest()
        return [f"limit:{digest}:{place}" for place in range(self.number)]


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
