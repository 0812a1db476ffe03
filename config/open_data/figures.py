"""The figures for programs: what /figures/ shows, as numbers."""

from django.conf import settings
from django.utils import timezone

from branches.models import Division
from config import figure_tables
from config.figures import explained, figures, months_until
from config.open_data.answering import open_data
from config.site import address_of


@open_data("/api/figures/")
def open_figures(request, asked):
    """Every figure that was ever published, with today's count; by street and by month where the page draws it."""
    months = figure_tables.History(months_until(timezone.localdate()), keys=figure_tables.PUBLIC_BY_MONTH)
    streets, site = list(Division.objects.streets()), address_of(request)
    return {"figures": [_figure(line, months, streets, site) for line in explained(figures())]}


def _figure(line, months, streets, site):
    return {
        "key": line.key,
        "name": line.label,
        "unit": line.unit,
        "published": _published(line.published),
        "earlier": [_published(each) for each in line.earlier],
        "counted": _counted(line, site) if line.counted else None,
        "note": line.note.words if line.note and line.differs else None,
        "by_street": _by_street(line, streets),
        "by_month": _by_month(line, months),
        "by_month_is_sample": line.key in figure_tables.PUBLIC_BY_MONTH and months.is_sample,
    }


def _published(each):
    return {
        "value": _number(each.value),
        "at_least": each.at_least,
        "published_on": each.published_on,
        "source": each.source,
    }


def _counted(line, site):
    page = "" if line.count.for_staff else line.count.page
    return {
        **_told(line.count, line.today),
        "meaning": line.count.meaning,
        "page": f"{site}{page}" if page else None,
        "is_sample": settings.DEMO,
    }


def _by_street(line, streets):
    if line.key != figure_tables.PUBLIC_BY_STREET or not line.counted:
        return []
    values = line.counted.streets
    return [
        {"street": {"code": each.code, "name": each.name}, "value": _number(values.get(each.code, 0))}
        for each in streets
    ]


def _by_month(line, months):
    if line.key not in figure_tables.PUBLIC_BY_MONTH:
        return []
    rows = [(month, months.value(line.key, month)) for month in months.months]
    return [{"month": str(month), **_told(line.count, value)} for month, value in rows if value is not None]


def _told(count, value):
    """The number; never of so few people that somebody might be recognised."""
    few = count.is_few(value)
    return {"value": None if few else _number(value), "few": few}


def _number(value):
    return int(value) if value == int(value) else float(value)
