"""What hangs on walls: A4 sheets with a QR code that leads to where it can be read as it is now.

`poster_page` answers with any of them (templates/poster_base.html); here are those of a home and of its circle.
"""

import re
from datetime import date

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.caching import public_page
from config.site import address_of, on_paper
from homes.circles.inside import Inside
from homes.circles.pace import BANDS, CIRCLE_MINUTES, pace_named
from homes.circles.reach import Reach
from homes.models import Home
from homes.paper import lines, weekly_hours
from homes.views.circle import circle_address, home_and_circle
from homes.views.pages import qr
from homes.week import week

SOME_MONDAY = date(2024, 1, 1)  # a poster hangs for months: its week begins on Monday and marks no today
PIECES = re.compile(r"(?:https?://)?[^/]+/*")
LONG, LONGEST = 16, 30  # letters of a name; it is never cut
WIDE = 22  # characters on a line beside a heading, in ordinary letters
ROOMY = 12  # lines in ordinary letters; more are said in smaller ones
NEAR_HOMES, NEAR_BRANCHES = 2, 2  # of the circle's, on a sheet
IN_BAND = 6  # compounds, or one less and how many more there are
FEW = 4  # compounds in all, in ordinary letters


def poster_page(request, template, context, *, name, scanned, typed, is_sample):
    """A sheet under `name`: its code leads to the address `scanned`, who has no camera types the address `typed`."""
    size = "longest-name" if len(name) > LONGEST else "long-name" if len(name) > LONG else ""
    known = {
        "name": name,
        "name_size": size,
        "qr": qr(scanned),
        "address": PIECES.findall(typed),  # a line ends behind a stroke, never before it
        "is_sample": is_sample,
        "today": timezone.localdate(),
    }
    return render(request, template, context | known)


@require_safe
@public_page
def poster(request, slug):
    """What neighbours want to know at the notice board: when, where, how to get there, what there is, whom to ring."""
    home = get_object_or_404(Home.objects.public().for_cards().with_facilities(), slug=slug)
    hours = weekly_hours(week(home.weekly, [], SOME_MONDAY))
    facilities = "、".join(name for _, name, _ in home.facility_list)
    access = "、".join(f"{about}{words}" for about, _, words in home.accessibility if words)
    said = (home.address, home.directions, facilities, access)
    address = on_paper(request, home)
    context = {
        "home": home,
        "hours": hours,
        "facilities": facilities,
        "access": access,
        "much": len(hours) + sum(lines(text, WIDE) for text in said) > ROOMY or len(home.name) > LONGEST,
    }
    return poster_page(
        request, "homes/poster.html", context,
        name=home.name, scanned=address, typed=address, is_sample=home.is_sample,
    )  # fmt: skip


@require_safe
@public_page
def circle_poster(request, slug):
    """What can be walked to from a home, the nearest first; of much as much as a sheet holds, and how much more."""
    home, circle = home_and_circle(slug)
    pace = pace_named(request.GET.get("pace"))
    inside = Inside(Reach(circle, pace)) if circle and circle.reached else None
    context = {
        "home": home,
        "circle": circle,
        "pace": pace,
        "minutes": CIRCLE_MINUTES,
        "inside": inside,
        "back": circle_address(home, pace),
    }
    if inside:
        bands = [_band(band) for n, band in enumerate(inside.bands) if n < len(BANDS) or band.compounds.shown]
        context |= {
            "bands": bands,
            "homes": inside.homes[:NEAR_HOMES],
            "homes_more": len(inside.homes[NEAR_HOMES:]),
            "branches": inside.branches[:NEAR_BRANCHES],
            "branches_more": len(inside.branches[NEAR_BRANCHES:]),
            "much": sum(len(band["shown"]) for band in bands) > FEW or len(home.name) > LONG,
        }
    return poster_page(
        request, "homes/circle_poster.html", context,
        name=f"走路{CIRCLE_MINUTES}分钟有些什么", scanned=address_of(request) + circle_address(home, pace),
        typed=on_paper(request, home), is_sample=home.is_sample or bool(inside and inside.has_samples),
    )  # fmt: skip


def _band(band):
    """The nearest compounds of a band, and how many more there are, in a list that has one length."""
    areas = band.compounds.shown
    shown = areas if not band.compounds.more else areas[: IN_BAND - 1]
    return {"title": band.title, "shown": shown, "more": band.compounds.more + len(areas) - len(shown)}
