"""The desk's pages at the door: whose they are, ticks and walk-ins, check-in, calls, paper, what is brought home."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from activities import attendance, deliveries, outbox, publishing, signup
from activities.models import Activity, Booking, HomeDelivery, Message, SignUp
from activities.scanning import booking_of, scan_address
from branches.models import AuditEntry, CareVisit, Event
from branches.transitions import IllegalTransition
from tests.activities.town import make_activity
from tests.cast import AREAS, BOOKED, CANARIES, make_user
from tests.whole_site.addresses import routes

KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b111"
AT_THE_DOOR = {"officer", "next_door_officer", "elsewhere_officer", "secretary", "next_door_secretary", "organiser",
               "technician"}  # fmt: skip
CARERS = AT_THE_DOOR - {"organiser"}
PEOPLE = sorted(AT_THE_DOOR | {"street_officer", "district_officer", "auditor"})
# {name: who may read it in their own area}; about an activity, a sign-up, a delivery
OF_ACTIVITY = dict.fromkeys(("people", "sign_up_caller", "paper", "paper_full", "check_in", "calls_of", "calls_paper"),
                            AT_THE_DOOR)  # fmt: skip
OF_SIGN_UP = dict.fromkeys(("leave_for", "offer"), AT_THE_DOOR)
POSTED = ("walk_in", "calls_open")
POSTING = AT_THE_DOOR | {"street_officer", "district_officer"}  # who may edit a recap
TRIED = {*OF_ACTIVITY, *OF_SIGN_UP, *POSTED, "strike_out", "recap", "put_away", "deliver", "delivered", "scan", "calls",
         "deliveries"}  # fmt: skip
MODULES = {f"activities.views.{name}" for name in ("door", "check_in", "paper", "calls", "recap", "deliveries")}


@pytest.fixture
def door(cast, client_of):
    """The organiser's browser."""
    return client_of(cast.organiser)


@pytest.fixture
def activity(cast):
    """The activity here, in which two have a seat: tomorrow."""
    return cast.activities["here"]


def begins_in(minutes, *activities):
    """Let them begin in so many minutes: whoever is logged in stays logged in."""
    starts_at = timezone.now() + timedelta(minutes=minutes)
    for each in activities:
        Activity.objects.filter(pk=each.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90))
        each.refresh_from_db()


@pytest.fixture
def now(cast):
    """Half an hour before the activities of all areas."""
    begins_in(30, *cast.activities.values())


def page(name, *args):
    return reverse(f"activities:{name}", args=args)


def names(activity, status):
    return sorted(activity.sign_ups.filter(status=status).values_list("name", flat=True))


def statuses():
    return list(SignUp.objects.order_by("pk").values_list("pk", "status"))


# --- whose it is
def test_every_page_of_the_door_is_tried_here():
    own = [route for route in routes() if route.view.__module__ in MODULES and route.route.startswith("desk/")]
    assert {route.name for route in own} == TRIED


def addresses(cast, area):
    """(name, address, who may read it) of every page about what goes on in this area."""
    activity, row = cast.activities[area], cast.bookings[area].sign_ups.first()
    yield from ((name, page(name, activity.pk), who) for name, who in OF_ACTIVITY.items())
    yield from ((name, page(name, activity.pk, row.pk), who) for name, who in OF_SIGN_UP.items())
    yield "recap", page("recap", activity.pk), POSTING
    yield "deliver", page("deliver", activity.pk), CARERS


@pytest.mark.parametrize("person", PEOPLE)
def test_a_page_opens_in_ones_own_area_alone(cast, client_of, person):
    client, wrong = client_of(cast.people[person]), {}
    for area in AREAS:
        for name, address, who in addresses(cast, area):
            may = person in who and area in cast.areas_of(person)
            status = client.get(address).status_code
            if status not in ((200,) if may else (403, 404)):
                wrong[name, area] = status
    assert wrong == {}


@pytest.mark.parametrize("person", PEOPLE)
def test_posting_in_another_area_changes_and_tells_nothing(cast, client_of, person):
    client, wrong, before = client_of(cast.people[person]), {}, statuses()
    sent = {
        "reason": "试一试可不可以",
        "name": "甲",
        "telephone": "19900009999",
        "consent": "on",
        "words": "好",
        "others": "0",
    }
    for area in AREAS:
        row = cast.bookings[area].sign_ups.first()
        every = [
            *addresses(cast, area),
            *((name, page(name, cast.activities[area].pk), AT_THE_DOOR) for name in POSTED),
        ]
        for name, address, who in every:
            if person in who and area in cast.areas_of(person):
                continue
            extra = {"seen": f"{row.pk}-confirmed", "here": row.pk, "code": cast.bookings[area].code}
            answer = client.post(address, sent | extra)
            told = CANARIES[area] in answer.text or BOOKED[area] in answer.text
            if answer.status_code not in (403, 404, 405) or told:
                wrong[name, area] = answer.status_code
    assert wrong == {}
    assert statuses() == before
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_a_visitor_is_led_to_the_log_in_page(cast, client, activity):
    scanned = scan_address(cast.bookings["here"])
    for address in [*(each[1] for each in addresses(cast, "here")), page("calls"), page("deliveries"), scanned]:
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


def test_no_page_of_the_door_is_kept_anywhere(cast, client_of):
    client = client_of(cast.officer)
    every = [*(each[1] for each in addresses(cast, "here")), page("calls"), page("deliveries")]
    for address in every:
        answer = client.get(address)
        assert answer.status_code == 200
        assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(",")), address


def test_reading_changes_nothing(cast, client_of, now):
    client, before = client_of(cast.officer), statuses()
    for _name, address, _who in addresses(cast, "here"):
        client.get(address)
    client.get(scan_address(cast.bookings["here"]))
    assert statuses() == before
    assert not HomeDelivery.objects.exists()
    assert not AuditEntry.objects.filter(action="reveal").exists()


@pytest.mark.parametrize("status", ["draft", "pending"])
def test_what_is_not_published_has_no_door(cast, door, activity, status):
    Activity.objects.filter(pk=activity.pk).update(status=status)
    assert door.get(page("people", activity.pk)).status_code == 404


# --- who is coming
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


# --- walk-ins
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


# --- for callers
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
    begins_in(60, activity)
    assert "请写明原因" in door.post(address, {"reason": ""}).text
    assert "补上了：丙" in door.post(address, {"reason": "丙先打了电话来"}, follow=True).text
    assert "丙" in names(activity, "confirmed")
    assert Event.objects.get(event="offer_late").reason == "丙先打了电话来"


# --- check-in
def test_a_code_checks_everybody_of_the_booking_in(cast, door, activity, now):
    code = cast.bookings["here"].code
    answer = door.post(page("check_in", activity.pk), {"code": f" {code[:4]} {code[4:]} "}, follow=True)
    assert "签到好了：金丝雀来宾、金丝雀同伴" in answer.text
    assert len(names(activity, "attended")) == 2
    assert "已经签过到了" in door.post(page("check_in", activity.pk), {"code": code}, follow=True).text


def test_a_code_in_full_width_digits_is_the_same_code(cast, door, activity, now):
    code = cast.bookings["here"].code
    wide = "".join(chr(ord(each) + 0xFEE0) for each in f"{code[:4]}-{code[4:]}")
    assert "签到好了" in door.post(page("check_in", activity.pk), {"code": wide}, follow=True).text
    assert len(names(activity, "attended")) == 2


@pytest.mark.parametrize("code", ["", "12", "x" * 30, "00000000"])
def test_a_wrong_code_is_told_and_stays(door, activity, now, code):
    answer = door.post(page("check_in", activity.pk), {"code": code})
    assert answer.status_code in (200, 409)
    assert "<title>错误：" in answer.text
    assert f'value="{code}"' in answer.text or not code


def test_too_early_is_told(cast, door, activity):
    answer = door.post(page("check_in", activity.pk), {"code": cast.bookings["here"].code})
    assert (answer.status_code, "现在不能签到" in answer.text) == (409, True)


def test_what_the_qr_code_holds_is_no_name_no_telephone_and_no_code(cast):
    booking = cast.bookings["here"]
    address = scan_address(booking)
    assert not any(text in address for text in (booking.code, booking.telephone, booking.telephone[-4:], "金丝雀"))
    assert booking_of(address.split("/")[3]) == booking
    for forged in (f"{booking.pk}", f"{booking.pk}:x", f"{booking.pk + 1}:{address.split(':')[1].strip('/')}", "x"):
        assert booking_of(forged) is None


def test_a_scanned_code_asks_first_and_then_checks_in(cast, door, activity, now):
    address = scan_address(cast.bookings["here"])
    text = door.get(address).text
    assert "金丝雀来宾" in text
    assert names(activity, "attended") == []
    assert "签到好了" in door.post(address, {"activity": activity.pk}, follow=True).text
    assert len(names(activity, "attended")) == 2


def test_a_scanned_code_of_another_area_tells_nothing(cast, door, client_of, activity, now):
    address = scan_address(cast.bookings["elsewhere"])
    text = door.get(address).text
    assert "啄木鸟" not in text
    assert "没有您管的" in text
    door.post(address, {"activity": cast.activities["elsewhere"].pk})
    assert names(cast.activities["elsewhere"], "attended") == []
    assert door.get("/desk/check-in/x:y/").status_code == 404


def test_residents_check_themselves_in_where_the_poster_leads(cast, client, activity, now):
    assert f"/activities/{activity.pk}/here/" in client.get(activity.get_absolute_url()).text
    address = page("here", activity.pk)
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"code": cast.bookings["here"].code, "last_four": "0000"})
    assert "没有找到" in wrong.text
    assert names(activity, "attended") == []
    right = {"code": cast.bookings["here"].code, "last_four": BOOKED["here"][-4:]}
    assert "签到好了" in client.post(address, right).text
    assert len(names(activity, "attended")) == 2
    assert Event.objects.filter(event="check_in").first().actor_name == "居民"


def test_who_guesses_codes_at_the_poster_has_to_wait(cast, client, activity, now):
    address = page("here", activity.pk)
    answers = [client.post(address, {"code": "12345678", "last_four": "0000"}).status_code for _ in range(8)]
    assert answers[-1] == 429
    assert "400" not in str(set(answers))


def test_a_day_before_nobody_checks_in(cast, client, activity):
    assert page("here", activity.pk) not in client.get(activity.get_absolute_url()).text
    right = {"code": cast.bookings["here"].code, "last_four": BOOKED["here"][-4:]}
    client.post(page("here", activity.pk), right)
    assert names(activity, "attended") == []


# --- paper
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


# --- calls
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


# --- brought home
@pytest.fixture
def over(cast):
    """An activity of the branch here, an hour ago."""
    return make_activity(
        cast.homes["here"], starts_in=timedelta(hours=-3), status="finished", branch=cast.branches["here"]
    )


def test_it_is_planned_brought_and_counted_once(cast, client_of, over):
    desk, member = client_of(cast.secretary), cast.members["here"]
    assert f'value="{member.pk}"' in desk.get(page("deliver", over.pk)).text
    assert desk.post(page("deliver", over.pk), {"members": member.pk}).status_code == 302
    delivery = HomeDelivery.objects.get()
    assert "金* · 金丝雀家园 金丝雀3栋" in desk.get(page("deliveries")).text
    assert "还没送" in desk.get(page("people", over.pk)).text
    visits = CareVisit.objects.count()
    sent = {"kind": "study", "visited_on": timezone.localdate().isoformat(), "key": KEY, "note": "念了一遍"}
    for _ in range(2):  # a double tap
        assert desk.post(page("delivered", delivery.pk), sent).status_code == 302
    delivery.refresh_from_db()
    assert CareVisit.objects.count() == visits + 1
    assert (delivery.visit.kind, delivery.visit.note) == ("study", "念了一遍")
    assert "都送到了" in desk.get(page("deliveries")).text
    assert "送到了" in desk.get(page("people", over.pk)).text
    assert over.title in desk.get(f"/desk/members/{member.pk}/").text
    assert "都安排过了" in desk.get(page("deliver", over.pk)).text


def test_nobody_home_keeps_it_on_the_list(cast, over):
    (delivery,) = deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    deliveries.done(delivery, by=cast.secretary, kind="nobody_home")
    assert list(HomeDelivery.objects.due()) == [delivery]
    deliveries.done(delivery, by=cast.secretary)
    with pytest.raises(IllegalTransition, match="已经送到了"):
        deliveries.done(delivery, by=cast.secretary)
    assert CareVisit.objects.filter(kind="study").count() == 1


def test_only_for_those_who_are_visited_and_only_once_it_began(cast, over):
    with pytest.raises(IllegalTransition, match="开始以后"):
        deliveries.plan(cast.activities["here"], [cast.members["here"]], by=cast.secretary)
    for member in (cast.carers["here"], cast.newcomers["here"]):
        with pytest.raises(IllegalTransition, match="不用上门"):
            deliveries.plan(over, [member], by=cast.secretary)
    assert len(deliveries.plan(over, [cast.members["here"]], by=cast.secretary)) == 1
    assert deliveries.plan(over, [cast.members["here"]], by=cast.secretary) == []


def test_a_member_of_another_area_is_not_offered_and_not_taken(cast, client_of, over):
    desk, foreign = client_of(cast.secretary), cast.members["next_door"]
    assert "画" not in re.sub(r"<[^>]+>", "", desk.get(page("deliver", over.pk)).text.split("<main")[1])
    answer = desk.post(page("deliver", over.pk), {"members": foreign.pk})
    assert "请从名单里选" in answer.text
    assert not HomeDelivery.objects.exists()


def test_who_runs_the_activity_does_not_learn_who_is_brought_what(cast, client_of, over):
    deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    organiser = client_of(cast.organiser)
    assert "送学上门" not in organiser.get(page("people", over.pk)).text.split("<main")[1]
    assert organiser.get(page("deliveries")).status_code == 403
    assert not HomeDelivery.objects.visible_to(cast.organiser).exists()
    assert not HomeDelivery.objects.visible_to(cast.next_door_officer).exists()
    assert not HomeDelivery.objects.visible_to(make_user("nobody")).exists()


def test_deliveries_stand_on_the_desk_of_the_secretary(cast, client_of):
    assert page("deliveries") in client_of(cast.secretary).get("/desk/").text


def test_whatever_is_to_be_told_can_be_rung(cast, activity):
    signup.leave(activity.sign_ups.first())
    publishing.reschedule(activity, by=cast.officer, starts_at=activity.starts_at + timedelta(hours=1),
                          ends_at=activity.ends_at + timedelta(hours=1))  # fmt: skip
    (call,) = outbox.calls(Message.objects.to_ring())
    assert call.people == ["金丝雀同伴"]
