"""The public lists of what goes on: by day, and as the grid of a month."""

from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import Activity, ActivityKind
from activities.programme import PERIODS, Month, Wish
from branches.models import Division
from config.caching import public_page, remember
from homes.models import Home

PAGE_SIZE = 30


def choices():
    """What can be chosen: [(name, title, [(value, label)])]. Read once a content version."""

    def read():
        streets = Division.objects.filter(level="street").order_by("code").values_list("code", "name")
        homes = Home.objects.public().order_by("name").values_list("slug", "name")
        kinds = ActivityKind.objects.in_use().values_list("slug", "name")
        return [("street", "街道", list(streets)), ("home", "家", list(homes)), ("kind", "种类", list(kinds))]

    return remember("activity choices", read)


@require_safe
@public_page
def listing(request):
    """What is on, the next one first, under the day it is on."""
    wish = Wish.read(request.GET)
    page = Paginator(wish.find().for_cards(), PAGE_SIZE).get_page(request.GET.get("page"))
    days = groupby(page.object_list, key=lambda activity: timezone.localdate(activity.starts_at))
    return render(
        request,
        "activities/listing.html",
        {
            "wish": wish,
            "page": page,
            "days": [(day, list(rows)) for day, rows in days],
            "today": timezone.localdate(),
            "periods": [
                {"label": label, "url": wish.address(when=name) or "?", "selected": wish.when == name}
                for name, label in {"": "以后所有的", **PERIODS}.items()
            ],
            "choices": [
                {"name": name, "title": title, "options": options, "value": getattr(wish, name)}
                for name, title, options in choices()
            ],
        },
    )


@require_safe
@public_page
def month(request):
    """A month as a grid, to look over and to print; on a phone it reads as a list."""
    wish, today = Wish.read(request.GET), timezone.localdate()
    shown = Month.read(request.GET.get("month", ""), today)
    rows = Activity.objects.public().exclude(status=Activity.Status.CANCELLED)
    rows = wish.narrow(rows.between(shown.first, shown.last)).select_related("home", "kind").order_by("starts_at", "pk")
    return render(
        request,
        "activities/month.html",
        {
            "wish": wish,
            "month": shown,
            "weeks": shown.weeks(rows),
            "before": shown.beside(-1),
            "after": shown.beside(1),
            "today": today,
            "choices": [
                {"name": name, "title": title, "options": options, "value": getattr(wish, name)}
                for name, title, options in choices()
            ],
        },
    )
