"""The call list: who has to be rung up, about what, in which words; ticked off on a phone, or printed."""

import re
from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import outbox, telephones
from activities.door_forms import READY, CallsForm
from activities.models import Message
from activities.views.desk_pages import crumbs
from activities.views.door import form_page, own_activity
from branches.access import Action
from branches.masking import mask_telephone
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, attempt, desk_page

CALL = re.compile(r"[0-9]{1,18}(-[0-9]{1,18})*")  # outbox.Call.key


def _own(request, action=Action.CHANGE):
    return Message.objects.visible_to(request.user, action).to_ring()


def _calls(request, activity, action=Action.CHANGE):
    """The calls of this activity, with the telephones that are open and the others masked."""
    found = outbox.calls(_own(request, action).filter(sign_up__activity=activity))
    shown, _reason = telephones.opened(request.session, activity, by=request.user)
    for call in found:
        call.is_open = call.booking.pk in shown
        call.telephone = shown[call.booking.pk] if call.is_open else mask_telephone(call.booking.telephone)
    return found


def _bookings(found):
    """Every booking of these calls: two of one telephone are one call."""
    return {message.sign_up.booking for call in found for message in call.messages}


def _form(request, activity):
    """The form that asks why; what was answered a moment ago stands in it."""
    _shown, reason = telephones.opened(request.session, activity, by=request.user)
    initial = {"ready" if reason in READY else "reason": reason}
    return CallsForm(request.POST if request.method == "POST" else None, initial=initial)


def _way(request, *way):
    return crumbs(request, ("要打的电话", reverse("activities:calls")), *way)


def in_parts(found):
    """[(heading, its calls)]: what changed apart from what is only a reminder; empty ones left out."""
    parts = (
        ("有变动，要告诉到的", [call for call in found if not call.is_reminder]),
        ("快开始了，提醒一声的", [call for call in found if call.is_reminder]),
    )
    return [part for part in parts if part[-1]]


@desk_page(Action.CHANGE, Message, methods=("GET", "HEAD"))
def calls(request):
    """The activities for which somebody has still to be rung up, the soonest first; reminders by themselves."""
    parts = []
    for heading, part in in_parts(outbox.calls(_own(request))):
        groups = [(activity, list(group)) for activity, group in groupby(part, key=lambda call: call.activity)]
        parts.append((heading, [(activity, outbox.when(activity), len(group)) for activity, group in groups]))
    return render(request, "desk/calls.html", {"parts": parts, "crumbs": crumbs(request)})


@desk_page(Action.CHANGE, Message)
def calls_of(request, pk):
    """Whom to ring about one activity. Posted, what is ticked is told; what came meanwhile is not.

    Telephones that were opened stay open for a while. Reading opens none and writes nothing.
    """
    activity = own_activity(request, pk, model=Message)
    if request.method != "POST":
        return _list(request, activity, _calls(request, activity))
    done, refused = 0, ""
    for text in request.POST.getlist("told"):
        keys = [int(part) for part in text.split("-")] if CALL.fullmatch(text) else []
        own = Message.objects.visible_to(request.user, Action.CHANGE).filter(sign_up__activity=activity, pk__in=keys)
        try:
            done += bool(outbox.tick_off_call(list(own.values_list("pk", flat=True)), by=request.user))
        except IllegalTransition as refusal:
            refused = str(refusal)
    if refused:
        messages.warning(request, refused)
    if done:
        messages.success(request, f"记下了，打了{done}个电话。")
    elif not refused:
        messages.info(request, "没有打勾的。打通了一个，就在那一个上打勾，再存。")
    return redirect("activities:calls_of", pk=pk)


def _list(request, activity, found, form=None, status=200):
    masked = sum(not call.is_open for call in found)
    context = {
        "activity": activity,
        "when": outbox.when(activity),
        "calls": found,
        "parts": in_parts(found),
        "form": form or _form(request, activity),
        "masked": masked,
        "opened": len(found) - masked,
        "minutes": telephones.OPEN_SECONDS // 60,
        "crumbs": _way(request),
    }
    return render(request, "desk/calls_of.html", context, status=status)


@desk_page(Action.REVEAL, Message, methods=("POST",))
def calls_open(request, pk):
    """Open the telephones of the list for a while: those on it now, which one entry in the audit trail names."""
    activity = own_activity(request, pk, Action.REVEAL, Message)
    found = _calls(request, activity, Action.REVEAL)
    form = _form(request, activity)
    if form.is_valid():
        given = {"by": request.user, "reason": form.cleaned_data["reason"]}
        bookings = _bookings(found)
        if attempt(form, telephones.reveal, activity, bookings, **given) is not None:
            telephones.keep_open(request.session, activity, bookings, **given)
            return redirect("activities:calls_of", pk=pk)
    return _list(request, activity, found, form, CONFLICT if form.non_field_errors() else 200)


@desk_page(Action.REVEAL, Message)
def calls_paper(request, pk):
    """Ask why; then the list on A4, with a box to tick behind each. Each printing is an entry in the audit trail."""
    activity = own_activity(request, pk, Action.REVEAL, Message)
    found = _calls(request, activity, Action.REVEAL)
    form = _form(request, activity)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "reason": form.cleaned_data["reason"]}
        shown = attempt(form, telephones.reveal, activity, _bookings(found), **given)
        if shown is not None:
            for call in found:
                call.telephone = shown[call.booking.pk]
            context = {"activity": activity, "when": outbox.when(activity), "calls": found}
            context |= {"parts": in_parts(found), "now": timezone.localtime()}
            return render(request, "activities/paper_calls.html", context)
    way = _way(request, (activity.title, reverse("activities:calls_of", args=[pk])))
    lead = "纸上印的是整个号码，所以要记下是您打印的。打完了，照着纸在这里打勾。"
    return form_page(request, activity, form, "打印电话名单", "打印", way=way, lead=lead)
