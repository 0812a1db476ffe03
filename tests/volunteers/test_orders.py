"""The verbs of orders: every step that the tables do not allow, placing one, and what comes afterwards."""

from datetime import date

import pytest
from django.utils import timezone

from branches.models import CalendarDay, Division, Event
from branches.transitions import IllegalTransition
from tests.makers import make_user
from tests.volunteers.errands import ASKED, DAY, HOUR, accepted, done, in_days, make_category, make_crew, make_order
from tests.volunteers.troop import make_team, make_volunteer
from volunteers import dispatching, figures, ordering
from volunteers.models import Assignment, Message, ServiceOrder
from volunteers.order_steps import ORDER
from volunteers.routing import route

pytestmark = pytest.mark.django_db
WEDNESDAY = "2026-09-30T10:00:00+08:00"


@pytest.fixture
def clock(time_machine):
    """A clock that stands, to be shifted."""
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


@pytest.fixture
def crew():
    return make_crew()


@pytest.fixture
def home(crew):
    return crew[0]


@pytest.fixture
def person(crew):
    return crew[2][0]


@pytest.fixture
def chief(home):
    return make_user("chief", "district", home.division)


def in_state(status, home, person, chief):
    """An order that has come to this state by the verbs."""
    order = make_order(home)
    match status:
        case "dispatching":
            dispatching.offer(order, person, visit_at=in_days(), by=chief)
        case "accepted":
            accepted(order, person)
        case "done" | "closed":
            done(order, person)
            if status == "closed":
                ordering.rate(order, "good")
        case "unable":
            ordering.reject(order, by=chief, reason="不归我们管")
        case "cancelled":
            ordering.cancel(order)
        case "duplicate":
            ordering.mark_duplicate(order, make_order(home), by=chief)
    return ServiceOrder.objects.get(pk=order.pk)


def attempts(order, home, person, chief):
    """{event: the verb that tries it}"""
    assignment = order.assignments.first() or Assignment(order=order, volunteer=person, pk=0)
    going = dict.fromkeys(order.assignments.held().values_list("volunteer", flat=True), 30)
    branch = type(home).objects.get(pk=home.pk).division.branches.create(name="别的支部", slug="other")
    return {
        "route": lambda: ordering.route(order, branch, by=chief),
        "reject": lambda: ordering.reject(order, by=chief, reason="不归我们管"),
        "mark_duplicate": lambda: ordering.mark_duplicate(order, make_order(home), by=chief),
        "offer": lambda: dispatching.offer(order, make_volunteer(make_team(home, slug="b", name="b"), 9),
                                           visit_at=in_days(), by=chief),
        "open_call": lambda: dispatching.open_call(order, [make_team(home, slug="c", name="c")], visit_at=in_days(),
                                                   by=chief),
        "accept": lambda: dispatching.accept(order, person, by=person),
        "decline": lambda: dispatching.decline(assignment, by=person),
        "recall": lambda: dispatching.recall(assignment, by=chief, reason="换人"),
        "fail": lambda: dispatching.fail(assignment, by=person, note="没人在家"),
        "complete": lambda: dispatching.complete(order, by=chief, what="好了", minutes=going),
        "rate": lambda: ordering.rate(order, "good"),
        "reopen": lambda: ordering.reopen(order, reason="又坏了"),
        "cancel": lambda: ordering.cancel(order, by=chief, reason="弄错了"),
        "correct": lambda: ordering.correct(order, by=chief, reason="点错了一下"),
    }  # fmt: skip


# an order with an offer out, or somebody going, is not open to every event of its state: needed is one
HELD_BACK = {("dispatching", "offer"), ("dispatching", "open_call"), ("dispatching", "fail"), ("accepted", "accept")}
ANSWERED_TWICE = ("accepted", "accept")  # pressed twice: nothing happens, and nothing is refused


@pytest.mark.parametrize("status", ServiceOrder.Status.values)
@pytest.mark.parametrize("event", sorted({*ORDER} - {"place", "expire", "close"}))
def test_every_step_from_every_state_is_in_the_table_or_refused(home, person, chief, status, event):
    order = in_state(status, home, person, chief)
    before = order.status
    verb = attempts(order, home, person, chief)[event]
    if (status, event) == ANSWERED_TWICE:
        assert verb().status == "accepted"
    elif status in ORDER[event][0] and (status, event) not in HELD_BACK:
        verb()
        order.refresh_from_db()
        assert order.status in ORDER[event][1]
        assert Event.objects.filter(subject="volunteers.serviceorder", subject_pk=order.pk).last().event == event
    else:
        with pytest.raises((IllegalTransition, Assignment.DoesNotExist)):
            verb()
        order.refresh_from_db()
    if status not in ORDER[event][0]:
        assert order.status == before


# --- placing
def test_an_order_is_sent_to_the_branch_with_its_days_and_a_code(home, time_machine):
    time_machine.move_to(WEDNESDAY)  # before 国庆
    for day in range(1, 8):
        CalendarDay.objects.create(day=date(2026, 10, day), name="国庆节")
    CalendarDay.objects.create(day=date(2026, 10, 10), name="国庆节", is_worked=True)
    order = make_order(home, category=make_category(accept_days=1, done_days=3))
    assert order.branch.slug == "branch"
    assert (order.accept_by, order.done_by) == (date(2026, 10, 8), date(2026, 10, 10))
    assert len(order.code) == 8
    assert order.code.isdigit()


def test_what_is_sent_twice_is_one_order(home):
    assert make_order(home, form_key="a" * 32) == make_order(home, form_key="a" * 32)
    assert ServiceOrder.objects.count() == 1


def test_a_form_gone_back_to_and_filled_in_anew_is_another_order(home):
    first = make_order(home, form_key="a" * 32)
    other = make_order(home, form_key="a" * 32, name="另一位居民")
    assert (other.name, other == first, other.form_key == first.form_key) == ("另一位居民", False, False)
    assert make_order(home, form_key="a" * 32, name="另一位居民") == other


@pytest.mark.parametrize("missing", ASKED)
def test_nothing_is_asked_for_without_what_it_takes(home, missing):
    with pytest.raises(IllegalTransition):
        make_order(home, **{missing: " "})
    assert not ServiceOrder.objects.exists()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("示例塘社区居委会", "示例塘社区3栋"), ("示例塘村委会", "示例塘村3组"), ("示例塘村民委会", "示例塘村3组"),
        ("示例新村村委会", "示例新村3组"), ("示例新村", "示例新村3组"),
    ],
)  # fmt: skip
def test_a_community_is_known_by_the_name_neighbours_call_it(home, name, place):
    street = Division.objects.create(code="990100100000", name="示例街道", level="street", parent=home.division)
    named = Division.objects.create(code="990100100001", name=name, level="community", parent=street)
    assert route(place).division == named


def test_what_falls_between_two_branches_waits_for_the_district(home, person, chief):
    second = home.division.branches.create(name="第二支部", slug="second")
    order = make_order(home)
    assert order.branch is None
    assert list(ServiceOrder.objects.unrouted()) == [order]
    with pytest.raises(IllegalTransition, match="哪个支部"):
        dispatching.offer(order, person, visit_at=in_days(), by=chief)
    ordering.route(order, second, by=chief)
    dispatching.offer(order, person, visit_at=in_days(), by=chief)
    assert not ServiceOrder.objects.unrouted().exists()


def test_at_the_door_the_branch_that_came_first_answers(home):
    second, third = (home.division.branches.create(name=f"支部{slug}", slug=slug) for slug in ("second", "third"))
    for branch in (third, second):
        home.hosted_branches.create(branch=branch)
    assert make_order(home, place=home.name).branch == third


def test_the_compound_that_is_named_decides(home):
    compound = home.division.compounds.create(name="示例小区")
    second = home.division.branches.create(name="第二支部", slug="second")
    second.compounds.add(compound)
    order = make_order(home, place="示例小区3栋2单元")
    assert (order.compound, order.branch) == (compound, second)


def test_nothing_is_put_into_an_order_that_nobody_does(home, chief):
    gone, order = make_order(home), make_order(home)
    ordering.cancel(gone)
    with pytest.raises(IllegalTransition, match="没有人办"):
        ordering.mark_duplicate(order, gone, by=chief)


# --- afterwards
def test_silence_closes_it_and_is_no_praise(home, person, clock):
    done(make_order(home), person)
    clock.shift(6 * DAY)
    assert ordering.close_silent() == 0
    clock.shift(DAY + HOUR)
    assert ordering.close_silent() == 1
    assert ServiceOrder.objects.get().rating == "none"
    assert figures.satisfaction(ServiceOrder.objects.all()) == (0, 0, 1)


def test_it_opens_again_for_two_weeks_with_the_same_number(home, person, clock):
    order = make_order(home)
    done(order, person)
    ordering.rate(order, "poor", words="没修好")
    code = order.code
    clock.shift(13 * DAY)
    again = ordering.reopen(order, reason="又坏了")
    assert (again.status, again.reopened, again.rating, again.code) == ("submitted", 1, "", code)
    assert again.accept_by > timezone.localdate()
    done(order, person)
    clock.shift(15 * DAY)
    with pytest.raises(IllegalTransition, match="14天"):
        ordering.reopen(order, reason="又坏了")


def test_what_is_open_and_late_counts_against(home, person, clock):
    done(make_order(home), person)
    make_order(home)
    assert figures.punctuality(ServiceOrder.objects.all()) == (1, 1)
    clock.shift(20 * DAY)
    assert figures.punctuality(ServiceOrder.objects.all()) == (1, 2)


def test_a_mistake_is_taken_back_by_the_district_alone(home, person, chief):
    order = make_order(home)
    done(order, person, minutes=50)
    ordering.rate(order, "poor")
    with pytest.raises(IllegalTransition, match="区里"):
        ordering.correct(order, by=make_user("officer", "street", home.division), reason="居民按错了")
    with pytest.raises(IllegalTransition, match="5个字"):
        ordering.correct(order, by=chief, reason="错了")
    assert ordering.correct(order, by=chief, reason="居民按错了").status == "done"
    assert ordering.correct(order, by=chief, reason="还没有办完").status == "accepted"
    assert order.assignments.get().status == "accepted"
    assert order.assignments.get().minutes is None


def test_each_is_told_once_what_they_have_to_know(home, crew, chief):
    order = make_order(home)
    offered = dispatching.offer(order, crew[2][0], visit_at=in_days(), by=chief)
    dispatching.decline(offered, by=crew[2][0])
    accepted(order, crew[2][1])
    ordering.cancel(order, by=chief, reason="居民说不用了")
    waiting = Message.objects.waiting().values_list("kind", "assignment__volunteer__name")
    assert sorted(waiting) == [("cancelled", None), ("recalled", crew[2][1].name)]
    words = " ".join(Message.objects.values_list("words", flat=True))
    assert not any(secret in words for secret in ASKED.values())


def test_a_correction_takes_up_those_who_went_last(home, person, chief, clock):
    order = make_order(home)
    done(order, person)
    ordering.reopen(order, reason="又坏了")  # within the same moment of the clock
    done(order, person)
    ordering.correct(order, by=chief, reason="办结点错了")
    assert list(order.assignments.order_by("pk").values_list("status", flat=True)) == ["completed", "accepted"]
