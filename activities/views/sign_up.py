"""Signing up without an account: the form (the booking it makes: booking.py)."""

import secrets

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from activities import signup
from activities.forms import SignUpForm
from activities.models import Activity, Booking, Course
from branches.names import plain_name
from branches.transitions import IllegalTransition
from config.content_version import one_commit
from config.limits import limited_page
from config.personal import open_to, personal

CONFLICT = 409


@personal("GET", "HEAD", "POST")
def sign_up(request, pk):
    """Sign up for one activity."""
    try:
        # known by its key alone: what is asked of it is read by the page, or under the lock, and only there
        return _sign_up(request, Activity(pk=pk), signup.join, _activity_shown)
    except Activity.DoesNotExist as error:
        raise Http404 from error


def _activity_shown(activity):
    activity, now = Activity.objects.public().for_cards().get(pk=activity.pk), timezone.now()
    closed = "" if activity.is_open_for_sign_up(now) else signup.why_not(activity, now)
    return {"activity": activity, "what": activity.title, "call": activity.call, "closed": closed}


@personal("GET", "HEAD", "POST")
def enrol(request, slug):
    """Sign up for every session of a course that is still to come."""
    course = get_object_or_404(Course.objects.public().select_related("home", "kind"), slug=slug)
    return _sign_up(request, course, signup.enrol, _course_shown)


def _course_shown(course):
    sessions = list(course.sessions.upcoming().for_cards())
    coming = [session for session in sessions if session.is_open_for_sign_up()]
    closed = "" if coming else signup.why_not_course(sessions)
    call = next((session.call for session in sessions), "") or course.home.telephone
    return {"course": course, "sessions": coming, "what": course.title, "call": call, "closed": closed}


def _sign_up(request, what, verb, shown):
    """`shown` tells what the page says of it, which nobody asks who is led on at once."""
    form = SignUpForm(request.POST if request.method == "POST" else None, request=request)
    already, status = "", 200
    if request.method == "POST" and form.is_valid():
        given = form.booking()
        again = _sent_before(what, given)
        with one_commit():
            if form.counts(again=again):
                try:
                    booking = verb(what, **given)
                except signup.AlreadySignedUp as refusal:
                    already, status = str(refusal), CONFLICT
                except IllegalTransition as refusal:
                    form.add_error(None, str(refusal))
                    status = CONFLICT
                else:
                    open_to(request, booking)
                    return redirect("activities:booking", pk=booking.pk)
    form.fold()
    context = shown(what) | {"form": form, "already": already, "back": what.get_absolute_url()}
    return limited_page(request, "activities/sign_up.html", context, status)


def _sent_before(what, given):
    """Whether this is the same form again, as after a double tap. One that was gone back to and filled in for somebody
    else is another form: it gets a key of its own.
    """
    found = Booking.objects.filter(form_key=given["form_key"])
    if not given["form_key"] or not found.exists():
        return False
    known = found.get()
    rows = list(known.sign_ups.values_list("name", "activity"))
    same_people = {plain_name(name) for name, _ in rows} == {plain_name(name) for name in given["names"]}
    same_thing = known.course_id == what.pk if isinstance(what, Course) else {pk for _, pk in rows} == {what.pk}
    if same_people and same_thing and known.telephone == given["telephone"]:
        return True
    given["form_key"] = secrets.token_hex(16)
    return False
