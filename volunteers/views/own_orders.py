"""/volunteer/orders/: what a volunteer is asked to do: yes or no, where to go once they said yes, and how it went."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from branches.forms import DeskForm
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT
from volunteers import asked, contact, dispatching
from volunteers.models import Assignment, ServiceOrder
from volunteers.order_forms import DeclineFields, DoneFields, FailFields
from volunteers.views.own_page import volunteer_page

Held = Assignment.Status


class DoneForm(DoneFields, DeskForm):
    pass


class FailForm(FailFields, DeskForm):
    pass


class DeclineForm(DeclineFields, DeskForm):
    pass


def asked_page(*methods):
    """A page about an order that this volunteer was asked to do: by name, or as one of a team. Else a missing page."""

    def decorate(view):
        @volunteer_page(*methods)
        @wraps(view)
        def page(request, volunteer, pk, **kwargs):
            order = asked.orders(volunteer).filter(pk=pk).first()
            if order is None:
                raise Http404
            return view(request, volunteer, order, **kwargs)

        return page

    return decorate


def _last(order, volunteer):
    """Their last assignment of this order, or None: an open call has none until it is accepted."""
    found = order.assignments.filter(volunteer=volunteer).order_by("-pk").first()
    if found is not None:
        found.order = order
    return found


def _sorry(request, volunteer, order, sentence):
    """A polite answer where it cannot be done (any more); nothing was changed."""
    context = {"volunteer": volunteer, "order": order, "sentence": sentence}
    return render(request, "volunteers/own/sorry.html", context, status=CONFLICT)


@asked_page("GET", "HEAD")
def order(request, volunteer, order):
    """The question; or, once they said yes, where to go and whom to ring: each look is in the trail."""
    now, assignment = timezone.now(), _last(order, volunteer)
    context = {"volunteer": volunteer, "order": order, "assignment": assignment}
    if assignment is not None and contact.is_open(assignment, now=now):
        context["going"] = order.assignments.held().exclude(volunteer=volunteer).select_related("volunteer")
        context["facts"] = contact.read(assignment, now=now)
        context["photos"] = order.photos.all()
        return render(request, "volunteers/own/in_hand.html", context)
    call = asked.calls(volunteer, now).filter(order=order).first()
    offered = assignment is not None and assignment.status == Held.OFFERED and assignment.expires_at > now
    if offered or call:
        return render(request, "volunteers/own/question.html", context | {"call": None if offered else call})
    return render(request, "volunteers/own/over.html", context)


@asked_page("POST")
def accept(request, volunteer, order):
    """Yes. Pressed twice, it is one yes; whoever was too late is told so kindly."""
    try:
        dispatching.accept(order, volunteer, by=volunteer)
    except IllegalTransition as refusal:
        return _sorry(request, volunteer, order, str(refusal))
    messages.success(request, "记下了，您去。电话和地点在下面，去之前打个电话。")
    return redirect("volunteers:own_order", pk=order.pk)


@asked_page("GET", "HEAD", "POST")
def decline(request, volunteer, order):
    """No, and why if they like to say. Pressed twice, it is one no."""
    assignment = _last(order, volunteer)
    if assignment is None:
        raise Http404
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if assignment.status != Held.OFFERED:
        if assignment.status == Held.DECLINED:
            return _declined(request)
        return _sorry(request, volunteer, order, "这一单现在不用回话了，谢谢您！")
    if request.method == "POST" and form.is_valid():
        try:
            dispatching.decline(assignment, by=volunteer, reason=form.cleaned_data["reason"])
        except IllegalTransition as refusal:
            return _sorry(request, volunteer, order, str(refusal))
        return _declined(request)
    context = {"volunteer": volunteer, "order": order, "form": form, "title": "去不了", "button": "告诉他们去不了"}
    return render(request, "volunteers/own/step.html", context)


def _declined(request):
    messages.success(request, "记下了，没有关系，我们请别人去。谢谢您回话。")
    return redirect("volunteers:own")


@asked_page("GET", "HEAD", "POST")
def done(request, volunteer, order):
    """It is done: what, and how many minutes everybody who went was there."""
    going = list(order.assignments.held().select_related("volunteer").order_by("pk"))
    for each in going:
        each.order = order
    if volunteer.pk not in {each.volunteer_id for each in going}:
        return _not_in_hand(request, volunteer, order, Held.COMPLETED)
    if order.status != ServiceOrder.Status.ACCEPTED:
        return _sorry(request, volunteer, order, "还差人，人齐了、办完了再填。")
    form = DoneForm(request.POST if request.method == "POST" else None, going=going, me=volunteer)
    if request.method == "POST" and form.is_valid():
        given = {"what": form.cleaned_data["what"], "minutes": form.minutes}
        try:
            dispatching.complete(order, by=volunteer, **given)
        except IllegalTransition as refusal:
            return _sorry(request, volunteer, order, str(refusal))
        return _thanks(request)
    context = {"volunteer": volunteer, "order": order, "form": form, "title": "办好了", "button": "填好了"}
    return render(request, "volunteers/own/step.html", context)


@asked_page("GET", "HEAD", "POST")
def failed(request, volunteer, order):
    """They went in vain, or cannot come after all; somebody else is asked."""
    assignment = _last(order, volunteer)
    if assignment is None or assignment.status != Held.ACCEPTED:
        return _not_in_hand(request, volunteer, order, Held.FAILED)
    form = FailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            dispatching.fail(assignment, by=volunteer, note=form.cleaned_data["note"])
        except IllegalTransition as refusal:
            return _sorry(request, volunteer, order, str(refusal))
        return _thanks(request)
    context = {"volunteer": volunteer, "order": order, "form": form, "title": "没办成", "button": "告诉他们"}
    return render(request, "volunteers/own/step.html", context)


def _not_in_hand(request, volunteer, order, pressed_twice):
    """The answer where they do not go (any more): the same as before to whom pressed twice."""
    if order.assignments.filter(volunteer=volunteer, status=pressed_twice).exists():
        return _thanks(request)
    return _sorry(request, volunteer, order, "这一单现在不在您手里，不用填了。谢谢您！")


def _thanks(request):
    messages.success(request, "记下了，辛苦您了。")
    return redirect("volunteers:own")
