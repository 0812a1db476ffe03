"""The forms at the door: nothing hurries somebody who takes a call, photographs are asked about first, no form for
what is called off.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from activities import publishing
from activities.models import Booking, Recap
from tests.activities.test_recaps import picture
from tests.activities.town import make_activity


def hidden(text):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


# --- callers
@pytest.mark.parametrize("wait", [timedelta(0), timedelta(hours=3)])
def test_whoever_takes_a_call_may_be_quick_and_may_be_slow(cast, door, settings, wait):
    settings.SESSION_IDLE_MINUTES = 600  # another page was open meanwhile
    address = reverse("activities:sign_up_caller", args=[cast.activities["here"].pk])
    text = door.get(address).text
    assert 'name="website"' not in text
    sent = hidden(text) | {"name": "张伟", "telephone": "19900000001", "consent": "on"}
    with time_machine.travel(timezone.now() + wait):
        assert door.post(address, sent).status_code == 302
        assert door.post(address, sent).status_code == 302
    assert Booking.objects.filter(taken_by=cast.organiser).count() == 1  # a double tap


def test_any_number_of_calls_may_be_taken(cast, door):
    address = reverse("activities:sign_up_caller", args=[cast.activities["here"].pk])
    for number in range(25):
        sent = hidden(door.get(address).text) | {"name": f"甲{number}", "telephone": "19900000001", "consent": "on"}
        assert door.post(address, sent).status_code == 302


# --- the recap
@pytest.fixture
def over(cast):
    return make_activity(cast.homes["here"], starts_in=timedelta(days=-1), status="finished")


def test_consent_is_asked_before_the_photographs(door, over):
    text = door.get(reverse("activities:recap", args=[over.pk])).text
    assert text.index('name="consent"') < text.index('name="photo_1"')
    fields = re.findall(r'<input type="file"[^>]*>', text)
    assert len(fields) == 3
    assert all("govuk-file-upload" in field for field in fields)


def test_a_photograph_without_consent_is_still_refused(cast, door, over):
    sent = {"words": "大家都来了", "others": "0", "photo_1": picture(cast), "alt_1": "大家围着桌子"}
    answer = door.post(reverse("activities:recap", args=[over.pk]), sent)
    assert "同意了再勾上" in answer.text
    assert not Recap.objects.filter(activity=over).exists()


# --- called off
@pytest.fixture
def called_off(cast):
    activity = cast.activities["here"]
    publishing.cancel(activity, by=cast.officer, reason="下大雨")
    activity.refresh_from_db()
    return activity


def test_what_is_called_off_has_no_seats_and_closes_at_no_moment(door, called_off):
    for name in ("desk_activity", "people"):
        text = door.get(reverse(f"activities:{name}", args=[called_off.pk])).text
        main = re.sub(r"<[^>]+>", "", text[text.index("<main") :])
        assert "名额" not in main
        assert "截止" not in main
        assert "取消了" in main


@pytest.mark.parametrize("status", ["cancelled", "finished"])
@pytest.mark.parametrize("name", ["desk_reschedule", "desk_seats"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_over_has_no_form_to_move_it(cast, door, status, name, method):
    activity = make_activity(cast.homes["here"], starts_in=timedelta(days=-1), status=status, note="下大雨")
    before = activity.history.count()
    answer = getattr(door, method)(reverse(f"activities:{name}", args=[activity.pk]))
    main = answer.text[answer.text.index("<main") :]
    assert answer.status_code == 409
    assert {"cancelled": "已经取消了", "finished": "已经结束了"}[status] in main
    assert "<form" not in main
    assert activity.history.count() == before
