"""/volunteer/: what somebody has put their name down for, may still, what they did, and what they can do and when."""

from datetime import timedelta
from itertools import islice

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from branches.transitions import IllegalTransition
from volunteers import asked, busy, duties, hours, teams
from volunteers.forms import DescribeForm
from volunteers.models import Shift, ShiftPlace, Team, TeamMembership
from volunteers.standing import with_room
from volunteers.views.own_page import volunteer_page

AHEAD = timedelta(days=28)
OFFERED = 12  # shifts one may put one's name down for, shown at once
FIRST_YEAR = 2000
CONFLICT = 409
PLACE_STEPS = {
    "leave": (duties.leave, "退好了，这一班您不用去了。"),
    "ask_swap": (duties.ask_swap, "问出去了。有同伴接下，这里就看得到；没人接，还是您去。"),
    "keep": (duties.keep, "好的，还是您去。"),
}


def _mine(volunteer):
    return TeamMembership.objects.active().filter(volunteer=volunteer)


@volunteer_page("GET", "HEAD")
def own(request, volunteer):
    """What is asked of this volunteer, and what they have put their name down for."""
    now = timezone.now()
    in_teams = list(Team.objects.filter(memberships__in=_mine(volunteer)).select_related("home"))
    places = ShiftPlace.objects.filter(
        volunteer=volunteer, status=ShiftPlace.Status.JOINED, shift__ends_at__gt=now
    ).select_related("shift__duty__team")
    swaps = ShiftPlace.objects.filter(
        wants_swap=True, status=ShiftPlace.Status.JOINED, shift__starts_at__gt=now, shift__duty__team__in=in_teams
    )
    year = timezone.localdate().year
    context = {
        "volunteer": volunteer,
        "orders": asked.of_page(volunteer),
        "teams": in_teams,
        "places": list(places.order_by("shift__starts_at")),
        "offers": _offers(volunteer, in_teams, now),
        "swaps": list(
            swaps.exclude(volunteer=volunteer).exclude(shift__places__in=places).select_related("shift__duty__team")
            .order_by("shift__starts_at")
        ),
        "asks": list(
            TeamMembership.objects.filter(team__captain=volunteer, status=TeamMembership.Status.ASKED)
            .select_related("team", "volunteer").order_by("asked_at")
        ),
        "year": year,
        "served": hours.statement(volunteer, _first(year), _last(year)).total,
        "skills": list(volunteer.skills.in_use()),
    }  # fmt: skip
    return render(request, "volunteers/own/page.html", context)


def _offers(volunteer, in_teams, now):
    """Shifts with room for one more, on nothing else this person has to do."""
    shifts = Shift.objects.filter(
        duty__team__in=in_teams, status=Shift.Status.PLANNED, starts_at__gt=now, starts_at__lt=now + AHEAD
    ).exclude(places__in=ShiftPlace.objects.standing().filter(volunteer=volunteer))
    rows = with_room(shifts).filter(missing__gt=0).select_related("duty__team").order_by("starts_at", "pk")
    taken = busy.clashes(volunteer, now, now + AHEAD + timedelta(days=1))
    free = (
        row for row in rows if not any(row.starts_at < each.ends_at and each.starts_at < row.ends_at for each in taken)
    )
    return list(islice(free, OFFERED))


@volunteer_page("GET", "HEAD", "POST")
def join(request, volunteer, pk):
    """Put one's name down. Reading changes nothing."""
    shift = get_object_or_404(Shift.objects.filter(duty__team__memberships__in=_mine(volunteer)), pk=pk)
    if request.method == "POST":
        _do(request, duties.join, shift, volunteer, by=volunteer, done="报上了。到时候请准时去，谢谢您！")
    return redirect("volunteers:own")


@volunteer_page("GET", "HEAD", "POST")
def take_over(request, volunteer, pk):
    """Stand in for a colleague."""
    theirs = ShiftPlace.objects.filter(shift__duty__team__memberships__in=_mine(volunteer))
    found = get_object_or_404(theirs.exclude(volunteer=volunteer), pk=pk)
    if request.method == "POST":
        _do(request, duties.take_over, found, volunteer, by=volunteer, done="好的，这一班您替了，谢谢您！")
    return redirect("volunteers:own")


@volunteer_page("GET", "HEAD", "POST")
def place(request, volunteer, pk):
    """One cannot go: ask a colleague, or give the place back."""
    found = get_object_or_404(ShiftPlace.objects.select_related("shift__duty__team"), pk=pk, volunteer=volunteer)
    if request.method == "POST":
        verb, done = PLACE_STEPS.get(request.POST.get("step"), (None, ""))
        if verb is None:
            raise Http404
        _do(request, verb, found, by=volunteer, done=done)
        return redirect("volunteers:own")
    context = {
        "volunteer": volunteer,
        "place": found,
        "shift": found.shift,
        "is_over": found.status != ShiftPlace.Status.JOINED or found.shift.starts_at <= timezone.now(),
        "may_leave": timezone.now() <= found.shift.starts_at - duties.ALONE_UNTIL,
    }
    return render(request, "volunteers/own/place.html", context)


@volunteer_page("GET", "HEAD", "POST")
def me(request, volunteer):
    """What one can do, and when one is free."""
    known = {"skills": volunteer.skills.in_use(), "free_times": volunteer.free_times}
    form = DescribeForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        teams.describe(volunteer, by=volunteer, **form.cleaned_data)
        messages.success(request, "记下了。派活排班，先看您有空的时候。")
        return redirect("volunteers:own")
    return render(request, "volunteers/own/me.html", {"volunteer": volunteer, "form": form})


@volunteer_page("GET", "HEAD")
def statement(request, volunteer):
    """The hours of a year on paper."""
    context = statement_of(volunteer, request.GET.get("year", "")) | {"name": volunteer.name}
    return render(request, "volunteers/hours.html", context)


def statement_of(volunteer, asked):
    """What the sheet of one year says; `asked` is the year as it was typed, this one unless it makes sense."""
    this_year = timezone.localdate().year
    is_year = asked.isdecimal() and asked.isascii() and len(asked) == len("2026")
    year = min(max(int(asked), FIRST_YEAR), this_year) if is_year else this_year
    return {
        "volunteer": volunteer,
        "year": year,
        "statement": hours.statement(volunteer, _first(year), min(_last(year), timezone.localdate())),
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < this_year else None,
        "today": timezone.localdate(),
    }


def _first(year):
    return timezone.localdate().replace(year=year, month=1, day=1)


def _last(year):
    return timezone.localdate().replace(year=year, month=12, day=31)


def _do(request, verb, *args, done, **given):
    """Take a step and say what came of it."""
    try:
        verb(*args, **given)
    except IllegalTransition as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
