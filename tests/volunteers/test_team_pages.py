"""The public pages of teams: the list, one team, asking to join, and what a home shows of its teams."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone

from branches.models import Division
from tests.activities.town import make_town
from tests.makers import make_home
from tests.volunteers.test_hours import closed, stood
from tests.volunteers.troop import TELEPHONE, make_duty, make_shift, make_team, make_volunteer
from tests.whole_site.pages import form_data
from volunteers import duties
from volunteers.models import ServiceOrder, Skill, TeamKind, TeamMembership, Volunteer

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


@pytest.fixture
def team():
    return make_team(lead="过路口，手牵手", story="每天早上七点半。")


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def send(client, clock, address, **typed):
    """Open the form, fill it in and send it after a while."""
    page = client.get(address).content.decode()
    made_at = next(line for line in page.split("<input") if 'name="made_at"' in line).split('value="')[1].split('"')[0]
    clock.shift(10)
    return client.post(address, {"made_at": made_at, "name": "示例老王", "telephone": "199 0007 0009",
                                 "consent": "on"} | typed)  # fmt: skip


# --- the list
def test_teams_stand_under_their_homes(client, team):
    away = make_team(make_home(team.home.division, "第二家", "second"), name="理发队", slug="hair")
    page = text(client, "/teams/")
    page = page[page.index('role="status"') :]
    assert page.index("示例之家") < page.index("红马甲") < page.index("第二家") < page.index("理发队")
    assert f'href="{away.get_absolute_url()}"' in page
    assert "一共<b" in page


@pytest.mark.parametrize("hidden", ["archived", "draft"])
def test_archived_teams_and_those_of_drafts_are_not_there(client, team, hidden):
    if hidden == "archived":
        type(team).objects.update(is_archived=True)
    else:
        type(team.home).objects.update(status="preparing")
    assert "红马甲</a>" not in text(client, "/teams/")
    for end in ("", "join/", "asked/"):
        assert client.get(f"/teams/red-vests/{end}").status_code == 404


def test_narrowed_by_kind_and_street(client, team):
    street = Division.objects.create(code="990100001000", name="东街街道", level="street", parent=team.home.division)
    repairs = TeamKind.objects.create(slug="repairs", name="维修")
    make_team(make_home(street, "东街之家", "east"), name="维修队", slug="fix", kind=repairs)

    def listed(query):
        page = text(client, f"/teams/?{query}")
        return [name for name in ("红马甲</a>", "维修队</a>") if name in page]

    assert listed("kind=repairs") == listed("street=990100001000") == ["维修队</a>"]
    assert listed("kind=red-vest") == ["红马甲</a>"]
    assert listed("kind=nonsense") == []
    assert "没有这个种类" in text(client, "/teams/?kind=nonsense")


def test_thirty_a_page(client, team):
    for number in range(31):
        make_team(team.home, name=f"第{number:02}队", slug=f"team-{number}")
    assert "共2页" in text(client, "/teams/")
    assert "第2页" in text(client, "/teams/?page=2")


# --- one team
def test_what_a_team_did_in_numbers(client, team):
    now = timezone.now()
    volunteer = make_volunteer(team)
    TeamMembership.objects.update(since=(now - 3 * YEAR).date())
    make_volunteer(team, 2)
    duty = make_duty(team)
    closed(volunteer, now - YEAR)
    closed(volunteer, now - 2.5 * YEAR)  # too long ago
    for ago in (1, 2, 2.5 * 365):
        stood(duty, volunteer, now - ago * timedelta(days=1))
    stood(duty, volunteer, now - timedelta(days=4), status="absent")
    page = text(client, team.get_absolute_url())
    for label, count in (("在队的人", "少于3人"), ("两年来办成的事", "1件"), ("两年来值过的班", "2班")):
        assert f'<dt>{label}</dt><dd class="number">{count}</dd>' in page
    assert volunteer.name not in page


def test_a_matter_counts_for_the_team_one_was_in_on_that_day(client, team):
    volunteer = make_volunteer(team)
    closed(volunteer, timezone.now() - timedelta(days=30))
    TeamMembership.objects.update(since=timezone.localdate())
    assert "0件" in text(client, team.get_absolute_url())


def test_shifts_to_come_without_names(client, team):
    volunteer, duty = make_volunteer(team), make_duty(team, place="东校门")
    shift = make_shift(duty)
    duties.join(shift, volunteer, by=volunteer)
    make_shift(duty, day=timezone.localdate() + timedelta(days=2), status="cancelled")
    page = text(client, team.get_absolute_url())
    assert "早上护学，东校门（还差1人）" in page
    assert page.count("早上护学") == 1
    assert volunteer.name not in page


# --- joining
def test_a_name_and_a_telephone_are_enough(client, team, clock):
    answer = send(client, clock, "/teams/red-vests/join/")
    assert (answer.status_code, answer["Location"]) == (302, "/teams/red-vests/asked/")
    membership = TeamMembership.objects.get()
    assert (membership.status, membership.volunteer.telephone) == ("asked", "19900070009")
    assert membership.volunteer.consent_version
    assert "队长会打电话" in text(client, answer["Location"])


def test_what_is_folded_is_kept_too(client, team, clock):
    skill = Skill.objects.create(slug="hair", name="理发")
    send(client, clock, "/teams/red-vests/join/", skills=[skill.pk], free_times=["0", "20"], note="不爬楼")
    volunteer = Volunteer.objects.get()
    assert (volunteer.free_times, list(volunteer.skills.all())) == (1 | 1 << 20, [skill])
    assert volunteer.memberships.get().note == "不爬楼"


@pytest.mark.parametrize("status", ["asked", "active", "declined"])
def test_everybody_gets_the_same_answer(client, team, clock, status):
    make_volunteer(team, 9, name="示例老王", status=status)
    answer = send(client, clock, "/teams/red-vests/join/")
    assert (answer.status_code, answer["Location"]) == (302, "/teams/red-vests/asked/")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"name": " "}, "请写您的姓名"), ({"telephone": "123"}, "看着不对"), ({"consent": ""}, "要勾上同意"),
     ({"free_times": ["21"]}, "请从表里选"), ({"skills": ["999"]}, "请从名单里选"), ({"note": "长" * 201}, "有点长"),
     ({"website": "x"}, "没有收下")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(client, team, clock, typed, sentence):
    answer = send(client, clock, "/teams/red-vests/join/", **{"name": "示例老王甲", "free_times": ["4"]} | typed)
    page = answer.content.decode()
    assert sentence in page
    assert "示例老王甲" in page or "name" in typed
    kept = form_data(page.replace('<form method="post"', '<form id="f" method="post"'), "f").get("free_times", [])
    assert kept == ["4"] or "free_times" in typed
    assert not Volunteer.objects.exists()


def test_a_team_that_is_full_of_people_says_so(client, team, clock):
    type(team).objects.update(takes_people=False)
    assert "不收人" in text(client, "/teams/red-vests/join/")
    assert "我想加入" not in text(client, "/teams/red-vests/")


def test_five_times_a_day_for_one_telephone(client, clock):
    home = make_town()
    for number in range(6):
        make_team(home, name=f"第{number}队", slug=f"team-{number}")
        answer = send(client, clock, f"/teams/team-{number}/join/", name=f"示例{number}", telephone=TELEPHONE.format(1))
        assert answer.status_code == (429 if number == 5 else 302)
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(24 * 60 * 60)
    assert "请明天再来" in answer.content.decode()


# --- the home's page
def test_a_home_shows_its_teams_and_what_was_solved(client, team):
    volunteer = make_volunteer(team)
    closed(volunteer, timezone.now() - timedelta(days=30))
    closed(volunteer, timezone.now() - 2.5 * YEAR)
    ServiceOrder.objects.update(home=team.home)
    type(team).objects.create(home=team.home, kind=team.kind, name="旧队", slug="old", is_archived=True)
    page = text(client, team.home.get_absolute_url())
    assert '两年来办成了<b class="number">1</b>件事。</p>' in page
    assert f'<a href="{team.get_absolute_url()}">红马甲</a>' in page
    assert "旧队" not in page
    ServiceOrder.objects.update(is_sample=True)
    caches["pages"].clear()
    page = text(client, team.home.get_absolute_url())
    assert '两年来办成了<b class="number">1</b>件事。<span class="tag tag-sample">示例数据</span>' in page


def test_a_home_without_any_says_nothing_of_it(client):
    assert "志愿服务</h2>" not in text(client, make_town().get_absolute_url())


def test_marks_that_nobody_sees_in_a_name_do_not_break_the_page_of_the_home(client):
    team = make_team(name="红\x1f马\x1e甲\u200b")
    assert team.name == "红 马 甲"
    assert client.get(team.home.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("number", [str(2**63), "-9" * 30, "x", "\0"])
def test_no_number_of_a_skill_is_too_large(client, clock, team, number):
    answer = send(client, clock, "/teams/red-vests/join/", skills=[number])
    assert answer.status_code == 200
    assert "请从名单里选" in answer.text
    assert not Volunteer.objects.exists()
