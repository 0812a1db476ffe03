"""Checking in: by the code, by the QR code, and by oneself at the poster."""

import pytest

from activities.scanning import booking_of, scan_address
from branches.models import Event
from tests.activities.door import names, page
from tests.cast import BOOKED


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
