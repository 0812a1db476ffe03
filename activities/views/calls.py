"""The call list: who has to be rung up, about what, in which words; ticked off on a phone, or printed."""

import re
from itertools import groupby

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import outbox, telephones
from activities.door_forms import WhyForm
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
    found = outbox.calls(_own(request, action).filter(sign_up__activity=activity))
    for call in found:
        call.telephone, call.is_open = mask_telephone(call.booking.telephone), False
    return found


def _way(request, *way):
    return crumbs(request, ("要打的电话", reverse("activities:calls")), *way)


@desk_page(Action.CHANGE, Message, methods=("GET", "HEAD"))
def calls(request):
    """The activities for which somebody has still to be rung up, the soonest first."""
    found = outbox.calls(_own(request))
    groups = [(activity, list(group)) for activity, group in groupby(found, key=lambda call: call.activity)]
    rows = [(activity, outbox.when(activity), len(group)) for activity, group in groups]
    return render(request, "desk/calls.html", {"rows": rows, "crumbs": crumbs(request)})


@desk_page(Action.CHANGE, Message)
def calls_of(request, pk):
    """Whom to ring about one activity. Posted, what is ticked is told; what came meanwhile is not."""
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
    context = {
        "activity": activity,
        "when": outbox.when(activity),
        "calls": found,
        "form": form or WhyForm(),
        "is_open": any(call.is_open for call in found),
        "crumbs": _way(request),
    }
    return render(request, "desk/calls_of.html", context, status=status)


@desk_page(Action.REVEAL, Message, methods=("POST",))
def calls_open(request, pk):
    """The same list with whole telephones, once: for this one page."""
    activity = own_activity(request, pk, Action.REVEAL, Message)
    found, form = _calls(request, activity, Action.REVEAL), WhyForm(request.POST)
    if form.is_valid() and _reveal(request, activity, found, form):
        return _list(request, activity, found, form)
    return _list(request, activity, found, form, CONFLICT if form.non_field_errors() else 200)


def _reveal(request, activity, found, form):
    """Put the whole telephone on each call; whether it was allowed."""
    bookings = [call.booking for call in found]
    shown = attempt(form, telephones.reveal, activity, bookings, by=request.user, **form.cleaned_data)
    for call in found if shown is not None else ():
        call.telephone, call.is_open = shown[call.booking.pk], True
    return shown is not None


@desk_page(Action.REVEAL, Message)
def calls_paper(request, pk):
    """Ask why; then the list on A4, with a box to tick behind each."""
    activity = own_activity(request, pk, Action.REVEAL, Message)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = _calls(request, activity, Action.REVEAL)
        if _reveal(request, activity, found, form):
            context = {"activity": activity, "when": outbox.when(activity), "calls": found, "now": timezone.localtime()}
            return render(request, "activities/paper_calls.html", context)
    way = _way(request, (activity.title, reverse("activities:calls_of", args=[pk])))
    lead = "纸上印的是整个号码，所以要记下是您打印的。打完了，照着纸在这里打勾。"
    return form_page(request, activity, form, "打印电话名单", "打印", way=way, lead=lead)
