"""How the facts of a home stand in the cells of a table: read from what people type, written as they would.

A `ValueError` of these is a sentence for the person whose cell it is.
"""

import re
from datetime import time
from decimal import Decimal
from types import SimpleNamespace

from import_export.fields import Field
from import_export.widgets import Widget

from homes.hours import overlapping_hours

YES_NO = {"是": True, "有": True, "否": False, "无": False, "没有": False}
INTERVAL = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")
# a name, perhaps a note in brackets, up to the next separator outside of them
FACILITY = re.compile(r"\s*(([^、,，;；\n（(]+?)\s*(?:[（(](.*?)[）)])?)\s*(?:[、,，;；\n]|$)", re.DOTALL)


class Text(Widget):
    def clean(self, value, row=None, **kwargs):
        return value

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class OneOf(Widget):
    """A value out of a table {text: value}; `what` names the table to the person who missed it."""

    def __init__(self, table, what):
        super().__init__()
        self.table, self.what = table, what
        self.labels = {value: text for text, value in reversed(table.items())}

    def clean(self, value, row=None, **kwargs):
        try:
            return self.table[value]
        except KeyError:
            raise ValueError(f"没有“{value}”这个{self.what}，请照“填写说明”里的写。") from None

    def render(self, value, obj=None, **kwargs):
        return self.labels.get(value, "")


class Degrees(Widget):
    def clean(self, value, row=None, **kwargs):
        return Decimal(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{value:f}"


class Hours(Widget):
    """The intervals of one weekday: 8:30-12:00 14:00-17:00."""

    def clean(self, value, row=None, **kwargs):
        found = INTERVAL.findall(value)
        if not found or re.sub(r"[\s,，、;；]", "", INTERVAL.sub("", value)):
            raise ValueError("时间要写成 8:30-12:00 这样，两段之间空一格。")
        try:
            intervals = sorted((time(int(a), int(b)), time(int(c), int(d))) for a, b, c, d in found)
        except ValueError:
            raise ValueError(f"“{value}”里有不存在的时间。") from None
        if any(closes <= opens for opens, closes in intervals):
            raise ValueError("关门时间要晚于开门时间。")
        rows = [SimpleNamespace(weekday=0, opens=opens, closes=closes) for opens, closes in intervals]
        if overlapping_hours(rows):
            raise ValueError("同一天有两段时间重叠。")
        return intervals

    def render(self, value, obj=None, **kwargs):
        return " ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in value or ())


class Facilities(Widget):
    """Facilities by name, a note in brackets: 阅览室、书画室（二楼）."""

    def __init__(self, known):
        super().__init__()
        self.known = known

    def clean(self, value, row=None, **kwargs):
        wanted = {}
        for whole, name, note in FACILITY.findall(value):
            if whole in self.known:
                wanted[self.known[whole]] = ""
            elif name in self.known:
                wanted[self.known[name]] = note[:60]
            else:
                raise ValueError(f"没有“{name}”这个设施，请照“填写说明”里的写。")
        if not wanted:
            raise ValueError("设施要写名称，用顿号隔开。")
        return wanted

    def render(self, value, obj=None, **kwargs):
        return "、".join(f"{facility}（{note}）" if note else str(facility) for facility, note in (value or {}).items())


class Told(Field):
    """A column whose blank cells change nothing."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        if row[self.column_name]:
            super().save(instance, row, is_m2m, **kwargs)


def told(attribute, name, **options):
    return Told(attribute=attribute, column_name=name, widget=options.pop("widget", Text()), **options)
