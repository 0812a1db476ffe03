"""A booking, open to the browser that made it or knew its code: what it says, on the screen and on one sheet of paper;
and places given back.
"""

from collections import Counter
from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import outbox, signup
from activities.models import Booking, SignUp
from activities.scanning import scan_address
from branches.transitions import IllegalTransition
from config.lookup import Kind, register
from config.personal import opened_page
from config.site import address_of
from homes.views.pages import qr

Status = SignUp.Status
SAID_ONCE = {  # of a course
    "hours": outbox.hours,
    "where": attrgetter("where"),
    "bring": attrgetter("bring"),
    "call": attrgetter("call"),
}
BOOKING = register(Kind(Booking, "报名", lambda record: reverse("activities:booking", args=[record.pk])))


@opened_page(Booking, "GET", "HEAD")
def booking(request, found):
    """What was signed up for: the code, when and where, what to bring, whom to ring."""
    now = timezone.now()
    rows = found.sign_ups.select_related("activity__home", "activity__course", "activity__branch")
    rows = list(rows.order_by("activity__starts_at", "activity", "pk"))
    coming = [row for row in rows if row.status in (Status.CONFIRMED, Status.WAITLISTED) and row.activity.ends_at > now]
    groups = [_group(activity, list(people), now) for activity, people in groupby(rows, key=lambda row: row.activity)]
    context = {
        "booking": found,
        "heading": _heading(rows, coming, now),
        "is_coming": bool(coming),
        "may_leave": any(group["leavers"] for group in groups),
        "qr": _qr(request, found, coming),
        "groups": groups,
    }
    if found.course_id and groups:
        context |= _course(groups, now)
    return render(request, "activities/booking.html", context)


def _group(activity, people, now):
    """One activity with those who are named for it, how it stands with them, and who may still give the place back."""
    active = [row for row in people if row.status in (Status.CONFIRMED, Status.WAITLISTED)]
    states = {row.status for row in people}
    return {
        "activity": activity,
        "people": people,
        "state": people[0].get_status_display() if len(states) == 1 else "",
        "leavers": active if activity.starts_at > now else [],
        "ahead": _ahead(activity, people),
    }


def _course(groups, now):
    """The sessions of a course that are to come, what holds for all of them (said once), and those that are over.

    Where one differs, by its hours, its place, what to bring or the telephone, it says so itself.
    """
    ahead = [group for group in groups if group["activity"].ends_at > now]
    activities = [group["activity"] for group in ahead or groups]
    usual = {name: Counter(map(said, activities)).most_common(1)[0][0] for name, said in SAID_ONCE.items()}
    for group in groups:
        group["differs"] = {name for name, said in SAID_ONCE.items() if said(group["activity"]) != usual[name]}
    typical = next((each for each in activities if each.where == usual["where"]), activities[0])
    names = dict.fromkeys(row.name for group in groups for row in group["people"])
    return {
        "usual": usual,
        "typical": typical,
        "names": list(names),
        "ahead": ahead,
        "over": [group for group in groups if group not in ahead],
    }


def _qr(request, booking, coming):
    """The QR code that the organiser's phone reads at the door; None once there is nothing to come to."""
    seated = any(row.status == Status.CONFIRMED for row in coming)
    return qr(address_of(request) + scan_address(booking)) if seated else None


def _heading(rows, coming, now):
    """In a word: whether they are in, or wait, or are not coming any more."""
    states = {row.status for row in coming}
    if Status.WAITLISTED in states:
        return "先排上候补了" if Status.CONFIRMED not in states else "报上了，有的先候补"
    if Status.CONFIRMED in states:
        return "报上了"
    if any(row.status == Status.ATTENDED and row.activity.ends_at > now for row in rows):
        return "签到好了"
    return "都取消了" if all(row.status == Status.CANCELLED for row in rows) else "已经结束了"


def _ahead(activity, people):
    """How many people stand before this group in the queue; None where it does not wait."""
    first = min((row for row in people if row.status == Status.WAITLISTED), key=lambda row: row.pk, default=None)
    if first is None:
        return None
    return activity.sign_ups.queue().filter(waitlisted_at__lte=first.waitlisted_at, pk__lt=first.pk).count()


@opened_page(Booking, "GET", "HEAD", "POST")
def leave(request, found, sign_up_pk):
    """Give one place back: asked first, done on the second press."""
    row = get_object_or_404(found.sign_ups.select_related("activity__home"), pk=sign_up_pk)
    if row.status == Status.CANCELLED:
        messages.warning(request, signup.LEFT)
        return redirect("activities:booking", pk=found.pk)
    if request.method == "POST":
        try:
            signup.leave(row)
        except IllegalTransition as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"取消好了：{row.name} 不参加“{row.activity}”了。")
        return redirect("activities:booking", pk=found.pk)
    return render(request, "activities/leave.html", {"booking": found, "row": row})


@opened_page(Booking, "GET", "HEAD", "POST")
def leave_course(request, found):
    """Give back every place of a course that is still to come."""
    if found.course_id is None:
        raise Http404
    if found.left_at:
        messages.warning(request, "这门课已经退过了，不用再退。")
        return redirect("activities:booking", pk=found.pk)
    if request.method == "POST":
        signup.leave_course(found)
        messages.success(request, f"退好了：“{found.course}”以后的课都不去了。")
        return redirect("activities:booking", pk=found.pk)
    return render(request, "activities/leave_course.html", {"booking": found})
