"""What the desk's pages about orders share: whose order it is, the form of a step, and its page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, desk_page, way_in
from volunteers.desk_forms import StepForm
from volunteers.models import ServiceOrder


def order_page(action=Action.CHANGE, methods=("GET", "HEAD", "POST")):
    """A page of the desk for those who may perform `action` on orders somewhere."""
    return desk_page(action, ServiceOrder, methods)


def own_order(request, pk, action=Action.CHANGE):
    """The order where this user may perform `action`; else a missing page."""
    rows = ServiceOrder.objects.visible_to(request.user, action)
    rows = rows.select_related(
        "category__skill", "division__parent", "compound", "branch__division", "home", "taken_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def crumbs(request, order=None):
    """The way to a page: [(label, url)], through the order's page where it is about one."""
    way = [*way_in(request.user), ("求助单", reverse("volunteers:desk_orders"))]
    return [*way, (f"{order.pk}号", reverse("volunteers:desk_order", args=[order.pk]))] if order else way


def posted(request):
    return request.POST if request.method == "POST" else None


def attempt(form, order, verb, *args, **given):
    """What the verb returns; None where it refused, with its sentence at the top of the form.

    The form keeps what was typed. Sent once more it counts, for by then the reader has been told.
    """
    try:
        return verb(*args, version=form.cleaned_data["version"], **given)
    except IllegalTransition as refusal:
        form.add_error(None, str(refusal))
        form.catch_up(ServiceOrder.objects.values_list("version", flat=True).get(pk=order.pk))
        return None


def step_page(request, order, form, title, button, **context):
    """The page of one form about an order: 409 where the verb refused it, so that nothing takes it for done."""
    refused = form.is_bound and bool(form.non_field_errors())
    way = crumbs(request, order)
    context |= {"form": form, "order": order, "title": title, "button": button, "crumbs": way, "back": way[-1][1]}
    return render(request, "volunteers/desk/step.html", context, status=CONFLICT if refused else 200)


def back_to(request, order, done):
    """Say what was done, and go back to the order, or to the list for whom it is out of sight now."""
    messages.success(request, done)
    seen = ServiceOrder.objects.visible_to(request.user).filter(pk=order.pk).exists()
    return redirect("volunteers:desk_order", pk=order.pk) if seen else redirect("volunteers:desk_orders")


def take_step(request, pk, verb, title, button, done, *, form_of=StepForm, told=None, on=None, **context):
    """A step of one small form: `told(form)` is what the verb wants to know, `on(order)` what it is done to.

    `form_of` makes the form of the order; `context` is for the page.
    """
    order = own_order(request, pk)
    form = form_of(posted(request), record=order)
    if request.method == "POST" and form.is_valid():
        given = {} if told is None else told(form)
        if attempt(form, order, verb, on(order) if on else order, by=request.user, **given) is not None:
            return back_to(request, order, done)
    return step_page(request, order, form, title, button, **context)
