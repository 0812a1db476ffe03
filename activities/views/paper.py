"""The A4 sign-in sheet: by the sound of the surname, with lines for those who just come.

The last four digits of a telephone tell two people of one name apart and are no number anybody could ring: that sheet
is printed without asking. One with whole numbers asks for a reason, which goes into the audit trail.
"""

from math import ceil

from django.shortcuts import render
from django.utils import timezone

from activities import outbox, telephones
from activities.door_forms import WhyForm
from activities.models import SignUp
from activities.surnames import by_sound
from activities.views.door import door_page, form_page, own_activity
from branches.access import Action
from branches.views.desk import attempt

BLANK_LEAST, BLANK_PART = 3, 10  # at the end, for those who just come: so many at least, and one for so many people
LINES_LEAST = 12  # on one sheet
HEIGHTS = ((17, "roomy"), (23, "middle"), (28, "close"))  # of the lines: so many fit one sheet, signed by old hands
LAST = 4  # digits


@door_page(methods=("GET", "HEAD"))
def paper(request, pk):
    """The sheet with the last four digits of each telephone."""
    return _sheet(request, own_activity(request, pk), None)


@door_page(action=Action.REVEAL)
def paper_full(request, pk):
    """Ask why; then the sheet with whole telephones."""
    activity = own_activity(request, pk, Action.REVEAL)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        bookings = {row.booking for row in _rows(activity) if row.booking}
        shown = attempt(form, telephones.reveal, activity, bookings, by=request.user, **form.cleaned_data)
        if shown is not None:
            return _sheet(request, activity, shown)
    lead = "纸上印的是整个号码，用完请收好。只要认人，不用整个号码：印后四位的那张就行。"
    return form_page(request, activity, form, "打印带电话的签到表", "打印", lead=lead)


def _rows(activity):
    rows = activity.sign_ups.filter(status__in=SignUp.SEATED).select_related("booking")
    return sorted(rows, key=lambda row: (by_sound(row.name), row.pk))


def _sheet(request, activity, shown):
    """`shown` is {booking's primary key: telephone}, or None for a sheet with the last digits alone."""
    rows = _rows(activity)
    for row in rows:
        number = row.booking.telephone if row.booking else ""
        row.digits = shown.get(row.booking_id, "") if shown is not None else number[-LAST:]
    lines = max(LINES_LEAST, len(rows) + max(BLANK_LEAST, ceil(len(rows) / BLANK_PART)))
    context = {
        "activity": activity,
        "when": outbox.when(activity),
        "rows": rows,
        "blank": range(len(rows) + 1, lines + 1),
        "waiting": [row.name for row in activity.sign_ups.queue()],
        "full": shown is not None,
        "height": next((height for most, height in HEIGHTS if lines <= most), "long"),
        "now": timezone.localtime(),
    }
    return render(request, "activities/paper.html", context)
