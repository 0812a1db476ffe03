"""The A4 sheet of an activity."""

import re

import pytest
import segno
from django.core.cache import caches
from django.test import override_settings

from activities.models import Activity
from homes.views.pages import qr


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
    address = f"https://jinqiu.example.cn{activity.get_absolute_url()}"
    page = poster(client, activity)
    assert str(qr(address)) in page
    pieces = re.findall(r'<span class="keep">([^<]+/)</span>', page)
    assert "".join(pieces) == address  # a line ends behind a stroke, never before one
    assert len(pieces) == 3
    assert segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass="qr") in page


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


def test_the_page_of_the_activity_links_it(cast, client):
    activity = cast.activities["here"]
    assert f'href="{activity.get_absolute_url()}poster/"' in client.get(activity.get_absolute_url()).content.decode()
