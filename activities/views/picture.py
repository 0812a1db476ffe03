"""The pictures that shared links to an activity and to a course show. Nobody's name is on them."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from activities import outbox
from activities.models import Activity, Course
from config.pictures import Picture
from config.shared_pictures import answer, portal, shared
from config.templatetags.drawings import drawing_of


def picture_of(activity):
    """What is drawn of an activity (with its kind and home): what, when and where; None of one that was cancelled."""
    if activity.status == Activity.Status.CANCELLED:
        return None
    kind, hue = drawing_of(activity.kind.slug)
    day = timezone.localtime(activity.starts_at)
    when = f"{date_format(day, 'n月j日')}（{date_format(day, 'l')}）{outbox.hours(activity)}"
    words = Picture(
        f"kinds/{kind}", hue, activity.kind.name, activity.title, (when, activity.where), portal(), activity.is_sample
    )
    return shared(activity, words)


def picture_of_course(course):
    kind, hue = drawing_of(course.kind.slug)
    term = f"{date_format(course.since, 'n月j日')}到{date_format(course.until, 'n月j日')}"
    words = Picture(
        f"kinds/{kind}", hue, course.kind.name, course.title, (term, course.home.name), portal(), course.is_sample
    )
    return shared(course, words)


@require_safe
def picture(request, pk, version):
    rows = Activity.objects.public().exclude(status=Activity.Status.CANCELLED).select_related("kind", "home")
    return answer(picture_of(get_object_or_404(rows, pk=pk)), version)


@require_safe
def course_picture(request, pk, version):
    return answer(
        picture_of_course(get_object_or_404(Course.objects.public().select_related("kind", "home"), pk=pk)), version
    )
