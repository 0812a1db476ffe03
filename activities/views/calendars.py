"""Calendar files: one activity, and everything at a home, of a branch, of a course, under a theme."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from activities.calendar import calendar_of, events_of
from activities.models import Activity, Course
from branches.models import Branch
from config.caching import public_page
from config.site import address_of
from homes.models import Home, Theme

TYPE = "text/calendar; charset=utf-8"


def _answer(request, activities, name, file_name):
    rows = activities.select_related("home", "branch", "course", "household")
    response = HttpResponse(calendar_of(rows, name=name, site=address_of(request)), content_type=TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{file_name}.ics")
    return response


@require_safe
@public_page
def activity(request, pk):
    found = get_object_or_404(Activity.objects.public(), pk=pk)
    return _answer(request, Activity.objects.filter(pk=found.pk), found.title, f"activity-{pk}")


@require_safe
@public_page
def home(request, slug):
    found = get_object_or_404(Home.objects.public(), slug=slug)
    return _answer(request, events_of(found.activities.all()), f"{found.name}的活动", slug)


@require_safe
@public_page
def branch(request, slug):
    found = get_object_or_404(Branch.objects.active(), slug=slug)
    return _answer(request, events_of(found.activities.all()), f"{found.name}的活动", slug)


@require_safe
@public_page
def course(request, slug):
    found = get_object_or_404(Course.objects.public(), slug=slug)
    return _answer(request, events_of(found.sessions.all()), found.title, slug)


@require_safe
@public_page
def theme(request, slug):
    found = get_object_or_404(Theme.objects.filter(is_archived=False), slug=slug)
    rows = Activity.objects.filter(home__theme=found)
    return _answer(request, events_of(rows), f"{found.name}的活动", slug)
