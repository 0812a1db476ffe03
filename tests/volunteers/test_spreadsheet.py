"""Teams and their people in and out of Excel: round trip, preview, every complaint at its row, all or nothing."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from branches.models import AuditEntry
from config.spreadsheet import read_rows, workbook
from tests.cast import SERVING
from volunteers import teams
from volunteers.admin import teams as admin_of_teams
from volunteers.models import Skill, Team, TeamMembership, Volunteer

pytestmark = pytest.mark.django_db
TEAMS, PEOPLE = "/admin/volunteers/team/", "/admin/volunteers/teammembership/"
NEW_TEAM = {"网址代号": "new-team", "队名": "新队", "家的网址代号": "here", "种类": "护学"}
NEW = {"队伍的网址代号": "here-team", "姓名": "示例老李", "电话": "199 0007 9990"}
REASON = {"reason": "年终核对名单"}


@pytest.fixture
def client(cast, client_of):
    return client_of(cast.district_officer)


def table(response):
    rows = read_rows(response.content, max_rows=5000)
    columns = [cell for cell in rows[0].cells if cell]
    return [dict(zip(columns, row.cells, strict=False)) for row in rows[1:]]


def upload(client, address, *rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    content = workbook("表", columns, [[row.get(name, "") for name in columns] for row in rows])
    return client.post(f"{address}import/", {"file": SimpleUploadedFile("表.xlsx", content)})


def confirm(client, address, preview):
    return client.post(f"{address}import/", {"ticket": preview.context["ticket"]}, follow=True)


def problems(preview):
    return [(number, column) for number, column, _ in preview.context["problems"]]


def snapshot():
    rows = [list(model.objects.order_by("pk").values()) for model in (Team, TeamMembership, Volunteer)]
    return rows, Team.history.count(), Volunteer.history.count()


# --- teams
def test_teams_out_and_back_change_nothing(cast, client):
    content = client.get(f"{TEAMS}export/").content
    before = snapshot()
    preview = client.post(f"{TEAMS}import/", {"file": SimpleUploadedFile("表.xlsx", content)})
    assert preview.context["problems"] == []
    assert preview.context["totals"]["skip"] == 3
    confirm(client, TEAMS, preview)
    assert snapshot() == before


def test_a_new_team_and_a_changed_one(cast, client):
    change = {"网址代号": "here-team", "一句话介绍": "手牵手过路口", "欢迎报名": "否", "成立日期": "2020-05-04"}
    preview = upload(client, TEAMS, NEW_TEAM, change)
    assert not Team.objects.filter(slug="new-team").exists()
    assert [row["is_new"] for row in preview.context["changes"]] == [True, False]
    assert sorted(preview.context["changes"][1]["differences"]) == [
        ("一句话介绍", "", "手牵手过路口"), ("成立日期", "", "2020-05-04"), ("欢迎报名", "是", "否"),
    ]  # fmt: skip
    confirm(client, TEAMS, preview)
    new, old = Team.objects.get(slug="new-team"), Team.objects.get(slug="here-team")
    assert (new.home, new.kind.name, new.takes_people) == (cast.homes["here"], "护学", True)
    assert (old.lead, old.takes_people, old.founded_on) == ("手牵手过路口", False, date(2020, 5, 4))
    assert new.history.get().history_change_reason == "表格导入"


@pytest.mark.parametrize(
    ("row", "column"),
    [({"网址代号": "x"}, "队名"), (NEW_TEAM | {"家的网址代号": "nowhere"}, "家的网址代号"),
     (NEW_TEAM | {"种类": "没有的"}, "种类"), (NEW_TEAM | {"成立日期": "昨天"}, "成立日期"),
     (NEW_TEAM | {"欢迎报名": "也许"}, "欢迎报名"), (NEW_TEAM | {"网址代号": "不 行"}, "网址代号"),
     ({"网址代号": "here-team", "家的网址代号": "next-door"}, "家的网址代号")],
)  # fmt: skip
def test_one_bad_row_and_no_team_is_written(cast, client, row, column):
    before = snapshot()
    preview = upload(client, TEAMS, NEW_TEAM | {"网址代号": "good", "队名": "好队"}, row)
    assert (3, column) in problems(preview)
    assert "ticket" not in preview.context
    assert snapshot() == before


def test_the_same_team_twice_is_told(cast, client):
    assert problems(upload(client, TEAMS, NEW_TEAM, NEW_TEAM | {"队名": "又一队"})) == [(3, "网址代号")]


@pytest.mark.parametrize("person", ["officer", "secretary", "organiser", "auditor"])
def test_only_the_district_brings_tables_in(cast, client_of, person):
    client = client_of(cast.people[person])
    for address in (TEAMS, PEOPLE):
        assert client.get(f"{address}import/").status_code == 403
    assert client.get(f"{PEOPLE}export/").status_code == 403


# --- people out
def test_people_leave_with_a_reason_that_is_kept(cast, client):
    asked = client.get(f"{PEOPLE}export/?status=active")
    assert "要导出 <b>3</b> 行" in asked.content.decode()
    assert SERVING["here"][0] not in asked.content.decode()
    assert "至少5个字" in client.post(f"{PEOPLE}export/?status=active", {"reason": "看"}).content.decode()
    rows = table(client.post(f"{PEOPLE}export/?status=active", REASON))
    assert {(row["姓名"], row["电话"]) for row in rows} >= {("金丝雀志愿者", SERVING["here"][0])}
    entry = AuditEntry.objects.get(action="export")
    assert (entry.reason, entry.data["rows"], entry.data["filter"]) == ("年终核对名单", 3, {"status": ["active"]})


def test_more_than_one_person_may_take_is_narrowed_first(cast, client, monkeypatch):
    monkeypatch.setattr(admin_of_teams, "ALONE", 2)
    answer = client.post(f"{PEOPLE}export/", REASON, follow=True)
    assert "一次最多导出2位" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="export").exists()


@pytest.mark.parametrize("text", ["=1+1", "+86", "@SUM(A1)"])
def test_a_dangerous_name_goes_out_as_text(cast, client, text):
    Volunteer.objects.filter(pk=cast.volunteers["here"].pk).update(name=text)
    assert text in {row["姓名"] for row in table(client.post(f"{PEOPLE}export/?status=active", REASON))}


def test_people_out_and_back_change_nothing(cast, client):
    content = client.post(f"{PEOPLE}export/?status=active", REASON).content
    before = snapshot()
    preview = client.post(f"{PEOPLE}import/", {"file": SimpleUploadedFile("表.xlsx", content)})
    assert preview.context["problems"] == []
    assert preview.context["totals"]["skip"] == 3
    confirm(client, PEOPLE, preview)
    assert snapshot() == before


# --- people in
def test_somebody_comes_and_somebody_goes(cast, client):
    Skill.objects.create(slug="hair", name="理发")
    goes = {"队伍的网址代号": "here-team", "姓名": "金丝雀志愿者", "电话": SERVING["here"][0],
            "离队日期": timezone.localdate().isoformat()}  # fmt: skip
    preview = upload(client, PEOPLE, NEW | {"从哪一天": "2026-03-01", "本领": "理发、修水电"}, goes)
    assert not Volunteer.objects.filter(name="示例老李").exists()
    confirm(client, PEOPLE, preview)
    new = TeamMembership.objects.get(volunteer__name="示例老李")
    assert (new.status, new.since, new.volunteer.telephone) == ("active", date(2026, 3, 1), "19900079990")
    assert sorted(skill.name for skill in new.volunteer.skills.all()) == ["修水电", "理发"]
    assert cast.volunteers["here"].memberships.get().status == "left"
    cast.teams["here"].refresh_from_db()
    assert cast.teams["here"].captain is None


def test_who_had_asked_is_taken_in(cast, client):
    row = {"队伍的网址代号": "here-team", "姓名": "金丝雀报名者", "电话": SERVING["here"][1]}
    confirm(client, PEOPLE, upload(client, PEOPLE, row))
    assert set(cast.teams["here"].memberships.values_list("status", flat=True)) == {"active"}


@pytest.mark.parametrize(
    ("row", "column"),
    [(NEW | {"电话": "123"}, "电话"), (NEW | {"电话": "199****9990"}, "电话"), (NEW | {"姓名": "示*"}, "姓名"),
     (NEW | {"姓名": ""}, "姓名"), (NEW | {"队伍的网址代号": "nowhere"}, "队伍的网址代号"),
     (NEW | {"本领": "飞"}, "本领"), (NEW | {"从哪一天": "2999-01-01"}, "队伍的网址代号"),
     (NEW | {"从哪一天": "去年"}, "从哪一天"), (NEW | {"姓名": "长" * 41}, "姓名")],
)  # fmt: skip
def test_one_bad_row_and_nobody_is_written(cast, client, row, column):
    before = snapshot()
    preview = upload(client, PEOPLE, NEW | {"姓名": "示例好人"}, row)
    assert problems(preview) == [(3, column)]
    assert snapshot() == before


def test_one_person_twice_is_told(cast, client):
    assert problems(upload(client, PEOPLE, NEW, NEW | {"姓名": "示例 老李"})) == [(3, "姓名")]


def test_what_waits_for_the_confirmation_is_sealed(cast, client):
    preview = upload(client, PEOPLE, NEW)
    kept = cache.get(f"import:volunteers_teammembership:{cast.district_officer.pk}:{preview.context['ticket']}")
    assert "示例老李" not in kept


def test_a_table_previewed_twice_is_written_once(cast, client):
    preview = upload(client, PEOPLE, NEW)
    confirm(client, PEOPLE, preview)
    again = confirm(client, PEOPLE, preview)
    assert "没有重复写入" in again.content.decode()
    assert Volunteer.objects.filter(name="示例老李").count() == 1


def test_somebody_entered_meanwhile_is_no_second_one(cast, client):
    preview = upload(client, PEOPLE, NEW)
    teams.enter(cast.teams["here"], by=None, name="示例老李", telephone="19900079990")
    confirm(client, PEOPLE, preview)
    assert TeamMembership.objects.filter(volunteer__name="示例老李").count() == 1


# --- the list shows nobody in full
def test_the_lists_are_masked(cast, client):
    for address in (PEOPLE, "/admin/volunteers/volunteer/"):
        page = client.get(address).content.decode()
        assert "金*" in page
        assert "金丝雀志愿者" not in page
        assert SERVING["here"][0] not in page
    volunteer = cast.volunteers["here"]
    for end in ("change/", "history/"):
        page = client.get(f"/admin/volunteers/volunteer/{volunteer.pk}/{end}").content.decode()
        assert "金丝雀志愿者" not in page
        assert volunteer.code not in page
        assert volunteer.telephone not in page
