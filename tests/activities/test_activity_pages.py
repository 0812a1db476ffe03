"""What residents find of one activity, and what is next on other pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from activities import outbox
from activities.models import Activity, Notice, Recap
from config.content_version import content
from tests.activities.reading import DAY, HOUR, get, text, titles
from tests.activities.town import make_activity, make_course, make_kind
from tests.makers import make_activity_of, make_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


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
        assert ("报过名了，查一查" in page) is takes_sign_up


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
    for end in ("", "poster/", "sign-up/"):
        assert "，示例巷3号门口）" in text(get(client, f"{activity.get_absolute_url()}{end}")), "in the title"
    page = get(client, activity.get_absolute_url())
    assert page.status_code == 200
    assert "示例巷3号门口" in text(page)
    for address in ("/activities/", "/", "/branches/here-branch/"):
        assert "金丝雀讲座" in titles(get(client, address))


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
    assert "calendar.ics" not in page
    assert 'href="/activities/?home=town"' in page


def test_the_front_page_names_what_one_can_still_come_to_before_the_rest(home, client):
    make_activity(home, title="快开始的", starts_in=HOUR / 2)
    make_activity(home, title="早就截止的", starts_in=DAY / 2, sign_up_until=timezone.now() - HOUR)
    assert titles(get(client, "/")) == ["快开始的", "早就截止的"]
    make_activity(home, title="直接来的", starts_in=HOUR, takes_sign_up=False)
    make_activity(home, title="还收名字的", starts_in=HOUR * 1.5, sign_up_until=timezone.now() + HOUR)
    for hour in (5, 4, 3):
        make_activity(home, title=f"{hour}小时以后的", starts_in=HOUR * hour)
    content.renew()
    later = ["3小时以后的", "4小时以后的", "5小时以后的"]
    assert titles(get(client, "/")) == ["快开始的", "直接来的", "还收名字的", *later]
    make_activity(home, title="6小时以后的", starts_in=HOUR * 6)
    content.renew()
    assert titles(get(client, "/")) == ["直接来的", "还收名字的", *later, "6小时以后的"]


def test_the_front_page_has_today_and_tomorrow_and_the_notices(week, client):
    make_notice(week, "停水")
    Notice.objects.create(title="还没到时候", body="字", source="社区", division=week.division, status="draft")
    page = get(client, "/")
    assert titles(page) == ["正在进行", "今天晚上", "明天"]
    assert "停水" in text(page)
    assert "还没到时候" not in text(page)


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
