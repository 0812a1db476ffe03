"""The A4 sheet of an activity."""

import re
from datetime import timedelta

import pytest
import segno
from django.core.cache import caches
from django.test import override_settings
from django.utils import timezone

from activities import outbox
from activities.models import Activity
from homes.views.pages import qr
from tests.makers import make_activity_of, make_walks


def poster(client, activity):
    caches["pages"].clear()  # what a test writes is never committed, so it tells no page that it is old
    return client.get(f"{activity.get_absolute_url()}poster/").content.decode()


def test_all_that_somebody_at_the_notice_board_wants_to_know(cast, client):
    activity = cast.activities["here"]
    Activity.objects.filter(pk=activity.pk).update(bring="水杯", place="二楼")
    page = poster(client, activity)
    for word in ("金丝雀讲座", "座谈", "金丝雀之家 二楼", "金丝雀之家路1号", "金丝雀讲座的介绍", "水杯", "0731-000011"):
        assert word in page
    assert "名额10位，先报先得。扫下面的码报名" in page
    assert "来宾" not in page


@override_settings(SITE_ADDRESS="https://jinqiu.example.cn")
def test_its_code_leads_to_the_page(cast, client):
    activity = cast.activities["here"]
    address = f"https://jinqiu.example.cn/a/{activity.pk}"
    page = poster(client, activity)
    assert str(qr(address)) in page
    typed = page.split('class="poster-url">')[1].split("</p>")[0]
    pieces = re.findall(r'<span class="keep">([^<]+)</span>', typed)
    assert pieces == ["https://jinqiu.example.cn/", "a/", f"{activity.pk}"]  # a line ends behind a stroke
    assert segno.make(address, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr") in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"takes_sign_up": False}, "不用报名，直接来。"),
        ({"status": "cancelled", "note": "下雨"}, "取消了"),
        ({"is_sample": True}, "请勿张贴"),
        ({"telephone": "0731-1234"}, "0731-1234"),
    ],
)
def test_what_differs_is_said(cast, client, fields, words):
    Activity.objects.filter(pk=cast.activities["here"].pk).update(**fields)
    assert words in poster(client, cast.activities["here"])


def test_much_to_say_is_said_in_smaller_letters(cast, client):
    activity = cast.activities["here"]
    assert "poster-much" not in poster(client, activity)
    Activity.objects.filter(pk=activity.pk).update(title="长" * 60, place="远" * 80, description="说" * 2000)
    page = poster(client, activity)
    assert "poster-much" in page
    assert len(re.findall("说", page)) < 100


def test_what_is_printed_is_found_where_one_looks_for_it(cast, client, client_of):
    activity, course = cast.activities["here"], cast.courses["here"]
    make_walks(cast.homes["here"], cast.homes["next_door"])
    month = timezone.localtime(activity.starts_at).strftime("%Y-%m")
    of_home = [f"/homes/here/{sheet}/" for sheet in ("poster", "programme", "circle/poster")]
    desk = client_of(cast.organiser)
    for reader, address, sheets in (
        (client, "/homes/here/", [*of_home, "/help/sign/here/"]),
        (client, "/homes/here/circle/?pace=slow", ["/homes/here/circle/poster/?pace=slow"]),
        (client, activity.get_absolute_url(), [f"{activity.get_absolute_url()}poster/"]),
        (client, course.get_absolute_url(), [f"{course.get_absolute_url()}poster/"]),
        (client, "/activities/month/?home=here&month=2026-12", ["/homes/here/programme/?month=2026-12"]),
        (desk, f"/desk/activities/{activity.pk}/",
         [f"{activity.get_absolute_url()}poster/", f"/homes/here/programme/?month={month}"]),
        (desk, f"/desk/activities/courses/{course.pk}/", [f"{course.get_absolute_url()}poster/"]),
    ):  # fmt: skip
        page = reader.get(address).content.decode()
        assert [sheet for sheet in sheets if f'href="{sheet}"' not in page] == [], address
        assert [reader.get(sheet).status_code for sheet in sheets] == [200] * len(sheets)


def test_a_course_says_when_it_meets_and_how_often_more(cast, client):
    course, home = cast.courses["here"], cast.homes["here"]
    for week in range(30):
        make_activity_of(home, course.title, starts_in=timedelta(days=7 * week + 9), course=course, kind=course.kind)
    page = client.get(f"{course.get_absolute_url()}poster/").content.decode()
    assert "每周五" in page
    assert page.count("每周") == 1
    assert "还有11次，扫码看全部" in page
    course.sessions.update(status="finished")
    caches["pages"].clear()
    assert "后面的课还没有公布" in client.get(f"{course.get_absolute_url()}poster/").content.decode()


def test_a_month_says_what_is_on_or_that_nothing_is_yet(cast, client):
    make_activity_of(cast.homes["here"], "金丝雀不办了", status="cancelled", note="下雨")
    begins = outbox.clock(timezone.localtime(cast.activities["here"].starts_at))
    pages = [
        client.get(f"/homes/here/programme/{asked}").content.decode() for asked in ("", "?month=2027-01", "?month=x")
    ]
    assert f"26日 周四</b> {begins} 金丝雀讲座※" in pages[0]
    assert "金丝雀茶话会" not in pages[0]
    assert not any(word in page for page in pages for word in ("不办了", "画眉鸟", "啄木鸟"))
    assert "这个月还没有公布活动" in pages[1]
    assert pages[2].count("金丝雀讲座") == pages[0].count("金丝雀讲座") == 1
