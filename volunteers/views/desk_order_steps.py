"""The steps of an order as pages that ask first: to whom it goes, why not, how it ended."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from branches.models import Branch
from branches.steps import corrects
from branches.transitions import RESIDENT
from volunteers import dispatching, ordering
from volunteers.candidates import street_of
from volunteers.desk_forms import (
    CorrectForm,
    DoneForm,
    DuplicateForm,
    FailForm,
    RateForm,
    RouteForm,
    StepReasonForm,
)
from volunteers.models import Assignment, ServiceOrder
from volunteers.views.desk_order_pages import (
    attempt,
    back_to,
    order_page,
    own_order,
    posted,
    step_page,
    take_step,
)

LIKELY = 10  # orders that may be the same matter


def reason_of(form):
    return {"reason": form.cleaned_data["reason"].strip()}


def _with_hint(hint, form=StepReasonForm):
    return lambda data, record: form(data, record=record, hint=hint)


@order_page()
def route(request, pk):
    order = own_order(request, pk)
    branches = Branch.objects.active().exclude(pk=order.branch_id).order_by("division__code", "name")
    if not corrects(request.user):  # from one street to another the district decides
        branches = branches.filter(Branch.objects.all().in_areas({street_of(order).pk}))
    form = RouteForm(posted(request), record=order, branches=branches)
    if request.method == "POST" and form.is_valid():
        branch = form.cleaned_data["branch"]
        if attempt(form, order, ordering.route, order, branch, by=request.user) is not None:
            return back_to(request, order, f"分派给{branch}了。")
    return step_page(request, order, form, "分派给支部", "分派")


@order_page()
def reject(request, pk):
    return take_step(
        request, pk, ordering.reject, "办不了", "告诉他办不了", "记下了。要打电话告诉居民的，排进了要打的电话。",
        form_of=_with_hint("居民看得到，写清楚为什么，可以找谁。"), told=reason_of, kind="act",
    )  # fmt: skip


@order_page()
def mark_duplicate(request, pk):
    order = own_order(request, pk)
    others = ServiceOrder.objects.visible_to(request.user).exclude(pk=order.pk).exclude(status="duplicate")
    near = Q(telephone_index=order.telephone_index) if order.telephone_index else Q(pk__in=[])
    if order.compound_id:
        near |= Q(compound=order.compound_id, category=order.category_id)
    likely = others.filter(near, status__in=ServiceOrder.OPEN).select_related("category", "division", "compound")
    likely = others.filter(pk__in=list(likely.order_by("-created_at").values_list("pk", flat=True)[:LIKELY]))
    likely = likely.select_related("category", "division", "compound").order_by("-created_at")
    form = DuplicateForm(posted(request), record=order, likely=likely, others=others)
    if request.method == "POST" and form.is_valid():
        given = (order, form.original)
        if attempt(form, order, ordering.mark_duplicate, *given, by=request.user) is not None:
            return back_to(request, order, f"并到{form.original.pk}号里了，按那一单办。")
    near = "同一个电话、同一个小区的，列在下面。" if "likely" in form.fields else ""
    lead = f"{near}并过去以后，只办那一单。"
    return step_page(request, order, form, "和别的重复", "是一回事，并过去", lead=lead)


def own_assignment(order, pk, *statuses):
    """Somebody asked to do this order, as they are now: else a missing page."""
    rows = order.assignments.select_related("volunteer")
    return get_object_or_404(rows.filter(status__in=statuses) if statuses else rows, pk=pk)


@order_page()
def recall(request, pk, assignment_pk):
    who = own_assignment(own_order(request, pk), assignment_pk)
    return take_step(
        request, pk, dispatching.recall, f"不请 {who.volunteer} 去了", "收回",
        "收回了。要打电话告诉他的，排进了要打的电话。",
        form_of=_with_hint("写给同事看，例如：他家里有事，换一位。"), told=reason_of, on=lambda _order: who, kind="act",
    )  # fmt: skip


@order_page()
def recall_call(request, pk):
    return take_step(
        request, pk, dispatching.recall_call, "收回公开派单", "收回", "收回了，可以另外请人。",
        form_of=_with_hint("写给同事看。"), told=reason_of,
    )  # fmt: skip


@order_page()
def fail(request, pk, assignment_pk):
    order = own_order(request, pk)
    who = own_assignment(order, assignment_pk)
    return take_step(
        request, pk, dispatching.fail, f"{who.volunteer} 没办成", "记下来", "记下了，请再请人去。", form_of=_fail_form,
        told=lambda form: {"note": form.cleaned_data["note"].strip(), "on_behalf_of": str(who.volunteer)},
        on=lambda _order: who, lead="他打电话来说的，替他记下来。",
    )  # fmt: skip


def _fail_form(data, record):
    return FailForm(data, record=record)


@order_page()
def complete(request, pk):
    order = own_order(request, pk)
    going = list(order.assignments.held().select_related("volunteer").order_by("pk"))
    for each in going:
        each.order = order
    form = DoneForm(posted(request), record=order, going=going)
    if request.method == "POST" and form.is_valid():
        given = {"what": form.cleaned_data["what"].strip(), "minutes": form.minutes}
        given["on_behalf_of"] = "、".join(str(each.volunteer) for each in going)
        if attempt(form, order, dispatching.complete, order, by=request.user, **given) is not None:
            return back_to(request, order, "办完了，辛苦了。过一两天打个电话，问问办得好不好。")
    return step_page(request, order, form, "办完了", "填好了")


@order_page()
def rate(request, pk):
    return take_step(
        request, pk, ordering.rate, "评价", "填好了", "评价填好了，这一单结了。", form_of=_rate_form,
        told=lambda form: form.said | {"on_behalf_of": str(RESIDENT)},
        lead="打电话问一问，照他说的填。不满意的，问问要不要重新办。",
    )  # fmt: skip


def _rate_form(data, record):
    return RateForm(data, record=record)


@order_page()
def reopen(request, pk):
    return take_step(
        request, pk, ordering.reopen, "重新办理", "重新办", "重新办了，排在最上面。",
        form_of=_with_hint("居民怎么说的，例如：又漏水了。"),
        told=lambda form: reason_of(form) | {"on_behalf_of": str(RESIDENT)},
    )  # fmt: skip


@order_page()
def cancel(request, pk):
    order = own_order(request, pk)
    live = order.assignments.filter(status__in=Assignment.LIVE).count()
    lead = f"已经请了{live}位，都会告诉他们不用去了。" if live else ""
    return take_step(
        request, pk, ordering.cancel, "撤单", "撤掉这一单", "撤掉了。要打电话告诉的，排进了要打的电话。",
        form_of=_with_hint("居民看得到，例如：本人打电话来说修好了。"), told=reason_of, kind="act", lead=lead,
    )  # fmt: skip


@order_page()
def correct(request, pk):
    return take_step(
        request, pk, ordering.correct, "更正", "退回上一步", "退回上一步了。",
        form_of=_with_hint("点错了才用，只有区里可以。写明哪里错了，会记下来。", CorrectForm), told=reason_of,
    )  # fmt: skip
