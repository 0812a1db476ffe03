"""The public pages of courses: which there are, and one of them with its sessions."""

from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from activities.models import Course
from config.caching import public_page

PAGE_SIZE = 30


@require_safe
@public_page
def courses(request):
    """The courses that are running, the one that meets next first."""
    rows = Course.objects.public().running().for_cards().order_by(F("next_at").asc(nulls_last=True), "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "activities/courses.html", {"page": page, "courses": page.object_list})


@require_safe
@public_page
def course(request, slug):
    """What it is, who teaches, and every session with its state; enrolling for all that are to come, or for one."""
    found = get_object_or_404(Course.objects.public().for_cards(), slug=slug)
    now = timezone.now()
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
            "call": next((session.call for session in coming), "") or found.home.telephone,
        },
    )
