"""What volunteers do in activities, as volunteers/ asks: where they are expected, and the hours they were there.

A sign-up carries no volunteer, only the keyed hash of a name and a telephone; volunteers carry the same one.
"""

from activities.models import Activity, SignUp
from volunteers import busy, hours
from volunteers.models.duty import MINUTES_MOST

EXPECTED = (SignUp.Status.CONFIRMED, SignUp.Status.ATTENDED)


def expected(starts_at, ends_at):
    """Places in what goes on between the two moments."""
    held = (Activity.Status.PUBLISHED, Activity.Status.FINISHED)
    return SignUp.objects.filter(
        status__in=EXPECTED, activity__status__in=held, activity__starts_at__lt=ends_at, activity__ends_at__gt=starts_at
    ).select_related("activity")


def as_clash(sign_up):
    activity = sign_up.activity
    return busy.Clash(activity.title, activity.starts_at, activity.ends_at, sign_up)


def attended(volunteer):
    """What this volunteer was at, as rows of their hours: for as long as it went on."""
    if not volunteer.person_key:
        return
    there = SignUp.objects.filter(person_key=volunteer.person_key, status=SignUp.Status.ATTENDED)
    for row in there.select_related("activity__home"):
        activity = row.activity
        minutes = min(MINUTES_MOST, int((activity.ends_at - activity.starts_at).total_seconds()) // 60)
        yield hours.Row(activity.starts_at, activity.ends_at, activity.title, activity.where, minutes)


def register():
    """Tell volunteers/ what this app knows about the hours of people."""
    busy.ELSEWHERE.append(busy.Elsewhere(expected, as_clash))
    hours.ELSEWHERE.append(attended)
