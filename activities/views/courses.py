"""The public pages of courses: which there are, and one of them with its sessions."""

from collections import Counter
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities import json_ld
from activities.models import Course
from activities.views.picture import picture_of_course
from branches.models import Division
from config.caching import public_page, remember
from config.json_ld import script
from config.site import address_of

PAGE_SIZE = 30
TITLES = 24  # offered at once, those that run in most places


def running():
    """What is learned where: [(title, code of the street, its name)] of the courses that run today. One query."""
    return remember("running courses", _read_running)


def _read_running():
    columns = ("level", "code", "name", "parent__code", "parent__name")
    rows = Course.objects.public().running().order_by("pk")
    return [
        (title, code, name) if level == Division.Level.STREET else (title, parent or "", parent_name or "")
        for title, level, code, name, parent, parent_name in rows.values_list(
            "title", *(f"division__{column}" for column in columns)
        )
    ]


@require_safe
@public_page
def courses(request):
    """The courses that are running, the one that meets next first; narrowed by what it is and by street."""
    asked = {name: request.GET.get(name, "")[:60].replace("\0", "") for name in ("title", "street")}
    rows = Course.objects.public().running().for_cards().order_by(F("next_at").asc(nulls_last=True), "pk")
    if asked["title"]:
        rows = rows.filter(title=asked["title"])
    if asked["street"]:
        rows = rows.filter(Q(division__code=asked["street"]) | Q(division__parent__code=asked["street"]))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    streets = dict(sorted((code, name) for _, code, name in running() if code))
    context = {
        "page": page,
        "courses": page.object_list,
        "asked": asked,
        "titles": _titles(asked),
        "streets": list(streets.items()),
        "street": streets.get(asked["street"], ""),
    }
    return render(request, "activities/courses.html", context)


def _titles(asked):
    """What there is to learn in the street that is asked for, the most frequent first, each with its address."""
    found = Counter(title for title, code, _ in running() if asked["street"] in ("", code))
    titles = [title for title, _ in found.most_common(TITLES)]
    if asked["title"] and asked["title"] not in titles:
        titles.append(asked["title"])
    choices = [{"label": "全部", "title": ""}, *({"label": title, "title": title} for title in titles)]
    for choice in choices:
        wanted = asked | {"title": choice["title"]}
        choice["url"] = f"?{urlencode({name: value for name, value in wanted.items() if value})}"
        choice["selected"] = choice["title"] == asked["title"]
    return choices if titles else []


@require_safe
@public_page
def course(request, slug):
    """What it is, who teaches, and every session with its state; enrolling for all that are to come, or for one."""
    found = get_object_or_404(Course.objects.public().for_cards(), slug=slug)
    now, site, picture = timezone.now(), address_of(request), picture_of_course(found)
    sessions = list(found.sessions.public().for_cards().order_by("starts_at", "pk"))
    coming = [session for session in sessions if session.ends_at > now]
    return render(
        request,
        "activities/course.html",
        {
            "course": found,
            "coming": coming,
            "past": [session for session in sessions if session.ends_at <= now],
            "open": [session for session in coming if session.is_open_for_sign_up(now)],
            "shared_picture": picture,
            "json_ld": script(json_ld.course(found, site) | {"image": f"{site}{picture.address}"}),
            "call": next((session.call for session in coming), "") or found.home.telephone,
        },
    )
