"""Sums of money as people read them."""

from django import template

TEN_THOUSAND = 10_000

register = template.Library()


@register.filter(name="sum")
def plain(amount):
    """1234.5 as 1,234.50, where the unit stands above."""
    return f"{amount:,.2f}"


@register.filter
def yuan(amount):
    """1234.5 as 1,234.50元; nothing for None."""
    return "" if amount is None else f"{amount:,.2f}元"


@register.filter
def fen(amount):
    """1,234.50, where a heading says that it is yuan."""
    return f"{amount:,.2f}"


@register.filter
def in_short(amount):
    """The number and its unit as a headline says them: (534, 万元), or (5,341,200, 元) where it is not round."""
    return (f"{amount / TEN_THOUSAND:,.0f}", "万元") if not amount % TEN_THOUSAND else (f"{int(amount):,}", "元")
