"""Teams on the page of a home, hours of shifts, and the parts of a week."""

from django import template
from django.utils import timezone
from django.utils.html import format_html_join

from homes.models import lines
from volunteers import busy, telling
from volunteers.models.team import DAYS, PARTS

register = template.Library()


@register.filter
def teams_of(home):
    """[(name, slug, kind, whether it is a sample)] of a home from `for_page`, by name."""
    return sorted(lines.read(home.team_lines))


@register.filter
def span(shift):
    """11月23日上午7:30到8:30"""
    return busy.span(shift.starts_at, shift.ends_at)


@register.filter
def when(shift):
    """11月23日（星期一）上午7:30到8:30"""
    begins, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    return f"{begins.month}月{begins.day}日（{DAYS[begins.weekday()]}）{telling.hours(begins, ends)}"


@register.filter
def kept_when(shift):
    """The same for a heading: a line ends beside the day, never inside it."""
    day, bracket, rest = when(shift).partition("（")
    weekday, close, clock = rest.partition("）")
    return format_html_join("", '<span class="keep">{}</span>', [(f"{day}{bracket}{weekday}{close}",), (clock,)])


@register.filter
def by_day(field):
    """[(星期一, its three boxes)] of a field that asks when somebody is free."""
    boxes = list(field)
    return [(name, boxes[day * len(PARTS) : (day + 1) * len(PARTS)]) for day, name in enumerate(DAYS)]


@register.filter
def weekdays(duty):
    """星期一、星期三；放假不排"""
    days = [name for number, name in enumerate(DAYS) if duty.weekdays & 1 << number]
    words = "每天" if len(days) == len(DAYS) else "、".join(days)
    return f"{words}；放假不排" if duty.working_days else words
