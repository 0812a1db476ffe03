"""Drawn marks and icons, rendered once a process: a list of thirty homes shows some ninety of them.

The drawings stay templates (components/mark.html, kind_mark.html, icon.html); these tags only remember the result.
"""

from functools import cache

from django import template
from django.template.loader import render_to_string

register = template.Library()

# what is drawn in components/kinds/ for a kind of activity (its slug), and in which hue
KINDS = {
    "forum": "red", "lecture": "blue", "talk": "green", "reading": "blue", "report": "blue", "party-day": "red",
    "class": "blue", "troupe": "red", "arts": "green", "health": "green", "meal": "amber", "visit": "amber",
    "alley": "amber", "courtyard": "green", "living-room": "amber",
}  # fmt: skip
OTHER_KIND = ("other", "ink")  # a kind that the district has added: a leaf of the calendar


@register.simple_tag
def mark(key, hue, *, large=False):
    """The mark of a theme; of a home without a theme, the house in ink."""
    return _rendered("components/mark.html", key=key or "home", hue=hue or "ink", large=bool(large))


@register.simple_tag
def kind_mark(slug, *, large=False):
    """The drawing of a kind of activity."""
    kind, hue = drawing_of(slug)
    return _rendered("components/kind_mark.html", kind=kind, hue=hue, large=bool(large))


def drawing_of(slug):
    """(what is drawn for a kind of activity, its hue)"""
    return (slug, KINDS[slug]) if slug in KINDS else OTHER_KIND


@register.simple_tag
def icon(name):
    return _rendered("components/icon.html", name=name)


@cache
def _rendered(component, **parameters):
    return render_to_string(component, parameters)
