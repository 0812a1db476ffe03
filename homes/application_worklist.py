"""What is to be done about applications, and by whom."""

from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from branches.access import Action, Areas, allowed
from branches.models import Event
from branches.waiting import Part
from homes.models import HomeApplication
from homes.reviewing import DISTRICT, LEADER, STREET

Status = HomeApplication.Status
LABEL = HomeApplication._meta.label_lower
OVER = (Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)


def applies(user):
    """Whether this user may put in applications."""
    return allowed(user, Action.ADD, HomeApplication)


def own(user):
    """Those that this user may write at: the community's and the branch's."""
    rows = HomeApplication.objects.visible_to(user, Action.ADD)
    return (rows | HomeApplication.objects.visible_to(user).filter(applicant=user)) if applies(user) else rows


def drafts(user):
    return own(user).filter(status=Status.DRAFT)


def returned(user):
    """To be put right."""
    return own(user).filter(status=Status.RETURNED)


def to_review(user):
    """Whose turn is this user's: of the level, and of those where this user has acted on no other."""
    first = DISTRICT if not settings.STREETS_REVIEW else STREET
    waiting = _of_level(user, first, Q(status=Status.SUBMITTED)) | _of_level(user, DISTRICT, Q(status=Status.STREET_OK))
    return HomeApplication.objects.filter(pk__in=waiting.values("pk"))


def run_out(user, on=None):
    """Whose notice is over, and which wait for this user to decide."""
    over = Q(status=Status.PUBLIC_NOTICE, notice_until__lt=on or timezone.localdate())
    return _of_level(user, LEADER, over)


def application_parts(user, today=None):
    """What waits for this user about applications, the overdue first; none of it twice."""
    today = today or timezone.localdate()
    review = to_review(user).order_by("due_on", "pk")
    ended = run_out(user, today).order_by("notice_until", "pk")
    late, timely = review.overdue(today), review.filter(due_on__gte=today)
    return (
        Part("late", "过了期限的", "过了期限", "先审这些。", late, overdue=True),
        Part("returned", "退回来要补正的", "要补正", "看看差在哪里，补好了再交。", returned(user).order_by("pk")),
        Part("review", "等您审的", "等着审", "看材料，去现场，再决定。", timely),
        Part("ended", "公示期满的", "公示期满，等着决定", "看看来信答复了没有，再决定批不批准。", ended),
        Part("drafts", "草稿", "草稿", "填好了，材料齐了，就交上去。", drafts(user).order_by("-pk"), upkeep=True),
    )


def under_way(user):
    return HomeApplication.objects.visible_to(user).live()


def over(user):
    return HomeApplication.objects.visible_to(user).filter(status__in=OVER)


def _of_level(user, level, states):
    """Applications in these states that this user may act on at this level."""
    role = "street" if level == STREET else "district"
    postings = [posting for posting in user.current_postings if posting.role == role]
    rows = HomeApplication.objects.all()
    if not user.is_superuser:
        rows = rows.filter(rows.in_areas(Areas(postings)))
    acted = Event.objects.filter(subject=LABEL, subject_pk=OuterRef("pk"), data__who=user.pk)
    elsewhere = acted.exclude(data__level=level)
    return rows.filter(states).exclude(applicant=user.pk).exclude(Exists(elsewhere))


class Turn(NamedTuple):
    """Whose turn it is, and by when."""

    whose: str
    until: date | None
    is_late: bool


def turn(application, level_name, today=None):
    """The `Turn` of an application that is not at an end; its clock stands still while it is with the applicant."""
    today = today or timezone.localdate()
    match application.status:
        case Status.SUBMITTED | Status.STREET_OK:
            return Turn(level_name, application.due_on, application.due_on is not None and application.due_on < today)
        case Status.PUBLIC_NOTICE:
            return Turn(level_name, application.notice_until, False)
    return Turn(level_name, None, False)
