"""Public columns: when each is empty, late, or soon late; who is told; what the timer's command answers."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, AudioItem, Course, Notice
from branches.models import PublishedFigure
from branches.waiting import lines_for
from config.columns import COLUMNS, State, columns
from homes.models import Home, HomeApplication
from tests.makers import make_recap
from volunteers.models import Letter

PAGE = "/desk/columns/"


def states():
    return {each.column.name: each.state for each in columns()}


def publish_a_figure(on):
    return PublishedFigure.objects.create(key="homes", label="家", value=3, unit="个", published_on=on, source="区里")


@pytest.fixture
def filled(cast):
    """Something new stands in every column."""
    today = timezone.localdate()
    make_recap(cast.homes["here"], "讲座")
    publish_a_figure(today)
    Home.objects.update(verified_on=today)


def test_what_is_new_is_fine_and_what_nobody_touches_runs_out_by_its_own_limit(filled):
    assert set(states().values()) == {State.FINE}
    now, began = timezone.now(), {}
    Activity.objects.filter(status="published").update(starts_at=now + timedelta(400), ends_at=now + timedelta(401))
    Course.objects.update(until=date(2099, 1, 1))
    limits = {each.column.limit.days for each in columns()}
    for days in sorted(days + more for limit in limits for days in (limit - limit // 7, limit) for more in (0, 1)):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            for name, state in states().items():
                began.setdefault((name, state), days)
    late = {name: days for (name, state), days in began.items() if state == State.STALE}
    soon = {name: days for (name, state), days in began.items() if state == State.SOON}
    assert late == {"首页": 15, "活动": 15, "活动回顾": 15, "老党员之家": 91, "公开的来信": 93, "通知公告": 184,
                    "课程": 184, "有声图书": 184, "志愿服务队": 184,
                    "共建项目": 93, "申报公示": 32, "主题": 367, "数字": 367}  # fmt: skip
    assert {name: late[name] - days for name, days in soon.items()} == {
        each.column.name: each.column.limit.days // 7 for each in columns()
    }


def test_an_empty_column_is_wrong_unless_it_may_be(filled):
    PublishedFigure.objects.all().delete()
    AudioItem.objects.update(is_public=False)
    Letter.objects.update(publication="private")
    HomeApplication.objects.update(status="submitted")
    Notice.objects.update(expires_on=timezone.localdate() - timedelta(days=1), publish_at=timezone.now() - timedelta(3))
    found = {each.column.name: each for each in columns()}
    empty = {name for name, each in found.items() if each.state == State.EMPTY}
    assert empty == {"数字", "有声图书", "通知公告"}
    assert {found[name].state for name in ("公开的来信", "申报公示")} == {State.FINE}
    assert found["通知公告"].number == 0
    over = timezone.now() - timedelta(days=1)
    Activity.objects.filter(status="published").update(starts_at=over - timedelta(hours=1), ends_at=over)
    assert states()["活动"] == State.EMPTY


def test_drafts_and_what_is_not_public_make_nothing_fresh(filled, cast):
    Activity.objects.exclude(status="draft").update(published_at=timezone.now() - timedelta(days=30))
    Notice.objects.create(
        title="停水", body="停水", source="区里", home=cast.homes["here"], division=cast.communities["here"],
        status="published", publish_at=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    Notice.objects.exclude(title="停水").update(publish_at=timezone.now() - timedelta(days=20))
    found = {each.column.name: each for each in columns()}
    assert found["活动"].days == 30
    assert found["通知公告"].days == 20
    assert (found["首页"].days, found["首页"].state) == (20, State.STALE)  # the freshest of what it shows


def test_what_is_counted_no_further_says_so(filled, cast, client_of, monkeypatch):
    for module in ("branches.waiting", "config.columns"):
        monkeypatch.setattr(f"{module}.MOST", 2)
    homes = next(each for each in columns() if each.column.name == "老党员之家")
    assert (homes.number, homes.how_many) == (3, "2多")
    assert '<span class="number">2多</span>条' in client_of(cast.district_officer).get(PAGE).text


def test_who_answers_for_an_area_sees_it_and_only_the_district_is_asked(filled, cast, client_of):
    publish_a_figure(date(2020, 1, 1))
    PublishedFigure.objects.exclude(published_on=date(2020, 1, 1)).delete()
    opened = {name: client_of(user).get(PAGE).status_code for name, user in cast.people.items() if user is not None}
    assert {name for name, status in opened.items() if status == 200} == {
        "street_officer", "district_officer", "technician"
    }  # fmt: skip
    asked = {
        name
        for name, user in cast.people.items()
        if user is not None and any(line.unit == "个公开栏目" for line in lines_for(user) or ())
    }
    assert asked == {"district_officer", "technician"}
    text = client_of(cast.district_officer).get(PAGE).text
    wrong, others = text.split('id="others"')
    assert "数字" in wrong.split('id="wrong"')[1]
    assert "过期了" in wrong
    assert [column.name for column in COLUMNS if column.name not in text] == []
    assert reverse("activities:desk_new") in others
    assert reverse("admin:homes_theme_changelist") not in client_of(cast.street_officer).get(PAGE).text


def test_the_page_leads_to_columns_that_open_and_to_pages_where_one_may_add(filled, cast, client_of):
    client = client_of(cast.technician)
    for column in COLUMNS:
        assert client.get(reverse(column.page)).status_code == 200
        assert client.get(reverse(column.add)).status_code == 200


def test_the_timer_is_answered(filled, capsys):
    call_command("check_columns")
    assert "空着或者过期的：0" in capsys.readouterr().out
    PublishedFigure.objects.all().delete()
    with pytest.raises(SystemExit) as end:
        call_command("check_columns")
    assert end.value.code == 1
    assert "还空着  数字" in capsys.readouterr().out
