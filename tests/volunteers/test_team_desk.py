"""The desk's pages of teams: for whom, what they hide, and what each form does."""

import re
from datetime import date, timedelta
from itertools import chain

import pytest
from django.utils import timezone

from branches.models import AuditEntry, Posting
from tests.cast import AREAS, CANARIES, SERVING
from tests.volunteers.troop import make_volunteer
from volunteers import duties
from volunteers.models import Duty, Shift, ShiftPlace, TeamMembership, Volunteer

pytestmark = pytest.mark.django_db
DESK = "/desk/teams/"
MAY = ("officer", "secretary", "organiser", "district_officer", "technician")
LOOKS = (*MAY, "street_officer")


def addresses(cast, area="here"):
    team, shift = cast.teams[area], cast.shifts[area]
    active, asked = (team.memberships.get(status=status) for status in ("active", "asked"))
    reading = [f"{team.pk}/", f"{team.pk}/week/", f"shifts/{shift.pk}/"]
    changing = [
        f"{team.pk}/enter/", f"{team.pk}/captain/", f"{team.pk}/archive/", f"{team.pk}/duties/new/",
        f"people/{asked.pk}/take-in/", f"people/{asked.pk}/decline/", f"people/{active.pk}/let-go/",
        f"people/{active.pk}/code/", f"duties/{shift.duty_id}/edit/", f"duties/{shift.duty_id}/end/",
        f"shifts/{shift.pk}/stand-in/", f"shifts/{shift.pk}/cancel/",
    ]  # fmt: skip
    revealing = [f"people/{active.pk}/full/", f"people/{active.pk}/hours/", f"{team.pk}/week/paper/"]
    return [[DESK + end for end in ends] for ends in (reading, changing, revealing)]


def text(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def officer(cast, client_of):
    return client_of(cast.officer)


# --- for whom
@pytest.mark.parametrize("person", LOOKS)
def test_ones_own_teams_and_no_others(cast, client_of, person):
    client, own = client_of(cast.people[person]), cast.areas_of(cast.people and person)
    page = text(client.get(DESK))
    assert {area for area in AREAS if f"{CANARIES[area]}护学队" in page} == own
    for area in AREAS:
        status = client.get(f"{DESK}{cast.teams[area].pk}/").status_code
        assert status == (200 if area in own else 404)


@pytest.mark.parametrize("person", MAY)
def test_those_who_may_change(cast, client_of, person):
    client = client_of(cast.people[person])
    reading, changing, revealing = addresses(cast)
    assert {address: client.get(address).status_code for address in reading + changing + revealing} == dict.fromkeys(
        reading + changing + revealing, 200
    )


def test_the_street_looks_and_changes_nothing(cast, client_of):
    client = client_of(cast.street_officer)
    reading, changing, revealing = addresses(cast)
    assert {client.get(address).status_code for address in reading} == {200}
    for address in changing + revealing:
        assert client.get(address).status_code in (403, 404)
        assert client.post(address).status_code in (403, 404)


@pytest.mark.parametrize("person", ["visitor", "auditor", "next_door_officer", "next_door_secretary"])
def test_others_find_nothing(cast, client_of, person):
    client = client_of(cast.people[person])
    before = list(TeamMembership.objects.values("pk", "status")), list(ShiftPlace.objects.values("pk", "status"))
    for address in chain(*addresses(cast)):
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code in (302, 403, 404, 405)
            assert response.status_code != 302 or response["Location"].startswith("/account/login/")
    assert (
        list(TeamMembership.objects.values("pk", "status")),
        list(ShiftPlace.objects.values("pk", "status")),
    ) == before


def test_every_page_masks_people(cast, officer):
    hidden = [f"{CANARIES['here']}志愿者", f"{CANARIES['here']}报名者", *SERVING["here"], cast.volunteers["here"].code]
    for address in chain([DESK], *addresses(cast)):
        page = text(officer.get(address))
        assert [secret for secret in hidden if secret in page] == []
        assert officer.get(address)["Cache-Control"] == "private, no-store"


# --- people
def test_entering_somebody_from_the_register_and_from_nowhere(cast, officer):
    team, member = cast.teams["here"], cast.members["here"]
    address, today = f"{DESK}{team.pk}/enter/", timezone.localdate().isoformat()
    officer.post(address, {"name": member.name, "telephone": member.telephone, "on": today})
    assert member.volunteer.memberships.get().team == team
    officer.post(address, {"name": "示例老李", "telephone": "19900079990", "on": today})
    assert Volunteer.objects.get(name="示例老李").member is None
    again = officer.post(address, {"name": "示例老李", "telephone": "19900079990", "on": today})
    assert (again.status_code, "已经在这支队伍里" in again.content.decode()) == (409, True)


def test_somebody_elses_member_is_not_recognised(cast, officer):
    """Whoever types a neighbour's member learns nothing of the neighbour's register."""
    member = cast.members["elsewhere"]
    typed = {"name": member.name, "telephone": member.telephone, "on": timezone.localdate().isoformat()}
    officer.post(f"{DESK}{cast.teams['here'].pk}/enter/", typed)
    assert Volunteer.objects.get(name=member.name).member is None


def test_taking_in_declining_letting_go(cast, officer):
    team, today = cast.teams["here"], timezone.localdate().isoformat()
    asked = team.memberships.get(status="asked")
    officer.post(f"{DESK}people/{asked.pk}/take-in/", {"on": today})
    assert team.memberships.filter(status="active").count() == 2
    refused = officer.post(f"{DESK}people/{asked.pk}/decline/", {"reason": "晚了"})
    assert refused.status_code == 409
    assert officer.get(f"{DESK}people/{asked.pk}/decline/").status_code == 404
    officer.post(f"{DESK}people/{asked.pk}/let-go/", {"on": today, "reason": "搬走了"})
    asked.refresh_from_db()
    assert asked.status == "left"


def test_name_and_telephone_with_a_reason_once(cast, officer):
    active = cast.teams["here"].memberships.get(status="active")
    address = f"{DESK}people/{active.pk}/full/"
    assert "至少5个字" in text(officer.post(address, {"reason": "看"}))
    page = text(officer.post(address, {"reason": "通知明天换班"}))
    assert f"{CANARIES['here']}志愿者" in page
    assert SERVING["here"][0] in page
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.reason, entry.data["fields"], entry.label) == ("通知明天换班", ["name", "telephone"], "金*")


def test_a_code_on_a_card_is_shown_once(cast, officer):
    active = cast.teams["here"].memberships.get(status="active")
    page = text(officer.post(f"{DESK}people/{active.pk}/code/"))
    code = Volunteer.objects.get(pk=active.volunteer_id).code
    assert code != cast.volunteers["here"].code
    assert f"{code[:4]} {code[4:]}" in page
    assert "<svg" in page
    assert code[:4] not in text(officer.get(f"{DESK}people/{active.pk}/code/"))


def test_who_only_asks_gets_no_code(cast, officer):
    asked = cast.teams["here"].memberships.get(status="asked")
    assert "在队的人" in text(officer.post(f"{DESK}people/{asked.pk}/code/", follow=True))


def test_the_captain_is_one_of_the_team(cast, officer):
    team = cast.teams["here"]
    other = make_volunteer(cast.teams["next_door"], 7)
    assert "请从名单里选" in text(officer.post(f"{DESK}{team.pk}/captain/", {"captain": other.pk}))
    officer.post(f"{DESK}{team.pk}/captain/", {"captain": ""})
    team.refresh_from_db()
    assert team.captain is None


def test_archiving_a_team(cast, officer):
    team = cast.teams["here"]
    assert "请写明原因" in text(officer.post(f"{DESK}{team.pk}/archive/", {"reason": ""}))
    officer.post(f"{DESK}{team.pk}/archive/", {"reason": "并到别的队"})
    team.refresh_from_db()
    assert team.is_archived
    assert team.name not in re.sub(r"(?s)<div class=\"notice.*?</div>", "", text(officer.get(DESK)))


# --- the rota
def duty_form(**changes):
    today = timezone.localdate()
    return {
        "name": "楼栋巡查", "place": "3栋", "weekdays": [0, 1, 2, 3, 4, 5, 6], "begins": "19:00", "ends": "20:00",
        "needed": 2, "since": today.isoformat(), "until": "",
    } | changes  # fmt: skip


def test_a_new_duty_is_planned_at_once(cast, officer):
    team = cast.teams["here"]
    officer.post(f"{DESK}{team.pk}/duties/new/", duty_form())
    duty = Duty.objects.get(name="楼栋巡查")
    assert (duty.team, duty.weekdays, duty.working_days, duty.shifts.count() >= 28) == (team, 127, False, True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"weekdays": []}, "至少选一个"), ({"ends": "18:00"}, "结束要晚于开始"), ({"needed": "0"}, "1到50"),
     ({"until": "2020-01-01"}, "不能早于第一天"), ({"name": ""}, "叫什么"), ({"since": "2026-02-30"}, "日历上没有")],
)  # fmt: skip
def test_what_is_wrong_with_a_duty_is_said(cast, officer, wrong, sentence):
    page = text(officer.post(f"{DESK}{cast.teams['here'].pk}/duties/new/", duty_form(**wrong)))
    assert sentence in page
    assert "3栋" in page
    assert not Duty.objects.filter(place="3栋").exists()


def test_a_changed_duty_leaves_what_is_planned(cast, officer):
    shift = cast.shifts["here"]
    planned = shift.starts_at
    officer.post(f"{DESK}duties/{shift.duty_id}/edit/", duty_form(name="晚上护学", begins="17:00", ends="18:00"))
    shift.refresh_from_db()
    assert (shift.duty.name, shift.duty.begins.hour, shift.starts_at) == ("晚上护学", 17, planned)
    officer.post(f"{DESK}duties/{shift.duty_id}/end/", {"reason": "放假了"})
    assert set(Shift.objects.filter(duty=shift.duty).values_list("status", flat=True)) == {"cancelled"}


def test_a_week_and_the_paper_with_names(cast, officer):
    team, shift = cast.teams["here"], cast.shifts["here"]
    day = f"?day={timezone.localdate(shift.starts_at):%Y-%m-%d}"
    page = text(officer.get(f"{DESK}{team.pk}/week/{day}"))
    assert "金*" in page
    assert "还差1人" in page
    paper = text(officer.post(f"{DESK}{team.pk}/week/paper/{day}", {"reason": "贴在家里的墙上"}))
    assert f"{CANARIES['here']}志愿者" in paper
    assert re.search(f"<td>(上午|晚上)7:30到8:30 {shift.duty.name}", paper)
    assert paper.count('class="blank"') == 1
    Shift.objects.filter(pk=shift.pk).update(needed=4)
    paper = text(officer.post(f"{DESK}{team.pk}/week/paper/{day}", {"reason": "贴在家里的墙上"}))
    assert paper.count('class="blank"') == 3  # a line for each who is missing
    assert SERVING["here"][0] not in paper
    entry = AuditEntry.objects.filter(action="reveal").first()
    assert (entry.data["fields"], entry.data["volunteers"]) == (["name"], [cast.volunteers["here"].pk])


def test_no_paper_where_one_may_only_look(cast, client_of):
    """Somebody of a street who holds a post in another area as well: there they may read names, here they may not."""
    Posting.objects.create(
        user=cast.street_officer, role="community", since=date(2026, 1, 1), division=cast.homes["elsewhere"].division
    )
    sent = client_of(cast.street_officer).post(
        f"{DESK}{cast.teams['here'].pk}/week/paper/?day={timezone.localdate(cast.shifts['here'].starts_at)}",
        {"reason": "贴在家里的墙上"},
    )
    assert sent.status_code == 404


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_weeks_that_make_no_sense(cast, officer, day):
    assert "排班" in text(officer.get(f"{DESK}{cast.teams['here'].pk}/week/", {"day": day}))


def ticks(place, **given):
    return {f"seen-{place.pk}": f"{place.status} {place.minutes or ''}"} | given


def test_ticking_who_came(cast, officer, time_machine):
    shift, place = cast.shifts["here"], cast.shifts["here"].places.get()
    address = f"{DESK}shifts/{shift.pk}/"
    assert "存下来" not in text(officer.get(address))
    time_machine.move_to(shift.starts_at + timedelta(minutes=70), tick=False)
    officer.force_login(cast.officer)
    assert "存下来" in text(officer.get(address))
    officer.post(address, ticks(place, **{f"here-{place.pk}": "on", f"minutes-{place.pk}": "50"}))
    place.refresh_from_db()
    assert (place.status, place.minutes) == ("served", 50)
    officer.post(address, ticks(place))
    place.refresh_from_db()
    assert (place.status, place.minutes) == ("absent", None)


def test_nobody_is_absent_unless_that_is_said(cast, officer, time_machine):
    shift, place = cast.shifts["here"], cast.shifts["here"].places.get()
    time_machine.move_to(shift.ends_at, tick=False)
    officer.force_login(cast.officer)
    officer.post(f"{DESK}shifts/{shift.pk}/", ticks(place))
    place.refresh_from_db()
    assert place.status == "joined"
    officer.post(f"{DESK}shifts/{shift.pk}/", ticks(place, rest_absent="on"))
    place.refresh_from_db()
    assert place.status == "absent"


def test_an_old_page_undoes_nobodys_ticks(cast, officer, time_machine):
    shift, place = cast.shifts["here"], cast.shifts["here"].places.get()
    time_machine.move_to(shift.ends_at, tick=False)
    officer.force_login(cast.officer)
    old = ticks(place, rest_absent="on")
    duties.served(place, by=cast.secretary, minutes=40)
    answer = officer.post(f"{DESK}shifts/{shift.pk}/", old)
    assert (answer.status_code, "刚刚有人改成" in answer.content.decode()) == (409, True)
    place.refresh_from_db()
    assert (place.status, place.minutes) == ("served", 40)


@pytest.mark.parametrize("minutes", ["0", "721", "x", "-5"])
def test_minutes_that_make_no_sense(cast, officer, time_machine, minutes):
    shift, place = cast.shifts["here"], cast.shifts["here"].places.get()
    time_machine.move_to(shift.ends_at, tick=False)
    officer.force_login(cast.officer)
    answer = officer.post(
        f"{DESK}shifts/{shift.pk}/", ticks(place, **{f"here-{place.pk}": "on", f"minutes-{place.pk}": minutes})
    )
    assert (answer.status_code, "1到720分钟" in answer.content.decode()) == (409, True)
    place.refresh_from_db()
    assert place.status == "joined"


def test_standing_in_and_calling_off(cast, officer):
    shift = cast.shifts["here"]
    helper = make_volunteer(cast.teams["here"], 8)
    officer.post(f"{DESK}shifts/{shift.pk}/stand-in/", {"volunteer": helper.pk})
    place = shift.places.get(volunteer=helper)
    officer.post(f"{DESK}shifts/{shift.pk}/take-out/{place.pk}/")
    place.refresh_from_db()
    assert place.status == "left"
    officer.post(f"{DESK}shifts/{shift.pk}/cancel/", {"reason": "学校停课"})
    assert "取消了：学校停课" in text(officer.get(f"{DESK}shifts/{shift.pk}/"))


def test_the_hours_of_somebody_on_paper(cast, officer, time_machine):
    shift, place = cast.shifts["here"], cast.shifts["here"].places.get()
    time_machine.move_to(shift.ends_at, tick=False)
    officer.force_login(cast.officer)
    duties.served(place, by=cast.officer, minutes=55)
    active = cast.teams["here"].memberships.get(status="active")
    page = text(officer.post(f"{DESK}people/{active.pk}/hours/", {"reason": "本人要的证明"}))
    assert f"{CANARIES['here']}志愿者" in page
    assert "合计 55分钟" in page
    assert AuditEntry.objects.get(action="reveal").data["fields"] == ["name"]
