"""Signing up without an account: the form, the code that comes back, and the place given back again."""

import secrets
from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from activities import outbox, signup
from activities.forms import LookupForm, SignUpForm
from activities.models import Activity, Booking, Course, SignUp
from activities.models.signup import plain_name
from activities.scanning import scan_address
from branches.sealing import keyed_hash
from branches.transitions import IllegalTransition
from config.client_address import client_address, neighbourhood
from config.limits import Limit
from config.site import address_of
from homes.views import qr

CONFLICT, TOO_MANY = 409, 429
OPENED, OPEN_SECONDS = "bookings", 30 * 60  # in the session: {booking: the moment until which it is open}
PER_TELEPHONE = Limit("sign-ups of a telephone", 5, 24 * 60 * 60)
HOUR = 60 * 60  # what a flood waits, in seconds
TRIES = Limit("tries to open a booking", 6, 15 * 60)  # from one address, and for one code
WRONG = "没有找到。请核对报名码和电话的后四位；找不到报名码，请打电话问组织者。"
PAUSED = "试了好几次都不对，先停15分钟。急用请打电话问组织者。"


def personal(*methods):
    """A page that is only for whoever asks for it: never stored anywhere."""

    def decorate(view):
        @cache_control(private=True, no_store=True)
        @require_http_methods(methods)
        @wraps(view)
        def page(request, *args, **kwargs):
            return view(request, *args, **kwargs)

        return page

    return decorate


@personal("GET", "HEAD", "POST")
def sign_up(request, pk):
    """Sign up for one activity."""
    activity = get_object_or_404(Activity.objects.public().for_cards(), pk=pk)
    context = {"activity": activity, "what": activity.title, "when": outbox.when(activity)}
    context["closed"] = not activity.is_open_for_sign_up()
    return _sign_up(request, activity, activity.get_absolute_url(), signup.join, context)


@personal("GET", "HEAD", "POST")
def enrol(request, slug):
    """Sign up for every session of a course that is still to come."""
    course = get_object_or_404(Course.objects.public().select_related("home", "kind"), slug=slug)
    sessions = list(course.sessions.upcoming().for_cards())
    coming = [session for session in sessions if session.is_open_for_sign_up()]
    context = {"course": course, "sessions": coming, "what": course.title, "closed": not coming}
    return _sign_up(request, course, course.get_absolute_url(), signup.enrol, context)


def _sign_up(request, what, back, verb, context):
    form = SignUpForm(request.POST if request.method == "POST" else None, request=request)
    status, wait = 200, HOUR
    if request.method == "POST" and form.is_valid():
        given = form.booking()
        sent_before = _sent_before(what, given)
        if not form.counts():
            status = TOO_MANY
        elif not (sent_before or PER_TELEPHONE.take(keyed_hash(given["telephone"], "limit"))):
            form.add_error("telephone", "这个电话今天已经报了好几次，明天再报，或者打电话给组织者。")
            status, wait = TOO_MANY, PER_TELEPHONE.seconds
        else:
            try:
                booking = verb(what, **given)
            except IllegalTransition as refusal:
                form.add_error(None, str(refusal))
                status = CONFLICT
            else:
                _open(request, booking)
                return redirect("activities:booking", pk=booking.pk)
    form.fold()
    response = render(request, "activities/sign_up.html", context | {"form": form, "back": back}, status=status)
    if status == TOO_MANY:
        response.headers["Retry-After"] = str(wait)
    return response


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


# --- a booking, once it is open to this browser
def _open(request, booking):
    """Let this browser see the booking for a while: whoever made it, or knew its code and telephone."""
    now = int(timezone.now().timestamp())
    opened = {pk: until for pk, until in request.session.get(OPENED, {}).items() if until >= now}
    opened[str(booking.pk)] = now + OPEN_SECONDS
    request.session[OPENED] = opened


def _opened(request, pk):
    until = request.session.get(OPENED, {}).get(str(pk), 0)
    if until < timezone.now().timestamp():
        raise Http404
    return get_object_or_404(Booking, pk=pk)


@personal("GET", "HEAD")
def booking(request, pk):
    """What was signed up for: the code, when and where, what to bring, whom to ring."""
    found = _opened(request, pk)
    rows = found.sign_ups.select_related("activity__kind", "activity__home", "activity__course", "activity__household")
    rows = list(rows.order_by("activity__starts_at", "pk"))
    groups = {}
    for row in rows:
        groups.setdefault(row.activity, []).append(row)
    now = timezone.now()
    return render(
        request,
        "activities/booking.html",
        {
            "booking": found,
            "heading": _heading(rows),
            "qr": _qr(request, found, rows),
            "groups": [
                {
                    "activity": activity,
                    "when": outbox.when(activity),
                    "people": people,
                    "may_leave": activity.starts_at > now,
                    "ahead": _ahead(activity, people),
                }
                for activity, people in groups.items()
            ],
        },
    )


def _qr(request, booking, rows):
    """The QR code that the organiser's phone reads at the door; None once there is nothing to come to."""
    now = timezone.now()
    coming = (row for row in rows if row.status == SignUp.Status.CONFIRMED and row.activity.ends_at > now)
    return qr(address_of(request) + scan_address(booking)) if any(coming) else None


def _heading(rows):
    """In a word: whether they are in, or wait, or are not coming any more."""
    states = {row.status for row in rows}
    if SignUp.Status.WAITLISTED in states:
        return "先排上候补了" if SignUp.Status.CONFIRMED not in states else "报上了，有的先候补"
    if SignUp.Status.CONFIRMED in states:
        return "报上了"
    return "您的报名" if states & {SignUp.Status.ATTENDED, SignUp.Status.ABSENT} else "都取消了"


def _ahead(activity, people):
    """How many people stand before this group in the queue; None where it does not wait."""
    first = min((row for row in people if row.status == SignUp.Status.WAITLISTED), key=lambda row: row.pk, default=None)
    if first is None:
        return None
    return activity.sign_ups.queue().filter(waitlisted_at__lte=first.waitlisted_at, pk__lt=first.pk).count()


@personal("GET", "HEAD", "POST")
def leave(request, pk, sign_up_pk):
    """Give one place back: asked first, done on the second press."""
    found = _opened(request, pk)
    row = get_object_or_404(found.sign_ups.select_related("activity__home"), pk=sign_up_pk)
    if request.method == "POST":
        try:
            signup.leave(row)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"取消好了：{row.name} 不参加“{row.activity}”了。")
        return redirect("activities:booking", pk=pk)
    return render(request, "activities/leave.html", {"booking": found, "row": row, "when": outbox.when(row.activity)})


@personal("GET", "HEAD", "POST")
def leave_course(request, pk):
    """Give back every place of a course that is still to come."""
    found = _opened(request, pk)
    if found.course_id is None:
        raise Http404
    if request.method == "POST":
        signup.leave_course(found)
        messages.success(request, f"退好了：“{found.course}”以后的课都不去了。")
        return redirect("activities:booking", pk=pk)
    return render(request, "activities/leave_course.html", {"booking": found})


@personal("GET", "HEAD", "POST")
def lookup(request):
    """Find a booking again by its code and the last four digits."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    found, status = opened_by_code(request, form) if request.method == "POST" else (None, 200)
    if found is not None:
        _open(request, found)
        return redirect("activities:booking", pk=found.pk)
    response = render(request, "activities/lookup.html", {"form": form}, status=status)
    if status == TOO_MANY:
        response.headers["Retry-After"] = str(TRIES.seconds)
    return response


def opened_by_code(request, form):
    """(the booking that a sent `LookupForm` names or None, the status of the answer); a refusal is said on the form.

    One answer for a wrong pair and for none at all. Only wrong tries count; a right one does not make the wrong ones
    from its address undone, or whoever has one booking could guess for ever.
    """
    if not form.is_valid():
        return None, 200
    code, last_four = form.cleaned_data["code"], form.cleaned_data["last_four"]
    keys = (f"from {neighbourhood(client_address(request))}", f"for {code}")
    taken = [TRIES.take(key) for key in keys]  # both, also where the first is refused
    if not all(taken):
        form.add_error(None, PAUSED)
        return None, TOO_MANY
    found = Booking.objects.filter(code=code).first()
    if found is None or not found.telephone or found.telephone[-4:] != last_four:
        form.add_error(None, WRONG)
        return None, 200
    for key in keys:
        TRIES.give_back(key)
    return found, 200
