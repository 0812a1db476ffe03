"""Sums of money as pages say them."""

from django import template

TEN_THOUSAND = 10_000

register = template.Library()


@register.filter
def yuan(amount):
    """5,340,000.00元; "" of nothing."""
    return "" if amount is None else f"{amount:,.2f}元"


@register.filter
def fen(amount):
    """5,340,000.00, where a heading says that it is yuan."""
    return f"{amount:,.2f}"


@register.filter
def in_short(amount):
    """(5,340,000, 元) as a headline says it, without the fen: (534, 万元) where it is a whole number of these."""
    return (f"{amount / TEN_THOUSAND:,.0f}", "万元") if not amount % TEN_THOUSAND else (f"{int(amount):,}", "元")
