"""Checking in: by the code that is typed, by the QR code of a booking, or by residents themselves at the poster."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from activities import attendance, outbox
from activities.door_forms import CodeForm
from activities.forms import ArrivalForm
from activities.models import Activity, SignUp
from activities.scanning import booking_of
from activities.views.booking import BOOKING
from activities.views.desk_pages import crumbs
from activities.views.door import door_page, form_page, own_activity
from branches.access import Action
from branches.transitions import RESIDENT, IllegalTransition
from branches.views.desk import CONFLICT, attempt
from config.limits import limited_page
from config.personal import personal

SEAT = (SignUp.Status.CONFIRMED, SignUp.Status.ATTENDED, SignUp.Status.ABSENT)


def said(names):
    return f"签到好了：{'、'.join(names)}。" if names else "已经签过到了，不用再签。"


@door_page()
def check_in(request, pk):
    """A big field for the code; everybody of that booking is there once it is sent."""
    activity = own_activity(request, pk)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        arrived = attempt(form, attendance.check_in, activity, by=request.user, **form.cleaned_data)
        if arrived is not None:
            messages.success(request, said(arrived))
            return redirect("activities:check_in", pk=pk)
    lead = f"{activity.title}，{outbox.when(activity)}。"
    return form_page(request, activity, form, "按报名码签到", "签到", lead=lead)


@door_page()
def scan(request, token):
    """Where the QR code of a booking leads: who is in it, and a button for each activity that is on now."""
    booking = booking_of(token)
    if booking is None:
        raise Http404
    rows = booking.sign_ups.filter(status__in=SEAT).select_related("activity__home").order_by("activity", "pk")
    own = Activity.objects.public().where_granted(request.user, Action.CHANGE, SignUp)
    on = [each for each in own.filter(pk__in=rows.values("activity")) if attendance.is_open(each)]
    if request.method == "POST":
        return _check_in_scanned(request, booking, on)
    groups = [(each, outbox.when(each), [row for row in rows if row.activity_id == each.pk]) for each in on]
    return render(request, "desk/door_scan.html", {"groups": groups, "crumbs": crumbs(request)})


def _check_in_scanned(request, booking, on):
    activity = next((each for each in on if str(each.pk) == request.POST.get("activity")), None)
    if activity is None:
        messages.warning(request, "没有签到：现在不能签这次活动。请刷新看看。")
        return redirect("activities:desk")
    try:
        messages.success(request, said(attendance.check_in(activity, code=booking.code, by=request.user)))
    except IllegalTransition as refusal:
        messages.warning(request, str(refusal))
    return redirect("activities:check_in", pk=activity.pk)


@personal("GET", "HEAD", "POST")
def here(request, pk):
    """Residents check in themselves: the poster leads to the activity, and that leads here while it is on."""
    activity = get_object_or_404(Activity.objects.public().select_related("home"), pk=pk)
    form = ArrivalForm(request.POST if request.method == "POST" else None, kinds=[BOOKING])
    is_open, status, arrived = attendance.is_open(activity), 200, None
    if request.method == "POST":
        for _kind, booking in form.found(request):
            arrived = attempt(form, attendance.check_in, activity, code=booking.code, by=RESIDENT)
            status = 200 if arrived is not None else CONFLICT
    context = {"activity": activity, "when": outbox.when(activity), "form": form, "is_open": is_open}
    if arrived is not None:
        context["arrived"] = arrived
        return render(request, "activities/here.html", context | {"said": said(arrived)})
    return limited_page(request, "activities/here.html", context, status)
