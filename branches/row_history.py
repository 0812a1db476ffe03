"""What changed in a record, when and by whom, told in the words of the form.

Reads the rows that django-simple-history keeps. A change is told by its differences, a new or removed row by its facts.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import models
from django.utils import timezone

from branches.sealing import SealedTextField

LIMIT = 200  # the newest entries of a page
KINDS = {"+": "新增", "~": "修改", "-": "移除"}
UNKNOWN = "待补充"
WITHHELD, CHANGED = "（有，不在这里显示）", "（改了，不在这里显示）"


@dataclass
class Entry:
    """One step in a record's life. `changes` are (label, old text, new text)."""

    at: datetime
    by: str
    kind: str
    what: str
    reason: str
    changes: list = field(default_factory=list)


def entries(sources, *, hidden=(), masked=()):
    """Return the newest `LIMIT` entries of all `sources`, newest first.

    A source is a queryset of historical rows (`home.history.all()`, `OpeningHours.history.filter(home=home)`).
    Fields named in `hidden` are not told; of sealed ones and those in `masked` only that they changed. Rows that
    changed nothing are left out unless a reason was given.
    """
    told = []
    for source in sources:
        rows = list(source.select_related("history_user").order_by("history_date", "history_id"))
        fields = [each for each in source.model.tracked_fields if each.name not in hidden and not each.primary_key]
        names = _names(fields, rows)
        before = {}
        for row in rows:
            entry = _entry(source.model.instance_type, row, before.get(row.id), fields, names, masked)
            before[row.id] = row
            if entry.changes or entry.reason or entry.kind != KINDS["~"]:
                told.append(entry)
    return sorted(told, key=lambda entry: entry.at, reverse=True)[:LIMIT]


def _entry(model, row, before, fields, names, masked):
    entry = Entry(
        at=row.history_date,
        by=str(row.history_user) if row.history_user else "系统",
        kind=KINDS[row.history_type],
        what=model._meta.verbose_name,
        reason=row.history_change_reason or "",
    )
    for each in fields:
        new = getattr(row, each.attname)
        old = getattr(before, each.attname) if before and row.history_type == "~" else None
        if row.history_type == "-":
            old, new = new, None
        if old != new and not (_empty(old) and _empty(new)):
            texts = _text(each, old, names), _text(each, new, names)
            if isinstance(each, SealedTextField) or each.name in masked:
                withheld = WITHHELD, WITHHELD if _empty(old) else CHANGED
                texts = [UNKNOWN if _empty(value) else words for value, words in zip((old, new), withheld, strict=True)]
            entry.changes.append((each.verbose_name, *texts))
    return entry


def _names(fields, rows):
    """{field name: {pk: label}} of everything these rows point at, one query a field."""
    names = {}
    for each in fields:
        if isinstance(each, models.ForeignKey):
            keys = {getattr(row, each.attname) for row in rows} - {None}
            rows_by_key = each.related_model._default_manager.in_bulk(keys)
            names[each.name] = {key: str(row) for key, row in rows_by_key.items()}
    return names


def _empty(value):
    return value is None or value == ""


def _text(each, value, names):
    if _empty(value):
        return UNKNOWN
    if each.name in names:
        return names[each.name].get(value, "（已不在）")
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    match value:
        case bool():
            return "是" if value else "否"
        case datetime():
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M}"
    return str(value)
