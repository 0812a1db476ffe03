"""What volunteers do in activities, as volunteers/ asks: where they are expected, and the hours they were there.

A sign-up carries no volunteer, only the keyed hash of a name and a telephone; volunteers carry the same one.
"""

from activities.models import Activity, SignUp
from volunteers import busy

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


def register():
    """Tell volunteers/ what this app knows about the hours of people."""
    busy.ELSEWHERE.append(busy.Elsewhere(expected, as_clash))
