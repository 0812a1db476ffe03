"""The staff pages of what goes on: read here, done on the desk; no telephone without a reason, nothing foreign."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from activities import attendance, signup
from activities.demo_audio import melody
from activities.models import Activity, ActivityKind, AudioItem, Booking, Course, Message, Notice, Recap, SignUp
from branches.models import AuditEntry, CalendarDay
from tests.cast import BOOKED, CANARIES
from tests.makers import make_activity_of
from tests.staff_forms import errors_of, filled

pytestmark = pytest.mark.django_db
READ_ONLY = (Activity, SignUp, Booking, Message, Notice, Recap)


@pytest.fixture
def officer(cast, client_of):
    return client_of(cast.officer)


def at(model, tail="", row=None):
    start = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
    return f"{start}{row.pk}/{tail}" if row else f"{start}{tail}"


def mine(cast, model):
    """A row of this model in the area `here`."""
    activity = cast.activities["here"]
    if model is Message:
        signup.leave(activity.sign_ups.first())
        return Message.objects.create(
            sign_up=activity.sign_ups.last(), kind="reminder", words="提醒", channel="telephone"
        )
    if model is Recap:
        return Recap.objects.create(activity=activity, words="来了很多人")
    if model is SignUp:
        return activity.sign_ups.first()
    return {Activity: activity, Booking: cast.bookings["here"], Notice: cast.notices["here"]}[model]


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_verbs_write_is_only_read_here(cast, officer, model):
    row = mine(cast, model)
    page = officer.get(at(model, "change/", row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    before = model.objects.filter(pk=row.pk).values().get()
    assert officer.post(at(model, "change/", row), {"status": "draft", "title": "偷改"}).status_code == 403
    assert officer.get(at(model, "add/")).status_code == 403
    assert officer.post(at(model, "add/"), {}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", [Activity, SignUp, Message, Recap])
def test_the_way_to_the_desk_stands_on_the_page(cast, officer, model):
    page = officer.get(at(model, "change/", mine(cast, model)))
    assert f'href="/desk/activities/{cast.activities["here"].pk}/"' in page.text


@pytest.mark.parametrize("model", [SignUp, Booking, Message])
def test_names_and_telephones_are_masked(cast, officer, model):
    row, booking = mine(cast, model), cast.bookings["here"]
    booking.proxy, booking.email = "金丝雀代办", "canary@example.cn"
    booking.save()
    for address in (at(model), at(model, "change/", row), at(model, "history/", row), f"{at(model)}?q=来宾"):
        text = officer.get(address).text
        for secret in (BOOKED["here"], "金丝雀来宾", "金丝雀同伴", "坐前排", "代办", "canary@", booking.code):
            assert secret not in text
    assert f"{BOOKED['here'][:3]}****" in officer.get(at(Booking)).text


def test_a_booking_opens_to_a_reason_that_is_kept(cast, officer, client_of):
    booking = cast.bookings["here"]
    address = at(Booking, "reveal/", booking)
    assert BOOKED["here"] not in officer.get(address).text
    assert BOOKED["here"] not in officer.post(address, {"reason": "看"}).text
    assert not AuditEntry.objects.filter(action="reveal").exists()
    shown = officer.post(address, {"reason": "改了时间要打电话"}).text
    assert BOOKED["here"] in shown
    assert "坐前排" in shown
    assert booking.code not in shown
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.actor, entry.reason) == ("officer", "改了时间要打电话")
    foreign = at(Booking, "reveal/", cast.bookings["next_door"])
    assert BOOKED["next_door"] not in officer.post(foreign, {"reason": "改了时间要打电话"}).text
    assert client_of(cast.street_officer).post(address, {"reason": "改了时间要打电话"}).status_code == 403


def test_nothing_of_another_area_is_listed(cast, officer):
    for model in (*READ_ONLY, Course, AudioItem):
        text = officer.get(at(model)).text
        assert not any(CANARIES[area] in text for area in ("next_door", "elsewhere"))


def test_the_history_tells_its_steps_in_words(cast, officer, client_of):
    activity = cast.draft_activities["here"]
    form = officer.get(f"/desk/activities/{activity.pk}/publish/").context
    officer.post(
        f"/desk/activities/{activity.pk}/publish/", {"version": form["form"]["version"].value(), "day": "", "clock": ""}
    )
    text = officer.get(at(Activity, "history/", activity)).text
    assert "发布" in text
    assert ">publish<" not in text


def test_the_index_says_what_waits(cast, officer):
    Activity.objects.filter(pk=cast.draft_activities["here"].pk).update(status="pending")
    Activity.objects.filter(pk=cast.draft_activities["next_door"].pk).update(status="pending")
    lines = {line.label: line.count for line in officer.get("/admin/").context["waiting"]}
    assert lines["等审核"] == 1


def test_the_words_of_a_course_are_changed_and_its_days_are_not(cast, officer):
    course = cast.courses["here"]
    page = officer.get(at(Course, "change/", course))
    officer.post(at(Course, "change/", course), filled(page, teacher="谭老师", until="2030-01-01", slug="other"))
    known = (course.until, course.slug)
    course.refresh_from_db()
    assert (course.teacher, course.until, course.slug) == ("谭老师", *known)


def test_kinds_and_holidays_are_the_districts(cast, officer, client_of):
    district = client_of(cast.district_officer)
    kind, day = ActivityKind.objects.first(), CalendarDay.objects.create(day="2030-10-01", name="国庆节")
    for row in (kind, day):
        model = type(row)
        assert officer.get(at(model, "change/", row)).status_code == 200
        assert officer.post(at(model, "change/", row), {"name": "偷改"}).status_code == 403
        assert district.get(at(model, "add/")).status_code == 200
    page = district.get(at(CalendarDay, "add/"))
    district.post(at(CalendarDay, "add/"), filled(page, day="2030-10-02", name="国庆节"))
    assert CalendarDay.objects.filter(day="2030-10-02", is_worked=False).exists()
    again = district.post(at(CalendarDay, "add/"), filled(page, day="2030-10-02", name="又一次"))
    assert errors_of(again)


def test_the_history_tells_every_step_in_words(cast, officer):
    activity, by = cast.activities["here"], cast.officer
    first, second = activity.sign_ups.order_by("pk")
    signup.set_capacity(activity, capacity=2, by=by)
    late = signup.join(activity, names=["后来的"], telephone="19900001111").sign_ups.get()
    signup.leave(first)  # the one who waits moves up
    with time_machine.travel(activity.starts_at, tick=False):
        attendance.mark(activity, attended=[second.pk], by=by)
        attendance.mark(activity, attended=[], absent=[second.pk], by=by)
        attendance.check_in(activity, code=late.booking.code, by=by)
        attendance.strike_out(attendance.walk_in(activity, name="临时来的人", by=by), by=by)
    rows = [activity, *activity.sign_ups.all()]
    told = {entry.history_change_reason for row in rows for entry in row.history.all()}
    assert told >= {"join", "promote", "leave", "mark_attended", "mark_absent", "check_in", "walk_in", "strike_out"}
    for row in rows:
        page = officer.get(at(type(row), "history/", row)).text
        assert [reason for reason in told if reason and reason.isascii() and f"原因：{reason}<" in page] == []


def test_the_list_begins_with_what_comes_next(cast, officer):
    over = make_activity_of(cast.homes["here"], "办过的", status="finished", starts_in=timedelta(days=-3))

    def listed(query=""):
        changes = officer.get(f"{at(Activity)}{query}").context["cl"]
        assert not changes.get_ordering_field_columns(), "no arrow beside a column that it is not sorted by"
        return [row.title for row in changes.result_list]

    coming = [row.title for row in Activity.objects.visible_to(cast.officer).filter(ends_at__gt=timezone.now())]
    assert listed() == coming
    assert listed("?when=past") == [over.title]
    assert sorted(listed("?when=all")) == sorted([*coming, over.title])


def test_a_notice_that_lies_ahead_or_is_over_says_so(cast, officer):
    notice = cast.notices["here"]
    for changes, words in (
        ({"publish_at": timezone.now() + timedelta(days=3)}, "定时发布"),
        ({"publish_at": timezone.now() - timedelta(days=9), "expires_on": timezone.localdate() - timedelta(days=1)},
         "过期了"),
    ):  # fmt: skip
        Notice.objects.filter(pk=notice.pk).update(**changes)
        assert words in officer.get(at(Notice)).text


@pytest.mark.parametrize(("today", "asked"), [((2026, 11, 14), False), ((2026, 11, 15), True), ((2026, 2, 1), False)])
def test_from_mid_november_the_next_years_holidays_are_asked_for(cast, client_of, today, asked):
    with time_machine.travel(datetime(*today, 2, tzinfo=UTC), tick=False):
        assert ("放假安排没有录：2027年" in client_of(cast.district_officer).get("/admin/").text) is asked
        assert "放假安排没有录" not in client_of(cast.officer).get("/admin/").text
        CalendarDay.objects.create(day="2027-01-01", name="元旦")
        assert "放假安排没有录" not in client_of(cast.district_officer).get("/admin/").text


# --- the audio library
def sound(notes=(262, 294)):
    return SimpleUploadedFile("../../录音.exe", melody(notes))


def recording(page, **changes):
    return filled(page, title="读一段", slug="du-yi-duan", reader="谭老师", transcript="从前有座山。", **changes)


def test_a_recording_is_uploaded_measured_and_named_anew(cast, client_of):
    organiser = client_of(cast.organiser)
    page = organiser.get(at(AudioItem, "add/"))
    organiser.post(at(AudioItem, "add/"), recording(page, home=cast.homes["here"].pk) | {"upload": sound()})
    item = AudioItem.objects.get(slug="du-yi-duan")
    assert (item.division, item.media_type, item.seconds) == (cast.communities["here"], "audio/wav", 2)
    assert "exe" not in item.file.name
    assert item.history.first().history_user == cast.organiser


def test_a_recording_belongs_where_its_home_is_whatever_else_is_chosen(cast, client_of):
    street = client_of(cast.street_officer)
    page = street.get(at(AudioItem, "add/"))
    places = {"home": cast.homes["here"].pk, "division": cast.communities["next_door"].pk}
    street.post(at(AudioItem, "add/"), recording(page, **places) | {"upload": sound()})
    assert AudioItem.objects.get(slug="du-yi-duan").division == cast.communities["here"]


def test_what_is_no_recording_or_has_no_place_is_told_beside_the_field(cast, officer):
    page = officer.get(at(AudioItem, "add/"))
    text = SimpleUploadedFile("a.mp3", b"no sound at all")
    answer = officer.post(at(AudioItem, "add/"), recording(page, home=cast.homes["here"].pk) | {"upload": text})
    assert "upload" in errors_of(answer)
    assert "从前有座山" in answer.text
    nothing = errors_of(officer.post(at(AudioItem, "add/"), recording(page)))
    assert {"upload", "home"} <= set(nothing)
    foreign = recording(page, home=cast.homes["next_door"].pk) | {"upload": sound()}
    assert "home" in errors_of(officer.post(at(AudioItem, "add/"), foreign))
    assert not AudioItem.objects.filter(slug="du-yi-duan").exists()


def test_a_new_recording_takes_the_place_of_the_old(cast, officer, django_capture_on_commit_callbacks):
    item = cast.recordings["here"]
    before = item.file.name
    page = officer.get(at(AudioItem, "change/", item))
    officer.post(at(AudioItem, "change/", item), filled(page, title="改了题目"))
    item.refresh_from_db()
    assert (item.title, item.file.name) == ("改了题目", before)
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(at(AudioItem, "change/", item), filled(page) | {"upload": sound((262, 294, 330))})
    item.refresh_from_db()
    assert item.file.name != before
    assert not default_storage.exists(before)
    assert default_storage.exists(item.file.name)
