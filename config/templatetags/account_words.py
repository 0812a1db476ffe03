"""How keys and codes are written where somebody copies them by hand."""

from django import template

register = template.Library()


@register.filter
def in_fours(text):
    """ABCDEFGH as ABCD EFGH."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
