"""What search engines read of an activity: its shape, its state, and nothing of anybody."""

import json
import re
from datetime import datetime

from django.utils import timezone

from activities import json_ld, publishing
from activities.models import Activity
from tests.cast import BOOKED

# what an Event has to have and may have, and of which type, as schema.org and the search engines ask for it
SHAPE = {
    "@context": str, "@type": str, "name": str, "url": str, "startDate": str, "endDate": str, "eventStatus": str,
    "eventAttendanceMode": str, "inLanguage": str, "location": dict, "organizer": dict, "description": str,
    "maximumAttendeeCapacity": int, "remainingAttendeeCapacity": int, "image": str,
}  # fmt: skip
NEEDED = {"@context", "@type", "name", "startDate", "location", "eventStatus"}


def block(client, activity):
    """The data block of the page as a browser would read it."""
    page = client.get(activity.get_absolute_url()).content.decode()
    blocks = map(json.loads, re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL))
    (found,) = (facts for facts in blocks if facts["@type"] == "Event")
    return found


def test_its_shape_and_its_time(cast, client):
    activity = cast.activities["here"]
    facts = block(client, activity)
    assert set(facts) >= NEEDED
    assert {name: type(value) for name, value in facts.items()} == {name: SHAPE[name] for name in facts}
    assert datetime.fromisoformat(facts["startDate"]) == activity.starts_at
    assert facts["startDate"].endswith("+08:00")
    assert datetime.fromisoformat(facts["endDate"]) == activity.ends_at
    assert facts["url"] == f"http://testserver{activity.get_absolute_url()}"
    assert facts["location"]["@type"] == "Place"
    assert facts["location"]["address"] == "金丝雀之家路1号"
    assert facts["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 28.11, "longitude": 112.99}
    assert (facts["maximumAttendeeCapacity"], facts["remainingAttendeeCapacity"]) == (10, 8)


def test_its_state_follows_ours(cast, client_of):
    activity = cast.activities["here"]
    assert block(client_of(None), activity)["eventStatus"] == "https://schema.org/EventScheduled"
    cancelled = publishing.cancel(activity, by=cast.organiser, reason="下雨")
    facts = json_ld.event(Activity.objects.for_cards().get(pk=cancelled.pk), "https://example.cn")
    assert facts["eventStatus"] == "https://schema.org/EventCancelled"
    assert facts["description"] == "下雨"
    assert "remainingAttendeeCapacity" not in facts


def test_nobody_is_named(cast, client):
    activity = cast.activities["here"]
    Activity.objects.filter(pk=activity.pk).update(telephone="13900001234")
    text = json.dumps(block(client, activity), ensure_ascii=False)
    for word in ("来宾", "同伴", BOOKED["here"], "13900001234", cast.bookings["here"].code, "telephone"):
        assert word not in text


def test_a_title_cannot_end_the_block(cast, client):
    activity = cast.activities["here"]
    title = "</script><script>alert(1)</script> & <!--"
    Activity.objects.filter(pk=activity.pk).update(title=title, description="\u2028\u2029")
    page = client.get(activity.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert block(client, activity)["name"] == title


def test_an_alley_is_not_at_the_home(cast):
    activity = Activity.objects.for_cards().get(pk=cast.activities["here"].pk)
    activity.setting, activity.place = Activity.Setting.ALLEY, "示例巷3号门口"
    assert json_ld.event(activity, "https://example.cn")["location"] == {
        "@type": "Place", "name": "示例巷3号门口", "address": "示例巷3号门口",
    }  # fmt: skip


def test_a_home_that_is_not_public_is_not_named_as_the_organiser(cast):
    activity = Activity.objects.for_cards().get(pk=cast.activities["here"].pk)
    assert json_ld.event(activity, "https://example.cn")["organizer"]["name"] == "金丝雀之家"
    activity.home.status = "closed"
    assert json_ld.event(activity, "https://example.cn")["organizer"]["name"] == "金丝雀银龄支部"


def test_a_home_whose_place_is_not_known_has_no_coordinates(cast):
    activity = Activity.objects.for_cards().get(pk=cast.activities["here"].pk)
    activity.home.longitude = activity.home.latitude = None
    assert "geo" not in json_ld.event(activity, "https://example.cn")["location"]


def test_a_sample_says_so(cast):
    activity = Activity.objects.for_cards().get(pk=cast.activities["here"].pk)
    activity.is_sample, activity.capacity = True, None
    facts = json_ld.event(activity, "https://example.cn")
    assert facts["name"] == "【示例数据】金丝雀讲座"
    assert "maximumAttendeeCapacity" not in facts
    assert timezone.is_aware(datetime.fromisoformat(facts["endDate"]))
