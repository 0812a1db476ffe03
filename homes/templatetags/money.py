"""Sums of money as people read them."""

from django import template

register = template.Library()


@register.filter
def yuan(amount):
    """1234.5 as 1,234.50元; nothing for None."""
    return "" if amount is None else f"{amount:,.2f}元"
