"""Cards of homes and activities, rendered once for all that they can say: many lists show the same ones.

The cards stay templates (components/home_card.html, activities/_card.html), which are given what is said here and
nothing else. So neither an edit nor a new minute concerns a card that says the same as before.
"""

from types import SimpleNamespace

from django import template

from config.caching import shown

register = template.Library()

OF_HOME = ("name", "lead", "status", "status_note", "opening", "demonstration_since", "is_sample")
OF_ACTIVITY = (
    "title", "starts_at", "ends_at", "where", "status", "takes_sign_up", "seats", "places_left", "is_full", "is_sample",
)  # fmt: skip


@register.simple_tag
def home_card(home, number=None, level=3):
    """The card of a home from `for_cards`, with its number on the map."""
    said = {"home": said_of_home(home), "number": number and str(number), "level": str(level)}
    return shown("components/home_card.html", said)


def said_of_home(home):
    theme, street, division = home.theme, home.street, home.division
    return _said(
        home, OF_HOME,
        address=home.get_absolute_url(), place=division.short_name,
        street=street.name if street and street != division else "",
        theme=theme and theme.name, mark=theme and theme.mark, hue=theme and theme.hue,
        cover=getattr(home, "cover", None),
    )  # fmt: skip


@register.simple_tag
def activity_card(activity, *, dated=False):
    """The card of an activity from `for_cards`; `dated` where no heading says the day."""
    said = _said(
        activity, OF_ACTIVITY,
        address=activity.get_absolute_url(), kind=activity.kind.name, mark=activity.kind.slug,
        is_open_for_sign_up=activity.is_open_for_sign_up(),
    )  # fmt: skip
    return shown("activities/_card.html", {"activity": said, "dated": dated})


def _said(row, columns, **further):
    return SimpleNamespace(**{column: getattr(row, column) for column in columns}, **further)
