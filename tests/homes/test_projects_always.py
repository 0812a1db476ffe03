"""P-I1 whatever anybody does, and many at once: what is kept is what the lines add up to; never more out than in."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Division
from branches.transitions import IllegalTransition
from homes import bookkeeping
from homes.models import CommunityProject, LedgerLine
from tests.at_once import together
from tests.homes.works import now, use_of
from tests.makers import make_home, make_project

Status = CommunityProject.Status
STEPS = st.lists(
    st.tuples(st.sampled_from(["receive", "receive", "pay", "reverse"]), st.integers(1, 30_000)), max_size=25
)


def paid_in(division):
    """A project with 500 yuan."""
    return make_project(make_home(division, "家", "home"), "换灯", "lamps")


@pytest.mark.django_db
@pytest.mark.once
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_the_sums_are_those_of_the_lines_whatever_is_written(cast, steps):
    with transaction.atomic():
        project = cast.projects["here"]
        source, use = project.sources.get(), use_of(project)
        for verb, fen in steps:
            try:
                if verb == "receive":
                    bookkeeping.receive(source, by=None, amount=Decimal(fen) / 100, words="一笔")
                elif verb == "pay":
                    bookkeeping.pay(use, by=None, amount=Decimal(fen) / 100, words="一笔")
                else:
                    lines = project.ledger.all()
                    bookkeeping.reverse(lines[fen % len(lines)], by=None, reason="记错了")
            except IllegalTransition:
                pass
            kept = now(project)
            assert (kept.received, kept.paid) == (
                LedgerLine.objects.filter(project=project).money_in().total(),
                LedgerLine.objects.filter(project=project).money_out().total(),
            )
            assert 0 <= kept.paid <= kept.received
        transaction.set_rollback(True)


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_many_at_once_pay_no_more_than_there_is_and_reverse_once():
    project = paid_in(Division.objects.create(code="990100000000", name="望岳区", level="district"))
    use = use_of(project)
    said = together(*(lambda: bookkeeping.pay(use, by=None, amount="90", words="料") for _ in range(10)))
    assert sum(isinstance(answer, LedgerLine) for answer in said) == 5
    assert (now(project).paid, project.ledger.money_out().total()) == (450, 450)

    line = project.ledger.money_out().first()
    said = together(*(lambda: bookkeeping.reverse(line, by=None, reason="记错了") for _ in range(6)))
    assert sum(isinstance(answer, LedgerLine) for answer in said) == 1
    assert (now(project).paid, project.ledger.money_out().total()) == (360, 360)
