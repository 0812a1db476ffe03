"""At the door: nobody of another activity, nobody who left; of calls and of what is brought home one's own alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from activities import attendance, deliveries, outbox, publishing, signup, telephones
from activities.models import Activity, Booking, HomeDelivery, Message
from activities.scanning import booking_of, scan_address
from branches import membership
from branches.models import AuditEntry, CareVisit, Member
from branches.transitions import IllegalTransition
from tests.activities.door import let_begin, page
from tests.activities.town import make_activity
from tests.makers import make_member

KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b222"


@pytest.fixture
def activity(activity):
    """The activity here, in which two have a seat: in half an hour."""
    let_begin(30, activity)
    return activity


@pytest.fixture
def other(cast):
    """Another activity of the home here, tomorrow, with one seat."""
    return make_activity(cast.homes["here"], title="别的讲座", capacity=1)


def join(activity, name, telephone="19900000001", **about):
    return signup.join(activity, names=[name], telephone=telephone, **about).sign_ups.get(activity=activity)


# --- who is coming
@pytest.mark.parametrize("name", ["leave_for", "offer", "strike_out"])
def test_nobody_of_another_activity_is_met_under_ones_own(cast, door, activity, name):
    theirs = cast.activities["elsewhere"]
    foreign = theirs.sign_ups.first()
    if name == "strike_out":
        foreign = attendance.walk_in(theirs, name="丁", by=cast.elsewhere_officer, now=theirs.starts_at)
    before = foreign.status
    address = page(name, activity.pk, foreign.pk)
    assert door.get(address).status_code == 404
    assert door.post(address, {"reason": "来电话说有事"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == before


def test_who_waits_is_not_among_those_who_come_and_masked_too(door, other):
    join(other, "张伟")
    join(other, "安平", "19900000002")
    answer = door.get(page("people", other.pk))
    text = answer.text
    assert [[row.name for row in answer.context[each]] for each in ("coming", "waiting")] == [["张伟"], ["安平"]]
    waiting = text[text.index('id="waiting"') :]
    assert "199****0002" in waiting
    assert "19900000002" not in text


def test_a_caller_hears_of_the_waiting_list_and_of_whoever_moved_up(door, other):
    join(other, "张伟")
    address = page("sign_up_caller", other.pk)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', door.get(address).text))
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        sent = hidden | {"name": "安平", "telephone": "19900000002", "consent": "on"}
        assert "名额满了，先候补着" in door.post(address, sent, follow=True).text
    leaves = page("leave_for", other.pk, other.sign_ups.get(name="张伟").pk)
    assert "位子补给候补的人了" in door.post(leaves, {"reason": ""}, follow=True).text


def test_the_page_of_an_activity_counts_its_own_calls_and_deliveries(cast, client_of, activity, other):
    join(other, "张伟")
    publishing.cancel(other, by=cast.officer, reason="下大雨")
    over = make_activity(cast.homes["here"], status="finished", starts_in=timedelta(hours=-3))
    deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    secretary = client_of(cast.officer)
    found = {each: secretary.get(page("people", each.pk)).context for each in (activity, other, over)}
    ways = {each: dict(found[each]["ways"]) for each in found}  # {words: address}
    assert ["要打的电话" in ways[each] for each in (activity, other, over)] == [False, True, False]
    assert [len(found[each]["deliveries"]) for each in (activity, other, over)] == [0, 0, 1]
    assert ["送学上门" in ways[each] for each in (activity, over)] == [False, True]


def test_a_tick_for_a_state_there_is_none_of_is_left_out(door, activity):
    row = activity.sign_ups.first()
    answer = door.post(page("people", activity.pk), {"seen": f"{row.pk}-nonsense", "here": row.pk})
    row.refresh_from_db()
    assert (answer.status_code, row.status) == (302, "confirmed")


# --- checking in
def test_a_scanned_code_offers_what_is_on_now_to_those_who_have_a_seat(cast, door, activity, other):
    join(other, "张伟", "19900000009")
    waits = join(other, "安平")
    assert "安平" not in door.get(scan_address(waits.booking)).text
    Activity.objects.filter(pk=other.pk).update(starts_at=activity.starts_at)
    assert "安平" not in door.get(scan_address(waits.booking)).text  # on now, but there is no seat
    Activity.objects.filter(pk=activity.pk).update(
        starts_at=timezone.now() + timedelta(hours=2), ends_at=timezone.now() + timedelta(hours=3)
    )
    assert "没有您管的" in door.get(scan_address(cast.bookings["here"])).text


def test_a_code_checks_in_those_who_have_a_seat_and_nobody_who_left_or_waits(cast, activity, other):
    left, stays = activity.sign_ups.order_by("pk")
    signup.leave(left, by=cast.organiser)
    assert attendance.check_in(activity, code=cast.bookings["here"].code, by=cast.organiser) == [stays.name]
    join(other, "张伟", "19900000009")
    waits = join(other, "安平")
    with pytest.raises(IllegalTransition, match="不在这次活动的名单里"):
        attendance.check_in(other, code=waits.booking.code, by=cast.organiser, now=other.starts_at)


def test_what_was_signed_for_something_else_is_no_code(cast):
    assert booking_of(signing.Signer().sign(cast.bookings["here"].pk)) is None


def test_a_code_on_paper_stands_for_nobody_once_the_booking_is_emptied(cast):
    booking = cast.bookings["here"]
    token = scan_address(booking).split("/")[3]
    assert booking_of(token) == booking
    Booking.objects.filter(pk=booking.pk).update(code=None)
    assert booking_of(token) is None


# --- paper
def test_who_left_or_waits_has_no_line_on_the_sheet(door, activity, other):
    join(other, "张伟")
    join(other, "安平", "19900000002")
    join(other, "卜算", "19900000003")
    signup.leave(other.sign_ups.get(name="卜算"))
    text = door.get(page("paper", other.pk)).text
    assert "<td>张伟</td>" in text
    assert "<td>安平</td>" not in text
    assert "候补，按先后：安平" in text
    assert "卜算" not in text


def test_telephones_of_bookings_that_are_not_ones_own_are_not_opened(cast, activity):
    bookings = [cast.bookings["here"], cast.bookings["elsewhere"]]
    with pytest.raises(Booking.DoesNotExist):
        telephones.reveal(activity, bookings, by=cast.organiser, reason="下雨要打电话")
    with pytest.raises(Booking.DoesNotExist):  # who may look, but not ring
        telephones.reveal(activity, bookings[:1], by=cast.street_officer, reason="下雨要打电话")
    with pytest.raises(IllegalTransition, match="以内"):
        telephones.reveal(activity, bookings[:1], by=cast.organiser, reason="长" * 301)
    assert not AuditEntry.objects.filter(action="reveal").exists()


# --- calls
def test_what_leaves_by_email_is_no_call(cast, door, other, settings):
    settings.SENDS_EMAIL = True
    join(other, "张伟", email="a@example.cn")
    publishing.cancel(other, by=cast.officer, reason="下大雨")
    assert Message.objects.waiting().get().channel == "email"
    assert "没有要打的电话" in door.get(page("calls")).text
    assert "张伟" not in door.get(page("calls_of", other.pk)).text


def test_a_tick_on_the_page_of_one_activity_tells_nobody_of_another(cast, door, activity, other):
    join(other, "张伟")
    publishing.cancel(other, by=cast.officer, reason="下大雨")
    (message,) = Message.objects.waiting()
    door.post(page("calls_of", activity.pk), {"told": str(message.pk)})
    message.refresh_from_db()
    assert message.status == "waiting"


def test_those_to_be_rung_stand_by_the_sound_of_the_surname(cast, other):
    Activity.objects.filter(pk=other.pk).update(capacity=None)
    for number, name in enumerate(("张伟", "安平", "单国庆")):
        join(other, name, f"1990000000{number}")
    publishing.cancel(other, by=cast.officer, reason="下大雨")
    names = [call.people[0] for call in outbox.calls(Message.objects.to_ring())]
    assert names == ["安平", "单国庆", "张伟"]


# --- brought home
@pytest.fixture
def over(cast):
    """An activity of the branch here, which began three hours ago."""
    return make_activity(
        cast.homes["here"], starts_in=timedelta(hours=-3), status="finished", branch=cast.branches["here"]
    )


def test_only_those_who_are_visited_are_offered(cast, client_of, over):
    offered = client_of(cast.secretary).get(page("deliver", over.pk)).context["form"].fields["members"].queryset
    assert list(offered) == [cast.members["here"]]


def test_whoever_is_in_no_branch_any_more_gets_nothing_brought(cast, over):
    gone = make_member(cast.branches["here"], "甲", needs_home_visit=True)
    membership.end(gone.memberships.get(), by=cast.secretary, end_reason="moved")
    with pytest.raises(IllegalTransition, match="不在册"):
        deliveries.plan(over, [gone], by=cast.secretary)


def test_of_what_was_called_off_nothing_is_brought(cast, over):
    Activity.objects.filter(pk=over.pk).update(status="cancelled", note="下雨")
    with pytest.raises(IllegalTransition, match="开始以后"):
        deliveries.plan(over, [cast.members["here"]], by=cast.secretary)


@pytest.mark.parametrize("person", ["next_door_secretary", "next_door_officer", "elsewhere_officer"])
def test_what_is_brought_next_door_is_neither_listed_nor_logged(cast, client_of, over, person):
    (delivery,) = deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    foreign, visits = client_of(cast.people[person]), CareVisit.objects.count()
    assert list(foreign.get(page("deliveries")).context["page"]) == []
    sent = {
        "kind": "study",
        "visited_on": timezone.localdate().isoformat(),
        "key": "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b222",
    }
    assert foreign.get(page("delivered", delivery.pk)).status_code == 404
    assert foreign.post(page("delivered", delivery.pk), sent).status_code == 404
    assert CareVisit.objects.count() == visits


def test_who_may_only_look_is_offered_no_log(cast, client_of, over):
    (delivery,) = deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    found = {}
    for person in ("secretary", "district_officer"):
        page_of = client_of(cast.people[person]).get(page("deliveries"))
        assert list(page_of.context["page"]) == [delivery]
        found[person] = page("delivered", delivery.pk) in page_of.text
    assert found == {"secretary": True, "district_officer": False}


def test_it_was_brought_or_nobody_was_there_and_nothing_else(cast, client_of, over):
    (delivery,) = deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    sent = {"kind": "visit", "visited_on": timezone.localdate().isoformat(), "key": KEY}
    answer = client_of(cast.secretary).post(page("delivered", delivery.pk), sent)
    assert "kind" in answer.context["form"].errors
    assert HomeDelivery.objects.get().visit is None


def test_nothing_is_logged_for_whoever_need_not_be_visited_any_more(cast, client_of, over):
    (delivery,) = deliveries.plan(over, [cast.members["here"]], by=cast.secretary)
    Member.objects.filter(pk=cast.members["here"].pk).update(needs_home_visit=False)
    assert client_of(cast.secretary).get(page("delivered", delivery.pk)).status_code == 404
    assert HomeDelivery.objects.get().visit is None
