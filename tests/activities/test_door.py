"""At the door: who is coming, ticks, walk-ins, and what is done for those who ring."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from activities import attendance, signup
from activities.models import Activity, Booking
from branches.models import Event
from tests.activities.door import let_begin, names, page, statuses
from tests.cast import BOOKED


def test_who_comes_stands_by_the_surname_and_is_masked(cast, door, activity):
    for name in ("张伟", "曾玉兰", "单国庆"):
        signup.join(activity, names=[name], telephone="19900000001", note=f"{name}要轮椅")
    text = door.get(page("people", activity.pk)).text
    found = re.findall(r"单国庆|曾玉兰|张伟|金丝雀来宾", text[text.index('id="coming"') :])
    assert [*dict.fromkeys(found)] == ["金丝雀来宾", "单国庆", "曾玉兰", "张伟"]
    assert "张伟要轮椅" in text
    assert "199****0001" in text
    assert "19900000001" not in text


def test_who_waits_stands_in_order_with_a_number(cast, door, activity):
    Activity.objects.filter(pk=activity.pk).update(capacity=2)
    for name in ("张伟", "安平"):
        signup.join(activity, names=[name], telephone="19900000001")
    text = door.get(page("people", activity.pk)).text
    waiting = text[text.index('id="waiting"') :]
    assert re.findall(r'class="number">(\d)\.</span> <b>(.+?)</b>', waiting) == [("1", "张伟"), ("2", "安平")]
    assert '候补<b class="number">2</b>位' in text


def test_before_the_hour_there_is_nothing_to_tick(door, activity):
    text = door.get(page("people", activity.pk)).text
    assert 'name="here"' not in text
    assert "开始前一小时" in text


def test_many_are_ticked_with_one_save(cast, door, activity, now):
    rows = list(activity.sign_ups.order_by("pk"))
    text = door.get(page("people", activity.pk)).text
    assert text.count('name="here"') == 2
    assert f'name="seen" value="{rows[0].pk}-confirmed,{rows[1].pk}-confirmed"' in text
    seen = ",".join(f"{row.pk}-confirmed" for row in rows)
    answer = door.post(page("people", activity.pk), {"seen": seen, "here": [rows[0].pk]}, follow=True)
    assert "改了1位" in answer.text
    assert (names(activity, "attended"), names(activity, "confirmed")) == (["金丝雀来宾"], ["金丝雀同伴"])
    assert Event.objects.filter(event="mark_attended", actor="organiser").count() == 1
    assert "存好了，没有要改的" in door.post(page("people", activity.pk), {}, follow=True).text


def test_the_rest_did_not_come_only_where_it_is_said(door, activity, now):
    rows = list(activity.sign_ups.order_by("pk"))
    sent = {"seen": ",".join(f"{row.pk}-confirmed" for row in rows), "here": [rows[0].pk], "rest_absent": "1"}
    door.post(page("people", activity.pk), sent)
    assert names(activity, "absent") == ["金丝雀同伴"]


def test_a_tick_is_taken_back(cast, door, activity, now):
    row = activity.sign_ups.first()
    attendance.mark(activity, attended=[row.pk], by=cast.organiser)
    door.post(page("people", activity.pk), {"seen": f"{row.pk}-attended"})
    row.refresh_from_db()
    assert row.status == "absent"


def test_two_who_tick_on_two_phones_do_not_undo_each_other(cast, door, client_of, activity, now):
    rows = list(activity.sign_ups.order_by("pk"))
    seen = ",".join(f"{row.pk}-confirmed" for row in rows)
    door.post(page("people", activity.pk), {"seen": seen, "here": [rows[0].pk]})
    client_of(cast.officer).post(page("people", activity.pk), {"seen": seen, "here": [rows[1].pk]})
    assert names(activity, "attended") == ["金丝雀同伴", "金丝雀来宾"]


def test_a_stale_page_is_told_and_its_ticks_stay(cast, door, activity, now):
    rows = list(activity.sign_ups.order_by("pk"))
    signup.leave(rows[0], by=cast.officer)
    answer = door.post(page("people", activity.pk), {"seen": ",".join(f"{row.pk}-confirmed" for row in rows),
                                                     "here": [row.pk for row in rows]})  # fmt: skip
    assert answer.status_code == 409
    assert "金丝雀来宾 刚刚有人改成“已取消”" in answer.text
    assert names(activity, "attended") == []
    assert re.search(rf'value="{rows[1].pk}" checked', answer.text)


@pytest.mark.parametrize("sent", [{"seen": "x-confirmed", "here": "x"}, {"seen": "9" * 30, "here": "9" * 30},
                                  {"seen": "-1-confirmed"}, {"seen": "1-nonsense", "here": "１"}])  # fmt: skip
def test_nonsense_ticks_nobody(door, activity, now, sent):
    before = statuses()
    assert door.post(page("people", activity.pk), sent).status_code == 302
    assert statuses() == before


def test_ticks_for_somebody_elses_activity_are_not_taken(cast, door, activity, now):
    foreign = cast.bookings["elsewhere"].sign_ups.first()
    door.post(page("people", activity.pk), {"seen": f"{foreign.pk}-confirmed", "here": foreign.pk})
    foreign.refresh_from_db()
    assert foreign.status == "confirmed"


def test_who_just_comes_is_one_line_and_can_be_struck_out(cast, door, activity, now):
    answer = door.post(page("walk_in", activity.pk), {"name": " 张 伟 ", "telephone": "１９９ 0000 0001"}, follow=True)
    assert "记下了：张 伟" in answer.text
    row = activity.sign_ups.get(walk_in=True)
    strike = page("strike_out", activity.pk, row.pk)
    assert door.get(strike).status_code == 200
    assert names(activity, "attended") == ["张 伟"]
    door.post(strike)
    assert names(activity, "cancelled") == ["张 伟"]
    again = door.post(strike, follow=True).text
    assert "只有临时来的才能删去" in again
    booked = activity.sign_ups.filter(walk_in=False).first()
    assert door.post(page("strike_out", activity.pk, booked.pk)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"name": "", "telephone": "19900000001"}, 409, "请写来的人的姓名"),
        ({"name": "\u200b", "telephone": ""}, 409, "请写来的人的姓名"),
        ({"name": "长" * 41, "telephone": ""}, 409, "40个字以内"),
        ({"name": "张伟", "telephone": "123"}, 409, "看着不对"),
        ({"name": "金丝雀来宾", "telephone": BOOKED["here"]}, 409, "已经在名单上了"),
    ],
)
def test_a_wrong_line_comes_back_with_what_was_typed(door, activity, now, sent, status, said):
    answer = door.post(page("walk_in", activity.pk), sent)
    assert (answer.status_code, activity.sign_ups.filter(walk_in=True).count()) == (status, 0)
    assert said in answer.text
    assert f'value="{sent["telephone"]}"' in answer.text


def fields(client, address, **sent):
    """What the form of this page would send, with what is given filled in; a person took a while."""
    text = client.get(address).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    return hidden | sent


def test_somebody_who_rings_is_signed_up_and_hears_the_code(cast, door, activity):
    address = page("sign_up_caller", activity.pk)
    sent = fields(
        door, address, name="张伟", others="李梅", telephone="19900000001", consent="on", email="a@example.cn"
    )
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answers = [door.post(address, sent, follow=True) for _ in range(2)]
    booking = Booking.objects.get(taken_by=cast.organiser)  # a double tap is one booking
    assert f"报名码 {booking.code[:4]} {booking.code[4:]}" in answers[0].text
    assert (booking.email, booking.sign_ups.count(), booking.consent_version != "") == ("a@example.cn", 2, True)


def test_who_is_there_already_is_told_and_nothing_is_lost(door, activity):
    address = page("sign_up_caller", activity.pk)
    sent = fields(door, address, name="金丝雀来宾", telephone=BOOKED["here"], consent="on", note="记着这一句")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answer = door.post(address, sent)
    assert answer.status_code == 409
    assert "已经报过名了" in answer.text
    assert "记着这一句" in answer.text


def test_a_place_is_given_back_for_a_caller_and_the_next_moves_up(cast, door, activity):
    Activity.objects.filter(pk=activity.pk).update(capacity=2)
    signup.join(activity, names=["张伟"], telephone="19900000001")
    row = activity.sign_ups.get(name="金丝雀来宾")
    address = page("leave_for", activity.pk, row.pk)
    assert "取消好了" in door.post(address, {"reason": "来电话说有事"}, follow=True).text
    assert names(activity, "confirmed") == ["张伟", "金丝雀同伴"]
    row.refresh_from_db()
    assert row.cancelled_by == "organiser"
    again = door.post(address, {})
    assert (again.status_code, "不用再取消" in again.text) == (409, True)


def test_a_seat_is_offered_late_out_of_turn_only_with_a_reason(cast, door, activity):
    Activity.objects.filter(pk=activity.pk).update(capacity=3)
    signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    signup.join(activity, names=["丙"], telephone="19900000002")
    row = activity.sign_ups.get(name="丙")
    address = page("offer", activity.pk, row.pk)
    assert "自动补上" in door.post(address, {"reason": "丙先打了电话来"}).text  # too early
    let_begin(60, activity)
    assert "请写明原因" in door.post(address, {"reason": ""}).text
    assert "补上了：丙" in door.post(address, {"reason": "丙先打了电话来"}, follow=True).text
    assert "丙" in names(activity, "confirmed")
    assert Event.objects.get(event="offer_late").reason == "丙先打了电话来"
