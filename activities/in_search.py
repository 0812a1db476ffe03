"""What can be found of what goes on: activities, courses, notices, recordings."""

from datetime import timedelta

from activities.models import Activity, AudioItem, Course, Notice, Recap
from activities.models.activity import day_bounds
from homes.in_search import said
from homes.search.index import Page, Source, register


def _public_activities():
    return Activity.objects.public().select_related("home", "branch", "kind", "recap")


def _activity(activity):
    is_told = activity.status == Activity.Status.FINISHED and hasattr(activity, "recap")
    branch = activity.branch.name if activity.branch else ""
    return Page(
        title=activity.title,
        address=activity.get_absolute_url(),
        body=said(
            activity.description, activity.kind.name, activity.where, branch, activity.bring,
            activity.recap.words if is_told else "",
        ),
        place=activity.where,
        note=activity.get_status_display() if activity.status != Activity.Status.PUBLISHED else "",
        starts_at=activity.starts_at,
        # what does not take place is told after what does
        over_at=activity.published_at if activity.status == Activity.Status.CANCELLED else activity.ends_at,
        is_sample=activity.is_sample,
    )  # fmt: skip


def _course(course):
    return Page(
        title=course.title,
        address=course.get_absolute_url(),
        body=said(course.lead, course.description, course.kind.name, course.teacher, course.home.name),
        place=course.home.name,
        starts_at=day_bounds(course.since)[0],
        over_at=day_bounds(course.until)[1],
        is_sample=course.is_sample,
    )


def _notice(notice):
    return Page(
        title=notice.title,
        address=notice.get_absolute_url(),
        body=said(notice.body, notice.source),
        place=notice.source,
        starts_at=notice.publish_at,
        shown_until=day_bounds(notice.expires_on + timedelta(days=1))[0] if notice.expires_on else None,
        is_sample=notice.is_sample,
    )


def _recording(item):
    home, theme = item.home.name if item.home else "", item.theme.name if item.theme else ""
    return Page(
        title=item.title,
        address=item.get_absolute_url(),
        body=said(item.transcript, item.reader, theme, home),
        place=home,
        starts_at=item.created_at,
        is_sample=item.is_sample,
    )


def register_sources():
    """Called once the models are loaded."""
    register(
        Source("course", "课程", 20, Course, lambda: Course.objects.public().select_related("home", "kind"), _course,
               follows=((Activity, lambda activity: {"pk": activity.course_id}),))
    )  # fmt: skip
    register(
        Source("activity", "活动", 30, Activity, _public_activities, _activity,
               follows=((Recap, lambda recap: {"pk": recap.activity_id}),))
    )  # fmt: skip
    register(Source("notice", "通知公告", 40, Notice, Notice.objects.current, _notice, by_clock=True))
    register(
        Source("library", "有声图书馆", 70, AudioItem,
               lambda: AudioItem.objects.public().select_related("home", "theme"), _recording)
    )  # fmt: skip
