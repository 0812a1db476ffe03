"""What the desk's pages about what goes on share: whose record it is, a form and its page, a step that asks first."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from activities.models import Activity
from activities.views import desk_keeping
from activities.views.desk_keeping import keeps_typed
from branches.access import Action, allowed
from branches.models import Member
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, SHOWN, desk_page

__all__ = ["SHOWN", "Action", "attempt", "crumbs", "form_page", "may", "open_form", "own", "posting_page"]


def posting_page(action=Action.CHANGE, model=Activity, **kwargs):
    """A page of the desk for those who may perform `action` on such records somewhere; what is typed there is kept."""

    def decorate(view):
        return keeps_typed(desk_page(action, model, **kwargs)(view))

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


def crumbs(request, *way, notices=False):
    """The way to a page: [(label, url)]."""
    start = [("支部工作台", reverse("desk:today"))] if allowed(request.user, Action.VIEW, Member) else []
    if notices:
        return [*start, ("通知公告", reverse("activities:desk_notices")), *way]
    return [*start, ("活动", reverse("activities:desk")), *way]


def form_page(request, form, title, button, *, back, way, **context):
    """The page of one form: 409 where the verb refused it, so that nothing takes it for done."""
    refused = form.is_bound and bool(form.non_field_errors())
    context |= {"form": form, "title": title, "button": button, "back": back, "crumbs": way}
    context["kept_for"] = desk_keeping.page_of(request.user)
    return render(request, "desk/activities/form.html", context, status=CONFLICT if refused else 200)
