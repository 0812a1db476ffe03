"""The verbs of a grant: what may be done from which state, four eyes, the ceiling, and that no fen is lost (H-I4)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches.models import Event
from branches.transitions import IllegalTransition
from homes import granting
from homes.models import Grant, HomeApplication, Instalment
from tests.at_once import together
from tests.homes.purse import THOUSAND, approved, grant_in, make_purse, now, paid, planned

pytestmark = pytest.mark.django_db
Status = Grant.Status


@pytest.fixture
def purse():
    return make_purse()


def verbs(purse, grant):
    """{event: the step, taken by somebody who may}"""
    first = grant.instalments.first() or Instalment(grant=grant, amount=1, paid_on=timezone.localdate())
    return {
        "approve": lambda: granting.approve(grant, by=purse.approver, amount=THOUSAND),
        "pay": lambda: granting.pay(grant, by=purse.approver, amount="100", voucher="记-9"),
        "reverse": lambda: granting.reverse(first, by=purse.approver, reason="记错了"),
        "settle": lambda: granting.settle(grant, by=purse.approver, words="够用了"),
        "cancel": lambda: granting.cancel(grant, by=purse.approver, reason="不办了"),
        "correct": lambda: granting.correct(grant, by=purse.approver, reason="刚才点错了"),
    }


def test_every_step_is_taken_from_its_states_and_from_no_others(purse):
    # what has been paid is reversed before it is cancelled
    taken = {
        Status.PLANNED: {"approve": Status.APPROVED, "cancel": Status.CANCELLED},
        Status.APPROVED: {"pay": Status.DISBURSED, "cancel": Status.CANCELLED, "correct": Status.PLANNED},
        Status.DISBURSED: {"pay": Status.DISBURSED, "reverse": Status.DISBURSED, "settle": Status.SETTLED},
        Status.SETTLED: {"correct": Status.DISBURSED},
        Status.CANCELLED: {"correct": Status.PLANNED},
    }
    happened = {}
    for state in Status:
        happened[state] = {}
        for event in granting.TRANSITIONS.keys() - {"plan"}:
            with transaction.atomic():
                grant = grant_in(state, purse)
                before, version = Event.objects.count(), grant.version
                try:
                    verbs(purse, grant)[event]()
                except IllegalTransition:
                    assert (now(grant).version, Event.objects.count()) == (version, before)
                else:
                    happened[state][event] = now(grant).status
                    assert (now(grant).version, Event.objects.count()) == (version + 1, before + 1)
                transaction.set_rollback(True)
    assert happened == taken


def refusal(step, *args, **named):
    with pytest.raises(IllegalTransition) as refused, transaction.atomic():
        step(*args, **named)
    return str(refused.value)


def test_nobody_approves_their_own_plan_nor_more_than_it(purse):
    grant = planned(purse)
    assert "自己提的" in refusal(granting.approve, grant, by=purse.planner, amount=THOUSAND)
    assert "不能批得多" in refusal(granting.approve, grant, by=purse.approver, amount="1000.01")
    assert granting.approve(grant, by=purse.approver, amount="999.99").approved == Decimal("999.99")
    assert "一样的计划" in refusal(lambda: [planned(purse, purpose="粉刷") for _ in range(2)])


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity", "1e20", "一千", None, 0.1])
def test_an_amount_that_is_none_is_refused(purse, amount):
    assert "金额" in refusal(granting.pay, approved(purse), by=purse.approver, amount=amount, voucher="记-1")


def test_what_is_paid_is_on_its_voucher_once_and_within_what_was_approved(purse):
    grant, first = paid(purse)
    tomorrow, yesterday = (timezone.localdate() + timedelta(days=days) for days in (1, -1))
    given = {"by": purse.approver, "amount": "600", "voucher": "记-2"}
    assert "最多还能拨600.00元" in refusal(granting.pay, grant, **given | {"amount": "600.01"})
    assert "已经登记过" in refusal(granting.pay, grant, **given | {"voucher": " 记-1 "})
    assert "凭证号" in refusal(granting.pay, grant, **given | {"voucher": " "})
    assert "今天以后" in refusal(granting.pay, grant, **given, on=tomorrow)
    assert "早于批准" in refusal(granting.pay, grant, **given, on=yesterday)
    assert "早于这一笔" in refusal(granting.reverse, first, by=purse.approver, reason="记错了", on=yesterday)
    back = granting.reverse(first, by=purse.approver, reason="记错了")
    assert "本身就是冲销" in refusal(granting.reverse, back, by=purse.approver, reason="再冲一次")
    assert "一笔也没有拨" in refusal(granting.settle, grant, by=purse.approver, words="完了")
    granting.pay(grant, **given | {"voucher": "记-1", "amount": THOUSAND})  # the voucher of what was reversed is free
    assert [row.amount for row in grant.instalments.order_by("pk")] == [400, -400, THOUSAND]
    settled = granting.settle(grant, by=purse.approver)
    other, closing = paid(purse, purpose="再添")[0], {"by": purse.approver, "words": "够用了"}
    assert "请写明为什么不拨了" in refusal(granting.settle, other, **closing | {"words": " "})
    assert "今天以后" in refusal(granting.settle, other, **closing, on=tomorrow)
    assert (settled.status, settled.paid, settled.left) == (Status.SETTLED, THOUSAND, 0)
    for paid_too_much in ({"paid": THOUSAND + 1}, {"paid": -1}, {"approved": None}):  # whoever writes it
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(**paid_too_much)
    with pytest.raises(TypeError):
        first.save()
    with pytest.raises(TypeError):
        first.delete()


def ceiling(purse, amount):
    """The application that this home was founded on, with the most it may be given."""
    HomeApplication.objects.create(
        number="SB-1", name="示例之家", division=purse.home.division, address="示例路1号", status="approved",
        applicant=purse.third, home=purse.home, ceiling=amount,
    )  # fmt: skip


def test_all_grants_of_a_home_stay_below_the_ceiling_of_its_application(purse):
    ceiling(purse, Decimal(1500))
    settled = granting.settle(paid(purse)[0], by=purse.approver, words="够用了")  # of which 400 were paid
    plan = planned(purse, purpose="粉刷", planned=Decimal(2000))
    assert "上限是1,500.00元，已经批了400.00元" in refusal(
        granting.approve, plan, by=purse.approver, amount=Decimal("1100.01")
    )
    granting.approve(plan, by=purse.approver, amount=Decimal(1100))
    # to take the settlement back is to allow the whole again
    assert "上限" in refusal(granting.correct, settled, by=purse.approver, reason="结清点错了")


# --- at the same moment
@pytest.mark.django_db(transaction=True)
def test_ten_instalments_at_once_never_come_to_more_than_was_approved():
    purse = make_purse()
    grant, _first = paid(purse)
    said = together(
        *(
            lambda number=number: granting.pay(grant, by=purse.third, amount="150", voucher=f"同-{number}")
            for number in range(10)
        )
    )
    entered = [answer for answer in said if isinstance(answer, Instalment)]
    refused = {answer for answer in said if isinstance(answer, str)}
    assert len(entered) == 4  # 400 + 4 × 150
    assert refused == {"批准了1,000.00元，已经拨了1,000.00元，最多还能拨0.00元。"}
    assert now(grant).paid == grant.instalments.total() == THOUSAND
    taken_back = together(
        *[lambda: granting.reverse(entered[0], by=purse.third, reason="记了两遍")] * 5,
        *[lambda: granting.settle(grant, by=purse.planner, words="完了", version=now(grant).version - 1)] * 2,
    )
    assert sum(isinstance(answer, Instalment) for answer in taken_back) == 1
    assert now(grant).paid == grant.instalments.total() == Decimal(850)


@pytest.mark.django_db(transaction=True)
def test_plans_approved_at_once_stay_below_the_ceiling():
    purse = make_purse()
    ceiling(purse, Decimal(2500))
    plans = [planned(purse, purpose=f"第{number}件") for number in range(6)]
    said = together(*(lambda plan=plan: granting.approve(plan, by=purse.approver, amount=THOUSAND) for plan in plans))
    assert sum(isinstance(answer, Grant) for answer in said) == 2
    assert all("上限是2,500.00元" in answer for answer in said if isinstance(answer, str))


# --- whatever anybody does
class Books(RuleBasedStateMachine):
    """Two grants of one home, three colleagues, any amounts."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.purse = make_purse()
        self.people = [self.purse.planner, self.purse.approver, self.purse.third]
        ceiling(self.purse, Decimal(1500))
        self.grants = [planned(self.purse, purpose=f"第{number}件").pk for number in range(2)]
        self.vouchers = 0

    def teardown(self):
        Books.happened |= set(Event.objects.values_list("event", flat=True))
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, which, **named):
        subject = which if isinstance(which, Instalment) else Grant.objects.get(pk=self.grants[which])
        try:
            with transaction.atomic():
                verb(subject, **named)
        except IllegalTransition:
            pass

    which, who = st.integers(0, 1), st.integers(0, 2)
    amounts = st.decimals(min_value="-1", max_value="1200", places=2) | st.sampled_from([THOUSAND, Decimal("0.01")])

    @rule(which=which, who=who, amount=amounts)
    def approve(self, which, who, amount):
        self.attempt(granting.approve, which, by=self.people[who], amount=amount)

    @rule(which=which, amount=amounts)
    def approve_and_pay(self, which, amount):
        self.approve(which, 1, THOUSAND)
        self.pay(which, 2, amount)

    @rule(which=which, who=who, amount=amounts)
    def pay(self, which, who, amount):
        self.vouchers += 1
        self.attempt(granting.pay, which, by=self.people[who], amount=amount, voucher=f"记-{self.vouchers}")

    @rule(which=which, last=st.booleans())
    def reverse(self, which, last):
        rows = Instalment.objects.filter(grant=self.grants[which]).order_by("-pk" if last else "pk")
        if row := rows.first():
            self.attempt(granting.reverse, row, by=self.people[2], reason="记错了")

    @rule(which=which, words=st.sampled_from(["", "够用了"]))
    def settle(self, which, words):
        self.pay(which, 0, Decimal(100))
        self.attempt(granting.settle, which, by=self.people[0], words=words)

    @rule(which=which)
    def cancel(self, which):
        self.attempt(granting.cancel, which, by=self.people[0], reason="不办了")

    @rule(which=which)
    def correct(self, which):
        self.attempt(granting.correct, which, by=self.people[0], reason="刚才点错了")

    @invariant()
    def the_books_balance(self):
        """paid is the sum of the instalments, to the fen, between nothing and what was approved."""
        standing = Decimal(0)
        for grant in Grant.objects.filter(pk__in=self.grants):
            sums = grant.instalments.total()
            assert (type(grant.paid), type(sums)) == (Decimal, Decimal)
            assert grant.paid == sums
            assert 0 <= grant.paid <= (grant.approved or 0)
            assert grant.approved is None or grant.approved <= grant.planned
            assert grant.approved_by_id is None or grant.approved_by_id != grant.planned_by_id
            if grant.status != Status.CANCELLED:
                standing += (grant.paid if grant.status == Status.SETTLED else grant.approved) or 0
        assert standing <= 1500


@pytest.mark.once
def test_the_books_balance_whatever_anybody_does():
    Books.happened = set()
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"approve", "pay", "reverse", "settle", "cancel", "correct"} <= Books.happened
