"""How numbers are written: 2,120,000, and 2,120,000.50 where there is something behind the point."""

from django import template

register = template.Library()


@register.filter
def amount(value):
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


@register.filter
def change(value):
    """The number with its sign; 没有变 for none."""
    return f"{'+' if value > 0 else '−'}{amount(abs(value))}" if value else "没有变"
