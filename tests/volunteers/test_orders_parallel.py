"""Many at one order at the same moment, on the database at hand: one winner, everybody answered politely."""

import pytest

from branches.models import Event
from tests.at_once import together
from tests.volunteers.errands import in_days, make_crew, make_order
from volunteers import dispatching, ordering
from volunteers.models import Assignment, ServiceOrder


def called(people, needed=1):
    """(order, [volunteer]) of an open call to a team of so many."""
    home, team, crew = make_crew(people)
    order = make_order(home, needed=needed)
    dispatching.open_call(order, [team], visit_at=in_days(), by=None)
    return order, crew


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("needed", [1, 3])
def test_thirty_accept_one_open_call_and_as_many_go_as_are_needed(needed):
    order, crew = called(30, needed)
    said = together(*(lambda person=person: dispatching.accept(order, person, by=person) for person in crew))
    going = [answer for answer in said if isinstance(answer, Assignment)]
    assert len(going) == needed
    assert {answer for answer in said if isinstance(answer, str)} == {dispatching.TAKEN}
    order.refresh_from_db()
    assert order.status == "accepted"
    assert order.assignments.filter(status="accepted").count() == order.assignments.count() == needed
    assert Event.objects.filter(subject="volunteers.serviceorder", event="accept").count() == needed


@pytest.mark.django_db(transaction=True)
def test_the_same_person_pressing_ten_times_goes_once():
    order, (person,) = called(1)
    said = together(*[lambda: dispatching.accept(order, person, by=person)] * 10)
    assert {answer.pk for answer in said} == {order.assignments.get().pk}


@pytest.mark.django_db(transaction=True)
def test_one_person_accepting_two_orders_of_one_hour_gets_one():
    home, team, (person,) = make_crew(1)
    for _ in range(3):
        orders = [make_order(home) for _ in range(2)]
        for order in orders:
            dispatching.open_call(order, [team], visit_at=in_days(), by=None)
        said = together(*(lambda order=order: dispatching.accept(order, person, by=person) for order in orders))
        assert sorted(isinstance(answer, str) for answer in said) == [False, True]
        assert person.assignments.filter(status="accepted").count() == 1
        taken = next(answer for answer in said if not isinstance(answer, str))
        dispatching.recall(taken, by=None, reason="下一轮")


@pytest.mark.django_db(transaction=True)
def test_taking_back_while_they_accept_leaves_it_one_way_or_the_other():
    home, _team, (person, other) = make_crew(2)
    order = make_order(home)
    for _ in range(3):
        offered = dispatching.offer(order, person, visit_at=in_days(), by=None)
        together(
            lambda: dispatching.accept(order, person, by=person),
            lambda offered=offered: dispatching.recall(offered, by=None, reason="换人"),
            lambda: dispatching.offer(order, other, visit_at=in_days(hours=1), by=None),
        )
        order.refresh_from_db()
        live = order.assignments.filter(status__in=("offered", "accepted"))
        assert live.count() <= 1
        assert (order.status == "accepted") == live.filter(status="accepted").exists()
        for assignment in live:
            dispatching.recall(assignment, by=None, reason="下一轮")


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_ten_times_at_once_is_one_order():
    home, _team, _crew = make_crew(1)
    make_order(home)
    said = together(*[lambda: make_order(home, form_key="a" * 32)] * 10)
    assert len({order.pk for order in said}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_orders_are_never_duplicates_of_each_other():
    home, _team, _crew = make_crew(1)
    for _ in range(5):
        one, other = make_order(home), make_order(home)
        together(
            lambda one=one, other=other: ordering.mark_duplicate(one, other, by=None),
            lambda one=one, other=other: ordering.mark_duplicate(other, one, by=None),
        )
        states = {ServiceOrder.objects.get(pk=order.pk).status for order in (one, other)}
        assert states == {"submitted", "duplicate"}
