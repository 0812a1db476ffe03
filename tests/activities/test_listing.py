"""What residents find of what is on: the list by day, the month."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from activities import attendance, programme, signup
from activities.models import Activity
from activities.views import listing
from tests.activities.reading import DAY, HOUR, get, text, titles
from tests.activities.town import make_activity, make_kind
from tests.makers import make_activity_of, make_home, make_homes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", ["正在进行", "今天晚上", "明天", "星期天", "下星期一", "月底", "下个月"]),
        ("when=today", ["正在进行", "今天晚上"]),
        ("when=tomorrow", ["明天"]),
        ("when=week", ["正在进行", "今天晚上", "明天", "星期天"]),
        ("when=month", ["正在进行", "今天晚上", "明天", "星期天", "下星期一", "月底"]),
        ("day=2026-11-18", ["已经结束", "正在进行", "今天晚上"]),
        ("day=2026-11-19&when=week", ["明天", "cancelled"]),
        ("when=never", ["正在进行", "今天晚上", "明天", "星期天", "下星期一", "月底", "下个月"]),
    ],
)
def test_the_days_asked_for(week, client, question, expected):
    assert titles(get(client, f"/activities/?{question}")) == expected


@pytest.mark.parametrize("at", ["2026-11-21 23:50", "2026-11-22 00:10", "2026-12-31 23:59"])
def test_today_is_a_day_as_it_is_lived_here(home, client, at):
    with time_machine.travel(datetime.fromisoformat(f"{at}+08:00"), tick=False):
        make_activity(home, title="三分钟后", starts_in=timedelta(minutes=3), minutes=10)
        make_activity(home, title="明天这时候", starts_in=DAY)
        today = timezone.localdate()
        first = [a.title for a in Activity.objects.all() if timezone.localdate(a.starts_at) == today]
        assert titles(get(client, "/activities/?when=today")) == first
        tomorrow = today + DAY
        next_day = [a.title for a in Activity.objects.all() if timezone.localdate(a.starts_at) == tomorrow]
        assert titles(get(client, "/activities/?when=tomorrow")) == next_day


def test_what_is_past_is_never_among_what_is_to_come(week, client):
    assert "已经结束" not in text(get(client, "/activities/"))


def test_street_home_kind_theme_and_places_left(cast, client):
    here, elsewhere = cast.activities["here"], cast.activities["elsewhere"]
    make_activity_of(cast.homes["here"], "不用报名", takes_sign_up=False)
    Activity.objects.filter(pk=here.pk).update(capacity=2)

    def found(question):
        return set(titles(get(client, f"/activities/?{question}")))

    assert here.title in found("street=990100001000")
    assert elsewhere.title not in found("street=990100001000")
    assert found("home=elsewhere") == {"啄木鸟讲座", "啄木鸟书画班"}
    assert found("home=elsewhere&kind=class") == {"啄木鸟书画班"}
    assert found("home=here&free=1") == {"不用报名", "金丝雀书画班"}
    assert here.title in found("theme=garden")
    assert found("theme=nowhere") == set()


def test_what_a_street_puts_on_itself_is_in_the_street(cast, client):
    home = make_home(cast.streets["east"], "街道之家", "street-home")
    make_activity_of(home, "街道讲座")
    assert "街道讲座" in titles(get(client, "/activities/?street=990100001000"))
    assert "街道讲座" not in titles(get(client, "/activities/?street=990100002000"))


def test_a_seat_that_others_wait_for_is_not_free(home, client):
    activity = make_activity(home, capacity=1)
    for number in range(2):
        signup.join(activity, names=[f"示例{number}"], telephone=f"1990000000{number}")
    Activity.objects.filter(pk=activity.pk).update(capacity=5)
    assert titles(get(client, "/activities/?free=1")) == []


def test_who_just_came_takes_no_seat_of_those_who_sign_up(home):
    activity = make_activity(home, starts_in=HOUR / 2)
    attendance.walk_in(activity, name="张伟", by=None)
    assert Activity.objects.with_taken().get().places_left == 10


def test_a_condition_is_said_and_can_be_taken_off(cast, client):
    page = text(get(client, "/activities/?home=here&kind=nowhere&free=1&page=1"))
    chips = re.findall(r'<a class="choice" href="([^"]+)">([^<]+) <span class="take-off">', page)
    assert chips == [
        ("?kind=nowhere&amp;free=1", "金丝雀之家"),
        ("?home=here&amp;free=1", "没有这个种类"),
        ("?home=here&amp;kind=nowhere", "还有名额的"),
    ]
    assert "这些日子里没有找到" in page


def test_of_very_many_homes_none_is_listed_but_each_is_found(cast, client, monkeypatch):
    monkeypatch.setattr(listing, "HOMES_MOST", 3)
    assert 'id="wish-home"' in text(get(client, "/activities/"))
    make_homes(cast.communities["here"], 1)
    assert 'id="wish-home"' not in text(get(client, "/activities/"))
    page = get(client, "/activities/?home=here")
    assert "金丝雀之家 <span" in text(page)
    assert "金丝雀讲座" in titles(page)
    assert "没有这个家" in text(get(client, "/activities/?home=here-draft"))


def test_what_a_database_cannot_hold_is_not_asked_of_it():
    assert programme.Wish.read({"home": "\0here"}) == programme.Wish(home="here")


def test_nothing_at_all_shows_where_to_go(client):
    page = text(get(client, "/activities/"))
    assert "还没有公布的活动" in page
    assert 'href="/homes/"' in page


def test_a_thousand_activities_are_thirty_a_page(home, client):
    start = timezone.now() + DAY
    Activity.objects.bulk_create(
        Activity(
            title=f"活动{n}", kind=make_kind(), home=home, division=home.division, status="published",
            starts_at=start + n * HOUR / 4, ends_at=start + n * HOUR / 4 + HOUR,
        )
        for n in range(1400)
    )  # fmt: skip
    page = get(client, "/activities/?page=3")
    assert titles(page) == [f"活动{n}" for n in range(60, 90)]
    assert len(page.content) < 60_000
    assert "这是第47页，共47页" in text(get(client, "/activities/?page=999"))
    month = get(client, "/activities/month/")
    assert len(month.content) < 60_000
    assert text(month).count("/activities/?day=2026-11-2") > 5  # a day with more than fits leads to its list
    day = re.search(r'href="(/activities/\?day=2026-11-20)">还有(\d+)场', text(month))
    assert int(day[2]) + programme.SHOWN_A_DAY == get(client, day[1]).context["page"].paginator.count


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "还有10个名额"), ({"capacity": None}, "可以报名"), ({"takes_sign_up": False}, "直接来"),
        ({"starts_in": HOUR}, "报名截止"), ({"is_sample": True}, "示例数据"),
    ],
)  # fmt: skip
def test_a_card_says_how_it_stands(home, client, fields, words):
    make_activity(home, **fields)
    assert words in text(get(client, "/activities/"))


def test_a_month_as_whole_weeks(week, client):
    page = get(client, "/activities/month/")
    weeks = page.context["weeks"]
    assert [len(days) for days in weeks] == [7] * len(weeks)
    assert str(weeks[0][0][0]) == "2026-10-26"
    assert str(weeks[-1][-1][0]) == "2026-12-06"
    shown = {str(day): [row.title for row in rows] for days in weeks for day, rows, _ in days if rows}
    assert shown["2026-11-18"] == ["已经结束", "正在进行", "今天晚上"]
    assert "cancelled" not in text(page)
    assert "下个月" not in text(page)


@pytest.mark.parametrize(
    ("question", "heading"),
    [("month=2026-12", "2026年12月"), ("month=2027-01", "2027年1月"), ("month=1999-01", "2026年11月"),
     ("month=2026-13", "2026年11月"), ("month=", "2026年11月"), ("month=9999-12", "2026年11月")],
)  # fmt: skip
def test_another_month(client, question, heading):
    assert f"<h1>{heading}的活动</h1>" in text(get(client, f"/activities/month/?{question}"))


def test_the_months_beside_keep_the_home(week, client):
    page = text(get(client, "/activities/month/?home=town&month=2026-12"))
    assert "<h1>示例之家 2026年12月的活动</h1>" in page
    assert 'href="?home=town&amp;month=2027-01"' in page
    assert 'rel="prev" href="?home=town"' in page  # this month has one address
