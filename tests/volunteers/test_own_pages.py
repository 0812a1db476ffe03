"""What a volunteer finds on their own page, and what each button does; the captain's part; hours on paper."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import AuditEntry
from tests.volunteers.test_hours import closed, stood
from tests.volunteers.troop import enter, make_duty, make_shift, make_team, make_volunteer, with_code
from volunteers import duties
from volunteers.models import ShiftPlace, Skill, TeamMembership, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def volunteer(team):
    return with_code(make_volunteer(team))


@pytest.fixture
def colleague(team):
    return make_volunteer(team, 2)


@pytest.fixture
def shift(team):
    return make_shift(make_duty(team), day=timezone.localdate() + timedelta(days=3))


@pytest.fixture
def own(client, volunteer):
    """The browser in which the page of the volunteer is open."""
    enter(client, volunteer)
    return client


def text(client, address="/volunteer/", **given):
    response = client.get(address, **given)
    assert response.status_code == 200
    return response.content.decode()


def press(client, address, **given):
    """Post, and what the page says afterwards."""
    return client.post(address, given, follow=True).content.decode()


def section(page, key):
    found = re.search(rf'aria-labelledby="{key}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def captain_of(team, volunteer):
    team.captain = volunteer
    team.save()


# --- shifts
def test_shifts_one_may_join_and_joining(own, volunteer, shift):
    assert "还差2人" in section(text(own), "offers")
    assert "报上了" in press(own, f"/volunteer/shifts/{shift.pk}/join/")
    page = text(own)
    assert "早上护学" in section(page, "mine")
    assert "早上护学" not in section(page, "offers")
    assert shift.places.get().volunteer == volunteer


def test_shifts_of_other_teams_are_neither_offered_nor_open(own, team):
    away = make_shift(make_duty(make_team(team.home, name="别的队", slug="other"), name="别处的班"))
    assert "别处的班" not in text(own)
    assert own.post(f"/volunteer/shifts/{away.pk}/join/").status_code == 404
    assert not away.places.exists()


def test_shifts_that_clash_or_are_full_are_not_offered(own, volunteer, colleague, team, shift):
    other = make_shift(make_duty(team, name="楼栋巡查", needed=1), day=timezone.localdate(shift.starts_at))
    full = make_shift(make_duty(team, name="早班巡查", needed=1), day=timezone.localdate() + timedelta(days=4))
    duties.join(full, colleague, by=colleague)
    duties.join(shift, volunteer, by=volunteer)
    assert [name for name in ("楼栋巡查", "早班巡查") if name in section(text(own), "offers")] == []
    assert "别的事" in press(own, f"/volunteer/shifts/{other.pk}/join/")


def test_reading_an_address_changes_nothing(own, volunteer, colleague, shift):
    place = duties.join(shift, colleague, by=colleague)
    duties.ask_swap(place, by=colleague)
    for address in (f"shifts/{shift.pk}/join/", f"places/{place.pk}/take-over/"):
        assert own.get(f"/volunteer/{address}")["Location"] == "/volunteer/"
    assert list(shift.places.values_list("volunteer", "status")) == [(colleague.pk, "joined")]


def test_a_place_is_given_back_or_asked_to_be_swapped(own, volunteer, shift):
    place = duties.join(shift, volunteer, by=volunteer)
    address = f"/volunteer/places/{place.pk}/"
    assert {"请同伴替", "退掉这一班"} == set(
        re.findall(r">(请同伴替|退掉这一班|还是我去)</button>", text(own, address))
    )
    assert "问出去了" in press(own, address, step="ask_swap")
    assert "正在问有没有人替" in section(text(own), "mine")
    assert "还是您去" in press(own, address, step="keep")
    assert "退好了" in press(own, address, step="leave")
    place.refresh_from_db()
    assert place.status == "left"
    assert "不能再改" in text(own, address)
    assert own.post(address, {"step": "served"}).status_code == 404


def test_under_twelve_hours_the_page_says_to_ring(own, volunteer, shift, time_machine):
    place = duties.join(shift, volunteer, by=volunteer)
    time_machine.move_to(shift.starts_at - timedelta(hours=5), tick=False)
    enter(own, volunteer)
    page = text(own, f"/volunteer/places/{place.pk}/")
    assert "急事请打电话。" in page
    assert re.search(r'href="tel:\d+', page.partition("</h1>")[2].partition("</main>")[0])
    assert "退掉这一班" not in page
    assert "打电话给队长" in press(own, f"/volunteer/places/{place.pk}/", step="leave")


def test_a_captain_is_told_that_they_are_one(own, volunteer, team):
    assert "您是队长" not in text(own)
    type(team).objects.update(captain=volunteer)
    assert f">{team.name}</a>（您是队长）。" in text(own)


def test_the_place_of_somebody_else_is_missing(own, colleague, shift):
    place = duties.join(shift, colleague, by=colleague)
    assert own.get(f"/volunteer/places/{place.pk}/").status_code == 404
    assert own.post(f"/volunteer/places/{place.pk}/", {"step": "leave"}).status_code == 404
    place.refresh_from_db()
    assert place.status == "joined"


def test_a_colleagues_shift_is_taken_over_without_their_name(own, volunteer, colleague, shift):
    place = duties.join(shift, colleague, by=colleague)
    assert section(text(own), "swaps") == ""
    duties.ask_swap(place, by=colleague)
    page = text(own)
    assert "我来替" in section(page, "swaps")
    assert colleague.name not in page
    assert "您替了" in press(own, f"/volunteer/places/{place.pk}/take-over/")
    assert shift.places.standing().get().volunteer == volunteer
    assert own.post(f"/volunteer/places/{shift.places.standing().get().pk}/take-over/").status_code == 404


def test_a_cancelled_shift_says_why(own, volunteer, shift):
    duties.join(shift, volunteer, by=volunteer)
    duties.cancel(shift, by=None, reason="学校停课")
    assert "学校停课" in section(text(own), "mine")


# --- what one can do, and when
def test_skills_and_free_times(own, volunteer):
    skill = Skill.objects.create(slug="hair", name="理发")
    old = Skill.objects.create(slug="old", name="旧本领", is_archived=True)
    assert "旧本领" not in text(own, "/volunteer/me/")
    assert "记下了" in press(own, "/volunteer/me/", skills=[skill.pk], free_times=["0", "4", "20"])
    volunteer.refresh_from_db()
    assert (list(volunteer.skills.all()), volunteer.free_times) == ([skill], 1 | 1 << 4 | 1 << 20)
    boxes = re.findall(
        r'<input type="checkbox" name="free_times" value="(\d+)"[^>]*checked', text(own, "/volunteer/me/")
    )
    assert boxes == ["0", "4", "20"]
    assert "请从名单里选" in press(own, "/volunteer/me/", skills=[old.pk])


# --- the captain
def test_who_asks_to_join_is_there_for_the_captain_alone(own, volunteer, team):
    asked = make_volunteer(team, 5, status="asked").memberships.get()
    assert section(text(own), "asks") == ""
    assert own.get(f"/volunteer/asks/{asked.pk}/").status_code == 404
    captain_of(team, volunteer)
    page = text(own)
    assert "示*，红马甲" in section(page, "asks")
    assert asked.volunteer.telephone not in page
    opened = text(own, f"/volunteer/asks/{asked.pk}/")
    assert f"tel:{asked.volunteer.telephone}" in opened
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.subject_pk, entry.actor_name, entry.data["fields"]) == (
        str(asked.volunteer_id), "示*", ["name", "telephone"],
    )  # fmt: skip


def test_yes_and_a_code_that_is_shown_once(own, volunteer, team):
    captain_of(team, volunteer)
    asked = make_volunteer(team, 5, status="asked").memberships.get()
    assert "收下了" in press(own, f"/volunteer/asks/{asked.pk}/")
    asked.refresh_from_db()
    assert asked.status == "active"
    answer = own.post(f"/volunteer/asks/{asked.pk}/code/").content.decode()
    code = Volunteer.objects.get(pk=asked.volunteer_id).code
    assert f"{code[:4]} {code[4:]}" in answer
    assert code[:4] not in text(own, f"/volunteer/asks/{asked.pk}/code/")
    assert enter(Client(), Volunteer.objects.get(pk=asked.volunteer_id)).status_code == 302


def test_no_needs_a_reason(own, volunteer, team):
    captain_of(team, volunteer)
    asked = make_volunteer(team, 5, status="asked").memberships.get()
    assert "请写明原因" in press(own, f"/volunteer/asks/{asked.pk}/decline/", reason="")
    assert "这次没有收" in press(own, f"/volunteer/asks/{asked.pk}/decline/", reason="住得太远")
    asked.refresh_from_db()
    assert asked.status == "declined"
    assert own.get(f"/volunteer/asks/{asked.pk}/").status_code == 404


@pytest.mark.parametrize("end", ["", "decline/", "code/"])
def test_the_captain_of_another_team_finds_nobody(own, volunteer, team, end):
    captain_of(team, volunteer)
    other = make_team(team.home, name="别的队", slug="other")
    asked = make_volunteer(other, 5, status="asked").memberships.get()
    for method in (own.get, own.post):
        assert method(f"/volunteer/asks/{asked.pk}/{end}").status_code == 404
    assert TeamMembership.objects.get(pk=asked.pk).status == "asked"


# --- hours
def test_the_sheet_says_what_was_done_and_the_sum(own, volunteer, team, shift):
    now = timezone.now()
    begins = now.replace(month=1, day=5, hour=2, minute=0)
    stood(shift.duty, volunteer, begins, minutes=45)
    closed(volunteer, begins + timedelta(hours=5), minutes=50)
    page = text(own, "/volunteer/hours/")
    assert volunteer.name in page
    rows = [int(number) for number in re.findall(r'<td class="number">(\d+)</td>', page)]
    assert rows == [45, 50]
    assert f'合计 1小时35分钟</th><td class="number"><b>{sum(rows)}</b>' in page
    assert "1小时35分钟" in section(text(own), "hours")
    assert "还没有记到" in text(own, "/volunteer/hours/?year=2020")


@pytest.mark.parametrize("year", ["", "x", "٢٠٢٠", "9999", "0001", "-1", "20266"])
def test_years_that_make_no_sense(own, year):
    assert "志愿服务时间" in text(own, "/volunteer/hours/", query_params={"year": year})


@pytest.mark.parametrize(
    "address", ["", "me/", "hours/", "shifts/1/join/", "places/1/", "places/1/take-over/", "asks/1/"]
)
def test_without_a_code_nothing_opens(client, volunteer, shift, address):
    duties.join(shift, volunteer, by=volunteer)
    for method in (client.get, client.post):
        response = method(f"/volunteer/{address}")
        assert response.status_code in (302, 405)
        assert response.status_code == 405 or response["Location"].startswith("/volunteer/enter/")
    assert ShiftPlace.objects.get().status == "joined"


def test_who_has_left_still_sees_their_hours(own, volunteer, team, shift):
    TeamMembership.objects.update(status="left", until=timezone.localdate())
    assert "不在哪支队伍" in text(own)
    assert own.post(f"/volunteer/shifts/{shift.pk}/join/").status_code == 404


def test_many_shifts_ask_no_more_than_one(own, shift):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert "早上护学" in text(own)
        return len(queries)

    asked()  # the first page of a process asks what it remembers then
    few = asked()
    for number in range(4, 12):
        make_shift(shift.duty, day=timezone.localdate() + timedelta(days=number))
    assert asked() == few
