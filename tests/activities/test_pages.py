"""What residents find: the lists, the month, an activity, a course, a notice, and what is next on other pages."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import timezone

from activities import attendance, outbox, programme, signup
from activities.models import Activity, ActivityKind, Course, Notice, NoticeFile, Recap
from activities.views import listing
from config import caching
from tests.activities.town import make_activity, make_course, make_kind, make_town
from tests.cast import make_activity_of, make_course_of, make_home, make_homes, make_notice

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 18, 2, tzinfo=UTC)  # ten in the morning in Changsha
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def morning(request):
    """A Wednesday morning; the cast was made today, and lives today."""
    if "cast" in request.fixturenames:
        yield
        return
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def home():
    return make_town()


def get(client, address):
    """The page as it is now: what a test writes is never committed, so it tells no stored page that it is old."""
    caches["pages"].clear()
    caching._remembered.clear()
    return client.get(address)


def text(response):
    return response.content.decode()


def titles(response):
    """The titles of the cards, in order."""
    return [each.split("<")[0] for each in re.findall(r'<h3 class="home-name"><a href="[^"]+">([^<]+)', text(response))]


# --- the list
@pytest.fixture
def week(home):
    """Something at every hour of interest, by name."""
    for title, starts_in in {
        "已经结束": -3 * HOUR, "正在进行": -HOUR, "今天晚上": 9 * HOUR, "明天": DAY, "星期天": 4 * DAY,
        "下星期一": 5 * DAY, "月底": 12 * DAY, "下个月": 14 * DAY,
    }.items():  # fmt: skip
        make_activity(home, title=title, starts_in=starts_in)
    for status in ("draft", "pending", "cancelled"):
        make_activity(home, title=status, status=status, note="下雨" if status == "cancelled" else "")
    return home


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


# --- the month
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
    assert 'href="?home=town&amp;month=2026-11"' in page


# --- an activity
def test_how_to_take_part(home, client):
    activity = make_activity(home, telephone="0731-1234")
    page = text(get(client, activity.get_absolute_url()))
    for words in ('还有<b class="number">10</b>个名额', "我要报名", "0731-1234", "放进手机日历", "打印海报"):
        assert words in page
    assert f'href="{activity.get_absolute_url()}sign-up/"' in page


@pytest.mark.parametrize(
    ("fields", "words", "not_words"),
    [
        ({"takes_sign_up": False}, "不用报名，直接来就行", "我要报名"),
        ({"starts_in": HOUR}, "报名截止了", "我要报名"),
        ({"starts_in": -HOUR / 2}, "已经开始了", "我要报名"),
        ({"status": "cancelled", "note": "老师病了"}, "老师病了", "怎么参加"),
        ({"status": "finished", "starts_in": -DAY}, "已结束", "怎么参加"),
    ],
)
def test_when_there_is_nothing_to_sign_up_for(home, client, fields, words, not_words):
    page = text(get(client, make_activity(home, **fields).get_absolute_url()))
    assert words in page
    assert not_words not in page


@pytest.mark.parametrize("status", ["draft", "pending"])
def test_what_is_not_published_is_not_there(home, client, status):
    activity = make_activity(home, status=status)
    for end in ("", "poster/", "sign-up/", "here/"):
        assert get(client, f"{activity.get_absolute_url()}{end}").status_code == 404
    assert get(client, f"/activities/{activity.pk}.ics").status_code == 404


def test_nobody_checks_in_where_one_simply_comes(home, client):
    for takes_sign_up in (True, False):
        activity = make_activity(home, starts_in=HOUR / 2, takes_sign_up=takes_sign_up)
        page = text(get(client, activity.get_absolute_url()))
        assert (f'href="{activity.get_absolute_url()}here/"' in page) is takes_sign_up


def test_what_was_told_of_one_called_off_after_all_is_not_shown(home, client):
    activity = make_activity(home, status="finished", starts_in=-DAY)
    Recap.objects.create(activity=activity, words="大家写了对联")
    assert "大家写了对联" in text(get(client, activity.get_absolute_url()))
    Activity.objects.filter(pk=activity.pk).update(status="cancelled", note="其实没办")
    assert "大家写了对联" not in text(get(client, activity.get_absolute_url()))


def test_what_else_is_on_at_this_home(home, client):
    activity = make_activity(home)
    for number in range(5):
        make_activity(home, title=f"别的{number}", starts_in=DAY * (number + 2))
    make_activity(home, title="已经过了", starts_in=-DAY)
    assert titles(get(client, activity.get_absolute_url())) == ["别的0", "别的1", "别的2"]


def test_one_of_a_branch_without_a_home(cast, client):
    activity = cast.activities["here"]
    Activity.objects.filter(pk=activity.pk).update(home=None, setting="alley", place="示例巷3号门口")
    page = get(client, activity.get_absolute_url())
    assert page.status_code == 200
    assert "示例巷3号门口" in text(page)
    for address in ("/activities/", "/", "/branches/here-branch/"):
        assert "金丝雀讲座" in titles(get(client, address))


# --- what is next, on other pages
@pytest.mark.parametrize("address", ["/homes/here/", "/themes/garden/", "/branches/here-branch/"])
def test_what_is_next_here(cast, client, address):
    Activity.objects.all().update(branch=cast.branches["here"])
    for number in range(6):
        make_activity_of(
            cast.homes["here"], f"接着{number}", starts_in=DAY * (number + 3), branch=cast.branches["here"]
        )
    page = get(client, address)
    found = titles(page)
    assert len([title for title in found if "家" not in title]) == 5
    assert "金丝雀讲座" in found
    assert "金丝雀未定稿" not in text(page)
    assert f'href="{address}calendar.ics"' in text(page)


def test_a_home_where_nothing_is_on_says_so(home, client):
    page = text(get(client, home.get_absolute_url()))
    assert "这里还没有公布接下来的活动" in page
    assert 'href="/activities/?home=town"' in page


def test_the_front_page_has_today_and_tomorrow_and_the_notices(week, client):
    make_notice(week, "停水")
    Notice.objects.create(title="还没到时候", body="字", source="社区", division=week.division, status="draft")
    page = get(client, "/")
    assert titles(page) == ["正在进行", "今天晚上", "明天"]
    assert "停水" in text(page)
    assert "还没到时候" not in text(page)


# --- courses
def test_the_courses_that_run_the_next_one_first(home, client):
    course = make_course(home)
    later = Course.objects.create(
        title="书法班", slug="shufa", kind=make_kind(), home=home, division=home.division,
        since=course.since, until=course.until,
    )  # fmt: skip
    make_activity(home, course=later, starts_in=HOUR * 5)
    over = Course.objects.create(
        title="上一期", slug="over", kind=make_kind(), home=home, division=home.division,
        since=course.since - 90 * DAY, until=course.since - 30 * DAY,
    )  # fmt: skip
    make_activity(home, course=over, starts_in=-40 * DAY, status="finished")
    Course.objects.create(
        title="还没发布", slug="draft", kind=make_kind(), home=home, division=home.division,
        since=course.since, until=course.until,
    )  # fmt: skip
    page = get(client, "/courses/")
    assert [each.title for each in page.context["courses"]] == ["书法班", "二胡班"]
    assert "还有3次" in text(page)
    assert get(client, "/courses/over/").status_code == 200
    assert get(client, "/courses/draft/").status_code == 404


def test_a_course_with_its_sessions_and_their_state(home, client):
    course = make_course(home)
    make_activity(home, title="第0次", course=course, starts_in=-DAY, status="finished")
    last = course.sessions.order_by("starts_at").last()
    Activity.objects.filter(pk=last.pk).update(status="cancelled", note="国庆")
    make_activity(home, title="草稿", course=course, starts_in=3 * DAY, status="draft")
    page = get(client, course.get_absolute_url())
    assert [(len(page.context[name])) for name in ("coming", "past", "open")] == [3, 1, 2]
    for words in ("后面的2次课都给您留位子", "已取消", "上过的1次课", "整门课放进手机日历", "老师"):
        assert words in text(page)
    assert "11月19日（星期四）" in text(page)


def test_a_course_that_is_over_offers_no_enrolling(home, client):
    course = make_course(home, status="finished")
    page = text(get(client, course.get_absolute_url()))
    assert "整门课都报名" not in page


@pytest.fixture
def learning(cast):
    """Two choirs here and elsewhere, a class of 二胡 here; the cast has a class of painting in each area."""
    for area, title in (("here", "合唱班"), ("elsewhere", "合唱班"), ("here", "二胡班")):
        make_course_of(cast.homes[area], title, f"{area}-{'choir' if title == '合唱班' else 'erhu'}")
    over = make_course_of(cast.homes["here"], "上一期", "over")
    Course.objects.filter(pk=over.pk).update(since=over.since - 90 * DAY, until=over.since - DAY)


def test_a_choir_is_found_without_searching(learning, client):
    page = text(get(client, "/courses/"))
    chips = re.findall(r'<a class="choice" href="([^"]+)"( aria-current="true")?>([^<]+)</a>', page)
    assert chips[:2] == [("?", ' aria-current="true"', "全部"), (f"?title={quote('合唱班')}", "", "合唱班")]
    assert len(chips) == len({label for *_, label in chips}) == 6  # each title once, and none that is over
    found = get(client, chips[1][0].join(("/courses/", "")))
    assert [each.title for each in found.context["courses"]] == ["合唱班"] * 2
    assert "<title>课程和队伍：合唱班 · " in text(found)
    assert f'{chips[1][0]}" aria-current="true">合唱班' in text(found)


def test_courses_of_a_street(learning, client):
    page = get(client, "/courses/?street=990100001000")
    assert {each.home.slug for each in page.context["courses"]} == {"here", "next-door"}
    one = get(client, f"/courses/?street=990100001000&title={quote('合唱班')}")
    assert [each.home.slug for each in one.context["courses"]] == ["here"]
    assert 'value="990100001000" selected' in text(one)
    assert '<input type="hidden" name="title" value="合唱班">' in text(one)
    assert f"?title={quote('二胡班')}&amp;street=990100001000" in text(one)


def test_no_such_course_shows_the_way_to_all(learning, client):
    for question in ("title=<b>跳伞", "street=nowhere", f"title={'长' * 500}", "title=%00&street=%00"):
        page = get(client, f"/courses/?{question}")
        assert page.status_code == 200
        assert "<b>跳伞" not in text(page)
    assert "没有找到这样的课" in text(get(client, "/courses/?title=跳伞"))


@pytest.mark.parametrize("address", ["/", "/activities/", "/homes/?q=合唱"])
def test_the_way_to_the_courses(cast, client, address):
    main = text(get(client, address)).partition("<main")[2]
    assert re.search(r'<a[^>]* href="/courses/">', main)


# --- how it is said and drawn
def test_times_are_said_in_one_way(home, client):
    course = make_course(home)
    activity = course.sessions.first()
    make_notice(home, "停水")
    addresses = ("/", "/activities/", "/activities/month/", "/courses/", course.get_absolute_url(),
                 activity.get_absolute_url(), f"{activity.get_absolute_url()}poster/",
                 f"{activity.get_absolute_url()}sign-up/", Notice.objects.get().get_absolute_url())  # fmt: skip
    for address in addresses:
        main = text(get(client, address)).partition("<main")[2].partition("</main>")[0]
        words = re.sub(r"<[^>]+>", "", main)
        assert (address, re.findall(r"(?<![0-9午上到])[0-9]{1,2}:[0-9]{2}", words)) == (address, [])
        assert re.search("[上下]午[0-9]", words)


def test_hours_name_the_part_of_the_day_again_only_where_it_is_another(home):
    def said(hour, minutes):
        begins = datetime(2026, 11, 23, hour - 8, tzinfo=UTC)
        return outbox.hours(Activity(starts_at=begins, ends_at=begins + timedelta(minutes=minutes)))

    assert said(9, 90) == "上午9:00到10:30"
    assert said(11, 90) == "上午11:00到下午12:30"
    assert said(15, 90) == "下午3:00到4:30"
    assert said(23, 120) == "晚上11:00到11月24日上午1:00"


def test_a_card_shows_what_kind_it_is(home, client):
    make_activity(home, kind=make_kind("meal"))
    make_activity(home, kind=make_kind("parachute"))
    page = text(get(client, "/activities/"))
    for kind in ("meal", "other"):
        assert render_to_string(f"components/kinds/{kind}.html").strip() in page


@pytest.mark.parametrize(
    ("address", "feed"),
    [("/activities/", "/feeds/activities/"), ("/notices/", "/feeds/notices/"), ("/homes/", "/feeds/homes/")],
)
def test_feeds_are_for_programs(home, client, address, feed):
    page = text(get(client, address))
    assert re.search(rf'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="{feed}">', page)
    assert "Atom" not in page.partition("<body")[2]
    assert "Atom" not in text(get(client, "/about/site-map/"))


def test_nothing_is_promised_of_a_calendar_that_it_does_not_do(home, client):
    make_activity(home)
    page = text(get(client, home.get_absolute_url()))
    assert "自己会添上" not in page
    assert "以后有新的，再点一次" in page


def test_a_notice_says_until_when_it_holds(home, client):
    notice = make_notice(home, "停水")
    Notice.objects.filter(pk=notice.pk).update(expires_on=timezone.localdate() + DAY)
    assert "<dt>有效到</dt><dd>2026年11月19日</dd>" in text(get(client, notice.get_absolute_url()))


# --- notices
def test_current_notices_pinned_ones_first(home, client):
    for title in ("第一条", "第二条", "置顶的", "过期的", "撤回的", "以后的"):
        make_notice(home, title)
    now = timezone.now()
    change = {
        "第一条": {"publish_at": now - 2 * DAY, "expires_on": timezone.localdate()},
        "第二条": {"publish_at": now - DAY},
        "置顶的": {"publish_at": now - 3 * DAY, "pinned": True},
        "过期的": {"publish_at": now - 9 * DAY, "expires_on": timezone.localdate() - DAY},
        "撤回的": {"status": "withdrawn", "note": "写错了"},
        "以后的": {"publish_at": now + HOUR},
    }
    for title, fields in change.items():
        Notice.objects.filter(title=title).update(**fields)
    page = get(client, "/notices/")
    assert [notice.title for notice in page.context["notices"]] == ["置顶的", "第二条", "第一条"]
    assert get(client, Notice.objects.get(title="以后的").get_absolute_url()).status_code == 404
    assert "已过期" not in text(get(client, Notice.objects.get(title="第一条").get_absolute_url()))
    old = text(get(client, Notice.objects.get(title="过期的").get_absolute_url()))
    assert "已过期" in old
    assert "过期的的正文" in old


def test_a_withdrawn_notice_keeps_its_address_and_says_why(home, client):
    notice = make_notice(home, "停水")
    file = notice.files.get()
    address = f"{notice.get_absolute_url()}files/{file.pk}/"
    assert get(client, address).getvalue()
    Notice.objects.filter(pk=notice.pk).update(status="withdrawn", note="日子写错了")
    page = text(get(client, notice.get_absolute_url()))
    assert "已撤回" in page
    assert "日子写错了" in page
    assert "停水的正文" not in page
    assert address not in page
    assert get(client, address).status_code == 404


def test_a_file_is_what_it_was_found_to_be_and_always_saved(home, client):
    notice = make_notice(home, "停水")
    content = b"<script>alert(1)</script>"
    file = NoticeFile.objects.create(
        notice=notice, title='通知"; x=\r\n<b>', file=ContentFile(content, name="a.html"), kind="pdf", size=25
    )
    response = client.get(f"{notice.get_absolute_url()}files/{file.pk}/")
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]
    NoticeFile.objects.filter(pk=file.pk).update(kind="html")
    response = client.get(f"{notice.get_absolute_url()}files/{file.pk}/")
    response.getvalue()
    assert response["Content-Type"] == "application/octet-stream"


def test_a_file_belongs_to_its_notice(home, client):
    notice, other = make_notice(home, "停水"), make_notice(home, "停电")
    assert client.get(f"{other.get_absolute_url()}files/{notice.files.get().pk}/").status_code == 404


def test_files_of_a_draft_are_for_those_who_work_on_it(cast, client_of):
    notice = cast.notices["here"]
    file = notice.files.get()
    Notice.objects.filter(pk=notice.pk).update(status="draft", publish_at=None)
    seen = set()
    for person, user in cast.people.items():
        response = client_of(user).get(f"{notice.get_absolute_url()}files/{file.pk}/")
        response.getvalue()
        if response.status_code == 200:
            assert response["Cache-Control"] == "private, no-store"
            seen.add(person)
    assert seen == {"officer", "street_officer", "district_officer", "organiser", "technician"}


def test_a_notice_reads_as_text(home, client):
    notice = make_notice(home, "停水")
    Notice.objects.filter(pk=notice.pk).update(body="<script>alert(1)</script>\n\n第二段")
    page = text(get(client, notice.get_absolute_url()))
    assert "&lt;script&gt;alert(1)" in page
    assert "<p>第二段</p>" in page


def test_a_kind_that_is_archived_is_no_choice(home, client):
    make_activity(home)
    assert "种类talk</option>" in text(get(client, "/activities/"))
    ActivityKind.objects.update(is_archived=True)
    assert "种类talk</option>" not in text(get(client, "/activities/"))
