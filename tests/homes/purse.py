"""A small district with money: one home, three who decide; a grant in every state."""

from dataclasses import dataclass
from decimal import Decimal

from branches.models import Division, User
from homes import granting
from homes.models import Grant, Home
from tests.makers import make_home, make_user

THOUSAND = Decimal("1000.00")


@dataclass
class Purse:
    home: Home
    planner: User
    approver: User
    third: User


def make_purse():
    district = Division.objects.create(code="990300000000", name="示例区", level="district")
    home = make_home(district, "示例之家", "purse-home")
    people = (make_user(f"purse-{number}", "district", district, name=f"区里{number}") for number in range(3))
    return Purse(home, *people)


def planned(purse, purpose="添桌椅", planned=THOUSAND, year=2026):
    return granting.plan(by=purse.planner, home=purse.home, year=year, purpose=purpose, planned=planned)


def approved(purse, amount=THOUSAND, **fields):
    return granting.approve(planned(purse, **fields), by=purse.approver, amount=amount)


def paid(purse, amount=Decimal("400.00"), voucher="记-1", **fields):
    """A grant of which something has been paid, and the instalment."""
    instalment = granting.pay(approved(purse, **fields), by=purse.approver, amount=amount, voucher=voucher)
    return now(instalment.grant), instalment


def grant_in(state, purse):
    """A grant in this state."""
    match state:
        case Grant.Status.PLANNED:
            return planned(purse)
        case Grant.Status.APPROVED:
            return approved(purse)
        case Grant.Status.DISBURSED:
            return paid(purse)[0]
        case Grant.Status.SETTLED:
            return granting.settle(paid(purse)[0], by=purse.approver, words="够用了")
        case Grant.Status.CANCELLED:
            return granting.cancel(planned(purse), by=purse.approver, reason="不办了")


def now(grant):
    return Grant.objects.get(pk=grant.pk)
