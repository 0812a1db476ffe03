"""The verbs of a course: lay it out over a term, and publish what is still a draft of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from activities import publishing
from activities.models import Activity, Course
from activities.planning import moment
from branches.transitions import IllegalTransition

MOST = 120  # meetings of a course
SLUG_MOST = 52  # of a slug's 60 characters, before a number is added


@transaction.atomic
def lay_out(course, *, days, begins, ends, by, **session):
    """Keep an unsaved course and a draft of every meeting: on each of `days`, from the time `begins` to `ends`.

    `session` are further fields of the meetings. What would begin in the past is left out. Returns the course.
    """
    now = timezone.now()
    days = [day for day in sorted(set(days)) if moment(day, begins) > now]
    if not days:
        raise IllegalTransition("这段时间里一次课也排不出来：都是放假、关门，或者已经过去的日子。请换个日子。")
    if len(days) > MOST:
        raise IllegalTransition(f"一门课最多排{MOST}次，现在排出来{len(days)}次。请把日子缩短一些。")
    if ends <= begins:
        raise IllegalTransition("结束时间要晚于开始时间。")
    course.division = course.home.division
    course.since, course.until = days[0], days[-1]
    course.slug = _free_slug(course)
    course._history_user, course._change_reason = by, "lay_out"
    course.save()
    for number, day in enumerate(days, start=1):
        meeting = Activity(
            title=course.title, kind=course.kind, course=course, number=number, home=course.home, branch=course.branch,
            starts_at=moment(day, begins), ends_at=moment(day, ends), **session,
        )  # fmt: skip
        if course.kind.day_before_at:
            meeting.sign_up_until = moment(day - timedelta(days=1), course.kind.day_before_at)
        publishing.draft(meeting, by=by)
    return course


@transaction.atomic
def publish_all(course, *, by, now=None):
    """Publish every meeting still to come that is a draft or waits for review; returns how many."""
    now = now or timezone.now()
    waiting = (Activity.Status.DRAFT, Activity.Status.PENDING)
    meetings = list(course.sessions.filter(status__in=waiting, starts_at__gt=now).order_by("pk"))
    if not meetings:
        raise IllegalTransition("没有等着发布的课次。可能刚刚有人发布过，请刷新看看。")
    for meeting in meetings:
        publishing.publish(meeting, by=by, now=now)
    return len(meetings)


def _free_slug(course):
    """The home's and the first day: wen-li-20260901; with a number where there is one already."""
    stem = f"{course.home.slug[: SLUG_MOST - 9]}-{course.since:%Y%m%d}"
    taken = set(Course.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    free = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(slug for slug in free if slug not in taken)
