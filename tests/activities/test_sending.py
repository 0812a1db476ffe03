"""What leaves by itself: reminders once, one e-mail or text message a booking, and marked only once it was taken."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from activities import outbox, publishing, sending, signup
from activities.models import Activity, Booking, Message
from branches.models import Branch, User
from branches.texting import HELD
from tests.activities.town import make_activity, make_town

pytestmark = pytest.mark.django_db
TEXTED = []  # (telephone, text) of every text message


class Gateway:
    """Takes everything."""

    def send(self, telephone, text):
        TEXTED.append((telephone, text))


class Broken:
    def send(self, telephone, text):
        raise ConnectionError(f"no way to {telephone}")


class PowerCutError(Exception):
    """The machine stops here."""


def cut(*_args, **_kwargs):
    raise PowerCutError


@pytest.fixture(autouse=True)
def no_texts():
    TEXTED.clear()


@pytest.fixture
def by():
    return User.objects.create_user("by")


@pytest.fixture
def activity():
    return make_activity(make_town(), capacity=2, starts_in=timedelta(hours=20), bring="茶杯")


@pytest.fixture
def mailing(settings):
    settings.SENDS_EMAIL = True


@pytest.fixture
def texting(settings):
    settings.SMS_GATEWAY = "tests.activities.test_sending.Gateway"


def long_ago():
    """Everybody has signed up before the hour of reminding."""
    Booking.objects.update(created_at=timezone.now() - timedelta(days=30))


def remind(**given):
    long_ago()
    return sending.remind(**given)


def reminders():
    return Message.objects.filter(kind="reminder")


# --- reminders
def test_everybody_with_a_seat_is_reminded_once(activity):
    signup.join(activity, names=["甲", "乙"], telephone="19900000001")
    signup.join(activity, names=["丙"], telephone="19900000002")  # waits
    assert [remind(), sending.remind()] == [2, 0]
    assert sorted(reminders().values_list("sign_up__name", flat=True)) == ["乙", "甲"]
    assert "请带：茶杯" in reminders().first().words


@pytest.mark.parametrize(
    ("before", "count"),
    [(timedelta(hours=24, minutes=1), 0), (timedelta(hours=24), 1), (timedelta(minutes=1), 1), (timedelta(0), 0)],
)
def test_the_hour_of_reminding_is_that_of_the_activity(activity, before, count):
    signup.join(activity, names=["甲"], telephone="19900000001")
    assert remind(now=activity.starts_at - before) == count


def test_two_days_before_where_it_says_so_and_never_where_it_says_never(activity):
    for hours in (0, 48):
        each = make_activity(activity.home, starts_in=timedelta(hours=40), remind_hours=hours)
        signup.join(each, names=["甲"], telephone="19900000001")
    assert remind() == 1
    assert reminders().get().sign_up.activity.remind_hours == 48


@pytest.mark.parametrize("status", ["draft", "pending", "cancelled", "finished"])
def test_nobody_is_reminded_of_what_is_not_on(activity, status):
    signup.join(activity, names=["甲"], telephone="19900000001")
    Activity.objects.update(status=status, note="原因")
    assert remind() == 0


def test_nobody_who_left_is_reminded_and_nobody_of_what_was_called_off(activity, by):
    signup.leave(signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get())
    signup.join(activity, names=["乙"], telephone="19900000002")
    remind()
    publishing.cancel(activity, by=by, reason="下雨")
    assert remind() == 0
    assert list(Message.objects.waiting().values_list("kind", "sign_up__name")) == [("cancelled", "乙")]


def test_another_time_is_reminded_of_anew_unless_it_was_only_just_told(activity, by):
    signup.join(activity, names=["甲"], telephone="19900000001")
    remind()
    later = timedelta(days=3)
    publishing.reschedule(activity, by=by, starts_at=activity.starts_at + later, ends_at=activity.ends_at + later)
    activity.refresh_from_db()
    assert remind() == 0
    assert remind(now=activity.starts_at - timedelta(hours=24)) == 1
    soon = timezone.now() + timedelta(hours=10)
    publishing.reschedule(activity, by=by, starts_at=soon, ends_at=soon + timedelta(hours=1))
    assert remind() == 0  # told of it in this very hour


def test_walk_ins_and_those_without_a_booking_are_not_reminded(activity, by):
    activity.sign_ups.create(name="甲", status="confirmed")
    assert remind() == 0


# --- e-mail and text messages
def join(activity, number=1, **about):
    return signup.join(activity, names=["金丝雀", "画眉鸟"], telephone=f"1990000000{number}", **about)


def test_one_email_a_booking_and_then_no_more(activity, mailing):
    join(activity, email="a@example.cn")
    remind()
    assert [sending.send(), sending.send()] == [(1, 0), (0, 0)]
    (letter,) = mail.outbox
    assert letter.to == ["a@example.cn"]
    assert letter.subject == "美在金秋：提醒"
    assert "请带：茶杯" in letter.body
    assert "2位" in letter.body
    assert not any(word in letter.subject + letter.body for word in ("金丝雀", "画眉鸟", "199000"))
    assert set(Message.objects.values_list("status", "channel")) == {("sent", "email")}
    assert Message.history.filter(status="sent").count() == 2


def test_one_text_message_a_booking(activity, texting):
    join(activity)
    remind()
    assert sending.send() == (1, 0)
    assert sending.send() == (0, 0)
    ((telephone, text),) = TEXTED
    assert telephone == "19900000001"
    assert text.startswith("【美在金秋】提醒您：“合唱班”")


def test_without_a_mail_server_and_a_gateway_people_ring(activity):
    join(activity, email="a@example.cn")
    remind()
    assert sending.send() == (0, 0)
    assert Message.objects.to_ring().count() == 2


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_what_fails_three_times_is_for_a_person_to_ring(activity, settings, channel, monkeypatch, caplog):
    settings.SENDS_EMAIL = channel == "email"
    settings.SMS_GATEWAY = "tests.activities.test_sending.Broken"
    monkeypatch.setattr("django.core.mail.EmailMessage.send", Broken.send)
    join(activity, email="a@example.cn" if channel == "email" else "")
    remind()
    assert [sending.send() for _ in range(4)] == [(0, 1), (0, 1), (0, 1), (0, 0)]
    assert set(Message.objects.values_list("channel", "tries", "status")) == {("telephone", 3, "waiting")}
    assert len(outbox.calls(Message.objects.to_ring())) == 1
    assert "19900000001" not in caplog.text
    assert "a@example.cn" not in caplog.text


def test_what_fails_once_is_tried_again(activity, settings):
    settings.SMS_GATEWAY = "tests.activities.test_sending.Broken"
    join(activity)
    remind()
    assert sending.send() == (0, 1)
    settings.SMS_GATEWAY = "tests.activities.test_sending.Gateway"
    assert sending.send() == (1, 0)
    assert len(TEXTED) == 1


def test_what_is_over_leaves_no_more(activity, texting):
    join(activity)
    remind()
    assert sending.send(now=activity.ends_at) == (0, 0)
    assert TEXTED == []
    assert set(Message.objects.values_list("status", flat=True)) == {"void"}


def test_one_that_fails_holds_no_other_back(activity, settings, texting):
    settings.SENDS_EMAIL = True
    join(activity, email="not an address\nBcc: x@example.cn")
    other = make_activity(activity.home, starts_in=timedelta(hours=10))
    signup.join(other, names=["丙"], telephone="19900000002")
    remind()
    assert sending.send() == (1, 1)
    assert [telephone for telephone, _ in TEXTED] == ["19900000002"]


def test_a_channel_that_is_no_more_becomes_a_call(activity, texting, settings):
    join(activity)
    remind()
    settings.SMS_GATEWAY = ""
    for _ in range(3):
        sending.send()
    assert Message.objects.to_ring().count() == 2


def test_a_stop_between_commit_and_sending_loses_nothing(activity, texting):
    join(activity)
    remind()  # committed; and then the machine stops
    assert TEXTED == []
    assert sending.send() == (1, 0)
    assert len(TEXTED) == 1


def test_a_stop_between_sending_and_commit_sends_once_more_and_not_before_it_is_let_go(activity, mailing, monkeypatch):
    join(activity, email="a@example.cn")
    remind()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_settle", cut)
        with pytest.raises(PowerCutError):
            sending.send()
    assert len(mail.outbox) == 1
    assert sending.send() == (0, 0)  # still in the hands of the one that stopped
    assert sending.send(now=timezone.now() + HELD) == (1, 0)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert sending.send(now=timezone.now() + 2 * HELD) == (0, 0)


def test_two_senders_at_once_send_it_once(activity, texting, monkeypatch):
    join(activity)
    remind()

    class Meanwhile(Gateway):
        def send(self, telephone, text):
            assert sending.send() == (0, 0)
            super().send(telephone, text)

    monkeypatch.setattr("branches.texting.gateway", Meanwhile)
    assert sending.send() == (1, 0)
    assert len(TEXTED) == 1


def test_what_another_sender_has_sent_meanwhile_is_not_sent_again(activity, texting, monkeypatch):
    for number, each in enumerate((activity, make_activity(activity.home, starts_in=timedelta(hours=10)))):
        join(each, number)
    remind()

    class Meanwhile(Gateway):
        def send(self, telephone, text):
            super().send(telephone, text)
            sending.send()

    monkeypatch.setattr("branches.texting.gateway", Meanwhile)
    sending.send()
    assert sorted(telephone for telephone, _ in TEXTED) == ["19900000000", "19900000001"]


def test_who_leaves_while_it_is_on_its_way_stays_silenced(activity, texting, monkeypatch):
    row = signup.join(activity, names=["甲"], telephone="19900000001").sign_ups.get()
    remind()

    class Meanwhile(Gateway):
        def send(self, telephone, text):
            signup.leave(row)

    monkeypatch.setattr("branches.texting.gateway", Meanwhile)
    sending.send()
    assert Message.objects.get().status == "void"


# --- the command
def tell():
    long_ago()
    out = StringIO()
    call_command("tell", stdout=out)
    return out.getvalue().splitlines()


def test_the_timer_does_all_of_it_and_twice_is_as_once(activity, texting, by):
    join(activity)
    over = make_activity(activity.home, starts_in=timedelta(hours=-3))
    waiting = make_activity(activity.home, status="draft", starts_in=timedelta(days=5))
    Activity.objects.filter(pk=waiting.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    assert tell() == ["发布：1", "结束：1", "新的提醒：2", "发出、没发出去：1、0"]
    assert tell() == ["发布：0", "结束：0", "新的提醒：0", "发出、没发出去：0、0"]
    over.refresh_from_db()
    assert over.status == "finished"


def test_what_cannot_be_published_keeps_nothing_else_back(activity, texting, by):
    join(activity)
    stuck = make_activity(activity.home, status="draft", starts_in=timedelta(days=5))
    Activity.objects.filter(pk=stuck.pk).update(
        publish_at=timezone.now() - timedelta(minutes=1),
        home=None,
        branch=Branch.objects.create(name="支部", slug="b", division=stuck.division),
        place="",
    )
    other = make_activity(activity.home, status="draft", starts_in=timedelta(days=5))
    Activity.objects.filter(pk=other.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(CommandError, match="发布：“合唱班”还没有写在哪里"):
        tell()
    assert len(TEXTED) == 1
    assert Activity.objects.get(pk=other.pk).status == "published"
