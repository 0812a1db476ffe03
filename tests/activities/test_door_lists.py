"""The sign-in sheet and the call list, on paper and on a phone."""

import re

import pytest

from activities import publishing, signup
from activities.models import Activity, Message
from branches.models import AuditEntry
from tests.activities.door import page
from tests.cast import BOOKED


def sheet(client, activity, **sent):
    answer = client.post(page("paper_full", activity.pk), sent) if sent else client.get(page("paper", activity.pk))
    return answer.text


def test_the_sheet_stands_by_surname_with_last_digits_and_blank_lines(cast, door, activity):
    for name in ("张伟", "曾玉兰", "单国庆"):
        signup.join(activity, names=[name], telephone="19900004321")
    text = sheet(door, activity)
    rows = re.findall(r"<tr><td>(\d+)</td><td>(.*?)</td><td>(\d*)</td><td></td></tr>", text)
    assert [row[1] for row in rows if row[1]] == ["金丝雀来宾", "金丝雀同伴", "单国庆", "曾玉兰", "张伟"]
    assert rows[4][2] == "4321"
    assert [row[1] for row in rows[5:]] == [""] * (len(rows) - 5)
    assert len(rows) == 12
    assert "19900004321" not in text
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_at_least_three_lines_are_blank(cast, door, activity):
    Activity.objects.filter(pk=activity.pk).update(capacity=None)
    for number in range(6):
        signup.join(
            activity,
            names=[f"甲{number}", f"乙{number}", f"丙{number}", f"丁{number}"],
            telephone=f"1990000000{number}",
        )
    rows = re.findall(r"<tr><td>(\d+)</td><td>(.*?)</td>", sheet(door, activity))
    assert [len(rows), sum(not name for _, name in rows)] == [29, 3]


def test_whole_telephones_need_a_reason_and_are_in_the_audit_trail(cast, door, activity):
    assert BOOKED["here"] not in sheet(door, activity, reason="短")
    assert not AuditEntry.objects.filter(action="reveal").exists()
    assert BOOKED["here"] in sheet(door, activity, reason="下雨要一个个打电话")
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.actor, entry.subject, entry.subject_pk) == ("organiser", "activities.activity", str(activity.pk))
    assert (entry.reason, entry.data["bookings"]) == ("下雨要一个个打电话", [cast.bookings["here"].pk])
    assert BOOKED["here"] not in str(entry.data)


@pytest.fixture
def called_off(cast, activity):
    """Called off: one call to make here, and one elsewhere."""
    for area in ("here", "elsewhere"):
        publishing.cancel(cast.activities[area], by=cast.officer, reason="下大雨")
    return activity


def test_the_list_says_what_to_say_and_masks(cast, door, called_off):
    assert "1个电话" in door.get(page("calls")).text
    assert "啄木鸟" not in door.get(page("calls")).text
    text = door.get(page("calls_of", called_off.pk)).text
    assert text.count('name="told"') == 1
    assert "取消了。下大雨" in text
    assert "金丝雀来宾" in text
    assert "金丝雀同伴" in text
    assert "199****1104" in text
    assert BOOKED["here"] not in text


def test_ticked_off_it_is_told_and_gone(cast, door, called_off):
    text = door.get(page("calls_of", called_off.pk)).text
    key = re.search(r'name="told" value="([\d-]+)"', text)[1]
    assert "打了1个电话" in door.post(page("calls_of", called_off.pk), {"told": key}, follow=True).text
    told = Message.objects.filter(sign_up__activity=called_off)
    assert set(told.values_list("status", "done_by")) == {("told", cast.organiser.pk)}
    assert "没有要打的电话" in door.get(page("calls")).text


@pytest.mark.parametrize("told", ["", "x", "-", "9" * 40, "1-x"])
def test_a_nonsense_tick_tells_nobody(door, called_off, told):
    assert door.post(page("calls_of", called_off.pk), {"told": told}).status_code == 302
    assert not Message.objects.filter(status="told").exists()


def test_a_tick_for_another_area_tells_nobody(cast, door, called_off):
    foreign = Message.objects.filter(sign_up__activity=cast.activities["elsewhere"])
    key = "-".join(str(message.pk) for message in foreign)
    door.post(page("calls_of", called_off.pk), {"told": key})
    assert set(foreign.values_list("status", flat=True)) == {"waiting"}


def test_one_reason_opens_the_list(cast, door, called_off):
    address = page("calls_open", called_off.pk)
    refused = door.post(address, {"reason": "短"})
    assert BOOKED["here"] not in refused.text
    assert "至少5个字" in refused.text
    opened = door.post(address, {"reason": "下雨取消，挨个通知"}, follow=True)
    assert BOOKED["here"] in opened.text
    assert "no-store" in opened["Cache-Control"]
    assert AuditEntry.objects.filter(action="reveal").count() == 1


def test_on_paper_with_a_reason(cast, door, called_off):
    address = page("calls_paper", called_off.pk)
    assert BOOKED["here"] not in door.get(address).text
    printed = door.post(address, {"reason": "下雨取消，挨个通知"}).text
    assert BOOKED["here"] in printed
    assert "取消了。下大雨" in printed
    assert AuditEntry.objects.get(action="reveal").reason == "下雨取消，挨个通知"


def test_who_may_look_but_not_act_sees_no_telephone(cast, client_of, called_off):
    for person in ("street_officer", "district_officer", "auditor"):
        client = client_of(cast.people[person])
        assert client.get(page("calls")).status_code == 403
        assert client.post(page("calls_open", called_off.pk), {"reason": "想看一看电话"}).status_code == 403
