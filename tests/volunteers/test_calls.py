"""What has to be told about orders: rung up from a list with a reason and ticked off once, or sent by text message."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from branches import texting
from branches.models import AuditEntry
from tests.volunteers.desk import DESK, TELEPHONES, ask_for_help
from tests.volunteers.errands import done, in_days
from volunteers import dispatching, ordering, sending
from volunteers.desk_forms import READY
from volunteers.models import Assignment, Message, ServiceOrder
from volunteers.open_contact import OPEN_SECONDS

pytestmark = pytest.mark.django_db
CALLS, OPEN = f"{DESK}calls/", f"{DESK}calls/open/"
WHY = {"ready": READY[0]}


class Gateway:
    """A gateway that keeps what it was given, or refuses it."""

    sent, broken = [], False

    def send(self, telephone, text):
        if Gateway.broken:
            raise OSError("no line")
        Gateway.sent.append((telephone, text))


@pytest.fixture
def desk(cast, client_of):
    return client_of(cast.secretary)


@pytest.fixture
def person(cast):
    return cast.volunteers["here"]


@pytest.fixture
def told(cast, person):
    """Two calls to make here, to a volunteer and to a resident, and one next door."""
    offered = ask_for_help(cast, "here")
    dispatching.offer(offered, person, visit_at=in_days(), by=cast.officer)
    for area in ("here", "next_door"):
        turned_down = ask_for_help(cast, area)
        ordering.reject(turned_down, by=cast.officer, reason="要找燃气公司")


@pytest.fixture
def gateway(settings):
    settings.SMS_GATEWAY = "tests.volunteers.test_calls.Gateway"
    Gateway.sent, Gateway.broken = [], False
    return Gateway


def keys(text):
    return re.findall(r'name="told" value="([\d-]+)"', text)


def test_both_are_listed_masked_with_what_to_say(cast, desk, told, person):
    text = desk.get(CALLS).text
    assert len(keys(text)) == 2
    assert "199****4101" in text
    assert "想请您去" in text
    assert "我们办不了" in text
    secrets = (TELEPHONES["here"], person.telephone, person.name, "金丝雀大娘")
    assert [secret for secret in secrets if secret in text] == []
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_telephones_open_with_a_reason_for_half_an_hour(desk, told, person):
    assert "请选一个原因" in desk.post(OPEN, {}).text
    assert "至少5个字" in desk.post(OPEN, {"reason": "看看"}).text
    text = desk.post(OPEN, WHY, follow=True).text
    assert TELEPHONES["here"] in text
    assert person.telephone in text
    assert TELEPHONES["next_door"] not in text
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.actor, entry.reason, entry.data["volunteers"]) == ("secretary", READY[0], [person.pk])
    start = timezone.now()
    for seconds, is_open in ((OPEN_SECONDS - 60, True), (OPEN_SECONDS + 1, False)):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            assert (TELEPHONES["here"] in desk.get(CALLS).text) is is_open


def test_what_came_since_is_masked_until_it_is_asked_for(cast, desk, told):
    desk.post(OPEN, WHY)
    later = ask_for_help(cast, "here", telephone="19900006666")
    ordering.reject(later, by=cast.officer, reason="要找燃气公司")
    text = desk.get(CALLS).text
    assert TELEPHONES["here"] in text
    assert "19900006666" not in text
    assert "199****6666" in text


def test_a_call_is_ticked_off_once(cast, desk, told):
    first, second = keys(desk.get(CALLS).text)
    assert "打了1个电话" in desk.post(CALLS, {"told": first}, follow=True).text
    message = Message.objects.get(pk=first)
    assert (message.status, message.done_by) == ("told", cast.secretary)
    assert keys(desk.get(CALLS).text) == [second]
    before = message.done_at
    desk.post(CALLS, {"told": first})
    assert Message.objects.get(pk=first).done_at == before
    assert "没有打勾的" in desk.post(CALLS, {}, follow=True).text


def test_what_is_not_needed_any_more_is_told(desk, told, person):
    first = keys(desk.get(CALLS).text)[0]
    dispatching.decline(Assignment.objects.get(), by=person)
    assert "不用通知了" in desk.post(CALLS, {"told": first}, follow=True).text
    assert Message.objects.get(pk=first).status == "void"


def test_nobody_ticks_off_next_doors_or_what_is_no_number(cast, client_of, desk, told):
    foreign = Message.objects.get(order__division=cast.communities["next_door"])
    for odd in (str(foreign.pk), "x", "1-", "9" * 30, "-1"):
        assert "没有打勾的" in desk.post(CALLS, {"told": odd}, follow=True).text
    foreign.refresh_from_db()
    assert foreign.status == "waiting"
    assert client_of(cast.street_officer).get(CALLS).status_code == 403


def test_two_things_for_one_telephone_are_one_call(cast, desk, told):
    again = ask_for_help(cast, "here")
    ordering.reject(again, by=cast.officer, reason="要找燃气公司")
    assert len(keys(desk.get(CALLS).text)) == 2


# --- text messages
def test_with_a_gateway_they_are_sent_once_and_nobody_rings(gateway, settings, told, person, desk):
    settings.SITE_ADDRESS = "https://example.org"
    assert sending.send() == (3, 0)
    assert sending.send() == (0, 0)
    assert {telephone for telephone, _ in gateway.sent} == {
        person.telephone, TELEPHONES["here"], TELEPHONES["next_door"],
    }  # fmt: skip
    text = dict(gateway.sent)[person.telephone]
    assert text.startswith(f"【{settings.SITE_NAME}】有一件事想请您去")
    assert text.endswith("https://example.org/volunteer/")
    assert not [words for _, words in gateway.sent if "金丝雀" in words or "199" in words]
    assert keys(desk.get(CALLS).text) == []


def test_what_fails_three_times_is_for_a_person_to_ring(gateway, told, desk, caplog):
    gateway.broken = True
    for failed in (3, 3, 3, 0):
        assert sending.send() == (0, failed)
    assert len(keys(desk.get(CALLS).text)) == 2
    assert TELEPHONES["here"] not in caplog.text


def test_what_is_in_somebody_elses_hands_is_left_to_them(gateway, told):
    Message.objects.update(held_until=timezone.now() + texting.HELD)
    assert sending.send() == (0, 0)
    assert sending.send(now=timezone.now() + 2 * texting.HELD) == (3, 0)


# --- the timer
def test_the_timer_does_what_time_asks_and_twice_is_as_once(cast, gateway, capsys):
    person = cast.volunteers["here"]
    late, silent = ask_for_help(cast, "here"), ask_for_help(cast, "here")
    done(silent, person, visit_at=in_days(3))
    dispatching.offer(late, person, visit_at=in_days(9), by=cast.officer)
    with time_machine.travel(timezone.now() + timedelta(days=7, hours=1)):
        call_command("dispatch_orders")
        rows = ServiceOrder.objects.filter(pk__in=(late.pk, silent.pk)).order_by("pk")
        after = list(rows.values_list("status", "version", "rating"))
        call_command("dispatch_orders")
        assert list(rows.values_list("status", "version", "rating")) == after
    assert [status for status, _, _ in after] == ["submitted", "closed"]
    assert after[1][2] == "none"
    assert "过了回话时间的：1" in capsys.readouterr().out


def test_a_forged_tick_of_very_many_is_no_tick(desk, told):
    key = "-".join(map(str, range(1, 300_000)))
    assert desk.post(CALLS, {"told": key}).status_code == 302
    assert Message.objects.waiting().count() == 3
