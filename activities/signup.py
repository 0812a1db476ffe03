"""The verbs of signing up: join, enrol in a course, leave, take somebody in late, change the number of seats.

Each takes the lock of the activity first (activities/seats.py), then looks, then writes, all in one transaction. What
nobody else has to wait for is done before: the booking itself, which sits nowhere yet.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from activities import outbox
from activities.models import Activity, Booking, SignUp
from activities.seats import fits, locked, promote, promotes, step_to, there_and_waiting
from branches.codes import random_code
from branches.names import person_key, plain_name
from branches.sealing import telephone_index
from branches.transitions import RESIDENT, IllegalTransition, Resident, record_event, record_known, told

Status, By = SignUp.Status, SignUp.CancelledBy
MOST = 4  # people in one booking
LEFT = "已经取消过了，不用再取消。"


class AlreadySignedUp(IllegalTransition):
    """Somebody of this name and telephone has a place already. `sign_up` is that one."""

    def __init__(self, sign_up):
        super().__init__(f"{sign_up.name} 用这个电话已经报过名了（{sign_up.get_status_display()}），不用再报。")
        self.sign_up = sign_up


def join(activity, *, names, telephone, by=RESIDENT, form_key="", now=None, **about):
    """Sign people up for one activity; returns the booking. Confirmed together, or waiting together.

    `names` are one to four; `about` are further facts of the booking (proxy, note, email, consent_version). Sent twice
    with the same `form_key`, it is one booking. IllegalTransition where it is not open, AlreadySignedUp for a repeat.
    """
    people = _people(names)

    def entered(booking):
        there = locked(activity, "status", "takes_sign_up", "starts_at", "ends_at", "sign_up_until", "capacity")
        at = now or timezone.now()  # not before one has the lock: the queue stands in this order
        if not _open(there, by, at):
            raise IllegalTransition(why_not(there, at))
        _enter(there, booking, people, telephone, by=by, now=at)

    return _booked(entered, telephone, by=by, form_key=form_key, now=now, **about)


def enrol(course, *, names, telephone, by=RESIDENT, form_key="", now=None, **about):
    """Sign people up for every session of a course that is still to come; returns the booking.

    Sessions are independent: confirmed in one, waiting in another. Sessions published later are entered then.
    """
    people = _people(names)

    def entered(booking):
        sessions = course.sessions.filter(status=Activity.Status.PUBLISHED, starts_at__gt=now or timezone.now())
        # always in one order, so that two never wait for each other
        sessions = list(sessions.order_by("pk").select_for_update())
        at = now or timezone.now()
        coming = [each for each in sessions if _open(each, by, at)]
        if not coming:
            raise IllegalTransition(why_not_course(sessions))
        keys = [person_key(name, telephone) for name in people]
        taken = SignUp.objects.active().filter(activity__in=coming, person_key__in=keys).select_related("activity")
        if taken and {each.activity_id for each in taken} == {each.pk for each in coming}:
            raise AlreadySignedUp(taken[0])
        has = {(each.activity_id, each.person_key) for each in taken}
        for activity in coming:
            new = [name for name, key in zip(people, keys, strict=True) if (activity.pk, key) not in has]
            if new:
                _enter(activity, booking, new, telephone, by=by, now=at)

    return _booked(entered, telephone, by=by, form_key=form_key, now=now, course=course, **about)


def enter_enrolled(activity, *, now=None):
    """Sign those enrolled in the course up for a session that has just been published, first come first served."""
    now = now or timezone.now()
    for booking in activity.course.bookings.filter(left_at=None).order_by("created_at", "pk"):
        names = list(dict.fromkeys(booking.sign_ups.order_by("pk").values_list("name", flat=True)))
        keys = {person_key(name, booking.telephone): name for name in names}
        there = set(activity.sign_ups.active().filter(person_key__in=keys).values_list("person_key", flat=True))
        people = [name for key, name in keys.items() if key not in there]
        if people and booking.telephone:
            _enter(activity, booking, people, booking.telephone, by=None, now=now)


@transaction.atomic
def leave(sign_up, *, by=RESIDENT, reason="", now=None):
    """Give a place back. Whoever leaves a seat makes room for the first in the queue, in this same transaction."""
    now = now or timezone.now()
    activity = locked(sign_up.activity)
    sign_up = SignUp.objects.select_related("booking").get(pk=sign_up.pk)
    if sign_up.status == Status.CANCELLED:
        raise IllegalTransition(LEFT)
    if sign_up.status not in (Status.CONFIRMED, Status.WAITLISTED):
        raise IllegalTransition(f"现在是“{sign_up.get_status_display()}”，不能取消。可能刚刚有人处理过，请刷新看看。")
    if now >= activity.starts_at:
        raise IllegalTransition("活动已经开始，不能取消了。")
    _cancel(sign_up, By.PERSON if by is RESIDENT else By.ORGANISER, by=by, reason=reason, now=now)
    promote(activity, now=now)
    return sign_up


@transaction.atomic
def leave_course(booking, *, by=RESIDENT, now=None):
    """Give back every place of a course that is still to come, and none will be taken for new sessions."""
    now = now or timezone.now()
    booking = Booking.objects.select_for_update().get(pk=booking.pk)
    if booking.left_at is None:
        booking.left_at = now
        booking.save(update_fields=["left_at"])
    coming = booking.sign_ups.filter(activity__starts_at__gt=now, status__in=(Status.CONFIRMED, Status.WAITLISTED))
    for sign_up in coming.order_by("activity_id", "pk"):
        leave(sign_up, by=by, now=now)
    return booking


@transaction.atomic
def offer_late(sign_up, *, by, reason="", now=None):
    """Confirm somebody who waits, by telephone, after the queue has stopped moving by itself. Out of turn: say why."""
    now = now or timezone.now()
    activity = locked(sign_up.activity)
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    if sign_up.status != Status.WAITLISTED:
        raise IllegalTransition("这一位现在不在候补里。可能刚刚有人处理过，请刷新看看。")
    if activity.status != Activity.Status.PUBLISHED or now >= activity.ends_at:
        raise IllegalTransition("活动已经结束或者取消，不能再补人了。")
    if promotes(activity, now):
        raise IllegalTransition("还没到截止时间，候补会按顺序自动补上，不用手工补。")
    if not fits(activity, 1):
        raise IllegalTransition("名额已经满了。先改名额，或者等有人取消。")
    if activity.sign_ups.queue().first() != sign_up:
        reason = told(reason)
    step_to(sign_up, Status.CONFIRMED, "offer_late", by=by, reason=reason)
    return sign_up


@transaction.atomic
def set_capacity(activity, *, capacity, by, keep=False, version=None, now=None):
    """Change the number of seats (None: no limit). More seats let those who wait move up.

    Fewer than are confirmed already: refused, unless `keep` says that those stay in; then nobody moves up until as many
    have left.
    """
    activity = locked(activity)
    if activity.status not in (Activity.Status.DRAFT, Activity.Status.PENDING, Activity.Status.PUBLISHED):
        raise IllegalTransition("活动已经结束或者取消，不能改名额了。")
    if version is not None and version != activity.version:
        raise IllegalTransition("刚刚有人改过这个活动，请看看现在的内容，再决定要不要改。")
    if capacity is not None and capacity < 1:
        raise IllegalTransition("名额至少是1；不限就留空。")
    seated = activity.sign_ups.seated().count()
    if capacity is not None and capacity < seated and not keep:
        raise IllegalTransition(f"已经报上了{seated}位，名额不能少于{seated}。要少，请选“已经报上的都留着”。")
    before, activity.capacity = activity.capacity, capacity
    activity.over_by = max(0, seated - capacity) if capacity is not None else 0
    activity.version += 1
    activity._history_user, activity._change_reason = by, "set_capacity"
    activity.save()
    record_event(
        activity, "set_capacity", by=by, before=activity.status, after=activity.status, was=before, now=capacity
    )
    promote(activity, now=now)
    return activity


# --- inside the caller's transaction, with the lock held
def cancel_all(activity, *, by, reason, now):
    """Cancel every active sign-up because the activity is off, and tell each once."""
    for sign_up in activity.sign_ups.active().select_related("booking").order_by("pk"):
        sign_up.activity = activity
        _cancel(sign_up, By.ACTIVITY, by=by, reason=reason, now=now)
        if sign_up.booking_id:
            outbox.tell(sign_up, outbox.Kind.CANCELLED)


def _cancel(sign_up, cancelled_by, *, by, reason, now):
    outbox.silence(sign_up)
    step_to(
        sign_up, Status.CANCELLED, "leave", by=by, reason=reason,
        cancelled_by=cancelled_by, cancelled_at=now, waitlisted_at=None,
    )  # fmt: skip


def _people(names):
    """The names, tidied. IllegalTransition for none, too many, or one twice."""
    people = [" ".join(name.split()) for name in names if plain_name(name)]
    if not 1 <= len(people) <= MOST:
        raise IllegalTransition(f"请写1到{MOST}位参加的人。")
    if len({plain_name(name) for name in people}) != len(people):
        raise IllegalTransition("有两位写的是同一个名字，请只写一次。")
    return people


def _open(activity, by, now):
    """Residents until it closes; staff, who take telephone calls, until it begins."""
    if isinstance(by, Resident):
        return activity.is_open_for_sign_up(now)
    return activity.takes_sign_up and activity.status == Activity.Status.PUBLISHED and now < activity.starts_at


def why_not(activity, now):
    """Why nobody signs up for this activity any more, or yet, in a sentence for whoever wants to."""
    match activity.status:
        case Activity.Status.CANCELLED:
            return "这个活动取消了，不能报名。"
        case Activity.Status.FINISHED:
            return "这个活动已经结束了，不能报名。"
        case Activity.Status.PUBLISHED if now >= activity.ends_at:
            return "这个活动已经结束了，不能报名。"
        case Activity.Status.PUBLISHED if not activity.takes_sign_up:
            return "这个活动不用报名，直接来就行。"
        case Activity.Status.PUBLISHED if now >= activity.starts_at:
            return "这个活动已经开始了，不能在网上报名。想来的话，请先打个电话问问。"
        case Activity.Status.PUBLISHED:
            return "报名已经截止。想来的话，请先打个电话问问。"
    return "这个活动还没发布，不能报名。"


def why_not_course(sessions):
    """Why nobody signs up for these sessions, all of a course that are still to come."""
    if not sessions:
        return "这门课后面没有可以报名的课次了。想知道什么时候再开，请打个电话问问。"
    if not any(session.takes_sign_up for session in sessions):
        return "这门课不用报名，直接来就行。"
    return "这门课现在没有可以报名的课次，报名都截止了。想来的话，请打个电话问问。"


def _booked(entered, telephone, *, by, form_key, now, **about):
    """A new booking with those whom `entered(booking)` enters: both or neither. A form that was sent before has one
    already, which is returned as it is; the database says which came first.
    """
    if about.get("consent_version"):
        about["consented_at"] = now or timezone.now()
    taken_by = None if isinstance(by, Resident) else by
    booking = Booking(code=random_code(), telephone=telephone, taken_by=taken_by, form_key=form_key or None, **about)
    try:
        with transaction.atomic():
            booking.save()
            entered(booking)
    except IntegrityError:
        if form_key and (known := Booking.objects.filter(form_key=form_key).first()):
            return known
        if not Booking.objects.filter(code=booking.code).exists():
            raise
        # with ten thousand bookings once in ten thousand times: somebody has the code, another one is drawn
        return _booked(entered, telephone, by=by, form_key=form_key, now=now, **about)
    return booking


def _enter(activity, booking, people, telephone, *, by, now):
    """Confirm all of them, or put all of them at the end of the queue."""
    keys = {person_key(name, telephone): name for name in people}
    there, waiting = there_and_waiting(activity, list(keys))
    if there:
        raise AlreadySignedUp(activity.sign_ups.active().filter(person_key__in=keys).order_by("pk").first())
    seated = not waiting and fits(activity, len(people))
    for key, name in keys.items():
        sign_up = SignUp(activity=activity, booking=booking, name=name, person_key=key, is_sample=booking.is_sample)
        step_to(
            sign_up, Status.CONFIRMED if seated else Status.WAITLISTED, "join", by=by,
            waitlisted_at=None if seated else now,
        )  # fmt: skip


@transaction.atomic
def enter(bookings, sign_ups, *, by, reason):
    """Enter unsaved bookings and their unsaved sign-ups (or samples), each in its state; for the loading of data."""
    for booking in bookings:
        booking.telephone_index = telephone_index(booking.telephone)
    Booking.objects.bulk_create(bookings, batch_size=500)
    bulk_create_with_history(sign_ups, SignUp, batch_size=500, default_user=by, default_change_reason=reason)
    record_known(sign_ups, by=by, reason=reason)
