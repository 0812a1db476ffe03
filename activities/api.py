"""What goes on, for programs, to read only: what stands on its page, without anybody's name or number.

What each address takes and gives is said in config/open_data/.
"""

from django.http import Http404
from django.utils import timezone

from activities.models import Activity, Course
from activities.models.activity import day_bounds
from activities.programme import Wish
from config.open_data.answering import ParameterError, moment, named, open_data, page_of, phones, sample
from config.site import address_of


@open_data("/api/activities/")
def activities(request, asked):
    """What is not over yet; or all that begins on the days that are asked for, with what was and what is called off."""
    wish = Wish(**{name: asked[name] or "" for name in ("home", "street", "kind")})
    rows = wish.narrow(_on(asked["from"], asked["until"])).for_cards()
    page, beside = page_of(request, asked, rows)
    site = address_of(request)
    return {**beside, "activities": [as_dict(each, site) for each in page]}


def _on(first, last):
    if first is None and last is None:
        return Activity.objects.upcoming()
    if first and last and first > last:
        raise ParameterError("from 不能晚于 until。")
    rows = Activity.objects.public().filter(starts_at__gte=day_bounds(first or timezone.localdate())[0])
    rows = rows.filter(starts_at__lt=day_bounds(last)[1]) if last else rows
    return rows.order_by("starts_at", "pk")


@open_data("/api/activities/{pk}/")
def activity(request, asked, pk):
    found = Activity.objects.public().for_cards().filter(pk=pk).first()
    if found is None:
        raise Http404("没有这次活动，或者没有公布。")
    return {"activity": as_dict(found, address_of(request))}


@open_data("/api/courses/")
def courses(request, asked):
    rows = Course.objects.public().for_cards()
    if asked["home"]:
        rows = rows.filter(home__slug=asked["home"])
    page, beside = page_of(request, asked, rows.order_by("-since", "pk"))
    site = address_of(request)
    return {**beside, "courses": [_course(each, site) for each in page]}


def as_dict(activity, site):
    """What the page of an activity (from `for_cards`) says."""
    is_to_come = activity.status == Activity.Status.PUBLISHED
    is_off = activity.status == Activity.Status.CANCELLED
    branch = activity.branch if activity.branch and not activity.branch.is_archived else None
    return {
        "id": activity.pk,
        "name": activity.title,
        "url": f"{site}{activity.get_absolute_url()}",
        "status": activity.status,
        "status_note": activity.note if is_off else None,  # otherwise it is between the staff
        "kind": _kind(activity.kind),
        "course": named(activity.course, site),
        "number": activity.number,
        "home": _home(activity.home, site),
        "branch": named(branch, site),
        "place": activity.where,
        "starts_at": moment(activity.starts_at),
        "ends_at": moment(activity.ends_at),
        "description": activity.description or None,
        "bring": activity.bring or None,
        "phones": phones(activity.call),
        "takes_sign_up": activity.takes_sign_up,
        "sign_up_open": activity.is_open_for_sign_up(),
        "sign_up_until": moment(activity.closes_at) if activity.takes_sign_up else None,
        "capacity": activity.capacity,
        "places_left": activity.places_left if is_to_come else None,
        **sample(activity),
    }


def _course(course, site):
    return {
        "id": course.slug,
        "name": course.title,
        "url": f"{site}{course.get_absolute_url()}",
        "kind": _kind(course.kind),
        "home": _home(course.home, site),
        "summary": course.lead or None,
        "description": course.description or None,
        "valid_from": course.since,
        "valid_to": course.until,
        "next_at": moment(course.next_at),
        "sessions_to_come": course.coming or 0,
        **sample(course),
    }


def _kind(kind):
    return {"id": kind.slug, "name": kind.name}


def _home(home, site):
    return named(home, site) if home and home.is_public else None
