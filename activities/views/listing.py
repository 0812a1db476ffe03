"""The public lists of what goes on: by day, and as the grid of a month."""

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import CharField, F, IntegerField, Value
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from activities.models import Activity, ActivityKind
from activities.programme import PERIODS, Month, Wish
from branches.models import Division
from config.caching import cards, minute, piece, public_page, remember, rendered, shown
from homes.models import Home, Theme

PAGE_SIZE = 30
HOMES_MOST = 60  # to choose from; of more than that nobody finds theirs in a list: each home's page leads to its own
TITLES = {"street": "街道", "home": "家", "kind": "种类", "theme": "主题"}


def choices():
    """What can be chosen: {name: {value: label}}. One query, until something lasting is edited."""
    return remember("activity choices", _read_choices, lasting=True)


def _read_choices():
    public = Home.objects.public()
    asked = (
        ("street", Division.objects.filter(level="street"), F("code"), Value(0, IntegerField())),
        ("home", public, F("slug"), Value(0, IntegerField())),
        ("kind", ActivityKind.objects.in_use(), F("slug"), F("order")),
        ("theme", Theme.objects.filter(is_archived=False, homes__in=public).distinct(), F("slug"), F("order")),
    )
    rows = [
        found.order_by()
        .annotate(choice=Value(name, CharField()), place=place, code_of=code)
        .values_list("choice", "place", "code_of", "name")
        for name, found, code, place in asked
    ]
    offered = {name: {} for name in TITLES}
    for name, _, value, label in sorted(rows[0].union(*rows[1:], all=True).order_by()):
        offered[name][value] = label
    if len(offered["home"]) > HOMES_MOST:
        offered["home"] = {}
    return offered


def _choices(wish):
    """The choices as the form lists them, without those that have nothing to choose between."""
    return [
        {"name": name, "title": TITLES[name], "options": list(offered.items()), "value": getattr(wish, name)}
        for name, offered in choices().items()
        if offered or getattr(wish, name)
    ]


def _chosen(wish):
    """What is asked for, in words, each with what takes it off the address: [(label, {name: None})]."""
    day = wish.day and date_format(date.fromisoformat(wish.day), "n月j日")
    chosen = [(day, {"day": None})] if day else []
    for name, title in TITLES.items():
        if value := getattr(wish, name):
            chosen.append((_label(name, value) or f"没有这个{title}", {name: None}))
    return [*chosen, ("还有名额的", {"free": None})] if wish.free else chosen


def _label(name, value):
    """What is asked for by its name; "" where it does not exist. Homes are no choices where there are too many."""
    offered = choices()[name]
    if name == "home" and not offered:
        return Home.objects.public().filter(slug=value).values_list("name", flat=True).first() or ""
    return offered.get(value, "")


@require_safe
@public_page
def listing(request):
    """What is on, the next one first, under the day it is on."""
    wish = Wish.read(request.GET)
    asked, rows = wish.address(), wish.find()
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = piece(f"activities {asked} counted {minute()}", rows.count)
    page = paginator.get_page(request.GET.get("page"))
    listed = piece(f"activities {asked} page {page.number} {minute()}", partial(_listed, page))
    context = {
        "wish": wish,
        "page": page,
        "periods": [
            {
                "label": label,
                "url": wish.address(when=name, day="") or "?",
                "selected": not wish.day and wish.when == name,
            }
            for name, label in {"": "以后所有的", **PERIODS}.items()
        ],
        "month_url": wish.address(when="", day="", free="") or "?",
        "chosen": _chosen(wish),
        "narrowing": shown("activities/listing.html#narrowing", {"wish": wish, "choices": _choices(wish)}),
    }
    return render(request, "activities/listing.html", context | listed)


def _listed(page):
    """A page of the list under its days."""
    days = groupby(cards(page.object_list), key=lambda activity: timezone.localdate(activity.starts_at))
    context = {"days": [(day, list(rows)) for day, rows in days], "today": timezone.localdate()}
    return rendered("activities/listing.html", context, "listed")


@require_safe
@public_page
def month(request):
    """A month as a grid, to look over and to print; on a phone it reads as a list."""
    wish, today = replace(Wish.read(request.GET), when="", day="", free=False), timezone.localdate()
    this, shown = Month(today.year, today.month), Month.read(request.GET.get("month", ""), today)
    rows = Activity.objects.public().exclude(status=Activity.Status.CANCELLED)
    rows = wish.narrow(rows.between(shown.first, shown.last)).select_related("home").order_by("starts_at", "pk")
    weeks = shown.weeks(rows.only("title", "starts_at", "setting", "place", "is_sample", "home__name"))
    days = [(day, rows) for week in weeks for day, rows, _ in week]
    return render(
        request,
        "activities/month.html",
        {
            "wish": wish,
            "month": shown,
            "question": "" if shown == this else f"?month={shown}",
            "whose": _label("home", wish.home) if wish.home else "",
            "weeks": weeks,
            "any": any(rows for _, rows in days),
            "samples": any(activity.is_sample for _, rows in days for activity in rows),
            # on a phone this month begins with today
            "past": shown == Month.read("", today) and any(rows for day, rows in days if day < today),
            "beside": [
                # this month is the page without a question: a page has one address
                (rel, each, None if each == this else each)
                for rel, each in (("prev", shown.beside(-1)), ("next", shown.beside(1)))
            ],
            "today": today,
            "chosen": _chosen(wish),
            "choices": _choices(wish),
        },
    )
