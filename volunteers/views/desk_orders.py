"""/desk/orders/: what waits for somebody, the most pressing first; and one order with all that can be done."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from branches.access import Action, allowed
from branches.masking import mask_address, mask_name, mask_telephone
from branches.models import Branch, Event
from branches.steps import corrects
from branches.transitions import IllegalTransition
from branches.views.desk import CONFLICT, Section, add_section
from volunteers import contact, open_contact, ordering, worklist
from volunteers.desk_forms import FilterForm, OpenForm
from volunteers.models import Assignment, Message, OrderPhoto, ServiceOrder
from volunteers.order_words import ASSIGNMENT_STEPS, ORDER_STEPS
from volunteers.views.desk_order_pages import crumbs, order_page, own_order

Status, Held = ServiceOrder.Status, Assignment.Status
PAGE_SIZE = 30
add_section(Section("求助单", "volunteers:desk_orders", ServiceOrder, "谁要帮忙，请谁去，办得怎么样。"))


@order_page(Action.VIEW, methods=("GET", "HEAD"))
def orders(request):
    """What waits, by what is to be done with it; narrowed to a state or a branch."""
    seen = ServiceOrder.objects.visible_to(request.user)
    branches = list(Branch.objects.filter(pk__in=seen.filter(status__in=worklist.WAITING).values("branch")))
    form = FilterForm(request.GET, branches=branches)
    told = form.told
    rows = seen
    if told["branch"]:
        rows = rows.filter(branch=None if told["branch"] == "none" else told["branch"])
    pressing = told["state"] in dict(FilterForm.PRESSING)
    groups = []
    if pressing:
        rows = getattr(rows, told["state"])().order_by("done_by", "pk")
    elif told["state"]:
        rows = rows.filter(status=told["state"]).order_by("-created_at", "-pk")
    else:
        rows = worklist.waiting(rows)
        counted = dict(rows.order_by().values_list("group").annotate(number=Count("pk")))
        groups = [(group, counted[number]) for number, group in enumerate(worklist.GROUPS) if number in counted]
    pages = Paginator(worklist.for_list(rows), PAGE_SIZE)
    if groups:
        pages.count = sum(number for _group, number in groups)  # counted already
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "parts": _parts(page.object_list, grouped=not told["state"]),
        "groups": groups,
        "pressing": pressing,
        "is_narrowed": any(told.values()),
        "may_enter": allowed(request.user, Action.ADD, ServiceOrder),
        "may_ring": allowed(request.user, Action.CHANGE, Message),
        "crumbs": crumbs(request)[:-1],
    }
    return render(request, "volunteers/desk/list.html", context)


def _parts(rows, *, grouped):
    """[(group or None, its orders on this page)]"""
    today, now, parts = timezone.localdate(), timezone.now(), []
    for order in rows:
        order.late = worklist.overdue_words(order, today)
        order.who = mask_name(order.name)
        for each in order.asked:
            each.is_late = each.status == Held.OFFERED and each.expires_at <= now
        group = worklist.GROUPS[order.group] if grouped else None
        if not parts or parts[-1][0] != group:
            parts.append((group, []))
        parts[-1][1].append(order)
    return parts


def steps_of(order, user, now):
    """[(words, name of the address, kind of button)] that may be taken from the state it is in, the main one first."""
    live = order.assignments.filter(status__in=Assignment.LIVE).count()
    called = order.calls.filter(closed_at=None).exists()
    free = live < order.needed and not (called and order.needed == 1)
    ask = [("请一位去", "desk_offer", "")] if free else []
    ask += [("请全队的人", "desk_call", "quiet")] if live < order.needed and not called else []
    called = [("有人打电话来说去", "desk_take", ""), ("收回公开派单", "desk_recall_call", "quiet")] if called else []
    cancel = [("撤单", "desk_cancel", "act")]
    correct = [("更正", "desk_correct", "quiet")] if corrects(user) else []
    reopen = [("重新办理", "desk_reopen", "quiet")] if ordering.may_reopen(order, now) else []
    match order.status:
        case Status.SUBMITTED if order.branch_id is None:
            first = [("分派给支部", "desk_route", "")]
            return [*first, ("办不了", "desk_reject", "quiet"), ("和别的重复", "desk_duplicate", "quiet"), *cancel]
        case Status.SUBMITTED:
            rest = [("换一个支部", "desk_route", "quiet"), ("办不了", "desk_reject", "quiet")]
            return [*ask, *rest, ("和别的重复", "desk_duplicate", "quiet"), *cancel]
        case Status.DISPATCHING:
            return [*ask, *called, *cancel]
        case Status.ACCEPTED:
            return [("办完了", "desk_complete", ""), *cancel]
        case Status.DONE:
            return [("问过了，填评价", "desk_rate", ""), *reopen, *correct]
        case _:
            return [*reopen, *correct]


@order_page(Action.VIEW, methods=("GET", "HEAD"))
def order(request, pk):
    found = own_order(request, pk, Action.VIEW)
    return _order(request, found)


def _order(request, found, form=None, status=200):
    now, user = timezone.now(), request.user
    changes = ServiceOrder.objects.visible_to(user, Action.CHANGE).filter(pk=found.pk).exists()
    reveals = ServiceOrder.objects.visible_to(user, Action.REVEAL).filter(pk=found.pk).exists()
    asked = list(found.assignments.select_related("volunteer").order_by("-offered_at", "-pk"))
    for each in asked:
        each.is_late = each.status == Held.OFFERED and each.expires_at <= now
    context = {
        "order": found,
        "late": worklist.overdue_words(found),
        "facts": open_contact.opened(request.session, found, by=user) if reveals else {},
        "masked": {
            "name": mask_name(found.name), "telephone": mask_telephone(found.telephone),
            "proxy_name": mask_name(found.proxy_name), "place": mask_address(found.place, found.division),
        },
        "minutes": open_contact.OPEN_SECONDS // 60,
        "reveal_form": (form or OpenForm()) if reveals else None,
        "steps": [(words, reverse(f"volunteers:{name}", args=[found.pk]), kind)
                  for words, name, kind in (steps_of(found, user, now) if changes else ())],
        "changes": changes,
        "asked": asked,
        "call": found.calls.filter(closed_at=None).prefetch_related("teams").first(),
        "told": told_of(found, asked),
        "photos": OrderPhoto.objects.visible_to(user).filter(order=found),
        "now": now,
        "crumbs": crumbs(request),
    }  # fmt: skip
    return render(request, "volunteers/desk/order.html", context, status=status)


def told_of(found, asked):
    """Every step with its time, who took it and why, the newest first; those of the people asked among them."""
    people = {each.pk: each.volunteer for each in asked}
    told = list(Event.objects.filter(subject=ServiceOrder._meta.label_lower, subject_pk=found.pk))
    told += Event.objects.filter(subject=Assignment._meta.label_lower, subject_pk__in=people)
    names, held = dict(Status.choices), dict(Held.choices)
    rows = []
    for event in told:
        person = people.get(event.subject_pk) if event.subject == Assignment._meta.label_lower else None
        words = ASSIGNMENT_STEPS if person else ORDER_STEPS
        event.words = f"{person}：{words[event.event]}" if person else words[event.event]
        event.state = (held if person else names).get(event.after, "")
        rows.append(event)
    return sorted(rows, key=lambda event: (event.at, event.pk), reverse=True)


@order_page(Action.REVEAL, methods=("POST",))
def open_order(request, pk):
    """Open name, telephone and place for half an hour; the trail says who and why."""
    found = own_order(request, pk, Action.REVEAL)
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            contact.reveal(found, by=request.user, reason=form.cleaned_data["reason"])
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            open_contact.keep(request.session, found, by=request.user)
            return redirect("volunteers:desk_order", pk=pk)
    return _order(request, found, form, CONFLICT if form.non_field_errors() else 200)
