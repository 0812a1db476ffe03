"""/desk/orders/calls/: whom to ring up about orders, and in which words; ticked off on a phone."""

import re

from django.contrib import messages
from django.shortcuts import redirect, render

from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, desk_page
from volunteers import contact, open_contact, ringing, telling
from volunteers.desk_forms import READY, WhyRingForm
from volunteers.models import Message
from volunteers.views.desk_order_pages import crumbs, posted

CALL = re.compile(r"[0-9]{1,18}(-[0-9]{1,18}){0,999}")  # ringing.Call.key, no longer than a database can ask for


def _calls(request, action=Action.CHANGE):
    """The calls of this user, with the telephones that are open and the others masked."""
    found = ringing.calls(Message.objects.visible_to(request.user, action).to_ring())
    shown, _reason = open_contact.opened_calls(request.session, by=request.user)
    for call in found:
        call.is_open = {message.pk for message in call.messages} <= shown
        if not call.is_open:
            call.mask()
    return found


def _form(request):
    """The form that asks why; what was answered a moment ago stands in it."""
    _shown, reason = open_contact.opened_calls(request.session, by=request.user)
    return WhyRingForm(posted(request), initial={"ready" if reason in READY else "reason": reason})


@desk_page(Action.CHANGE, Message)
def calls(request):
    """Whom to ring. Posted, what is ticked is told; what came meanwhile is not. Reading opens none, writes nothing."""
    if request.method != "POST":
        return _list(request, _calls(request))
    done, refused = 0, ""
    for text in request.POST.getlist("told"):
        keys = [int(part) for part in text.split("-")] if CALL.fullmatch(text) else []
        own = Message.objects.visible_to(request.user, Action.CHANGE).filter(pk__in=keys)
        try:
            done += bool(telling.tick_off(list(own.values_list("pk", flat=True)), by=request.user))
        except IllegalTransition as refusal:
            refused = str(refusal)
    if refused:
        messages.warning(request, refused)
    if done:
        messages.success(request, f"记下了，打了{done}个电话。")
    elif not refused:
        messages.info(request, "没有打勾的。打通了一个，就在那一个上打勾，再存。")
    return redirect("volunteers:desk_order_calls")


def _list(request, found, form=None, status=200):
    masked = sum(not call.is_open for call in found)
    parts = (
        ("志愿者", [call for call in found if call.is_volunteer]),
        ("居民", [call for call in found if not call.is_volunteer]),
    )
    context = {
        "calls": found,
        "parts": [part for part in parts if part[-1]],
        "form": form or _form(request),
        "masked": masked,
        "opened": len(found) - masked,
        "minutes": open_contact.OPEN_SECONDS // 60,
        "crumbs": crumbs(request),
    }
    return render(request, "volunteers/desk/calls.html", context, status=status)


@desk_page(Action.REVEAL, Message, methods=("POST",))
def calls_open(request):
    """Open the telephones of the list for a while: those on it now, which one entry in the audit trail names."""
    found, form = _calls(request, Action.REVEAL), _form(request)
    if form.is_valid():
        told = [message for call in found for message in call.messages]
        given = {"by": request.user, "reason": form.cleaned_data["reason"]}
        try:
            contact.ring(told, **given)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            open_contact.keep_calls(request.session, told, **given)
            return redirect("volunteers:desk_order_calls")
    return _list(request, _calls(request), form, CONFLICT if form.non_field_errors() else 200)
