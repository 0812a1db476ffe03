"""What hangs on walls of what goes on: the A4 sheets of an activity, of a course, and of a month at one home."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from activities import outbox, wall
from activities.models import Activity, Course
from activities.programme import Month
from config.caching import public_page
from config.site import address_of, on_paper
from homes.models import Home
from homes.views.posters import poster_page

SAID, ROOMY = 90, 160  # characters of a description on a sheet; with more than that in all, letters are smaller
SESSIONS, RHYTHMS, SINGLE = 20, 2, 3  # of a course on a sheet: dates; weekdays they fall on; those that fall on none

SHORT = 18  # letters of a name that stays on one line above a month


@require_safe
@public_page
def poster(request, pk):
    """When, where, what to bring, how to come."""
    found = get_object_or_404(Activity.objects.public().for_cards(), pk=pk)
    address = on_paper(request, found)
    said = (found.title, found.where, found.bring, found.description[:SAID], found.note)
    context = {
        "activity": found,
        "description": Truncator(found.description).chars(SAID),
        "much": sum(map(len, said)) > ROOMY,
    }
    return poster_page(
        request, "activities/poster.html", context,
        name=found.title, scanned=address, typed=address, is_sample=found.is_sample,
    )  # fmt: skip


@require_safe
@public_page
def course_poster(request, slug):
    """What is learned, who teaches, and the sessions that are to come."""
    found = get_object_or_404(Course.objects.public().select_related("kind", "home__theme"), slug=slug)
    upcoming = list(found.sessions.upcoming().select_related("home", "branch"))
    coming = upcoming[:SESSIONS]
    often, others = wall.rhythms(coming)
    told = sum(map(len, often[:RHYTHMS])) + len(others[:SINGLE])
    address = on_paper(request, found)
    said = (found.title, found.home.name, found.home.address, found.lead, found.description[:SAID])
    context = {
        "course": found,
        "coming": coming,
        "often": [(wall.every_week(rows[0]), outbox.hours(rows[0]), wall.dates(rows)) for rows in often[:RHYTHMS]],
        "others": others[:SINGLE],
        "more": len(upcoming) - told,
        "description": Truncator(found.description).chars(SAID),
        "open": any(session.is_open_for_sign_up() for session in coming),
        "call": next((session.call for session in coming if session.call), found.home.telephone),
        "much": sum(map(len, said)) + 2 * len(coming) > ROOMY,
    }
    return poster_page(
        request, "activities/course_poster.html", context,
        name=found.title, scanned=address, typed=address, is_sample=found.is_sample,
    )  # fmt: skip


@require_safe
@public_page
def programme(request, slug):
    """A month of one home: all of it where a sheet can hold it, else as much as it can, and how much more there is."""
    home = get_object_or_404(Home.objects.public().select_related("theme"), slug=slug)
    today = timezone.localdate()
    this, month = Month(today.year, today.month), Month.read(request.GET.get("month", ""), today)
    rows = home.activities.public().exclude(status=Activity.Status.CANCELLED).between(month.first, month.last)
    activities = list(rows.select_related("home").order_by("starts_at", "pk"))
    room = wall.LESS_ROOM if len(home.name) > SHORT or home.status == Home.Status.SUSPENDED else wall.ROOM
    all_of_it = urlencode({"home": home.slug} | ({} if month == this else {"month": month}))
    context = {
        "home": home,
        "month": month,
        "activities": activities,
        "sheet": wall.month_sheet(activities, timezone.now(), room) if activities else None,
        "signs_up": any(activity.takes_sign_up for activity in activities),
        "beside": [(each, None if each == this else each) for each in (month.beside(-1), month.beside(1))],
    }
    return poster_page(
        request, "activities/programme.html", context,
        name=f"{month.month}月活动", typed=on_paper(request, home),
        scanned=f"{address_of(request)}{reverse('activities:month')}?{all_of_it}",
        is_sample=home.is_sample or any(activity.is_sample for activity in activities),
    )  # fmt: skip
