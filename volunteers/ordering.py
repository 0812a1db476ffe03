"""The verbs around an order: place, send to a branch, turn down, rate, close, re-open, cancel, correct.

Who is asked to do it and goes: dispatching.py. States and who writes them: order_steps.py.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.codes import new_code
from branches.models import CalendarDay, User
from branches.sealing import keyed_hash
from branches.steps import correction
from branches.transitions import RESIDENT, IllegalTransition, Resident, told
from volunteers import busy, telling
from volunteers.models import Assignment, Message, OrderPhoto, ServiceOrder
from volunteers.order_steps import MOVED_ON, held, locked, move, move_assignment, recall_all
from volunteers.routing import route as route_of

Status, Rating = ServiceOrder.Status, ServiceOrder.Rating
RATINGS = (Rating.GOOD, Rating.FAIR, Rating.POOR)  # that somebody may give; 未评价 is for silence
PHOTOS_MOST = 3
REOPEN_DAYS = 14
SILENT_DAYS = 7  # after which a done order closes by itself, 未评价


@transaction.atomic
def place(
    *, category, what, name, telephone, place, by=RESIDENT, via=ServiceOrder.Via.WEB, home=None, division=None,
    compound=None, proxy_name="", wish="", needed=1, photos=(), form_key="", now=None, **about,
):  # fmt: skip
    """Ask for help; returns the order, sent to the branch that answers for the place, or to the district.

    `photos` are ContentFiles of homes/photos.py; `about` are further facts (is_proven, consent_version). Sent twice
    with one `form_key`, it is one order; with other words it is another. IllegalTransition where what, name, telephone
    or place is missing.
    """
    now = now or timezone.now()
    same = {"form_key": form_key, "what": what, "name": name, "telephone": telephone, "place": place}
    if known := sent_before(**same):
        return known
    if form_key and ServiceOrder.objects.filter(form_key=form_key).exists():
        # the form was gone back to; the other order has a key that a second tap finds again
        same["form_key"] = form_key = keyed_hash("\x1f".join(same.values()), "form key")[:32]
        if known := sent_before(**same):
            return known
    if not all(text.strip() for text in (what, name, telephone, place)):
        raise IllegalTransition(_("请写明什么事、在哪里、怎么称呼您、打哪个电话。"))
    if len(photos) > PHOTOS_MOST:
        raise IllegalTransition(f"照片最多{PHOTOS_MOST}张。")
    where = route_of(place, home=home, division=division, compound=compound)
    if about.get("consent_version"):
        about["consented_at"] = now
    order = ServiceOrder(
        code=new_code(ServiceOrder), category=category, what=what, name=name, telephone=telephone, place=place,
        proxy_name=proxy_name, wish=wish, home=home, division=where.division, compound=where.compound,
        branch=where.branch, via=via, taken_by=by if isinstance(by, User) else None, needed=needed, status="",
        visit_minutes=category.usual_minutes, form_key=form_key or None, created_at=now,
        **_deadlines(category, now), **about,
    )  # fmt: skip
    try:
        with transaction.atomic():
            on_behalf_of = "" if by is RESIDENT else str(RESIDENT)
            move(order, "place", Status.SUBMITTED, by=by, now=now, on_behalf_of=on_behalf_of)
    except IntegrityError:  # the second of two taps at once
        if known := sent_before(**same):
            return known
        raise
    for photo in photos:
        OrderPhoto(order=order, picture=photo).save()
    return order


def sent_before(*, form_key, **words):
    """The order that this same form, with these same words, made already; else None."""
    known = ServiceOrder.objects.filter(form_key=form_key).first() if form_key else None
    return known if known and all(getattr(known, name) == text for name, text in words.items()) else None


def _deadlines(category, now):
    """By when somebody should have accepted, and it should be done: working days from today."""
    after, today = CalendarDay.objects.working_day_after, timezone.localdate(now)
    return {"accept_by": after(today, category.accept_days), "done_by": after(today, category.done_days)}


@transaction.atomic
def route(order, branch, *, by, version=None, now=None):
    """Send an order to the branch that answers for it."""
    order = locked(order, version)
    if order.branch_id == branch.pk:
        raise IllegalTransition(f"已经在{branch}了。")
    before = order.branch
    move(
        order, "route", Status.SUBMITTED, by=by, now=now or timezone.now(), branch=branch,
        data={"was": str(before or ""), "now": str(branch)},
    )  # fmt: skip
    return order


@transaction.atomic
def reject(order, *, by, reason, version=None, now=None):
    """Say that we cannot do it, and why; the resident is told, with whom to turn to."""
    now, reason, order = now or timezone.now(), told(reason), locked(order, version)
    move(order, "reject", Status.UNABLE, by=by, now=now, reason=reason, outcome=reason)
    telling.tell_resident(order, Message.Kind.UNABLE)
    return order


@transaction.atomic
def mark_duplicate(order, original, *, by, version=None, now=None):
    """Say that this is the same matter as another order, which goes on; chains lead to the first one."""
    original = original.duplicate_of or original
    if original.pk == order.pk:
        raise IllegalTransition("不能和自己重复，请写另外一单的号。")
    # always in one order: somebody may be doing it the other way round
    both = ServiceOrder.objects.select_for_update().filter(pk__in=(order.pk, original.pk)).order_by("pk")
    original = {row.pk: row for row in both}[original.pk]
    if original.status == Status.DUPLICATE:
        raise IllegalTransition(MOVED_ON)
    if original.status in (Status.CANCELLED, Status.UNABLE):
        raise IllegalTransition(f"{original.pk}号{original.get_status_display()}，并过去就没有人办了。")
    order = locked(order, version)
    if order.duplicates.exists():
        raise IllegalTransition("有别的单子并在这一单里，请把这一单照常办下去。")
    move(order, "mark_duplicate", Status.DUPLICATE, by=by, now=now or timezone.now(), duplicate_of=original)
    return order


@transaction.atomic
def rate(order, rating, *, by=RESIDENT, words="", on_behalf_of="", version=None, now=None):
    """Say how it was done; by the resident, or by staff who asked on the telephone."""
    if rating not in RATINGS:
        raise IllegalTransition("请选满意、基本满意或者不满意。")
    order = locked(order, version)
    move(
        order, "rate", Status.CLOSED, by=by, now=now or timezone.now(), on_behalf_of=on_behalf_of,
        rating=rating, rating_words=words, data={"rating": rating},
    )  # fmt: skip
    telling.silence_resident(order)
    return order


def close_silent(*, now=None):
    """Close what was done a week ago and nobody rated; returns how many. Twice is as once. Run by a timer."""
    now = now or timezone.now()
    silent = ServiceOrder.objects.filter(status=Status.DONE, done_at__lte=now - timedelta(days=SILENT_DAYS))
    return sum(_close(pk, now) for pk in silent.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _close(pk, now):
    order = locked(ServiceOrder(pk=pk))
    if order.status != Status.DONE or order.done_at > now - timedelta(days=SILENT_DAYS):
        return 0
    move(order, "close", Status.CLOSED, by=None, now=now, rating=Rating.NONE, data={"rating": Rating.NONE})
    telling.silence_resident(order)
    return 1


def may_reopen(order, now=None):
    """Whether it is over, and not for longer than two weeks."""
    over = order.done_at if order.status in (Status.DONE, Status.CLOSED) else order.ended_at
    reopens = order.status in (Status.DONE, Status.CLOSED, Status.UNABLE)
    return reopens and (now or timezone.now()) <= over + timedelta(days=REOPEN_DAYS)


@transaction.atomic
def reopen(order, *, reason, by=RESIDENT, on_behalf_of="", version=None, now=None):
    """It is not solved: the same order again, on top of the branch's list, with new deadlines."""
    now, reason, order = now or timezone.now(), told(reason), locked(order, version)
    if order.status in (Status.DONE, Status.CLOSED, Status.UNABLE) and not may_reopen(order, now):
        raise IllegalTransition(f"办结超过{REOPEN_DAYS}天了，请重新求助一次，或者打个电话。")
    move(
        order, "reopen", Status.SUBMITTED, by=by, now=now, reason=reason, on_behalf_of=on_behalf_of,
        reopened=order.reopened + 1, visit_at=None, **_deadlines(order.category, now),
    )  # fmt: skip
    telling.silence_resident(order)
    return order


@transaction.atomic
def cancel(order, *, by=RESIDENT, reason="", on_behalf_of="", version=None, now=None):
    """Take an order back; who was asked or was going is told. Staff say why, and the resident is told too."""
    now, order = now or timezone.now(), locked(order, version)
    if not isinstance(by, Resident):
        reason = told(reason)
    move(order, "cancel", Status.CANCELLED, by=by, now=now, reason=reason, on_behalf_of=on_behalf_of, outcome=reason)
    recall_all(order, by=by, now=now, reason="撤单了")
    telling.silence_resident(order)
    if not isinstance(by, Resident):
        telling.tell_resident(order, Message.Kind.CANCELLED)
    return order


@transaction.atomic
def correct(order, *, by, reason, version=None, now=None):
    """Undo the last step of an order that is over, because it was a mistake. For the district; itself an event.

    What had been called back stays called back: a cancelled order is dispatched anew.
    """
    now, order, reason = now or timezone.now(), locked(order, version), correction(by, reason)
    back = {Status.CLOSED: Status.DONE, Status.DONE: Status.ACCEPTED}.get(order.status, Status.SUBMITTED)
    before = order.done_at
    move(order, "correct", back, by=by, now=now, reason=reason, outcome="" if back != Status.DONE else order.outcome)
    telling.silence_resident(order)
    if back == Status.ACCEPTED:
        _take_up_again(order, before, by=by, now=now, reason=reason)
    return order


def _take_up_again(order, done_at, *, by, now, reason):
    """Those who completed it at that moment have it in hand again."""
    done = order.assignments.filter(status=Assignment.Status.COMPLETED, ended_at=done_at)
    for assignment in done.order_by("-pk")[: order.needed]:  # not those of a time before it was opened again
        volunteer = type(assignment.volunteer).objects.locked(assignment.volunteer_id)
        clashes = busy.clashes(volunteer, assignment.visit_at, assignment.visit_ends_at, apart_from=assignment)
        if clashes:
            raise IllegalTransition(f"{volunteer} 那个时候又有了别的事，不能退回去。")
        move_assignment(assignment, "correct", Assignment.Status.ACCEPTED, by=by, now=now, reason=reason)
    if held(order) != order.needed:
        raise IllegalTransition("当时去的人对不上了，不能退回去。请重新办理。")
