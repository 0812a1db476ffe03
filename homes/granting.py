"""The verbs of a grant: plan, approve, pay in instalments, reverse, settle, cancel. Only this module writes them.

What is paid never comes to more than what was approved: every instalment is written under the lock of its grant, and
the database refuses what would be too much.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from branches import steps
from branches.steps import held, move, take
from branches.transitions import IllegalTransition, not_later_than_today, step, told
from homes.models import Grant, Home, Instalment

Status = Grant.Status

# event: (states it may start from, state it ends in; None: it stays)
TRANSITIONS = {
    "plan": ({""}, Status.PLANNED),
    "approve": ({Status.PLANNED}, Status.APPROVED),
    "pay": ({Status.APPROVED, Status.DISBURSED}, Status.DISBURSED),
    "reverse": ({Status.DISBURSED}, None),
    "settle": ({Status.DISBURSED}, Status.SETTLED),
    "cancel": ({Status.PLANNED, Status.APPROVED, Status.DISBURSED}, Status.CANCELLED),
}
MOST = Decimal("9999999999.99")


@transaction.atomic
def plan(*, by, home, year, purpose, planned):
    """Propose a sum for a home; somebody else approves it."""
    grant = Grant(home=home, year=year, purpose=purpose.strip(), planned=_yuan(planned), planned_by=by, status="")
    return move(grant, "plan", Status.PLANNED, by=by)


@transaction.atomic
def approve(grant, *, by, amount, version=None, on=None):
    """Grant `amount` yuan, which may differ from the plan; within the ceiling of the home's application."""
    amount, on = _yuan(amount), not_later_than_today(on, "批准")
    home = Home.objects.select_for_update().get(pk=grant.home_id)  # the ceiling is one for all its grants
    grant = _begin("approve", grant, version)
    if by == grant.planned_by:
        raise IllegalTransition("自己提的经费不能自己批，请另一位同事来。")
    ceiling = home.application.ceiling if hasattr(home, "application") else None
    if ceiling is not None:
        others = home.grants.exclude(status=Status.CANCELLED).aggregate(total=Sum("approved"))["total"] or 0
        if others + amount > ceiling:
            raise IllegalTransition(f"这个家的经费上限是{ceiling:,.2f}元，已经批了{others:,.2f}元，这笔批不了。")
    return take(TRANSITIONS, "approve", grant, by=by, approved=amount, approved_by=by, approved_on=on)


@transaction.atomic
def pay(grant, *, by, amount, voucher, words="", version=None, on=None):
    """Enter one instalment that was paid. Returns it."""
    amount, on = _yuan(amount), not_later_than_today(on, "拨款")
    if not voucher.strip():
        raise IllegalTransition("请写凭证号，财务要对账。")
    grant = _begin("pay", grant, version)
    if amount > grant.left:
        raise IllegalTransition(
            f"批准了{grant.approved:,.2f}元，已经拨了{grant.paid:,.2f}元，最多还能拨{grant.left:,.2f}元。"
        )
    if on < grant.approved_on:
        raise IllegalTransition("拨款日期不能早于批准日期。")
    instalment = Instalment.objects.create(
        grant=grant, amount=amount, paid_on=on, voucher=voucher.strip(), words=words.strip(), by=by
    )
    take(TRANSITIONS, "pay", grant, by=by, paid=grant.paid + amount, data={"instalment": instalment.pk})
    return instalment


@transaction.atomic
def reverse(instalment, *, by, reason, version=None, on=None):
    """Take back what was entered by mistake: a new negative row. Returns that row."""
    on, reason = not_later_than_today(on, "冲销"), told(reason)
    grant = _begin("reverse", instalment.grant, version)
    if instalment.reverses_id:
        raise IllegalTransition("这一笔本身就是冲销，不能再冲。")
    if Instalment.objects.filter(reverses=instalment).exists():
        raise IllegalTransition("这一笔已经冲销过了。")
    back = Instalment.objects.create(
        grant=grant, amount=-instalment.amount, paid_on=on, voucher=instalment.voucher, words=reason[:120], by=by,
        reverses=instalment,
    )  # fmt: skip
    take(
        TRANSITIONS, "reverse", grant, by=by, reason=reason, paid=grant.paid - instalment.amount,
        data={"instalment": back.pk},
    )  # fmt: skip
    return back


@transaction.atomic
def settle(grant, *, by, words="", version=None, on=None):
    """All that will be paid has been paid."""
    grant = _begin("settle", grant, version)
    if not grant.paid:
        raise IllegalTransition("一笔也没有拨，不能结清；不拨了请取消。")
    if grant.left and not words.strip():
        raise IllegalTransition(f"还有{grant.left:,.2f}元没有拨，请写明为什么不拨了。")
    return _close("settle", grant, by=by, words=words, on=on)


@transaction.atomic
def cancel(grant, *, by, reason, version=None, on=None):
    """Nothing is paid after all; what had been paid by mistake is reversed first."""
    grant, reason = _begin("cancel", grant, version), told(reason)
    if grant.paid:
        raise IllegalTransition(f"已经拨了{grant.paid:,.2f}元，不能取消。拨错了请先冲销，拨完了请结清。")
    return _close("cancel", grant, by=by, words=reason, on=on)


def enter(grants, instalments, *, by, reason):
    """Enter unsaved grants (samples), each in its state, with [(grant, instalment)] unsaved, too."""
    steps.enter(grants, by=by, reason=reason)
    for grant, instalment in instalments:
        instalment.grant = grant
    rows = [instalment for _, instalment in instalments]
    Instalment.objects.bulk_create([row for row in rows if row.reverses is None], batch_size=500)
    Instalment.objects.bulk_create([row for row in rows if row.reverses is not None], batch_size=500)


def _begin(event, grant, version):
    grant = held(grant, version)
    step(TRANSITIONS, event, grant)
    return grant


def _close(event, grant, *, by, words, on):
    return take(
        TRANSITIONS, event, grant, by=by, reason=words, closed_words=words.strip()[:200],
        closed_on=on or timezone.localdate(),
    )  # fmt: skip


def _yuan(amount):
    """The amount to the fen; IllegalTransition where it is none, or has more than two places."""
    amount = Decimal(amount)
    if not amount.is_finite() or not 0 < amount <= MOST or amount != amount.quantize(Decimal("0.01")):
        raise IllegalTransition("金额要大于0，最多写到分。")
    return amount
