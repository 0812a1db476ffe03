"""Many at once for few places in a shift, on the database at hand: never one too many, everybody answered."""

from datetime import time
from unittest.mock import patch

import pytest

from tests.at_once import together
from tests.volunteers.troop import make_duty, make_shift, make_team, make_volunteer
from volunteers import duties
from volunteers.models import ShiftPlace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def shift(team):
    return make_shift(make_duty(team))


def test_thirty_at_once_for_two_places(team, shift):
    people = [make_volunteer(team, number) for number in range(30)]
    said = together(*(lambda each=each: duties.join(shift, each, by=each) for each in people))
    won = [answer for answer in said if isinstance(answer, ShiftPlace)]
    assert len(won) == shift.places.standing().count() == 2
    assert {answer for answer in said if isinstance(answer, str)} == {"这一班2个人已经满了，谢谢您！看看别的班。"}


def test_one_person_pressing_at_once_in_two_shifts_of_one_hour_is_in_one(team, shift):
    other = make_shift(make_duty(team, name="楼栋巡查", begins=time(8), ends=time(9)))
    volunteer = make_volunteer(team)
    said = together(*(lambda each=each: duties.join(each, volunteer, by=volunteer) for each in (shift, other) * 4))
    assert volunteer.shift_places.standing().count() == 1
    assert {str(answer) for answer in said if isinstance(answer, str)}


def test_ten_colleagues_take_one_place_over_once(team, shift):
    first, *others = [make_volunteer(team, number) for number in range(11)]
    place = duties.join(shift, first, by=first)
    duties.ask_swap(place, by=first)
    said = together(*(lambda each=each: duties.take_over(place, each, by=each) for each in others))
    assert sum(isinstance(answer, ShiftPlace) for answer in said) == 1
    assert shift.places.standing().count() == 1


def test_without_the_lock_there_would_be_too_many(team, shift):
    """The control: the same crowd, each looking before anybody writes, overbooks."""
    people = [make_volunteer(team, number) for number in range(4)]
    with patch.object(type(shift.places.all()), "count", return_value=0):
        together(*(lambda each=each: duties.join(shift, each, by=each) for each in people))
    assert shift.places.standing().exists()
    assert len(shift.places.standing()) > shift.needed


def test_planning_at_once_makes_each_shift_once(team):
    duty = make_duty(team)
    said = together(*[lambda: duties.plan(duty)] * 6)
    assert sorted(map(bool, said)) == [False] * 5 + [True]
