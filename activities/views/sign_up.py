"""Signing up without an account: the form (the booking it makes: booking.py)."""

import secrets

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from activities import signup
from activities.forms import SignUpForm
from activities.models import Activity, Booking, Course
from branches.names import plain_name
from branches.transitions import IllegalTransition
from config.limits import limited_page
from config.personal import open_to, personal

CONFLICT = 409


@personal("GET", "HEAD", "POST")
def sign_up(request, pk):
    """Sign up for one activity."""
    activity = get_object_or_404(Activity.objects.public().for_cards(), pk=pk)
    now = timezone.now()
    context = {"activity": activity, "what": activity.title, "call": activity.call}
    context["closed"] = "" if activity.is_open_for_sign_up(now) else signup.why_not(activity, now)
    return _sign_up(request, activity, activity.get_absolute_url(), signup.join, context)


@personal("GET", "HEAD", "POST")
def enrol(request, slug):
    """Sign up for every session of a course that is still to come."""
    course = get_object_or_404(Course.objects.public().select_related("home", "kind"), slug=slug)
    sessions = list(course.sessions.upcoming().for_cards())
    coming = [session for session in sessions if session.is_open_for_sign_up()]
    context = {"course": course, "sessions": coming, "what": course.title}
    context["closed"] = "" if coming else signup.why_not_course(sessions)
    context["call"] = next((session.call for session in sessions), "") or course.home.telephone
    return _sign_up(request, course, course.get_absolute_url(), signup.enrol, context)


def _sign_up(request, what, back, verb, context):
    form = SignUpForm(request.POST if request.method == "POST" else None, request=request)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.booking()
        if form.counts(again=_sent_before(what, given)):
            try:
                booking = verb(what, **given)
            except signup.AlreadySignedUp as refusal:
                context["already"], status = str(refusal), CONFLICT
            except IllegalTransition as refusal:
                form.add_error(None, str(refusal))
                status = CONFLICT
            else:
                open_to(request, booking)
                return redirect("activities:booking", pk=booking.pk)
    form.fold()
    return limited_page(request, "activities/sign_up.html", context | {"form": form, "back": back}, status)


def _sent_before(what, given):
    """Whether this is the same form again, as after a double tap. One that was gone back to and filled in for somebody
    else is another form: it gets a key of its own.
    """
    known = Booking.objects.filter(form_key=given["form_key"]).first() if given["form_key"] else None
    if known is None:
        return False
    rows = list(known.sign_ups.values_list("name", "activity"))
    same_people = {plain_name(name) for name, _ in rows} == {plain_name(name) for name in given["names"]}
    same_thing = known.course_id == what.pk if isinstance(what, Course) else {pk for _, pk in rows} == {what.pk}
    if same_people and same_thing and known.telephone == given["telephone"]:
        return True
    given["form_key"] = secrets.token_hex(16)
    return False
