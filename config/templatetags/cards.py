"""Cards of homes and activities, rendered once while the content and the minute stay: many lists show the same ones.

The cards stay templates (components/home_card.html, activities/_card.html); these tags only remember the result.
"""

from django import template
from django.template.loader import render_to_string

from config.caching import piece

register = template.Library()


@register.simple_tag
def home_card(home, number=None, level=3):
    """The card of a home from `for_cards`, with its number on the map."""
    return _kept("components/home_card.html", "home", home, number=number, level=level)


@register.simple_tag
def activity_card(activity, *, dated=False):
    """The card of an activity from `for_cards`; `dated` where no heading says the day."""
    return _kept("activities/_card.html", "activity", activity, dated=dated)


def _kept(component, name, row, **how):
    return piece(f"{component} {row.pk} {how}", lambda: render_to_string(component, {name: row, **how}))
