"""Sample grants of some years, in every state; what was paid sums to the sum that the district's report tells."""

from datetime import date, timedelta
from decimal import Decimal

from branches.demo_words import REASON
from homes import granting
from homes.demo_founding_words import CANCELLED, MISTAKEN, PURPOSES, SAVED
from homes.models import Grant, Instalment

Status = Grant.Status
PAID_IN_ALL = Decimal("2120000.00")  # of one block
# (year, 0 for this one; how many grants of each state, and in how many parts they are paid)
PLAN = (
    (2021, Status.SETTLED, 8, 2),
    (2022, Status.SETTLED, 13, 2),
    (2022, Status.CANCELLED, 1, 0),
    (2023, Status.SETTLED, 9, 3),
    (2023, Status.DISBURSED, 2, 1),
    (0, Status.SETTLED, 2, 1),
    (0, Status.DISBURSED, 4, 1),
    (0, Status.APPROVED, 3, 0),
    (0, Status.CANCELLED, 1, 0),
    (0, Status.PLANNED, 4, 0),
)
LEAST, STEP = 20_000, 2_500  # yuan: what a grant comes to, before the last one takes up what is left
MISTAKES = {3, 17}  # of the paid ones: an instalment that was entered wrongly and reversed


class Money:
    """Makes the grants of a block for these homes, unsaved; `founded` are the ones whose ceiling counts."""

    def __init__(self, homes, founded, officers, today):
        self.homes, self.founded, self.today = homes, founded, today
        self.planner, self.approver = officers.of_district(), officers.of_district(1)
        self.grants, self.instalments = [], []
        self._amounts = _amounts(sum(count for _, status, count, _ in PLAN if _is_paid(status)))
        self._vouchers = {}

    def grant(self, arrivals):
        """Enter them all."""
        paid = 0
        for year, status, count, parts in PLAN:
            for turn in range(count):
                self._one(year or self.today.year, status, turn, parts, paid)
                paid += _is_paid(status)
        granting.enter(self.grants, self.instalments, by=None, reason=REASON)
        arrivals.created[Grant._meta.verbose_name] += len(self.grants)
        arrivals.created[Instalment._meta.verbose_name] += len(self.instalments)

    def _one(self, year, status, turn, parts, paid_before):
        number = len(self.grants)
        is_new = self.founded and status in (Status.PLANNED, Status.APPROVED)
        home = self.founded[turn % len(self.founded)] if is_new else self.homes[number * 3 % len(self.homes)]
        amount = self._amounts[paid_before] if _is_paid(status) else Decimal(LEAST + number % 5 * STEP)
        begins, ends = date(year, 1, 1), min(date(year, 12, 20), self.today)
        span = max(0, (ends - begins).days)
        approved_on = min(begins + timedelta(days=span // 5 + turn % 9), self.today)
        grant = Grant(
            home=home, year=year, purpose=PURPOSES[number % len(PURPOSES)], planned=amount, status=status,
            planned_by=self.planner, is_sample=True,
        )  # fmt: skip
        self.grants.append(grant)
        if status == Status.CANCELLED:
            grant.closed_on, grant.closed_words = ends, CANCELLED
        if status in (Status.PLANNED, Status.CANCELLED):
            return
        left = Decimal(5000 * (turn % 3)) if status == Status.SETTLED else Decimal(10_000)
        grant.approved = amount + (left if _is_paid(status) else 0)
        grant.planned, grant.approved_by, grant.approved_on = grant.approved, self.approver, approved_on
        if not _is_paid(status):
            return
        grant.paid = amount
        self._pay(grant, amount, parts, approved_on, ends, is_mistaken=paid_before in MISTAKES)
        if status == Status.SETTLED:
            grant.closed_on, grant.closed_words = ends, SAVED if left else ""

    def _pay(self, grant, amount, parts, first, last, *, is_mistaken):
        share = (amount / parts).quantize(Decimal(1))
        sums = [share] * (parts - 1) + [amount - share * (parts - 1)]
        if is_mistaken:
            wrong = self._instalment(grant, sums[0] / 10, first, "")
            self._instalment(grant, -wrong.amount, first, MISTAKEN, reverses=wrong)
        for turn, each in enumerate(sums):
            on = first + (last - first) * (turn + 1) // (parts + 1)
            self._instalment(grant, each, on, f"第{turn + 1}笔" if parts > 1 else "")

    def _instalment(self, grant, amount, on, words, reverses=None):
        if reverses is None:
            self._vouchers[grant.year] = self._vouchers.get(grant.year, 0) + 1
        voucher = reverses.voucher if reverses else f"示例{grant.year}-{self._vouchers[grant.year]:03}"
        instalment = Instalment(
            amount=amount, paid_on=on, voucher=voucher, words=words, by=self.planner, reverses=reverses
        )
        self.instalments.append((grant, instalment))
        return instalment


def _is_paid(status):
    return status in (Status.SETTLED, Status.DISBURSED)


def _amounts(count):
    """So many sums that come to what was paid in all, to the fen."""
    mean = PAID_IN_ALL / count
    sums = [
        int(mean) // STEP * STEP + (turn % 7 - 3) * STEP + Decimal(turn * 37 % 100) / 100 for turn in range(count - 1)
    ]
    return [*sums, PAID_IN_ALL - sum(sums)]
