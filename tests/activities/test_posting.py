"""The desk: posting an activity, its defaults, last time's once more, and the preview."""

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from activities import publishing, signup
from activities.models import Activity
from activities.planning import next_free_day
from homes.models import Facility
from tests.activities.desk import DESK, errors, in_days, page, posted, send, typed
from tests.activities.town import make_activity, make_kind
from tests.cast import AREAS, CANARIES
from tests.whole_site.addresses import routes

pytestmark = pytest.mark.django_db
POSTERS = ("officer", "street_officer", "district_officer", "secretary", "organiser", "technician")
# the pages about one activity that are opened to read or to act: {name: part of the address}
PAGES = ("", "preview/", "edit/", "correct/", "copy/", "repeat/", "publish/", "hold/", "submit/", "send-back/",
         "reschedule/", "cancel/", "finish/", "seats/", "unpublish/")  # fmt: skip


# --- whose it is
def test_every_address_of_one_activity_is_tried_here():
    start = "desk/activities/<int:pk>/"
    found = [route for route in routes() if route.view.__module__.startswith("activities.views.desk_")]
    assert {each.route.removeprefix(start) for each in found if each.route.startswith(start)} == set(PAGES)


@pytest.mark.parametrize("person", [*POSTERS, "auditor"])
def test_an_activity_opens_in_ones_own_area_alone(cast, client_of, activities, person):
    client, wrong = client_of(cast.people[person]), {}
    for tail in PAGES:
        for area in AREAS:
            answer = client.get(page(activities["draft"][area], tail)).status_code
            right = (200, 302) if area in cast.areas_of(person) and person != "auditor" else (403, 404)
            if answer not in right:
                wrong[tail, area] = answer
    assert wrong == {}


def test_posting_into_another_area_changes_nothing(cast, organiser, activities):
    before = list(Activity.objects.order_by("pk").values())
    for tail in PAGES[2:]:
        for area in ("next_door", "elsewhere"):
            answer = organiser.post(page(activities["published"][area], tail), {"reason": "试一试", "version": "0"})
            assert answer.status_code == 404
    forged = typed(organiser.get(f"{DESK}new/?kind=lecture"), home=cast.homes["next_door"].pk, title="越界")
    assert "home" in errors(organiser.post(f"{DESK}new/", forged))
    assert list(Activity.objects.order_by("pk").values()) == before


def test_lists_and_choices_name_ones_own_area_alone(cast, organiser, activities):
    for address in (DESK, f"{DESK}?past=1", f"{DESK}new/", f"{DESK}new/?kind=lecture", f"{DESK}courses/new/"):
        text = organiser.get(address).text
        assert not any(CANARIES[area] in text for area in ("next_door", "elsewhere"))
    assert "金丝雀讲座" in organiser.get(DESK).text


def test_a_visitor_is_led_to_the_log_in_page_and_nothing_is_stored(client, organiser, activities):
    for tail in PAGES:
        address = page(activities["draft"]["here"], tail)
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer["Location"].endswith(f"?next={address}")) == (302, True)
        assert {"private", "no-store"} <= set(organiser.get(address)["Cache-Control"].replace(" ", "").split(","))


def test_the_desk_leads_everybody_who_posts_to_the_activities(cast, client_of):
    for person in (cast.secretary, cast.officer, cast.organiser):
        assert f'href="{DESK}"' in client_of(person).get("/desk/").text
    assert client_of(cast.auditor).get("/desk/").status_code == 403


# --- posting
def test_the_form_starts_with_what_is_usual(cast, organiser, kind):
    form = organiser.get(f"{DESK}new/?kind=lecture").context["form"]
    shown = {name: form[name].value() for name in ("home", "kind", "begins", "ends", "capacity")}
    assert shown == {
        "home": cast.homes["here"].pk, "kind": kind.pk, "begins": time(9, 30), "ends": time(10, 30), "capacity": 25,
    }  # fmt: skip
    assert form["day"].value() == next_free_day(cast.homes["here"], time(9, 30), 60) > timezone.localdate()


def test_the_secretary_starts_in_the_home_the_branch_meets_in(cast, client_of, kind):
    form = client_of(cast.secretary).get(f"{DESK}new/?kind=lecture").context["form"]
    assert (form["home"].value(), form["branch"].value()) == (cast.homes["here"].pk, cast.branches["here"].pk)
    answer = send(client_of(cast.secretary), f"{DESK}new/?kind=lecture", title="书记讲党课")
    made = Activity.objects.get(title="书记讲党课")
    assert answer["Location"] == page(made)
    assert (made.branch, made.home, made.created_by) == (cast.branches["here"], cast.homes["here"], cast.secretary)


def test_a_secretary_who_leaves_the_branch_out_is_told_beside_the_field(cast, client_of, kind):
    answer = send(client_of(cast.secretary), f"{DESK}new/?kind=lecture", title="没写支部", branch="")
    assert "支部" in errors(answer)["branch"]


@pytest.mark.django_db(transaction=True)
def test_an_activity_is_posted_in_one_form_and_published(cast, organiser, client, kind):
    answer = send(organiser, f"{DESK}new/?kind=lecture", title="重阳节诗会", day=in_days(3), begins="14:30", ends="")
    made = Activity.objects.get(title="重阳节诗会")
    assert answer["Location"] == page(made)
    assert (made.status, made.capacity, made.division) == ("draft", 25, cast.communities["here"])
    assert timezone.localtime(made.starts_at).time() == time(14, 30)
    assert made.ends_at - made.starts_at == timedelta(minutes=60)
    assert client.get(made.get_absolute_url()).status_code == 404
    send(organiser, page(made, "publish/"))
    made.refresh_from_db()
    assert made.status == "published"
    assert "重阳节诗会" in client.get(made.get_absolute_url()).text


def test_a_meal_closes_the_day_before(organiser):
    make_kind("meal", name="暖心厨房", usual_minutes=60, day_before_at=time(16))
    send(organiser, f"{DESK}new/?kind=meal", title="一起吃饭", day=in_days(5))
    made = Activity.objects.get(title="一起吃饭")
    closes = timezone.localtime(made.sign_up_until)
    assert (closes.date(), closes.time()) == (timezone.localdate() + timedelta(days=4), time(16))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"begins": "10:00", "ends": "9:00"}, "ends", "晚于开始"),
        ({"begins": "10:00", "ends": "10:00"}, "ends", "晚于开始"),
        ({"begins": "23:30", "ends": ""}, "ends", "过夜"),
        ({"day": in_days(-1)}, "day", "已经过了"),
        ({"day": "2032-02-30"}, "day", "没有"),
        ({"day": in_days(5000)}, "day", "年份"),
        ({"capacity": "0"}, "capacity", "至少是1"),
        ({"capacity": "-3"}, "capacity", "至少是1"),
        ({"capacity": "二十"}, "capacity", "数字"),
        ({"capacity": "99999999999999999999"}, "capacity", "最多"),
        ({"title": " \u200b"}, "title", "名称"),
        ({"title": "长" * 61}, "title", "60"),
        ({"kind": ""}, "kind", "种类"),
        ({"kind": "999999"}, "kind", "名单"),
        ({"home": ""}, "home", "哪个家"),
        ({"setting": "alley", "place": ""}, "place", "写清楚"),
        ({"telephone": "打给我"}, "telephone", "数字"),
        ({"room_limit": "10", "capacity": "20"}, "room_limit", "坐得下"),
        ({"close_day": in_days(1)}, "close_time", "要么都写"),
        ({"close_day": in_days(-1), "close_time": "9:00"}, "close_day", "已经过了"),
        ({"close_day": "0001-01-01", "close_time": "0:00"}, "close_day", "年份"),
        ({"day": "9999-12-31", "begins": "23:59", "ends": ""}, "day", "年份"),
        ({"close_day": in_days(9), "close_time": "9:00"}, "close_day", "不能晚于"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(organiser, changes, field, said):
    address = f"{DESK}new/?kind=lecture"
    answer = send(
        organiser, address, **({"title": "填到一半的", "description": "写了很久的介绍", "day": in_days(3)} | changes)
    )
    assert answer.status_code == 200
    assert said in errors(answer)[field]
    assert "写了很久的介绍" in answer.text
    assert not posted().exists()


def test_a_telephone_in_full_width_digits_is_understood(organiser):
    send(organiser, f"{DESK}new/?kind=lecture", title="打电话来", telephone="０７３１－８８８８８８８８")
    assert posted().get().telephone == "0731-88888888"


def test_a_room_has_to_be_one_of_the_home(cast, organiser):
    Facility.objects.create(slug="gym", name="健身房").homes.set([])
    elsewhere = Facility.objects.create(slug="stage", name="舞台")
    cast.homes["next_door"].facilities.add(elsewhere)
    answer = send(organiser, f"{DESK}new/?kind=lecture", title="唱戏", room=elsewhere.pk)
    assert "room" in errors(answer)


def test_choosing_a_kind_comes_first_and_last_times_is_offered(cast, organiser, activities):
    home = cast.homes["here"]
    older, last = (make_activity(home, title="读报", starts_in=-timedelta(days=days)) for days in (9, 2))
    shown = organiser.get(f"{DESK}new/")
    assert shown.context["recent"] == [last]  # once each, and what has been: not what is still to come
    assert page(last, "copy/") in shown.text
    assert page(older, "copy/") not in shown.text
    assert "?kind=lecture" in shown.text


# --- once more
def test_last_times_once_more(cast, organiser, activities):
    old = activities["published"]["here"]
    signup.join(old, names=["甲"], telephone="19900000001")
    shown = organiser.get(page(old, "copy/")).context["form"]
    starts = timezone.localtime(old.starts_at)
    assert shown["day"].value() == starts.date() + timedelta(days=7)
    send(organiser, page(old, "copy/"), day=in_days(20), begins="15:00")
    again = Activity.objects.order_by("-pk").first()
    assert (again.title, again.status, again.sign_ups.count()) == (old.title, "draft", 0)
    assert timezone.localtime(again.starts_at).time() == time(15)
    assert again.ends_at - again.starts_at == old.ends_at - old.starts_at
    assert "day" in errors(send(organiser, page(old, "copy/"), day=in_days(-1)))


def test_once_more_so_late_that_it_would_last_past_midnight(cast, organiser, activities):
    old = activities["published"]["here"]
    answer = send(organiser, page(old, "copy/"), day=in_days(20), begins="23:30")
    assert "过夜" in errors(answer)["begins"]
    assert not posted().exists()


# --- preview
def test_the_preview_is_the_residents_own_page(cast, organiser, client, activities):
    draft = activities["draft"]["here"]
    shown = organiser.get(page(draft, "preview/"))
    assert "activities/activity.html" in {template.name for template in shown.templates}
    assert "我要报名" in shown.text
    assert "居民还看不到" in shown.text
    assert Activity.objects.get(pk=draft.pk).status == "draft"
    publishing.publish(draft, by=cast.organiser)
    seen = client.get(draft.get_absolute_url()).text

    def facts(text):
        return re.search(r'<dl class="particulars">.*?</dl>', text, re.DOTALL).group()

    assert facts(shown.text) == facts(seen)


def test_the_preview_tells_what_else_is_on_as_the_public_page_does(organiser, activities):
    shown = organiser.get(page(activities["draft"]["here"], "preview/"))
    assert activities["published"]["here"] in shown.context["more"]
    assert "没有公布别的活动" not in shown.text
