"""The steps of a grant as pages of the desk: plan, approve, pay, reverse, settle, cancel, correct."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse as address_of

from branches.access import Action
from branches.steps import REASON_LEAST
from branches.transitions import IllegalTransition
from branches.views import desk_keeping
from branches.views.desk_posting import attempt, form_page, kept_page, open_form
from homes import granting
from homes.grant_forms import ApproveForm, PayForm, PlanForm, ReasonForm, ReverseForm, SettleForm
from homes.models import Grant
from homes.views.grant_desk import crumbs, own_grant

EYES = "您提了，要请另一位同事来批：自己提的不能自己批。"


def grant_page(action=Action.CHANGE):
    return kept_page(action, Grant)


@grant_page(Action.ADD)
def plan(request):
    form, refilled = open_form(request, PlanForm, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            planned = granting.plan(by=request.user, **form.cleaned_data)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            desk_keeping.forget(request)
            messages.success(request, "计划列好了，等另一位同事批准。")
            return redirect("grants:grant", pk=planned.pk)
    return form_page(
        request, form, "列一笔经费计划", "列进计划", back=address_of("grants:desk"), way=crumbs(request), lead=EYES,
        refilled=refilled,
    )  # fmt: skip


def step_page(request, pk, make, verb, *, title, button, done, given, **context):
    """A step of one grant: `given` are the fields of the form that the verb is told, besides the version."""
    found = own_grant(request, pk)
    form, refilled = open_form(request, make, record=found)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in (*given, "version")}
        if attempt(request, form, verb, found, **told) is not None:
            messages.success(request, done)
            return redirect("grants:grant", pk=pk)
    back, way = address_of("grants:grant", args=[pk]), crumbs(request, found)
    return form_page(request, form, title, button, back=back, way=way, refilled=refilled, **context)


@grant_page()
def approve(request, pk):
    return step_page(
        request, pk, ApproveForm, granting.approve, given=("amount", "on"), title="批准经费", button="批准",
        done="批准了，可以拨款了。", lead="提的人不能自己批。批准以后，拨的钱加起来不会超过这个数。",
    )  # fmt: skip


@grant_page()
def pay(request, pk):
    return step_page(
        request, pk, PayForm, granting.pay, given=("amount", "on", "voucher", "words"), title="记一笔拨款",
        button="记下来", done="记下来了。", lead="记下的拨款不能改、不能删；记错了要冲销，再记一笔对的。",
    )  # fmt: skip


@grant_page()
def reverse(request, pk, instalment_pk):
    instalment = own_grant(request, pk).instalments.filter(pk=instalment_pk).first()
    if instalment is None:
        raise Http404
    return step_page(
        request, pk, ReverseForm, lambda _grant, **told: granting.reverse(instalment, **told), given=("reason", "on"),
        title="冲销一笔拨款", button="冲销", kind="act", done="冲销了，原来那一笔已经划掉。",
        lead=f"冲销的是{instalment.paid_on:%Y年%m月%d日}的{instalment.amount:,.2f}元，凭证号{instalment.voucher}。",
    )  # fmt: skip


@grant_page()
def settle(request, pk):
    return step_page(
        request, pk, SettleForm, granting.settle, given=("words", "on"), title="结清", button="结清",
        done="结清了。", lead="结清以后不能再拨。",
    )  # fmt: skip


@grant_page()
def cancel(request, pk):
    return step_page(
        request, pk, ReasonForm, granting.cancel, given=("reason",), title="取消这笔经费", button="取消这笔经费",
        kind="act", done="取消了。",
    )  # fmt: skip


@grant_page()
def correct(request, pk):
    return step_page(
        request, pk, ReasonForm, granting.correct, given=("reason",), title="更正，退回上一步", button="退回上一步",
        kind="act", done="更正了，退回到上一步。",
        lead=f"批准、结清、取消点错了才用，原因至少{REASON_LEAST}个字。拨款记错了，请冲销那一笔。",
    )  # fmt: skip
