"""Whose turn it is with an application for a home, and who may take it: the four eyes.

Whoever acted on an application at one level never acts on it at another; who wrote at it, or went to look at the
place, has acted, too.
"""

from django.conf import settings

from branches.models import Event
from branches.transitions import IllegalTransition
from homes.models import HomeApplication

Status = HomeApplication.Status

APPLICANT, STREET, DISTRICT, LEADER = "applicant", "street", "district", "leader"  # levels, in their order
EDITABLE = (Status.DRAFT, Status.RETURNED)


def level_of(application):
    """Whose turn it is: in a returned application, the level that returned it."""
    at_street = {Status.SUBMITTED: True, Status.RETURNED: application.returned_at_street}
    if application.status == Status.PUBLIC_NOTICE:
        return LEADER
    return STREET if settings.STREETS_REVIEW and at_street.get(application.status) else DISTRICT


def level_name(application):
    """Whose turn it is, in words: 街道, 区里, 区里的领导, 申报的社区."""
    names = {APPLICANT: "申报的社区", STREET: "街道", DISTRICT: "区里", LEADER: "区里的领导"}
    return names[APPLICANT if application.status in EDITABLE else level_of(application)]


def may_act(user, application):
    """Whether this user is the one to review it now: of the right level, and of no other level before."""
    if application.status not in HomeApplication.LIVE:
        return False
    try:
        check_reviewer(user, application, level_of(application))
    except IllegalTransition:
        return False
    return True


def may_write(user, application):
    """Whether this user is one of those who apply: the applicant, the community, the branch."""
    return user == application.applicant or _sits(user, ("community", "secretary"), application)


def check_reviewer(by, application, level):
    """IllegalTransition for who does not review at this level, or has acted on this application at another."""
    roles = ("street",) if level == STREET else ("district",)
    if not _sits(by, roles, application):
        raise IllegalTransition("这一关不归您审。")
    if by == application.applicant:
        raise IllegalTransition("自己申报的不能自己审，请另一位同事来。")
    acted = Event.objects.filter(subject=application._meta.label_lower, subject_pk=application.pk, data__who=by.pk)
    if acted.exclude(data__level=level).exists():
        raise IllegalTransition("这份申报您在另一关已经办过，这一关请另一位同事来。")


def check_writer(by, application):
    """IllegalTransition for who is none of those who apply."""
    if not may_write(by, application):
        raise IllegalTransition("这份申报只有申报的社区和支部能改、能撤。")


def acting(level, by):
    """What the event keeps for the four eyes: at which level, and who (the primary key outlives a new user name)."""
    return {"level": level, "who": by.pk}


def _sits(user, roles, application):
    """Whether `user` holds one of these roles over the application's division or its branch."""
    division = application.division
    line = {division.pk, division.parent_id, division.parent.parent_id if division.parent else None} - {None}
    return user.is_superuser or any(
        posting.role in roles and (posting.division_id in line or posting.branch_id == (application.branch_id or 0))
        for posting in user.current_postings
    )
