"""The desk: every step of the life of an activity, and what each refuses."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from activities import publishing, signup
from activities.models import Activity, Message
from homes.models import Facility
from tests.activities.desk import DESK, errors, in_days, page, send, typed

pytestmark = pytest.mark.django_db


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


def test_the_organiser_may_finish_what_is_over(cast, organiser, activities):
    activity = activities["published"]["here"]
    assert "finish/" not in organiser.get(page(activity)).text
    assert "还没到结束时间" in send(organiser, page(activity, "finish/")).text
    Activity.objects.filter(pk=activity.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=2)
    )
    assert "finish/" in organiser.get(page(activity)).text
    assert send(organiser, page(activity, "finish/")).status_code == 302
    activity.refresh_from_db()
    assert activity.status == "finished"


def test_whoever_is_logged_in_is_named_and_may_log_out(cast, organiser):
    text = organiser.get(DESK).text
    assert str(cast.organiser) in text
    assert 'action="/account/logout/"' in text


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
