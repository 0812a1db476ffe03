"""The verbs of a grant: plan, approve, pay in instalments, reverse, settle, cancel, correct. Only this module writes
them.

What is paid never comes to more than what was approved: every instalment is written under the lock of its grant, and
the database refuses what would be too much.
"""

from django.db import transaction
from django.db.models import Case, F, Sum, When

from branches import steps
from branches.steps import correction, held, move, standing_steps, take
from branches.transitions import IllegalTransition, not_later_than_today, step, told
from homes.models import Grant, Home, Instalment
from homes.money import in_fen, yuan

Status = Grant.Status

# event: (states it may start from, state it ends in; None: it stays)
TRANSITIONS = {
    "plan": ({""}, Status.PLANNED),
    "approve": ({Status.PLANNED}, Status.APPROVED),
    "pay": ({Status.APPROVED, Status.DISBURSED}, Status.DISBURSED),
    "reverse": ({Status.DISBURSED}, None),
    "settle": ({Status.DISBURSED}, Status.SETTLED),
    "cancel": ({Status.PLANNED, Status.APPROVED, Status.DISBURSED}, Status.CANCELLED),
    "correct": (
        {Status.APPROVED, Status.SETTLED, Status.CANCELLED},
        {Status.PLANNED, Status.APPROVED, Status.DISBURSED},
    ),
}
CLOSED = ("settle", "cancel")
OWN_PLAN = "自己提的经费不能自己批，请另一位同事来。"


@transaction.atomic
def plan(*, by, home, year, purpose, planned):
    """Propose a sum for a home; somebody else approves it."""
    if not purpose.strip():
        raise IllegalTransition("请写这笔钱用在哪里。")
    home, purpose, planned = Home.objects.select_for_update().get(pk=home.pk), purpose.strip(), yuan(planned)
    if home.status == Home.Status.CLOSED:
        raise IllegalTransition("这个家已经归档，不能再列经费。")
    if home.grants.filter(year=year, purpose=purpose, planned=planned, status=Status.PLANNED).exists():
        raise IllegalTransition("一样的计划已经有了，正等着批。要另外一笔，请把用途写得不一样。")
    grant = Grant(home=home, year=year, purpose=purpose, planned=planned, planned_by=by, status="")
    return move(grant, "plan", Status.PLANNED, by=by)


@transaction.atomic
def approve(grant, *, by, amount, version=None, on=None):
    """Grant `amount` yuan: the plan or less, for nobody alone decides on money; within the ceiling of the home."""
    amount, on = yuan(amount), not_later_than_today(on, "批准")
    home = Home.objects.select_for_update().get(pk=grant.home_id)  # the ceiling is one for all its grants
    grant = _begin("approve", grant, version)
    if by == grant.planned_by:
        raise IllegalTransition(OWN_PLAN)
    if amount > grant.planned:
        raise IllegalTransition(
            f"计划是{grant.planned:,.2f}元，可以批得少，不能批得多。要多，请取消这一笔，重新列计划。"
        )
    _within_ceiling(home, grant, amount)
    return take(TRANSITIONS, "approve", grant, by=by, approved=amount, approved_by=by, approved_on=on)


@transaction.atomic
def pay(grant, *, by, amount, voucher, words="", version=None, on=None):
    """Enter one instalment that was paid. Returns it."""
    amount, on = yuan(amount), not_later_than_today(on, "拨款")
    if not voucher.strip():
        raise IllegalTransition("请写凭证号，财务要对账。")
    grant = _begin("pay", grant, version)
    if amount > grant.left:
        raise IllegalTransition(
            f"批准了{grant.approved:,.2f}元，已经拨了{grant.paid:,.2f}元，最多还能拨{grant.left:,.2f}元。"
        )
    if grant.approved_on and on < grant.approved_on:
        raise IllegalTransition("拨款日期不能早于批准日期。")
    if grant.instalments.filter(voucher=voucher.strip(), reverses=None, reversed_by=None).exists():
        raise IllegalTransition(f"凭证{voucher.strip()}已经登记过一笔了，没有再记。请看看是不是同一笔。")
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
    if on < instalment.paid_on:
        raise IllegalTransition("冲销日期不能早于这一笔的拨款日期。")
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


@transaction.atomic
def correct(grant, *, by, reason, version=None):
    """Take an approval, a settlement or a cancellation back that was a mistake; what was paid is reversed instead."""
    reason = correction(by, reason)
    home = Home.objects.select_for_update().get(pk=grant.home_id)
    grant = _begin("correct", grant, version)
    if not correctable(grant):
        raise IllegalTransition("没有可以更正的一步。拨款记错了，请冲销那一笔。")
    last = standing_steps(grant)[-1]
    if last.event == "approve":
        fields = {"approved": None, "approved_by": None, "approved_on": None}
    else:
        fields = {"closed_on": None, "closed_words": ""}
        if grant.approved is not None:
            _within_ceiling(home, grant, grant.approved)
    return move(grant, "correct", last.before, by=by, reason=reason, data={"undone": last.event}, **fields)


def correctable(grant):
    """Whether the last step of this grant is one that can be taken back."""
    steps_taken = standing_steps(grant) if grant.status in TRANSITIONS["correct"][0] else []
    return bool(steps_taken) and steps_taken[-1].event in ("approve", *CLOSED)


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


def _within_ceiling(home, grant, amount):
    """IllegalTransition where the home's other grants and `amount` come to more than its application was allowed."""
    ceiling = home.application.ceiling if hasattr(home, "application") else None
    if ceiling is None:
        return
    # of what is settled nothing more is paid
    counts = Case(When(status=Status.SETTLED, then=F("paid")), default=F("approved"))
    standing = home.grants.exclude(pk=grant.pk).exclude(status=Status.CANCELLED)
    others = in_fen(standing.aggregate(total=Sum(counts))["total"])
    if others + amount > ceiling:
        raise IllegalTransition(f"这个家的经费上限是{ceiling:,.2f}元，已经批了{others:,.2f}元，这笔批不了。")


def _close(event, grant, *, by, words, on):
    on = not_later_than_today(on, "结清" if event == "settle" else "取消")
    return take(TRANSITIONS, event, grant, by=by, reason=words, closed_words=words.strip()[:200], closed_on=on)
