"""What is kept of volunteers: found by telephone, handed over, emptied when they ask and when time has passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from branches import privacy
from branches.models import Event
from tests.volunteers.errands import in_days, make_branch, make_order
from tests.volunteers.test_busy import visit
from tests.volunteers.troop import TELEPHONE, make_duty, make_shift, make_team, make_volunteer, with_code
from volunteers import dispatching, duties, privacy_teams, teams
from volunteers.models import Assignment, Message, ShiftPlace, Skill, TeamMembership, Volunteer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def volunteer(team):
    return with_code(make_volunteer(team))


def is_empty(volunteer):
    volunteer.refresh_from_db()
    fields = ("name", "telephone", "telephone_index", "person_key", "code", "member", "compound", "division", "note")
    return not any(getattr(volunteer, field) for field in fields)


def test_found_by_telephone_and_by_its_hash(volunteer):
    for asked in (volunteer.telephone, f"+86 {volunteer.telephone}", volunteer.telephone_index):
        assert privacy.find(asked).elsewhere["志愿者"] == 1
    assert "志愿者" not in privacy.find("19900079999").elsewhere


def test_erasing_ends_everything_and_leaves_nothing(volunteer, team):
    skill = Skill.objects.create(slug="hair", name="理发")
    teams.describe(volunteer, skills=[skill], free_times=7, by=volunteer)
    teams.set_captain(team, volunteer, by=None)
    coming = duties.join(make_shift(make_duty(team)), volunteer, by=volunteer)
    assignment = visit(volunteer, timezone.now() + 3 * DAY)
    asked = teams.ask(make_team(team.home, name="别的队", slug="other"), name=volunteer.name,
                      telephone=volunteer.telephone, note="周末有空")  # fmt: skip
    erased = privacy.erase_elsewhere(volunteer.telephone, [volunteer.name], by=None, reason="本人来电话")
    assert erased == {"志愿者": 1}
    assert is_empty(volunteer)
    for row in (team, coming, assignment, asked):
        row.refresh_from_db()
    assert (team.captain, coming.status, assignment.status, asked.status, asked.note) == (
        None, "left", "recalled", "declined", "",
    )  # fmt: skip
    assert not volunteer.skills.exists()
    past = Volunteer.history.filter(id=volunteer.pk)
    assert set(past.values_list("name", "note", "free_times")) == {("", "", 0)}
    assert {row.telephone for row in past} == {""}
    assert {row.note for row in TeamMembership.history.filter(volunteer=volunteer.pk)} == {""}
    events = Event.objects.filter(subject__startswith="volunteers.", subject_pk__in=[asked.pk, volunteer.pk])
    assert set(events.filter(subject="volunteers.teammembership").values_list("reason", flat=True)) == {""}


def test_two_under_one_telephone_are_told_apart(volunteer, team):
    other = make_volunteer(team, name="示例老伴", telephone=volunteer.telephone)
    privacy.erase_elsewhere(volunteer.telephone, [volunteer.name], by=None, reason="本人来电话")
    assert is_empty(volunteer)
    assert not is_empty(other)


def test_a_copy_holds_what_there_is_and_no_hashes(volunteer, team):
    duties.join(make_shift(make_duty(team)), volunteer, by=volunteer)
    copied = privacy_teams.copies(volunteer.telephone, [volunteer.name])
    assert {heading: len(list(rows)) for heading, rows in copied.items()} == {
        "志愿者": 1, "在哪些队": 1, "值班": 1, "接过的单": 0, "志愿者以前的内容": 1, "志愿者的办理经过": 1,
    }  # fmt: skip


# --- time
def left(volunteer, days):
    on = timezone.localdate() - days * DAY
    TeamMembership.objects.filter(volunteer=volunteer).update(
        status="left", since=on - DAY, until=on, asked_at=timezone.now() - (days + 1) * DAY
    )


@pytest.mark.parametrize(("days", "gone"), [(730, False), (733, True)])
def test_two_years_after_the_last_team(volunteer, days, gone):
    left(volunteer, days)
    privacy.purge()
    assert is_empty(volunteer) == gone


def test_not_while_one_is_in_another_team_or_came_back(volunteer, team):
    left(volunteer, 800)
    other = make_team(team.home, name="别的队", slug="other")
    teams.enter(other, by=None, name=volunteer.name, telephone=volunteer.telephone)
    privacy.purge()
    assert not is_empty(volunteer)


@pytest.mark.parametrize("status", ["asked", "declined"])
@pytest.mark.parametrize(("days", "gone"), [(182, False), (184, True)])
def test_half_a_year_after_somebody_asked_and_was_not_taken_in(team, status, days, gone):
    volunteer = make_volunteer(team, 4, status=status)
    TeamMembership.objects.filter(volunteer=volunteer).update(asked_at=timezone.now() - days * DAY)
    privacy.purge()
    assert is_empty(volunteer) == gone


def test_somebody_in_no_team_at_all(team):
    volunteer = Volunteer.objects.create(name="示例", telephone=TELEPHONE.format(5))
    privacy.purge()
    assert not is_empty(volunteer)
    Volunteer.objects.update(created_at=timezone.now() - 200 * DAY)
    privacy.purge()
    assert is_empty(volunteer)


def test_what_was_done_is_still_counted(volunteer, team):
    shift = make_shift(make_duty(team), day=timezone.localdate() - 800 * DAY)
    place = ShiftPlace.objects.create(shift=shift, volunteer=volunteer, status="served", minutes=60)
    left(volunteer, 790)
    privacy.purge()
    place.refresh_from_db()
    assert (place.minutes, place.volunteer.name) == (60, "")
    assert privacy.overdue()["volunteers"] == 0


def test_what_they_said_of_themselves_goes_and_nobody_rings_them(volunteer, team):
    make_branch(team.home)
    refused, asked = make_order(team.home), make_order(team.home)
    dispatching.decline(
        dispatching.offer(refused, volunteer, visit_at=in_days(), by=None), by=volunteer, reason="住院了"
    )
    dispatching.offer(asked, volunteer, visit_at=in_days(), by=None)
    privacy_teams.erase(volunteer.telephone, None, by=None)
    assert "住院" not in str([*Assignment.objects.values_list("reason"), *Assignment.history.values_list("reason")])
    assert "住院" not in str(Event.objects.values_list("reason"))
    assert not Message.objects.waiting().exclude(assignment=None).exists()
