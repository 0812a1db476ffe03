"""The verbs of an activity's life: draft, submit, publish, hold, send back, correct, reschedule, cancel, finish, copy.

Only this module writes `Activity.status`. A step taken from a page that is older than the last step is refused.
"""

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from activities import outbox, signup
from activities.models import Activity, Course
from activities.seats import locked
from branches.models import CentreHousehold
from branches.transitions import IllegalTransition, record_event, record_known, step, told
from homes.models import Home

Status = Activity.Status

# event: (states it may start from, state it ends in)
TRANSITIONS = {
    "submit_review": ({Status.DRAFT}, Status.PENDING),
    "publish": ({Status.DRAFT, Status.PENDING}, Status.PUBLISHED),
    "send_back": ({Status.PENDING}, Status.DRAFT),
    "reschedule": ({Status.PUBLISHED}, Status.PUBLISHED),
    "cancel": ({Status.PUBLISHED}, Status.CANCELLED),
    "finish": ({Status.PUBLISHED}, Status.FINISHED),
    "unpublish": ({Status.PUBLISHED}, Status.DRAFT),
}
CHANGED = "刚刚有人改过这个活动，请看看现在的内容，再决定要不要改。"
CORRECTED = (
    "title", "kind", "description", "bring", "telephone", "takes_sign_up", "room_limit", "sign_up_until",
    "remind_hours",
)  # fmt: skip
COPIED = (
    "title", "kind", "home", "branch", "division", "setting", "household", "place", "room", "description", "bring",
    "telephone", "takes_sign_up", "capacity", "room_limit", "remind_hours", "course",
)  # fmt: skip


@transaction.atomic
def draft(activity, *, by, version=None):
    """Keep a new activity, or what was changed of one, as a draft. Its area is that of its home, or of its branch."""
    if activity.pk:
        known = locked(activity)
        if known.status not in (Status.DRAFT, Status.PENDING):
            raise IllegalTransition("已经发布了。改时间地点请用“改期”，别的内容请用“改内容”。")
        _same_version(known, version)
        for name in ("status", "version", "publish_at", "note", "over_by", "sequence"):
            setattr(activity, name, getattr(known, name))
        if activity.publish_at and activity.publish_at >= activity.starts_at:
            raise IllegalTransition("定了时间发布，发布时间要早于活动开始。请先取消定时发布，再改时间。")
    _once_in_course(activity)
    activity.division = _area(activity)
    activity.created_by = activity.created_by or by
    _save(activity, "draft", by=by)
    return activity


@transaction.atomic
def correct(activity, *, by, version=None, **words):
    """Change what is told of a published activity besides its time and place; nobody has to be told."""
    activity = locked(activity)
    if activity.status != Status.PUBLISHED:
        raise IllegalTransition("只有已经发布的活动用“改内容”；草稿请直接改。")
    _same_version(activity, version)
    for name, value in words.items():
        if name not in CORRECTED:
            raise ValueError(f"{name} is not changed by a correction")
        setattr(activity, name, value)
    _save(activity, "correct", by=by)
    return activity


@transaction.atomic
def hold(activity, *, by, version=None):
    """Do not publish it at the moment it was to be published."""
    activity = locked(activity)
    _same_version(activity, version)
    if activity.publish_at is None:
        raise IllegalTransition("没有定时发布，或者已经发布了。")
    activity.publish_at = None
    _save(activity, "hold", by=by)
    record_event(activity, "hold", by=by, before=activity.status, after=activity.status)
    return activity


@transaction.atomic
def submit_review(activity, *, by, version=None):
    return _step("submit_review", activity, by=by, version=version)


@transaction.atomic
def publish(activity, *, by, version=None, at=None, now=None):
    """Show it to residents, now or from the moment `at` on. Members of its course are signed up with it."""
    now = now or timezone.now()
    home_id, is_seen = activity.home_id, _hold_home(activity.home_id)
    activity = _begin("publish", activity, version)
    if activity.home_id != home_id:
        raise IllegalTransition(CHANGED)
    _seen(is_seen)
    if activity.starts_at <= now:
        raise IllegalTransition("开始时间已经过了，请先改时间。")
    if not activity.home_id and not activity.place:
        raise IllegalTransition("还没有写在哪里，请先写地点。")
    if activity.household_id and not CentreHousehold.objects.consented().filter(pk=activity.household_id).exists():
        raise IllegalTransition("这个中心户的户主还没有同意公开，请先换个地方。")
    if at is not None and at > now:
        if at >= activity.starts_at:
            raise IllegalTransition("发布时间要早于活动开始。")
        activity.publish_at = at
        _save(activity, "schedule", by=by)
        record_event(
            activity, "schedule", by=by, before=activity.status, after=activity.status, publish_at=at.isoformat()
        )
        return activity
    activity.published_at, activity.publish_at, activity.note = now, None, ""
    _finish_step("publish", activity, by=by)
    if activity.course_id and activity.takes_sign_up:
        signup.enter_enrolled(activity, now=now)
    return activity


@transaction.atomic
def send_back(activity, *, by, reason, version=None):
    activity = _begin("send_back", activity, version)
    activity.note = told(reason)
    return _finish_step("send_back", activity, by=by, reason=reason)


@transaction.atomic
def reschedule(activity, *, by, starts_at, ends_at, version=None, now=None, **place):
    """Another time or another place (`place`, `room`, `home`, `setting`); everybody who has a place is told once."""
    now = now or timezone.now()
    if home := place.get("home"):
        _seen(_hold_home(home.pk))
    activity = _begin("reschedule", activity, version)
    if starts_at <= now:
        raise IllegalTransition("新的时间已经过了，请再看看日期。")
    if ends_at <= starts_at:
        raise IllegalTransition("结束时间要晚于开始时间。")
    moved = starts_at - activity.starts_at
    changes = {"starts_at": starts_at, "ends_at": ends_at} | place
    if all(getattr(activity, name) == value for name, value in changes.items()):
        return activity
    if activity.sign_up_until:
        activity.sign_up_until += moved
    for name, value in changes.items():
        setattr(activity, name, value)
    activity.division = _area(activity)
    _once_in_course(activity)
    activity.sequence += 1
    _finish_step("reschedule", activity, by=by)
    coming = activity.sign_ups.active().filter(walk_in=False).select_related("booking").order_by("pk")
    outbox.tell_moved(activity, coming)
    return activity


@transaction.atomic
def cancel(activity, *, by, reason, version=None, now=None):
    """Call it off. The reason is public; everybody who had a place is told once, and nobody is reminded any more."""
    now = now or timezone.now()
    activity = _begin("cancel", activity, version)
    activity.note, activity.sequence = told(reason), activity.sequence + 1
    _finish_step("cancel", activity, by=by, reason=reason)
    signup.cancel_all(activity, by=by, reason=reason, now=now)
    return activity


@transaction.atomic
def finish(activity, *, by=None, version=None, now=None):
    """Close it once it is over. Whoever still waits stays as they are: there was no seat for them."""
    activity = _begin("finish", activity, version)
    if activity.ends_at > (now or timezone.now()):
        raise IllegalTransition("活动还没到结束时间。")
    return _finish_step("finish", activity, by=by)


@transaction.atomic
def unpublish(activity, *, by, version=None):
    """Back to a draft, as long as nobody has ever signed up."""
    activity = _begin("unpublish", activity, version)
    if activity.sign_ups.exists():
        raise IllegalTransition("已经有人报过名，不能收回成草稿。不办了，请用“取消活动”。")
    activity.published_at = None
    return _finish_step("unpublish", activity, by=by)


def copy(activity, *, starts_at, by):
    """A new draft like this one at another time: everything but its sign-ups, its state and its past."""
    again = Activity(**{name: getattr(activity, name) for name in COPIED}, starts_at=starts_at)
    again.ends_at = starts_at + (activity.ends_at - activity.starts_at)
    if activity.sign_up_until:
        again.sign_up_until = activity.sign_up_until + (starts_at - activity.starts_at)
    if activity.course_id:
        again.number = activity.course.sessions.count() + 1
    return draft(again, by=by)


def publish_due(*, now=None):
    """Publish what was to be published by now; returns how many. For a timer: twice is as good as once.

    One that cannot be published keeps no other back; IllegalTransition names them once the others are done.
    """
    now = now or timezone.now()
    due = Activity.objects.filter(status__in=(Status.DRAFT, Status.PENDING), publish_at__lte=now, starts_at__gt=now)
    done, refused = 0, []
    for activity in due.order_by("pk"):
        try:
            publish(activity, by=None, now=now)
            done += 1
        except IllegalTransition as refusal:
            refused.append(f"“{activity}”{refusal}")
    if refused:
        raise IllegalTransition(" ".join(refused))
    return done


def finish_over(*, now=None):
    """Finish what is over by now; returns how many. For a timer: twice is as good as once."""
    now = now or timezone.now()
    over = Activity.objects.filter(status=Status.PUBLISHED, ends_at__lte=now).order_by("pk")
    return sum(1 for activity in over if finish(activity, now=now))


def _begin(event, activity, version):
    """The activity, locked; IllegalTransition where the step does not fit, or somebody has taken one meanwhile."""
    activity = locked(activity)
    step(TRANSITIONS, event, activity)
    _same_version(activity, version)
    return activity


def _same_version(activity, version):
    if version is not None and version != activity.version:
        raise IllegalTransition(CHANGED)


def _area(activity):
    return activity.home.division if activity.home else activity.branch.division


def _hold_home(home_id):
    """Whether residents see this home, or it takes none. Nobody archives it until all is written.

    Always held before the activity, so that two who publish sessions of one course never wait for each other.
    """
    return home_id is None or Home.objects.select_for_update().public().filter(pk=home_id).exists()


def _seen(is_seen):
    if not is_seen:
        raise IllegalTransition("这个家现在没有对外公布，活动也不能发布。可以先存成草稿，或者换一个家。")


def _once_in_course(activity):
    """IllegalTransition where its course meets at that moment already; the course is held until all is written."""
    if activity.course_id is None:
        return
    course = Course.objects.select_for_update().get(pk=activity.course_id)
    others = course.sessions.exclude(pk=activity.pk).exclude(status=Status.CANCELLED)
    if others.filter(starts_at=activity.starts_at).exists():
        raise IllegalTransition("这门课在这个时间已经有一次了，请换个时间。")


def _finish_step(event, activity, *, by, reason=""):
    before, activity.status = activity.status, step(TRANSITIONS, event, activity)
    _save(activity, event, by=by)
    record_event(
        activity, event, by=by, before=before, after=activity.status, reason=reason, sequence=activity.sequence
    )
    return activity


def _step(event, activity, *, by, version):
    return _finish_step(event, _begin(event, activity, version), by=by)


def _save(activity, event, *, by):
    activity.version += 1
    activity._history_user, activity._change_reason = by, event
    activity.save()


@transaction.atomic
def enter(activities, *, by, reason):
    """Enter unsaved activities that exist already (or samples), in the state each says; for the loading of data."""
    bulk_create_with_history(activities, Activity, batch_size=500, default_user=by, default_change_reason=reason)
    record_known(activities, by=by, reason=reason)
    return activities
