"""A booking as a resident meets it: the code, leaving, a course, looking it up again."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from activities import outbox, signup
from activities.models import Activity, Booking, SignUp
from config.personal import CLOSED
from tests.activities.filling_in import TELEPHONE, clock_ahead, filled, sign_up, text
from tests.activities.town import make_activity, make_course, make_town

pytestmark = pytest.mark.django_db


def test_another_browser_opens_nothing_of_it(client, clock):
    booking_page = sign_up(client, make_activity(make_town()), clock)["Location"]
    row = SignUp.objects.get()
    nobodys = f"/lookup/booking/{Booking.objects.get().pk + 1}/"
    answers = set()
    for start in (booking_page, nobodys):
        for end, method in (("", "get"), ("leave/", "get"), ("leave/", "post"), (f"leave/{row.pk}/", "get"),
                            (f"leave/{row.pk}/", "post"), (f"leave/{row.pk + 1}/", "post")):  # fmt: skip
            stranger = Client()
            answer = getattr(stranger, method)(f"{start}{end}")
            answers.add((answer.status_code, answer["Location"], answer["Cache-Control"], answer.content))
            assert str(CLOSED) in text(stranger.get("/lookup/"))
    assert answers == {(302, "/lookup/", "private, no-store", b"")}  # the same for one that does not exist
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_ones_own_booking_opens_no_other(client, clock):
    activity = make_activity(make_town())
    other = signup.join(activity, names=["别人"], telephone="19900002222")
    mine = sign_up(client, activity, clock)["Location"]
    assert client.get(f"/lookup/booking/{other.pk}/")["Location"] == "/lookup/"
    assert client.post(f"{mine}leave/{other.sign_ups.get().pk}/").status_code == 404
    assert other.sign_ups.get().status == "confirmed"


def test_it_closes_after_half_an_hour(client, clock):
    page = sign_up(client, make_activity(make_town()), clock)["Location"]
    clock.shift(29 * 60)
    assert client.get(page).status_code == 200
    clock.shift(2 * 60)
    assert "<h1>查进度</h1>" in text(client.get(page, follow=True))
    row = SignUp.objects.get()
    late = client.post(f"{page}leave/{row.pk}/", follow=True)
    assert str(CLOSED) in text(late)
    row.refresh_from_db()
    assert row.status == "confirmed"


def test_looking_changes_nothing(client, clock):
    page = sign_up(client, make_activity(make_town()), clock)["Location"]
    before = list(SignUp.objects.values())
    for address in (page, f"{page}leave/{SignUp.objects.get().pk}/", "/lookup/"):
        for method in (client.get, client.head):
            assert method(address).status_code == 200
    assert list(SignUp.objects.values()) == before


def test_nothing_personal_in_addresses_or_caches(client, clock):
    activity = make_activity(make_town())
    response = sign_up(client, activity, clock)
    booking = Booking.objects.get()
    found = client.post("/lookup/", {"code": booking.code, "last_four": TELEPHONE[-4:]})
    for answer in (
        response,
        found,
        client.get(response["Location"]),
        client.get(f"{activity.get_absolute_url()}sign-up/"),
    ):
        assert answer["Cache-Control"] == "private, no-store"
        location = answer.headers.get("Location", "")
        assert booking.code not in location
        assert TELEPHONE[-4:] not in location
    for public in (activity.get_absolute_url(), "/activities/", f"{activity.get_absolute_url()}poster/"):
        page = client.get(public).content.decode()
        assert "张三" not in page
        assert TELEPHONE not in page


def test_leaving_is_asked_first_and_said_afterwards(client, clock):
    page = sign_up(client, make_activity(make_town()), clock, others="李四")["Location"]
    row = SignUp.objects.get(name="李四")
    assert "李四<wbr>不参加了吗？" in text(client.get(f"{page}leave/{row.pk}/"))
    assert SignUp.objects.get(pk=row.pk).status == "confirmed"
    answer = client.post(f"{page}leave/{row.pk}/", follow=True)
    assert "取消好了：李四 不参加" in text(answer)
    assert set(SignUp.objects.values_list("name", "status")) == {("张三", "confirmed"), ("李四", "cancelled")}


def test_a_stale_page_leaves_once(client, clock):
    page = sign_up(client, make_activity(make_town()), clock)["Location"]
    address = f"{page}leave/{SignUp.objects.get().pk}/"
    client.post(address)
    for again in (client.post, client.get):
        answer = again(address, follow=True)
        assert "已经取消过了，不用再取消。" in text(answer)
        assert "<h1>都取消了</h1>" in text(answer)


def test_once_there_is_nothing_to_come_to_no_code_is_to_be_noted_down(client, clock):
    activity = make_activity(make_town())
    page = sign_up(client, activity, clock)["Location"]
    row = SignUp.objects.get()

    def asks_to_keep_it(words):
        shown = text(client.get(page))
        found = [part in shown for part in ("请记下来", 'class="code number"', "data-print", "code-qr")]
        assert set(found) in ({True}, {False})
        assert words in shown
        return found[0], "也可以取消" in shown

    assert asks_to_keep_it("<h1>报上了</h1>") == (True, True)
    clock.move_to(activity.starts_at + timedelta(minutes=5))  # at the door it is needed
    lookup(client, row.booking.code)
    assert asks_to_keep_it("<h1>报上了</h1>") == (True, False)
    clock.move_to(activity.ends_at)
    lookup(client, row.booking.code)
    assert asks_to_keep_it("<h1>已经结束了</h1>") == (False, False)
    Activity.objects.filter(pk=activity.pk).update(starts_at=clock_ahead(1), ends_at=clock_ahead(2))
    client.post(f"{page}leave/{row.pk}/")
    assert asks_to_keep_it("<h1>都取消了</h1>") == (False, False)


def test_a_whole_course_is_one_booking_and_one_session_can_be_left(client, clock):
    course = make_course(make_town())
    address = f"{course.get_absolute_url()}sign-up/"
    page = client.post(address, filled(client, address, clock))["Location"]
    assert SignUp.objects.filter(status="confirmed").count() == 3
    row = SignUp.objects.order_by("activity__starts_at").last()
    client.post(f"{page}leave/{row.pk}/")
    assert SignUp.objects.filter(status="confirmed").count() == 2
    assert "整门课都不上了" in text(client.get(page))
    client.post(f"{page}leave/")
    assert not SignUp.objects.filter(status="confirmed").exists()
    again = client.post(f"{page}leave/", follow=True)
    assert "这门课已经退过了，不用再退。" in text(again)


def test_a_booked_course_says_once_what_is_the_same_each_time(client, clock):
    home = make_town()
    course = make_course(home, sessions=5, bring="水杯", telephone="0731-2222 3333")
    other = course.sessions.last()
    Activity.objects.filter(pk=other.pk).update(place="后院", bring="扇子")
    Activity.objects.filter(pk=course.sessions.first().pk).update(starts_at=clock_ahead(-2), ends_at=clock_ahead(-1))
    address = f"{course.get_absolute_url()}sign-up/"
    page = client.post(address, filled(client, address, clock, others="李四"))["Location"]
    shown = text(client.get(page)).partition("<main")[2]
    for words, times in {"水杯": 1, "0731-2222 3333": 1, "示例之家路1号": 1, "后院": 1, "要带：扇子": 1,
                         "张三这一次不去了": 4, "李四这一次不去了": 4, "后面的4次课": 1}.items():  # fmt: skip
        assert (words, shown.count(words)) == (words, times)
    hours = [outbox.hours(activity) for activity in course.sessions.order_by("starts_at")]
    assert shown.count(hours[1]) == 1
    Activity.objects.filter(pk=other.pk).update(ends_at=other.ends_at + timedelta(minutes=30))
    other.refresh_from_db()
    assert outbox.hours(other) in re.sub("<[^>]+>", "", text(client.get(page)))
    row = SignUp.objects.filter(name="李四").order_by("activity__starts_at").first()
    client.post(f"{page}leave/{row.pk}/")
    shown = text(client.get(page))
    assert "张三已报名，李四已取消" in shown
    assert re.search(r'<a class="govuk-button[^>]+>整门课都不上了', shown)


def test_a_course_without_published_sessions_is_not_there(client):
    course = make_course(make_town(), status="draft")
    for end in ("", "sign-up/", "calendar.ics"):
        assert client.get(f"{course.get_absolute_url()}{end}").status_code == 404


def lookup(client, code, last_four="1111"):
    return client.post("/lookup/", {"code": code, "last_four": last_four})
