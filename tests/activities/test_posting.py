"""The desk: posting an activity, its defaults, last time's once more, preview, review, and every step of its life."""

import re
from datetime import date, time, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import planning, publishing, signup
from activities.models import Activity, Message
from branches.models import CalendarDay
from homes.models import Facility
from tests.activities.desk import DESK, errors, in_days, send, typed
from tests.activities.town import make_activity, make_kind
from tests.cast import AREAS, CANARIES, make_user
from tests.whole_site.addresses import routes

pytestmark = pytest.mark.django_db
POSTERS = ("officer", "street_officer", "district_officer", "secretary", "organiser", "technician")
# the pages about one activity that are opened to read or to act: {name: part of the address}
PAGES = ("", "preview/", "edit/", "correct/", "copy/", "repeat/", "publish/", "hold/", "submit/", "send-back/",
         "reschedule/", "cancel/", "seats/", "unpublish/")  # fmt: skip


@pytest.fixture
def kind():
    return make_kind("lecture", name="讲座", usual_minutes=60, usual_capacity=25)


@pytest.fixture
def organiser(cast, client_of, kind):
    """The browser of the organiser of the home `here`."""
    return client_of(cast.organiser)


@pytest.fixture
def activities(cast, kind):
    """A draft and a published one in each area, by status."""
    return {
        status: {
            area: make_activity(cast.homes[area], status=status, title=f"{CANARIES[area]}讲座", kind=kind,
                                branch=cast.branches[area], starts_in=timedelta(days=3))
            for area in AREAS
        }
        for status in ("draft", "published")
    }  # fmt: skip


def posted():
    """What was posted in this test: the cast's own has nobody who did."""
    return Activity.objects.filter(created_by__isnull=False)


def page(activity, tail=""):
    return f"{DESK}{activity.pk}/{tail}"


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
    assert client_of(cast.organiser).get("/desk/")["Location"] == DESK
    for person in (cast.secretary, cast.officer):
        assert f'href="{DESK}"' in client_of(person).get("/desk/").text
    assert client_of(cast.auditor).get("/desk/").status_code == 403


# --- posting
def test_the_form_starts_with_what_is_usual(cast, organiser, kind):
    form = organiser.get(f"{DESK}new/?kind=lecture").context["form"]
    shown = {name: form[name].value() for name in ("home", "kind", "begins", "ends", "capacity")}
    assert shown == {
        "home": cast.homes["here"].pk, "kind": kind.pk, "begins": time(9, 30), "ends": time(10, 30), "capacity": 25,
    }  # fmt: skip
    assert timezone.localdate() < form["day"].value() <= timezone.localdate() + timedelta(days=4)


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


# --- the steps
def test_publishing_at_a_moment_and_taking_it_back(cast, organiser, activities):
    draft = activities["draft"]["here"]
    answer = send(organiser, page(draft, "publish/"), day=in_days(1), clock="8:00")
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.status, timezone.localtime(draft.publish_at).time()) == ("draft", time(8))
    assert "自动发布" in organiser.get(page(draft)).text
    send(organiser, page(draft, "hold/"))
    draft.refresh_from_db()
    assert draft.publish_at is None
    assert send(organiser, page(draft, "hold/")).status_code == 409
    assert "day" in errors(send(organiser, page(draft, "publish/"), day=in_days(-1), clock="8:00"))
    assert "clock" in errors(send(organiser, page(draft, "publish/"), day=in_days(1)))
    late = send(organiser, page(draft, "publish/"), day=in_days(9), clock="8:00")
    assert (late.status_code, "早于" in errors(late)["__all__"]) == (409, True)


def test_review_by_a_colleague(cast, organiser, client_of, activities):
    draft = activities["draft"]["here"]
    send(organiser, page(draft, "submit/"))
    officer = client_of(cast.officer)
    assert "等审核的" in officer.get(DESK).text
    assert "reason" in errors(send(officer, page(draft, "send-back/"), reason=" "))
    send(officer, page(draft, "send-back/"), reason="下午有合唱班")
    draft.refresh_from_db()
    assert (draft.status, draft.note) == ("draft", "下午有合唱班")
    assert "下午有合唱班" in organiser.get(DESK).text
    send(organiser, page(draft, "submit/"))
    send(officer, page(draft, "publish/"))
    draft.refresh_from_db()
    assert (draft.status, draft.note) == ("published", "")


def test_another_time_tells_everybody_once(cast, organiser, activities):
    activity = activities["published"]["here"]
    signup.join(activity, names=["甲"], telephone="19900000001")
    answer = send(organiser, page(activity, "reschedule/"), day=in_days(9), begins="10:00", ends="", place="二楼")
    if answer.status_code == 200:  # the home is shut that day of the week: told, and sent once more
        answer = organiser.post(page(activity, "reschedule/"), typed(answer))
    assert answer.status_code == 302
    activity.refresh_from_db()
    assert (timezone.localtime(activity.starts_at).time(), activity.place) == (time(10), "二楼")
    assert activity.ends_at - activity.starts_at == timedelta(minutes=90)
    assert Message.objects.filter(kind="rescheduled").count() == 1
    for changes, field in (({"day": in_days(-2)}, "day"), ({"begins": "11:00", "ends": "10:00"}, "ends")):
        assert field in errors(send(organiser, page(activity, "reschedule/"), **changes))
    assert Message.objects.filter(kind="rescheduled").count() == 1


def test_it_moves_to_another_home_of_the_same_person(cast, client_of, organiser, activities):
    activity, officer = activities["published"]["here"], client_of(cast.district_officer)
    signup.join(activity, names=["甲"], telephone="19900000001")
    fitness = Facility.objects.create(name="健身房", slug="gym")
    cast.homes["here"].facilities.add(fitness)
    activity.room = fitness
    activity.save()
    address, other = page(activity, "reschedule/"), cast.homes["next_door"]
    offered = officer.get(address).context["form"]["home"].field.queryset
    assert set(offered) == set(cast.homes.values())  # what residents cannot see yet is not offered
    assert "home" not in organiser.get(address).context["form"].fields  # has this one only
    assert "room" in errors(send(officer, address, home=other.pk))
    moved = {"home": other.pk, "room": ""}
    answer = send(officer, address, **moved)
    if answer.status_code == 200:  # something stands against it: told, and sent once more
        answer = officer.post(address, typed(answer))
    assert answer.status_code == 302
    activity.refresh_from_db()
    assert (activity.home, activity.division, activity.room) == (other, other.division, None)
    assert str(other) in Message.objects.get(kind="rescheduled").words


def test_what_moves_out_of_the_home_leaves_its_room(cast, organiser, activities):
    activity = activities["published"]["here"]
    room = Facility.objects.create(name="健身房", slug="gym")
    cast.homes["here"].facilities.add(room)
    activity.room = room
    activity.save()
    answer = send(organiser, page(activity, "reschedule/"), setting="courtyard", place="三栋前面的院子")
    if answer.status_code == 200:
        answer = organiser.post(page(activity, "reschedule/"), typed(answer))
    activity.refresh_from_db()
    assert (activity.setting, activity.room) == ("courtyard", None)


def test_calling_it_off_wants_a_reason(cast, organiser, activities):
    activity = activities["published"]["here"]
    signup.join(activity, names=["甲"], telephone="19900000001")
    asked = organiser.get(page(activity, "cancel/"))
    assert "1位" in asked.text
    assert "reason" in errors(send(organiser, page(activity, "cancel/"), reason=""))
    send(organiser, page(activity, "cancel/"), reason="老师病了")
    activity.refresh_from_db()
    assert (activity.status, activity.note) == ("cancelled", "老师病了")
    assert Message.objects.filter(kind="cancelled").count() == 1
    assert "要打电话告诉的人" in organiser.get(DESK).text
    assert send(organiser, page(activity, "cancel/"), reason="再一次").status_code == 409
    assert Message.objects.filter(kind="cancelled").count() == 1


def test_seats_below_those_confirmed_are_told_beside_the_field(cast, organiser, activities):
    activity = activities["published"]["here"]
    signup.join(activity, names=["甲", "乙", "丙"], telephone="19900000001")
    answer = send(organiser, page(activity, "seats/"), capacity="2")
    assert "3" in errors(answer)["capacity"]
    assert "至少是1" in errors(send(organiser, page(activity, "seats/"), capacity="0"))["capacity"]
    assert send(organiser, page(activity, "seats/"), capacity="2", keep="on").status_code == 302
    activity.refresh_from_db()
    assert (activity.capacity, activity.over_by, activity.sign_ups.seated().count()) == (2, 1, 3)
    signup.join(activity, names=["丁"], telephone="19900000002")
    send(organiser, page(activity, "seats/"), capacity="")
    assert activity.sign_ups.seated().count() == 4


def test_only_what_nobody_signed_up_for_is_taken_back(cast, organiser, activities):
    activity = activities["published"]["here"]
    assert page(activity, "unpublish/") in organiser.get(page(activity)).text
    assert send(organiser, page(activity, "unpublish/")).status_code == 302
    publishing.publish(activity, by=cast.organiser)
    signup.join(activity, names=["甲"], telephone="19900000001")
    assert page(activity, "unpublish/") not in organiser.get(page(activity)).text
    refused = send(organiser, page(activity, "unpublish/"))
    assert (refused.status_code, "取消活动" in errors(refused)["__all__"]) == (409, True)


def test_what_is_told_is_corrected_without_telling_anybody(cast, organiser, activities):
    activity = activities["published"]["here"]
    signup.join(activity, names=["甲"], telephone="19900000001")
    starts = activity.starts_at
    send(organiser, page(activity, "correct/"), bring="水杯", title="换了名字")
    activity.refresh_from_db()
    assert (activity.bring, activity.title, activity.starts_at) == ("水杯", "换了名字", starts)
    assert (activity.sequence, Message.objects.count()) == (0, 0)
    assert activity.history.first().history_user == cast.organiser


@pytest.mark.parametrize("step", ["edit/", "publish/", "submit/"])
def test_a_draft_changed_meanwhile_is_not_written_over(cast, organiser, client_of, activities, step):
    draft = activities["draft"]["here"]
    old = typed(organiser.get(page(draft, step)))
    send(client_of(cast.officer), page(draft, "edit/"), title="同事改的名字")
    answer = organiser.post(page(draft, step), old)
    assert (answer.status_code, "刚刚有人改过" in errors(answer)["__all__"]) == (409, True)
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("同事改的名字", "draft")
    assert organiser.post(page(draft, step), typed(answer)).status_code == 302  # told, and sent once more: it counts


@pytest.mark.parametrize(
    ("step", "given"),
    [("reschedule/", {"day": in_days(30), "begins": "10:00", "ends": ""}), ("cancel/", {"reason": "不办了"}),
     ("seats/", {"capacity": "5"}), ("correct/", {"title": "旧页面"}), ("unpublish/", {})],
)  # fmt: skip
def test_a_stale_page_of_a_published_one_is_refused(cast, organiser, client_of, activities, step, given):
    activity = activities["published"]["here"]
    old = typed(organiser.get(page(activity, step)), **given)
    send(client_of(cast.officer), page(activity, "correct/"), bring="同事加的")
    before = Activity.objects.filter(pk=activity.pk).values().get()
    answer = organiser.post(page(activity, step), old)
    if "seen" in old and answer.status_code == 200:
        answer = organiser.post(page(activity, step), typed(answer))
    assert answer.status_code == 409
    assert Activity.objects.filter(pk=activity.pk).values().get() == before


def test_a_step_without_a_version_counts_as_stale(organiser, activities):
    activity = activities["published"]["here"]
    assert organiser.post(page(activity, "cancel/"), {"reason": "没有版本"}).status_code == 409


def test_a_published_activity_is_not_edited_as_a_draft(organiser, activities):
    activity = activities["published"]["here"]
    assert organiser.get(page(activity, "edit/"))["Location"] == page(activity, "correct/")
    assert organiser.post(page(activity, "edit/"), {"title": "偷改"}).status_code == 302
    activity.refresh_from_db()
    assert activity.title != "偷改"


def test_a_draft_with_a_moment_is_not_moved_before_it(organiser, activities):
    draft = activities["draft"]["here"]
    send(organiser, page(draft, "publish/"), day=in_days(2), clock="8:00")
    answer = send(organiser, page(draft, "edit/"), day=in_days(1), begins="10:00", ends="11:00")
    assert (answer.status_code, "定时发布" in errors(answer)["__all__"]) == (409, True)


# --- what stands against it
def test_the_same_room_at_the_same_time_warns_and_forbids_nothing(cast, organiser, activities):
    room = cast.homes["here"].facilities.first()
    other, draft = activities["published"]["here"], activities["draft"]["here"]
    Activity.objects.filter(pk__in=(other.pk, draft.pk)).update(room=room)
    for tail in ("", "publish/"):
        text = organiser.get(page(draft, tail)).text
        assert "请留意" in text
        assert str(room) in text
    assert send(organiser, page(draft, "publish/")).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "published"


@pytest.mark.parametrize(
    ("changes", "warned"),
    [({}, True), ({"setting": "alley", "place": "后巷"}, False), ({"status": "cancelled", "note": "不办了"}, False),
     ({"shift": timedelta(minutes=90)}, False), ({"shift": timedelta(minutes=89)}, True), ({"room": "other"}, False)],
)  # fmt: skip
def test_who_is_in_the_way(cast, kind, changes, warned):
    home = cast.homes["here"]
    room, other_room = home.facilities.first(), Facility.objects.create(slug="hall", name="大厅")
    first = make_activity(home, kind=kind, room=room, starts_in=timedelta(days=40))
    changes = dict(changes)
    shift = changes.pop("shift", timedelta())
    changes["room"] = other_room if changes.get("room") else room
    make_activity(home, kind=kind, starts_in=timedelta(days=40) + shift, title="别的活动", **{"room": room} | changes)
    assert bool(planning.clashes(first)) is warned


def test_a_day_the_home_is_shut_warns(cast, organiser, kind):
    home = cast.homes["here"]
    monday = date(2027, 3, 1)
    starts = planning.moment(monday, time(10))
    activity = make_activity(home, kind=kind, status="draft", starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert planning.warnings(activity) == []
    home.exceptions.create(first_day=monday, last_day=monday, reason="修电梯")
    assert "修电梯" in planning.warnings(activity)[0]
    home.exceptions.all().delete()
    CalendarDay.objects.create(day=monday, name="示例节")
    assert "示例节" in planning.warnings(activity)[0]
    sunday = planning.moment(monday - timedelta(days=1), time(10))
    activity.starts_at, activity.ends_at = sunday, sunday + timedelta(hours=1)
    assert "星期日" in planning.warnings(activity)[0]
    CalendarDay.objects.create(day=monday - timedelta(days=1), name="调休", is_worked=True)
    assert planning.warnings(activity) == []


def test_moving_onto_a_shut_day_is_told_first_and_then_counts(cast, organiser, activities):
    activity = activities["published"]["here"]
    day = timezone.localdate() + timedelta(days=12)
    cast.homes["here"].exceptions.create(first_day=day, last_day=day, reason="大扫除")
    told = send(organiser, page(activity, "reschedule/"), day=day.isoformat(), begins="10:00", ends="")
    assert told.status_code == 200
    assert "大扫除" in told.text
    activity.refresh_from_db()
    assert timezone.localdate(activity.starts_at) != day
    assert organiser.post(page(activity, "reschedule/"), typed(told)).status_code == 302
    activity.refresh_from_db()
    assert timezone.localdate(activity.starts_at) == day


def test_the_next_free_day_leaves_out_what_is_taken_shut_or_a_holiday(cast, kind):
    home, eve = cast.homes["here"], date(2027, 3, 5)  # a Friday: the home is shut at weekends
    begins = time(9, 30)
    assert planning.next_free_day(home, begins, 60, after=eve) == date(2027, 3, 8)
    starts = planning.moment(date(2027, 3, 8), time(10))
    make_activity(home, kind=kind, starts_at=starts, ends_at=starts + timedelta(hours=1))
    assert planning.next_free_day(home, begins, 60, after=eve) == date(2027, 3, 9)
    assert planning.next_free_day(home, begins, 30, after=eve) == date(2027, 3, 8)
    CalendarDay.objects.create(day=date(2027, 3, 9), name="示例节")
    home.exceptions.create(first_day=date(2027, 3, 10), last_day=date(2027, 3, 10), reason="修路")
    assert planning.next_free_day(home, begins, 60, after=eve) == date(2027, 3, 11)


# --- the list
def test_what_is_to_be_done_comes_first(cast, organiser, activities, kind):
    home = cast.homes["here"]
    make_activity(home, kind=kind, title="等人看的", status="pending", starts_in=timedelta(days=4))
    old = make_activity(home, kind=kind, title="该写回顾的", status="finished", starts_in=-timedelta(days=5))
    begun = make_activity(home, kind=kind, title="该点名的", starts_in=timedelta(hours=5))
    signup.join(begun, names=["甲"], telephone="19900000001")
    Activity.objects.filter(pk=begun.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2)
    )
    make_activity(home, kind=kind, title="忘了发的", status="draft", starts_in=-timedelta(days=2))
    parts = {
        heading: [row.title for row in rows] for heading, _what, _page, rows in organiser.get(DESK).context["to_do"]
    }
    assert parts == {
        "等审核的": ["等人看的"], "要点名的": ["该点名的"], "还没写回顾的": [old.title],
        "草稿": ["金丝雀未定稿", "金丝雀讲座"], "过了时间还没发布的": ["忘了发的"],
    }  # fmt: skip
    text = organiser.get(DESK).text
    assert text.index("等人看的") < text.index('id="next"')
    assert "该写回顾的" in organiser.get(f"{DESK}?past=1").text


def test_who_is_coming_is_no_work_of_the_street(cast, client_of, activities):
    """The street puts things on; whom to ring and who was there is for those nearer by."""
    activity = activities["published"]["here"]
    signup.join(activity, names=["甲"], telephone="19900000001")
    publishing.cancel(activity, by=cast.officer, reason="老师病了")
    for person, near in ((cast.officer, True), (cast.secretary, True), (cast.street_officer, False)):
        client = client_of(person)
        assert ("要打电话告诉的人" in client.get(DESK).text) is near
        assert (f"{page(activity)}people/" in client.get(page(activity)).text) is near


def test_the_list_asks_as_much_for_thirty_as_for_three(cast, organiser, kind):
    asked = []
    for _ in range(2):
        for number in range(3 if not asked else 27):
            make_activity(cast.homes["here"], kind=kind, starts_in=timedelta(days=2, hours=number))
            make_activity(cast.homes["here"], kind=kind, status="draft", starts_in=timedelta(days=2, hours=number))
        organiser.get(DESK)
        with CaptureQueriesContext(connection) as queries:
            organiser.get(DESK)
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] < 20


@pytest.mark.parametrize(
    "question", ["page=%00", "page=-1", "past=%00", "kind=%00", "kind=" + "x" * 500, "page=9" * 99]
)
def test_odd_questions_break_nothing(organiser, question):
    for address in (DESK, f"{DESK}new/"):
        assert organiser.get(f"{address}?{question}").status_code == 200


def test_an_organiser_without_a_home_any_more_posts_nowhere(client_of, kind):
    nobody = make_user("nobody", "organiser")
    answer = send(client_of(nobody), f"{DESK}new/?kind=lecture", title="没有家")
    assert "home" in errors(answer)
    assert not posted().exists()


def test_the_cache_forgets_what_was_sent(cast, organiser):
    address = f"{DESK}new/?kind=lecture"
    sent = typed(organiser.get(address), title="填坏了", capacity="0")
    Session.objects.all().delete()
    organiser.post(address, sent)
    organiser.force_login(cast.organiser)
    assert "至少是1" in errors(organiser.post(address, typed(organiser.get(address))))["capacity"]
    assert organiser.get(address).context["refilled"] is True  # a refused form is still kept
    cache.clear()
    assert organiser.get(address).context["refilled"] is False
