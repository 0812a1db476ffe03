"""The money of a project, written down: what was promised, what came in, what went out. Nothing is ever paid here.

Every line is written under the lock of its project, which keeps the two sums: what went out is never more than what
came in. A line is never changed; a mistake is reversed by a new one.
"""

from decimal import Decimal

from django.db import transaction

from branches.steps import held, move, save_with_history, user_of
from branches.transitions import IllegalTransition, not_later_than_today, told
from homes.models import BudgetLine, CommunityProject, FundingSource, LedgerLine
from homes.money import yuan
from homes.public_facts import refuse

Status = CommunityProject.Status

PLANNING = (Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING)
KEPT = (Status.FUNDING, Status.BUILDING, Status.PAUSED, Status.ACCEPTED)  # while lines are written
MOST_IN_SUM = Decimal("999999999999.99")


@transaction.atomic
def budget(project, *, by, name, amount, version=None):
    """One thing that money is needed for; before the work begins. Said again, the new sum stands."""
    project = held(project, version)
    if project.status not in PLANNING:
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，预算不能再改。")
    name = _public(name)
    line = project.budget.filter(name=name).first() or BudgetLine(
        project=project, name=name, order=10 * (project.budget.count() + 1)
    )
    line.amount = yuan(amount)
    return _kept(project, line, "budget", by)


@transaction.atomic
def strike_out(budget_line, *, by, version=None):
    """Take a line out of the budget again, before the work begins and while nothing was paid for it."""
    project = held(budget_line.project, version)
    if project.status not in PLANNING:
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，预算不能再改。")
    if budget_line.lines.exists():
        raise IllegalTransition("这一项已经记过账，不能去掉。")
    budget_line._history_user, budget_line._change_reason = user_of(by), "strike_out"
    budget_line.delete()
    return move(project, "strike_out", project.status, by=by, data={"name": budget_line.name})


@transaction.atomic
def commit(project, *, by, kind, committed, name="", version=None):
    """How much a source has promised in sum; said again, the new sum stands."""
    project = held(project, version)
    if project.status not in (*PLANNING, Status.BUILDING):
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，资金来源不能再改。")
    name = _public(name) if name.strip() else ""
    source = project.sources.filter(kind=kind, name=name).first() or FundingSource(
        project=project, kind=FundingSource.Kind(kind).value, name=name
    )
    source.committed = yuan(committed, least=Decimal(0))
    return _kept(project, source, "commit", by)


@transaction.atomic
def receive(source, *, by, amount, words, voucher="", version=None, on=None):
    """Money came in from a source. Returns the line."""
    project, amount = _open(source.project, version), yuan(amount)
    if project.received + amount > MOST_IN_SUM:
        raise IllegalTransition("金额太大了，请看看是不是多写了几个零。")
    line = _line(project, by=by, source=source, amount=amount, words=words, voucher=voucher, on=on)
    return _enter(project, line, "receive", by=by, received=project.received + amount)


@transaction.atomic
def pay(budget_line, *, by, amount, words, voucher="", version=None, on=None):
    """Money went out for a line of the budget: never more than came in. Returns the line."""
    project, amount = _open(budget_line.project, version), yuan(amount)
    if amount > project.left:
        raise IllegalTransition(
            f"收到{project.received:,.2f}元，付了{project.paid:,.2f}元，账上只有{project.left:,.2f}元。"
        )
    line = _line(project, by=by, budget_line=budget_line, amount=amount, words=words, voucher=voucher, on=on)
    return _enter(project, line, "pay", by=by, paid=project.paid + amount)


@transaction.atomic
def reverse(line, *, by, reason, version=None, on=None):
    """Take a line back that was entered by mistake, by a new one. Returns that one."""
    project, reason = held(line.project, version), told(reason)
    line = LedgerLine.objects.get(pk=line.pk)
    if line.reverses_id:
        raise IllegalTransition("这一笔本身就是冲销，不能再冲。")
    if LedgerLine.objects.filter(reverses=line).exists():
        raise IllegalTransition("这一笔已经冲销过了。")
    if line.source_id and project.received - line.amount < project.paid:
        raise IllegalTransition("这笔钱已经付出去了，冲销以后账上会不够。请先冲销支出。")
    back = _line(
        project, by=by, source=line.source, budget_line=line.budget_line, amount=-line.amount,
        words=f"冲销：{reason}"[:120], voucher=line.voucher, on=on, reverses=line,
    )  # fmt: skip
    sums = {"received": project.received - line.amount} if line.source_id else {"paid": project.paid - line.amount}
    return _enter(project, back, "reverse", by=by, reason=reason, **sums)


def enter_ledger(project, lines, *, by, reason):
    """Enter unsaved lines of a project that has none; for the loading of data."""
    LedgerLine.objects.bulk_create(lines)
    received, paid = project.ledger.money_in().total(), project.ledger.money_out().total()
    project._change_reason, project.received, project.paid = reason, received, paid
    project._history_user = user_of(by)
    project.save()
    return lines


def _open(project, version):
    project = held(project, version)
    if project.status not in KEPT:
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，不能记账。")
    return project


def _line(project, *, by, words, on, **fields):
    on, words = not_later_than_today(on, "记账"), _public(words)
    return LedgerLine(project=project, on=on, words=words, by=user_of(by), **fields)


def _enter(project, line, event, *, by, reason="", **sums):
    line.save()
    move(project, event, project.status, by=by, reason=reason, data={"line": line.pk}, **sums)
    return line


def _kept(project, row, event, by):
    save_with_history(row, event, by=by)
    move(project, event, project.status, by=by, data={"row": row.pk})
    return row


def _public(text):
    """The words, cleaned; they are read by everybody, and name no household."""
    text = text.strip()
    if not text:
        raise IllegalTransition("请写一句是什么钱。")
    refuse(text)
    return text
