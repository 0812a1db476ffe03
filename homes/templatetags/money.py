"""Sums of money as pages say them."""

from django import template

register = template.Library()


@register.filter
def yuan(amount):
    """5,340,000.00元; "" of nothing."""
    return "" if amount is None else f"{amount:,.2f}元"
