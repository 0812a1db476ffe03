"""Whom to ask, asking and answering, going there: what the verbs of dispatching do."""

import pytest
from django.utils import timezone

from branches.models import AuditEntry, Event
from branches.transitions import IllegalTransition
from tests.makers import make_user
from tests.volunteers.errands import ASKED, DAY, HOUR, accepted, in_days, make_category, make_crew, make_order
from tests.volunteers.troop import make_duty, make_shift, make_volunteer
from volunteers import candidates, contact, dispatching, ordering
from volunteers.models import ServiceOrder, ShiftPlace, Skill
from volunteers.models.order import FLAGGED_AT

pytestmark = pytest.mark.django_db


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


# --- asking and answering
def test_an_offer_is_a_question_with_an_end(home, person, chief, clock):
    order = make_order(home)
    offered = dispatching.offer(order, person, visit_at=in_days(3), by=chief)
    assert offered.status == "offered"
    assert offered.expires_at <= in_days(1) + HOUR
    clock.shift(DAY + HOUR)
    with pytest.raises(IllegalTransition, match="时间已经过了"):
        dispatching.accept(order, person, by=person)  # though the timer has not rung
    assert dispatching.expire() == 1
    order.refresh_from_db()
    offered.refresh_from_db()
    assert (order.status, offered.status) == ("submitted", "expired")


def test_an_open_call_has_an_end_too(crew, chief, clock):
    home, team, people = crew
    order = make_order(home)
    dispatching.open_call(order, [team], visit_at=in_days(3), by=chief)
    clock.shift(DAY + HOUR)
    with pytest.raises(IllegalTransition, match="时间已经过了"):
        dispatching.accept(order, people[0], by=people[0])
    assert dispatching.expire() == 1
    assert dispatching.expire() == 0


def test_who_was_not_called_cannot_take_an_open_call(crew, chief):
    home, team, _people = crew
    order = make_order(home)
    dispatching.open_call(order, [team], visit_at=in_days(), by=chief)
    for number, status in ((11, "left"), (12, "asked")):
        outsider = make_volunteer(team, number, status=status)
        with pytest.raises(IllegalTransition):
            dispatching.accept(order, outsider, by=outsider)
    assert not order.assignments.exists()


def test_two_things_at_one_time_are_refused_unless_staff_say_why(home, crew, person, chief):
    shift = make_shift(make_duty(crew[1]), day=timezone.localdate(in_days(2)))
    ShiftPlace.objects.create(shift=shift, volunteer=person)
    order = make_order(home)
    dispatching.offer(order, person, visit_at=shift.starts_at, by=chief)
    with pytest.raises(IllegalTransition, match="早上护学"):
        dispatching.accept(order, person, by=person, override="我顾得上")  # not theirs to say
    dispatching.accept(order, person, by=chief, override="他说送完孩子就去", on_behalf_of=str(person))
    told = Event.objects.get(event="override")
    assert (told.reason, told.data["volunteer"]) == ("他说送完孩子就去", person.pk)


def test_declining_gives_it_back_at_once_and_the_next_one_can_be_asked(home, crew, chief):
    order = make_order(home)
    offered = dispatching.offer(order, crew[2][0], visit_at=in_days(), by=chief)
    dispatching.decline(offered, by=crew[2][0])
    order.refresh_from_db()
    assert order.status == "submitted"
    accepted(order, crew[2][1])


def test_whoever_lacks_the_skill_is_asked_only_with_a_reason(home, person, chief):
    skill = Skill.objects.create(slug="wiring", name="会电工")
    order = make_order(home, category=make_category("wiring", skill=skill))
    with pytest.raises(IllegalTransition, match="会电工"):
        dispatching.offer(order, person, visit_at=in_days(), by=chief)
    dispatching.offer(order, person, visit_at=in_days(), by=chief, override="当过三十年电工")


def test_the_third_failed_visit_shows(home, person, chief):
    order = make_order(home)
    for _ in range(FLAGGED_AT):
        dispatching.fail(accepted(order, person), by=person, note="没人在家")
    order.refresh_from_db()
    assert (order.status, order.attempts) == ("submitted", 3)
    assert list(ServiceOrder.objects.flagged()) == [order]


def test_a_stale_page_changes_nothing(home, person, chief):
    order = make_order(home)
    dispatching.offer(order, person, visit_at=in_days(), by=chief)
    with pytest.raises(IllegalTransition, match="刚刚有人处理过"):
        ordering.cancel(order, by=chief, reason="弄错了", version=order.version)


@pytest.mark.parametrize("minutes", [-1, 721])
def test_minutes_are_between_none_and_twelve_hours(home, person, minutes):
    order = make_order(home)
    accepted(order, person)
    with pytest.raises(IllegalTransition, match="12个小时"):
        dispatching.complete(order, by=person, what="好了", minutes={person.pk: minutes})


def test_only_who_went_may_say_it_is_done(home, crew):
    order = make_order(home)
    accepted(order, crew[2][0])
    with pytest.raises(IllegalTransition, match="不是您接的"):
        dispatching.complete(order, by=crew[2][1], what="好了", minutes={crew[2][0].pk: 10})


@pytest.mark.parametrize("leave", [dispatching.fail, dispatching.recall])
def test_who_leaves_takes_offers_along_whose_time_is_over(home, crew, clock, leave):
    """Two are needed; one accepted, the other never answered: nobody is asked any more when the first one leaves."""
    order, (going, silent, _) = make_order(home, needed=2), crew[2]
    first = accepted(order, going, visit_at=in_days(30))
    dispatching.offer(order, silent, visit_at=in_days(30), by=None)
    clock.shift(5 * DAY)
    leave(first, by=going, **{"note" if leave is dispatching.fail else "reason": "去不了了"})
    order.refresh_from_db()
    assert order.status == "submitted"
    assert set(order.assignments.values_list("status", flat=True)) == {leave.__name__ + "ed", "expired"}


# --- where to go
def test_where_to_go_is_open_from_accepting_until_a_week_after_and_every_look_is_written_down(home, person, clock):
    order = make_order(home)
    offered = dispatching.offer(order, person, visit_at=in_days(), by=None)
    with pytest.raises(IllegalTransition):
        contact.read(offered)
    assignment = dispatching.accept(order, person, by=person)
    assert contact.read(assignment)["telephone"] == ASKED["telephone"]
    dispatching.complete(order, by=person, what="好了", minutes={person.pk: 20})
    assignment.refresh_from_db()
    clock.shift(7 * DAY - HOUR)
    contact.read(assignment)
    assert AuditEntry.objects.filter(action="reveal", subject_pk=str(order.pk)).count() == 2
    clock.shift(2 * HOUR)
    with pytest.raises(IllegalTransition):
        contact.read(assignment)


# --- whom to ask
def test_the_near_come_first_and_of_them_who_was_asked_longest_ago(home, crew):
    _home, _team, (one, two, three) = crew
    street = home.division
    for person, days in ((one, 1), (two, 9)):
        person.division, person.last_asked_at = street, timezone.now() - days * DAY
        person.save()
    order = make_order(home)
    found = candidates.candidates(order, in_days(), in_days(hours=1))
    assert list(found) == [two, one, three]
    assert [candidates.NEARNESS[each.nearness] for each in found] == ["同一个社区", "同一个社区", "同一个街道"]


def test_who_cannot_come_is_not_offered(home, crew, chief):
    _home, team, (busy_one, said_no, not_then) = crew
    visit = in_days(2)
    accepted(make_order(home), busy_one, visit_at=visit)
    order = make_order(home)
    dispatching.decline(dispatching.offer(order, said_no, visit_at=visit, by=chief), by=said_no)
    not_then.free_times = (1 << 21) - 1 - candidates.part_bit(timezone.localtime(visit))
    not_then.save()
    make_volunteer(team, 8, status="left")
    assert list(candidates.candidates(order, visit, visit + HOUR)) == []
    assert list(candidates.candidates(order, visit + 3 * DAY, visit + 3 * DAY + HOUR)) == [not_then, busy_one]


def test_whom_to_ask_is_one_question_however_many_there_are(home, crew, django_assert_num_queries):
    order = make_order(home)
    for number in range(20, 60):
        make_volunteer(crew[1], number)
    with django_assert_num_queries(2):  # the street first
        assert len(candidates.candidates(order, in_days(), in_days(hours=1))[: candidates.SHOWN]) == candidates.SHOWN
