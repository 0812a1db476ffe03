"""送学上门: planned from an activity, brought home, counted once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from activities import deliveries, outbox, publishing, signup
from activities.models import HomeDelivery, Message
from branches.models import CareVisit
from branches.transitions import IllegalTransition
from tests.activities.door import page
from tests.activities.town import make_activity
from tests.makers import make_user

KEY = "7d7f6a40-6f0e-4a6a-9a8b-0d1a58d7b111"


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
