"""Sample duties: the school escort and the watch at the gate, two weeks back and two weeks ahead."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.demo_words import REASON
from volunteers import duties
from volunteers.models import Duty, Shift, ShiftPlace

WEEKS = timedelta(days=14)
HOURS = {  # by kind of team
    "school-escort": ("早上护学", "示例小学门口", time(7, 30), time(8, 30)),
    "red-armband": ("院门值守", "示例小区大门", time(15), time(17)),
}
PLACES = {"past": ShiftPlace.Status.SERVED, "ahead": ShiftPlace.Status.JOINED}


def duties_of(teams, crews, makers, going):
    """Bring in the duties of these teams, their shifts, and who stands in them; {model: number}.

    `crews` are {team's pk: [volunteer]}; those of `going` (primary keys) have somewhere else to go.
    """
    rows = [
        Duty(team=team, name=name, place=place, begins=begins, ends=ends, since=makers.today - WEEKS, is_sample=True)
        for team in teams
        if team.kind.slug in HOURS
        for name, place, begins, ends in (HOURS[team.kind.slug],)
    ]
    bulk_create_with_history(rows, Duty, batch_size=500, default_change_reason=REASON)
    shifts = [shift for duty in rows for shift in _shifts(duty, makers.today)]
    bulk_create_with_history(shifts, Shift, batch_size=500, default_change_reason=REASON)
    places = []
    for number, shift in enumerate(shifts):
        free = [each for each in crews.get(shift.duty.team_id, []) if each.pk not in going]
        past = shift.ends_at <= makers.now
        wanted = shift.needed if past else number % (shift.needed + 1)
        status, minutes = PLACES["past" if past else "ahead"], duties.length(shift) if past else None
        standing = (free[(number + turn) % len(free)] for turn in range(min(wanted, len(free))))
        places += [ShiftPlace(shift=shift, volunteer=each, status=status, minutes=minutes) for each in standing]
    bulk_create_with_history(places, ShiftPlace, batch_size=500, default_change_reason=REASON)
    return {Duty: len(rows), Shift: len(shifts), ShiftPlace: len(places)}


def _shifts(duty, today):
    for day in duties.days_of(duty, today - WEEKS, today + WEEKS):
        begins, ends = (timezone.make_aware(datetime.combine(day, hour)) for hour in (duty.begins, duty.ends))
        yield Shift(duty=duty, starts_at=begins, ends_at=ends, needed=duty.needed)
