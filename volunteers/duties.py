"""The rota: shifts planned from duties, who stands in them, swaps, and who was there.

Only this module writes `Shift.status` and `ShiftPlace.status`. Whoever changes who stands in a shift locks the shift
first, then the volunteer: nobody is one too many, and nobody in two places at once.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.models import CalendarDay, User
from branches.steps import move, user_of
from branches.transitions import IllegalTransition, step, told
from volunteers import busy
from volunteers.models import Duty, Shift, ShiftPlace, TeamMembership, Volunteer
from volunteers.models.duty import MINUTES_MOST

Status, Place = Shift.Status, ShiftPlace.Status

# event: (states it may start from, state it ends in); a place that is new comes from no state
TRANSITIONS = {"cancel": ({Status.PLANNED}, Status.CANCELLED)}
PLACES = {
    "join": ({""}, Place.JOINED),
    "leave": ({Place.JOINED}, Place.LEFT),
    "ask_swap": ({Place.JOINED}, Place.JOINED),
    "keep": ({Place.JOINED}, Place.JOINED),
    "take_over": ({Place.JOINED}, Place.LEFT),
    "served": ({Place.JOINED, Place.SERVED, Place.ABSENT}, Place.SERVED),
    "absent": ({Place.JOINED, Place.SERVED, Place.ABSENT}, Place.ABSENT),
}
AHEAD = timedelta(weeks=4)  # shifts are planned so far ahead by the timer
ALONE_UNTIL = timedelta(hours=12)  # before the start: later than that somebody has to be rung up
TICKED_UNTIL = timedelta(days=7)  # after the end
WORKING_WEEK = 0b0011111  # Monday to Friday


def days_of(duty, first, last):
    """The days from `first` to `last`, both included, on which this duty is to be done.

    A weekend that is worked instead of a holiday is a working day like any other: a duty of the whole working week is
    done then too.
    """
    first = max(first, duty.since)
    last = min(last, duty.until) if duty.until else last
    if first > last:
        return []
    off, worked = set(), set()
    if duty.working_days:
        off = set(CalendarDay.objects.holidays(first, last))
        worked = set(CalendarDay.objects.filter(day__range=(first, last), is_worked=True).values_list("day", flat=True))
    every_working_day = duty.weekdays & WORKING_WEEK == WORKING_WEEK
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        day
        for day in days
        if (day not in off and duty.weekdays & 1 << day.weekday()) or (every_working_day and day in worked)
    ]


@transaction.atomic
def keep_duty(duty, *, by):
    """Keep a new duty, or what was changed of one, and plan what is to come."""
    if duty.pk and Duty.objects.filter(pk=duty.pk, is_archived=True).exists():
        raise IllegalTransition("这项勤务已经结束了，请另建一项。")
    duty._history_user, duty._change_reason = user_of(by), "keep"
    duty.save()
    plan(duty, by=by)
    return duty


@transaction.atomic
def plan(duty, *, through=None, by=None, now=None):
    """Make the shifts of a duty that are still to come, up to a day; returns the new ones. Twice is as good as once.

    A day that has a shift of it already, also one that was cancelled or had other hours, is left as it is.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    duty = Duty.objects.select_for_update(of=("self",)).select_related("team").get(pk=duty.pk)
    if duty.is_archived or duty.team.is_archived:
        return []
    days = days_of(duty, today, through or today + AHEAD)
    there = duty.shifts.filter(starts_at__gte=_moment(today, datetime.min.time()))
    known = {timezone.localdate(starts_at) for starts_at in there.values_list("starts_at", flat=True)}
    shifts = [
        Shift(duty=duty, starts_at=_moment(day, duty.begins), ends_at=_moment(day, duty.ends), needed=duty.needed)
        for day in days
        if day not in known and _moment(day, duty.begins) > now
    ]
    return bulk_create_with_history(
        shifts, Shift, batch_size=500, default_user=user_of(by), default_change_reason="plan"
    )


@transaction.atomic
def join(shift, volunteer, *, by, now=None):
    """Put somebody's name down; returns the place. Pressed twice it is one place.

    IllegalTransition where it is full, has begun (staff may still write down who stood in), is not of one's team, or
    falls on something else one has to do.
    """
    now = now or timezone.now()
    shift = _locked(shift)
    there = shift.places.exclude(status=Place.LEFT).filter(volunteer=volunteer).first()
    if there is not None:
        return there
    until = shift.ends_at + TICKED_UNTIL if isinstance(by, User) else shift.starts_at
    if now >= until:
        raise IllegalTransition("这一班已经开始或者过去了，不能再报。")
    return _put_in(shift, volunteer, "join", by=by)


@transaction.atomic
def leave(place, *, by, now=None):
    """Give a place back. Less than twelve hours before, only who was rung up can do it."""
    now = now or timezone.now()
    shift, place = _both(place)
    _own(place, by, shift)
    _not_begun(shift, now)
    if by == place.volunteer and now > shift.starts_at - ALONE_UNTIL:
        raise IllegalTransition("不到12小时就开始了，临时换人来不及。请打电话给队长，或者请同伴替班。")
    move(place, "leave", step(PLACES, "leave", place), by=by, wants_swap=False)
    return place


@transaction.atomic
def ask_swap(place, *, by, now=None):
    """Ask whether a colleague would stand in; until one does, the place is still one's own."""
    now = now or timezone.now()
    shift, place = _both(place)
    _own(place, by, shift)
    _not_begun(shift, now)
    move(place, "ask_swap", step(PLACES, "ask_swap", place), by=by, wants_swap=True)
    return place


@transaction.atomic
def keep(place, *, by, now=None):
    """Nobody needs to stand in after all."""
    now = now or timezone.now()
    shift, place = _both(place)
    _own(place, by, shift)
    _not_begun(shift, now)
    move(place, "keep", step(PLACES, "keep", place), by=by, wants_swap=False)
    return place


@transaction.atomic
def take_over(place, volunteer, *, by, now=None):
    """A colleague stands in; returns their place. IllegalTransition where somebody was quicker."""
    now = now or timezone.now()
    shift, place = _both(place)
    _not_begun(shift, now)
    if place.status != Place.JOINED or not place.wants_swap:
        raise IllegalTransition("这一班刚刚有人接了，或者不用换了。谢谢您！")
    if shift.places.standing().filter(volunteer=volunteer).exists():
        raise IllegalTransition("这一班您自己也在，不能替别人。")
    move(place, "take_over", step(PLACES, "take_over", place), by=by, wants_swap=False)
    return _put_in(shift, volunteer, "join", by=by)


@transaction.atomic
def cancel(shift, *, by, reason, now=None):
    """A shift is off; those who had put their name down read why on their page, and are rung up from the desk."""
    now, reason = now or timezone.now(), told(reason)
    if len(reason) > Shift._meta.get_field("note").max_length:
        raise IllegalTransition("原因请留在120个字以内。")
    shift = _locked(shift, planned=False)
    if now >= shift.ends_at:
        raise IllegalTransition("这一班已经过去了，不能取消。没来的人，请记“没来”。")
    if shift.places.filter(status__in=(Place.SERVED, Place.ABSENT)).exists():
        raise IllegalTransition("这一班已经记了谁来谁没来，不能取消。")
    move(shift, "cancel", step(TRANSITIONS, "cancel", shift), by=by, reason=reason, note=reason)
    for place in shift.places.filter(wants_swap=True):
        move(place, "keep", step(PLACES, "keep", place), by=by, wants_swap=False)
    return shift


@transaction.atomic
def end(duty, *, by, reason, now=None):
    """A duty is done no more: its shifts to come are off."""
    now, reason = now or timezone.now(), told(reason)
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    if duty.is_archived:
        raise IllegalTransition("这项勤务已经结束了。")
    for shift in Shift.objects.filter(duty=duty, status=Status.PLANNED, starts_at__gt=now).order_by("pk"):
        cancel(shift, by=by, reason=reason, now=now)
    duty.is_archived = True
    duty._history_user, duty._change_reason = user_of(by), "end"
    duty.save()
    return duty


@transaction.atomic
def served(place, *, by, minutes=None, now=None):
    """Somebody was there, for so many minutes (the length of the shift unless told). A correction is one more event."""
    shift, place = _ticked(place, by, now or timezone.now())
    minutes = length(shift) if minutes is None else minutes
    if not 0 < minutes <= MINUTES_MOST:
        raise IllegalTransition(f"服务时间请写1到{MINUTES_MOST}分钟。")
    status = step(PLACES, "served", place)
    if (place.status, place.minutes) == (status, minutes):
        return place
    move(place, "served", status, by=by, reason=f"{minutes}分钟", minutes=minutes, wants_swap=False)
    return place


@transaction.atomic
def absent(place, *, by, now=None):
    """Somebody did not come."""
    _, place = _ticked(place, by, now or timezone.now())
    status = step(PLACES, "absent", place)
    if place.status == status:
        return place
    move(place, "absent", status, by=by, minutes=None, wants_swap=False)
    return place


@transaction.atomic
def save_ticks(shift, *, seen, minutes, rest_absent=False, by, now=None):
    """Save a page of ticks; returns how many changed. `seen` is {primary key: (status, minutes)} as the page showed it,
    `minutes` is {primary key: minutes} of those who are ticked; `rest_absent` says that the others did not come.

    Only what was changed on the page is written, so that two who tick on two phones do not undo each other's ticks.
    IllegalTransition where somebody has meanwhile changed the same person otherwise; then nothing is written.
    """
    shift = _locked(shift)
    changed = 0
    for place in shift.places.filter(pk__in=seen).order_by("pk"):
        now_is, wanted = (place.status, place.minutes), seen[place.pk]
        if place.pk in minutes:
            wanted = (Place.SERVED, minutes[place.pk])
        elif rest_absent or seen[place.pk][0] == Place.SERVED:
            wanted = (Place.ABSENT, None)
        if wanted == seen[place.pk] or wanted == now_is:
            continue
        if now_is != seen[place.pk]:
            raise IllegalTransition(
                f"{place.volunteer} 刚刚有人改成“{place.get_status_display()}”了。看一看现在的名单，再存一次。"
            )
        if wanted[0] == Place.SERVED:
            served(place, by=by, minutes=wanted[1], now=now)
        else:
            absent(place, by=by, now=now)
        changed += 1
    return changed


def length(shift):
    """The minutes of a shift."""
    return min(MINUTES_MOST, int((shift.ends_at - shift.starts_at).total_seconds()) // 60)


# --- inside the caller's transaction
def give_back_all(team, volunteer, *, by, now):
    """Somebody goes out of the team: their places in its shifts to come are free."""
    mine = ShiftPlace.objects.filter(volunteer=volunteer, status=Place.JOINED)
    shifts = Shift.objects.filter(duty__team=team, status=Status.PLANNED, starts_at__gt=now, places__in=mine)
    list(shifts.order_by("pk").select_for_update(of=("self",)))  # always in one order
    for place in mine.filter(shift__in=shifts):
        move(place, "leave", step(PLACES, "leave", place), by=by, wants_swap=False)


def _put_in(shift, volunteer, event, *, by):
    volunteer = Volunteer.objects.locked(volunteer.pk)
    team = shift.duty.team
    if not TeamMembership.objects.active().filter(team=team, volunteer=volunteer).exists():
        raise IllegalTransition(f"这一班是“{team}”的，只有在队的人能报。")
    if shift.places.standing().count() >= shift.needed:
        raise IllegalTransition(f"这一班{shift.needed}个人已经满了，谢谢您！看看别的班。")
    busy.refuse_clash(volunteer, shift.starts_at, shift.ends_at)
    place = ShiftPlace(shift=shift, volunteer=volunteer, status="")
    move(place, event, step(PLACES, event, place), by=by)
    return place


def _locked(shift, *, planned=True):
    """The shift as it is now, held until the transaction is over."""
    rows = Shift.objects.select_for_update(of=("self",)).select_related("duty__team")
    shift = rows.get(pk=shift.pk)
    if planned and shift.status == Status.CANCELLED:
        raise IllegalTransition(f"这一班取消了：{shift.note}")
    return shift


def _both(place):
    """(the shift, locked; the place as it is now)"""
    shift = _locked(place.shift)
    place = ShiftPlace.objects.select_related("volunteer").get(pk=place.pk)
    place.shift = shift
    return shift, place


def _own(place, by, shift):
    """IllegalTransition for a volunteer whose place it is not, and who is not the captain."""
    if isinstance(by, Volunteer) and by.pk not in (place.volunteer_id, shift.duty.team.captain_id):
        raise IllegalTransition("这不是您的班。")


def _not_begun(shift, now):
    if now >= shift.starts_at:
        raise IllegalTransition("这一班已经开始了，不能再改。有事请打电话给队长。")


def _ticked(place, by, now):
    shift, place = _both(place)
    if isinstance(by, Volunteer) and (by.pk != shift.duty.team.captain_id or by.pk == place.volunteer_id):
        raise IllegalTransition("谁来谁没来，由队长或者社区、支部来记；队长自己的，请社区或者支部来记。")
    if now < shift.starts_at:
        raise IllegalTransition("这一班还没开始，开始以后再记。")
    if now > shift.ends_at + TICKED_UNTIL:
        raise IllegalTransition("已经过了七天，不能再记。确实记错了，请找区里更正。")
    return shift, place


def _moment(day, at):
    return timezone.make_aware(datetime.combine(day, at))
