"""The desk's pages about the rota: the duties of a team, a week of it on the screen and on the wall, one shift."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, SHOWN, attempt
from branches.views.desk_posting import may, own
from volunteers import duties, people
from volunteers.models import Duty, Shift, ShiftPlace, TeamMembership, Volunteer
from volunteers.models.team import DAYS
from volunteers.team_forms import DutyForm, PaperForm, ReasonForm, ShiftReasonForm, StandInForm, TicksForm
from volunteers.views.team_desk import crumbs, own_team, posted, step_page, team_page, took
from volunteers.what_waits import SHIFT_DAYS, short_shifts

YEARS = 2  # how far back and ahead weeks can be asked for


def own_duty(request, pk):
    return own(request, Duty, pk, Action.CHANGE, Duty.objects.select_related("team__home"))


def own_shift(request, pk, action=Action.VIEW):
    return own(request, Shift, pk, action, Shift.objects.select_related("duty__team__home", "duty__team__captain"))


@team_page(Action.ADD, Duty)
def new_duty(request, pk):
    """A new duty, planned four weeks ahead at once."""
    team = own_team(request, pk, Action.CHANGE)
    form = DutyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        duty = attempt(form, duties.keep_duty, form.duty(Duty(team=team)), by=request.user)
        if duty is not None:
            messages.success(request, f"排好了{duty.shifts.count()}班，今后四周。以后每天自动往后排。")
            return redirect("volunteers:desk_week", pk)
    return step_page(request, team, form, f"新的勤务（{team.name}）", "排班")


@team_page(Action.CHANGE, Duty)
def edit_duty(request, pk):
    """Change a duty: what is planned from now on; shifts that are planned already stay as they are."""
    duty = own_duty(request, pk)
    form = DutyForm(posted(request), initial=DutyForm.of(duty))
    if took(request, form, lambda _given: duties.keep_duty(form.duty(duty), by=request.user)):
        messages.success(request, "存下来了。已经排出来的班不变，要改请取消那一班。")
        return redirect("volunteers:desk_team", duty.team_id)
    return step_page(request, duty.team, form, f"改勤务：{duty.name}", "存下来", lead="已经排出来的班不变。")


@team_page(Action.CHANGE, Duty)
def end_duty(request, pk):
    """A duty is done no more."""
    duty = own_duty(request, pk)
    form = ReasonForm(posted(request))
    if took(request, form, lambda given: duties.end(duty, by=request.user, **given)):
        messages.success(request, f"{duty.name}不排了，以后的班都取消了。")
        return redirect("volunteers:desk_team", duty.team_id)
    return step_page(request, duty.team, form, f"{duty.name}不排了", "不排了", kind="act", lead="以后的班都取消。")


# --- a week
def _monday(text):
    """The Monday of the week of a day that is typed; of this week for anything that makes no sense."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    day = day if abs(day.year - today.year) <= YEARS else today
    return day - timedelta(days=day.weekday())


def _week(team, monday):
    """[(day, its shifts, each with `standing`: the places in it)] of seven days."""
    begins, ends = (
        timezone.make_aware(datetime.combine(monday + timedelta(days=days), time())) for days in (0, len(DAYS))
    )
    standing = ShiftPlace.objects.exclude(status=ShiftPlace.Status.LEFT).select_related("volunteer").order_by("pk")
    shifts = (
        Shift.objects.filter(duty__team=team, starts_at__gte=begins, starts_at__lt=ends)
        .select_related("duty")
        .prefetch_related(Prefetch("places", standing, to_attr="standing"))
        .order_by("starts_at", "pk")
    )
    by_day = {}
    for shift in shifts:
        taken = sum(place.status in ShiftPlace.STANDING for place in shift.standing)
        shift.missing = max(0, shift.needed - taken)
        by_day.setdefault(timezone.localdate(shift.starts_at), []).append(shift)
    days = (monday + timedelta(days=number) for number in range(len(DAYS)))
    return [(day, by_day.get(day, [])) for day in days]


@team_page(Action.VIEW, Shift, methods=("GET", "HEAD"))
def week(request, pk):
    """Who stands when, masked."""
    team, monday = own_team(request, pk), _monday(request.GET.get("day", ""))
    context = {
        "team": team,
        "days": _week(team, monday),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "monday": monday,
        "crumbs": crumbs(request, team),
    }
    return render(request, "desk/teams/week.html", context)


@team_page(Action.REVEAL, Volunteer)
def week_paper(request, pk):
    """Ask why; then the week on A4 with full names, for the wall of the home."""
    team, monday = own_team(request, pk), _monday(request.GET.get("day", ""))
    form = PaperForm(posted(request))
    if request.method == "POST" and form.is_valid():
        days = _week(team, monday)
        standing = [place for _, shifts in days for shift in shifts for place in shift.standing]
        who = {place.volunteer for place in standing}
        try:
            shown = attempt(form, people.reveal, who, ["name"], by=request.user, subject=team, **form.cleaned_data)
        except Volunteer.DoesNotExist as error:  # their post for names is in another area
            raise Http404 from error
        if shown is not None:
            for place in standing:
                place.name = shown[place.volunteer_id]["name"]
            context = {"team": team, "days": days, "monday": monday, "now": timezone.localtime()}
            return render(request, "desk/teams/week_paper.html", context)
    lead = "纸上印的是全名，不印电话。"
    return step_page(request, team, form, "打印一周的排班", "打印", lead=lead)


@team_page(Action.CHANGE, ShiftPlace, methods=("GET", "HEAD"))
def short(request):
    """The shifts of the next days for which people are missing, the soonest first."""
    rows = short_shifts(request.user).select_related("duty__team__home")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    for shift in page.object_list:
        shift.missing = shift.needed - shift.standing
    context = {"page": page, "days": SHIFT_DAYS, "crumbs": crumbs(request)}
    return render(request, "desk/teams/short.html", context)


# --- one shift
@team_page(Action.VIEW, Shift)
def shift(request, pk):
    """One shift: who stands in it; once it has begun, who came. Posted, the ticks are saved."""
    found = own_shift(request, pk)
    places = list(found.places.exclude(status=ShiftPlace.Status.LEFT).select_related("volunteer").order_by("pk"))
    form = TicksForm(posted(request), places=places, length=duties.length(found))
    may_change, refusal = may(request, found, Action.CHANGE), ""
    if request.method == "POST":
        own_shift(request, pk, Action.CHANGE)
        if form.is_valid():
            try:
                changed = duties.save_ticks(found, by=request.user, **form.given())
            except IllegalTransition as stop:
                refusal = str(stop)
            else:
                messages.success(request, f"存好了，改了{changed}位。" if changed else "没有要改的。")
                return redirect("volunteers:desk_shift", pk)
        else:
            refusal = next(iter(form.errors.values()))[0]
    now, day = timezone.now(), timezone.localdate(found.starts_at)
    for place in places:
        place.is_here = form.data.get(f"here-{place.pk}") if form.is_bound else place.status == "served"
        place.shown_minutes = form.data.get(f"minutes-{place.pk}") if form.is_bound else place.minutes
    planned = found.status == Shift.Status.PLANNED
    context = {
        "team": found.duty.team,
        "shift": found,
        "places": places,
        "refusal": refusal,
        "length": form.length,
        "rest_absent": form.is_bound and form.data.get("rest_absent"),
        "may_tick": may_change and planned and found.starts_at <= now <= found.ends_at + duties.TICKED_UNTIL,
        "may_add": may_change and planned and now < found.ends_at + duties.TICKED_UNTIL,
        "may_cancel": may_change and planned and now < found.ends_at,
        "begun": found.starts_at <= now,
        "missing": found.needed - sum(place.status in ShiftPlace.STANDING for place in places),
        "crumbs": [
            *crumbs(request, found.duty.team),
            ("排班", f"{reverse('volunteers:desk_week', args=[found.duty.team_id])}?day={day}"),
        ],
    }
    return render(request, "desk/teams/shift.html", context, status=CONFLICT if refusal else 200)


@team_page(Action.CHANGE, Shift)
def stand_in(request, pk):
    """Put somebody of the team into a shift, for one who rings or has stood in."""
    found = own_shift(request, pk, Action.CHANGE)
    there = found.places.exclude(status=ShiftPlace.Status.LEFT).values("volunteer")
    active = TeamMembership.objects.active().filter(team=found.duty.team)
    rows = Volunteer.objects.filter(pk__in=active.values("volunteer")).exclude(pk__in=there)
    form = StandInForm(posted(request), people=rows)
    if took(request, form, lambda given: duties.join(found, given["volunteer"], by=request.user)):
        messages.success(request, "排上了。")
        return redirect("volunteers:desk_shift", pk)
    return step_page(request, found.duty.team, form, f"{found.duty.name}：谁来", "排上")


@team_page(Action.CHANGE, Shift)
def cancel(request, pk):
    """Call a shift off."""
    found = own_shift(request, pk, Action.CHANGE)
    form = ShiftReasonForm(posted(request))
    if took(request, form, lambda given: duties.cancel(found, by=request.user, **given)):
        messages.success(request, "取消了。报了名的人，请打电话说一声。")
        return redirect("volunteers:desk_shift", pk)
    return step_page(request, found.duty.team, form, f"取消这一班：{found.duty.name}", "取消", kind="act")


@team_page(Action.CHANGE, Shift)
def take_out(request, pk, place_pk):
    """Give a place back for somebody who rings."""
    found = own_shift(request, pk, Action.CHANGE)
    place = own(request, ShiftPlace, place_pk, Action.CHANGE, found.places.select_related("volunteer"))
    if request.method == "POST":
        try:
            duties.leave(place, by=request.user)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{place.volunteer} 不来了，空出一个人。")
    return redirect("volunteers:desk_shift", pk)
