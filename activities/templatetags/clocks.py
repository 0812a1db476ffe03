"""Times on the pages of residents, in the one way in which messages say them too (activities/outbox.py).

The filters that begin with `kept` are for the page: a line ends beside 2026年11月22日, （星期日） or 上午9:00, never
inside (.keep).
"""

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from activities import outbox

register = template.Library()


@register.filter
def clock(moment):
    """上午9:30"""
    return outbox.clock(timezone.localtime(moment)) if moment else ""


@register.filter
def kept_clock(moment):
    return format_html('<span class="keep">{}</span>', clock(moment))


@register.filter
def day(activity):
    """2026年11月22日（星期日）"""
    return outbox.day(activity)


@register.filter
def kept_day(activity):
    date, bracket, weekday = outbox.day(activity).partition("（")
    return format_html_join("", '<span class="keep">{}</span>', [(date,), (f"{bracket}{weekday}",)])


@register.filter
def hours(activity):
    """上午9:00到10:30"""
    return outbox.hours(activity)


@register.filter
def kept_hours(activity):
    begins, to, ends = outbox.hours(activity).partition("到")
    return format_html_join("", '<span class="keep">{}</span>', [(begins,), (f"{to}{ends}",)])
