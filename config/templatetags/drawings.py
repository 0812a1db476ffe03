"""Drawn marks and icons, rendered once a process: a list of thirty homes shows some ninety of them.

The drawings stay templates (components/mark.html, components/icon.html); these tags only remember the result.
"""

from functools import cache

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
def mark(key, hue, *, large=False):
    """The mark of a theme; of a home without a theme, the house in ink."""
    return _rendered("components/mark.html", key=key or "home", hue=hue or "ink", large=bool(large))


@register.simple_tag
def icon(name):
    return _rendered("components/icon.html", name=name)


@cache
def _rendered(component, **parameters):
    return render_to_string(component, parameters)
