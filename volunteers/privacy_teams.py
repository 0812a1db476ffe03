"""What people can ask for and what time asks of volunteers: find them by telephone, hand over, empty, let go of.

A volunteer who is emptied stays as a row without a name, a telephone, a code: what was done, and for how long, is still
known, and not by whom.
"""

from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from branches.models import Event
from branches.names import plain_name
from branches.privacy import ELSEWHERE as KEPT_ELSEWHERE
from branches.privacy import KINDS, Elsewhere, Kind, hash_of
from volunteers import teams, telling
from volunteers.models import Assignment, ShiftPlace, TeamMembership, Volunteer

Status = TeamMembership.Status
KEPT = timedelta(days=2 * 366)  # after they left their last team: two years
ASKED = timedelta(days=183)  # after they asked and were not taken in: half a year
BLANK = {
    "name": "", "member": None, "telephone": "", "compound": None, "division": None, "free_times": 0, "note": "",
}  # fmt: skip
BLANK_ROW = BLANK | {"telephone_index": "", "person_key": "", "code": None, "last_asked_at": None}
WISH, OVER = "本人要求删除", "超过保存期限"


# --- by telephone
def volunteers_of(telephone, names=None):
    """Those under a number; of one person where several share it."""
    found = list(Volunteer.objects.filter(telephone_index=hash_of(telephone)).order_by("pk"))
    wanted = names and {plain_name(name) for name in names}
    return [each for each in found if wanted is None or plain_name(each.name) in wanted]


def count(telephone):
    return len(volunteers_of(telephone))


def _told_of(keys):
    subjects = (
        (Volunteer, keys),
        (TeamMembership, TeamMembership.objects.filter(volunteer__in=keys).values("pk")),
        (ShiftPlace, ShiftPlace.objects.filter(volunteer__in=keys).values("pk")),
        (Assignment, Assignment.objects.filter(volunteer__in=keys).values("pk")),
    )
    condition = Q(pk__in=[])
    for model, rows in subjects:
        condition |= Q(subject=model._meta.label_lower, subject_pk__in=rows)
    return Event.objects.filter(condition)


def copies(telephone, names):
    """{heading: rows} of one person, or of everybody under the number."""
    own = volunteers_of(telephone, names)
    keys = [each.pk for each in own]
    return {
        "志愿者": own,
        "在哪些队": TeamMembership.objects.filter(volunteer__in=keys).select_related("team").order_by("pk"),
        "值班": ShiftPlace.objects.filter(volunteer__in=keys).select_related("shift__duty").order_by("pk"),
        "接过的单": Assignment.objects.filter(volunteer__in=keys).order_by("pk"),
        "志愿者以前的内容": Volunteer.history.filter(id__in=keys).order_by("history_date", "history_id"),
        "志愿者的办理经过": _told_of(keys).order_by("pk"),
    }


def erase(telephone, names, *, by):
    """Take them out of their teams, give back what they had in hand, then empty the rows; returns how many people."""
    own = volunteers_of(telephone, names)
    for volunteer in own:
        _empty(volunteer, by=by, reason=WISH)
    return len(own)


@transaction.atomic
def _empty(volunteer, *, by, reason):
    for membership in volunteer.memberships.filter(status__in=TeamMembership.CURRENT).order_by("pk"):
        end = teams.let_go if membership.status == Status.ACTIVE else teams.decline
        end(membership, by=by, reason=reason)
    _told_of([volunteer.pk]).update(reason="", on_behalf_of="")
    for manager in (TeamMembership.objects, TeamMembership.history):
        manager.filter(volunteer=volunteer.pk).update(note="")
    for manager in (Assignment.objects, Assignment.history):
        manager.filter(volunteer=volunteer.pk).update(reason="")
    for assignment in volunteer.assignments.all():
        telling.silence(assignment)  # there is no telephone to ring
    volunteer.skills.clear()
    Volunteer.history.filter(id=volunteer.pk).update(**BLANK)
    Volunteer.objects.filter(pk=volunteer.pk).update(**BLANK_ROW)
    volunteer.name = ""
    log = LogEntry.objects.filter(content_type__app_label="volunteers", content_type__model="volunteer")
    log.filter(object_id=str(volunteer.pk)).update(object_repr=str(volunteer))


# --- by time
def gone():
    """Who left their last team two years ago, or asked half a year ago and is in none; not emptied yet."""
    now, today = timezone.now(), timezone.localdate()
    rows = Volunteer.objects.exclude(name="").exclude(memberships__status=Status.ACTIVE)
    rows = rows.annotate(left=Max("memberships__until"), asked=Max("memberships__asked_at"))
    asked_long_ago = Q(asked__lt=now - ASKED) | Q(asked=None, created_at__lt=now - ASKED)
    return rows.filter(asked_long_ago & (Q(left=None) | Q(left__lt=today - KEPT))).order_by("pk")


def let_go(rows):
    for volunteer in rows:
        _empty(volunteer, by=None, reason=OVER)


def register():
    """Tell branches/privacy.py what is kept about volunteers."""
    KINDS["volunteers"] = Kind("离队两年、或者报名半年没有进队的志愿者：清空个人信息", gone, let_go)
    KEPT_ELSEWHERE.append(Elsewhere("志愿者", count, erase, copies))
