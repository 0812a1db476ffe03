"""What the desk's pages of long forms share: whose record it is, a form that outlives its session, a versioned step.

Their page is templates/desk/kept_form.html, or carries `kept_for` as that one does.
"""

from django.http import Http404
from django.shortcuts import render

from branches.access import Action
from branches.transitions import IllegalTransition
from branches.views import desk_keeping
from branches.views.desk import CONFLICT, desk_page


def kept_page(action, model, **kwargs):
    """A page of the desk for those who may perform `action` on such records somewhere; what is typed there is kept."""

    def decorate(view):
        return desk_keeping.keeps_typed(desk_page(action, model, **kwargs)(view))

    return decorate


def own(request, model, pk, action=Action.CHANGE, rows=None):
    """The record where this user may perform `action`; else a missing page."""
    rows = model.objects.all() if rows is None else rows
    found = rows.visible_to(request.user, action).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def may(request, record, action=Action.CHANGE):
    return type(record).objects.visible_to(request.user, action).filter(pk=record.pk).exists()


def open_form(request, make, **given):
    """The form of a page: bound to what was sent, else as it was typed before the session ended, else fresh.

    Returns (form, whether it was filled in again).
    """
    if request.method == "POST":
        return make(request.POST, request.FILES or None, **given), False
    typed = desk_keeping.take_back(request)
    form = make(**given)
    return (form, False) if typed is None else (desk_keeping.refill(form, typed), True)


def attempt(request, form, verb, record, /, **given):
    """What the verb returns; None where it refused, with its sentence at the top of the form.

    The form keeps what was typed. Sent once more it counts, for by then the reader has been told.
    """
    try:
        done = verb(record, by=request.user, **given)
    except IllegalTransition as refusal:
        form.add_error(None, str(refusal))
        if record.pk and hasattr(record, "version"):
            form.catch_up(type(record).objects.values_list("version", flat=True).get(pk=record.pk))
        return None
    desk_keeping.forget(request)
    return done


def form_page(request, form, title, button, *, back, way, template="desk/kept_form.html", **context):
    """The page of one form: 409 where the verb refused it, so that nothing takes it for done."""
    refused = form.is_bound and bool(form.non_field_errors())
    context |= {"form": form, "title": title, "button": button, "back": back, "crumbs": way}
    context["kept_for"] = desk_keeping.page_of(request.user)
    return render(request, template, context, status=CONFLICT if refused else 200)
