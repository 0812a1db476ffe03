"""Pages about the site as a whole: the front page, the figures, and what a public service says about itself."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import Activity, Notice
from activities.models.activity import day_bounds
from branches.models import Division
from config import english, figure_tables, json_ld
from config.caching import cards, cards_by_key, minute, piece, public_page, remember, rendered, shown
from config.figures import explained, months_until, newest
from config.figures import figures as all_figures
from config.site import address_of, site
from config.templatetags.cards import activity_card
from homes.models import Home
from homes.views.pages import homes_directory, themes_in_use

SHOWN = 4  # homes named in the box 今天
ACTIVITIES, NOTICES = 6, 3  # shown of what is on today and tomorrow, and of the notices
FRONT_FIGURES = ("volunteer_teams", "volunteer_backbone", "circle_minutes")


def website(request):
    """Whose site it is, for search engines."""
    return json_ld.script(json_ld.website(address_of(request)))


@require_safe
@public_page
def front(request):
    """Where to find a home, what is open now, the themes, a few figures, and the telephone."""
    index, whose = homes_directory(), site(request)
    door = piece(f"front door {index.since}", partial(_front_door, index, whose), lasting=True)
    rooms = piece(f"front rooms {minute()}", partial(_front_rooms, index, whose))
    context = {"json_ld": website(request), "rooms": rooms}
    return render(request, english.template("pages/front.html"), context | door)


def _front_door(index, whose):
    """What the front page says of the doors that are open, or open next; `whose` portal it is."""
    open_now = [entry.pk for entry in index.entries if entry.open]
    day, opens = (0, {}) if open_now else index.opening_next(SHOWN)
    context = whose | {
        "total": len(index.entries),
        "open_count": len(open_now),
        "open_homes": cards_by_key(Home, open_now[:SHOWN]),
        "opening_day": ("今天", "明天")[day],
        "opening_next": [(home, opens[home.pk]) for home in cards_by_key(Home, list(opens))],
        "now": timezone.localtime(),
    }
    return rendered(english.template("pages/front.html"), context, "door")


def _front_rooms(index, whose):
    """The rest of the front page."""
    context = whose | {
        "total": len(index.entries),
        "demonstrations": sum(entry.demonstration for entry in index.entries),
        "activities": [activity_card(activity, dated=True) for activity in _coming()],
        "notices": list(Notice.objects.current()[:NOTICES]),
        "streets": index.streets,
        "themes": themes_in_use(),
        "figures": remember("front figures", partial(newest, FRONT_FIGURES), lasting=True),
    }
    return shown(english.template("pages/front.html#rooms"), context)


def _coming():
    """What is on today and tomorrow, in order; where it is more than is shown, what one can still come to."""
    _, tomorrow_ends = day_bounds(timezone.localdate() + timedelta(days=1))
    soon = Activity.objects.upcoming().filter(starts_at__lt=tomorrow_ends)
    shown_here = soon.open_first()[:ACTIVITIES].values("pk")
    return cards(Activity.objects.filter(pk__in=shown_here))


@require_safe
@public_page
def figures(request):
    """What was published and what the records say today; the homes by street, and the months that were kept."""
    lines = explained(all_figures())
    counts = {line.key: line for line in lines if line.counted}
    months = figure_tables.History(months_until(timezone.localdate()), keys=figure_tables.PUBLIC_BY_MONTH)
    drawn = ((counts[key], months.drawn(key)) for key in figure_tables.PUBLIC_BY_MONTH if key in counts)
    by_street, streets = counts.get(figure_tables.PUBLIC_BY_STREET), Division.objects.streets()
    return render(
        request,
        "pages/figures.html",
        {
            "figures": lines,
            "homes": by_street and figure_tables.bars_of(by_street, streets, link=by_street.count.link),
            "months": [(line, chart) for line, chart in drawn if chart],
            "samples_kept": months.is_sample,
        },
    )


@require_safe
@public_page
def about(request):
    return render(request, english.template("pages/about.html"), {"json_ld": website(request)})


@require_safe
@public_page
def privacy(request):
    return render(request, "pages/privacy.html", {"asks_for_tiles": bool(settings.TIANDITU_KEY)})


@require_safe
@public_page
def accessibility(request):
    return render(request, "pages/accessibility.html")


@require_safe
@public_page
def offline(request):
    """What a telephone keeps to be read without a network; its list is filled in there (static/js/kept-pages.js)."""
    return render(request, "pages/offline.html")


@require_safe
@public_page
def site_map(request):
    """Every page of the site by name: the second way to each of them."""
    index = homes_directory()
    names = Home.objects.filter(pk__in=[entry.pk for entry in index.entries[:200]]).only("name", "slug", "is_sample")
    return render(
        request,
        "pages/site_map.html",
        {"homes": names, "total": len(index.entries), "streets": index.streets, "themes": themes_in_use()},
    )
