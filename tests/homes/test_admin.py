"""The staff pages of the homes: lists, to-do lines, steps, preview, holidays for many, history."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import caches
from django.utils import timezone

from homes import founding, granting
from homes.models import Demonstration, Grant, Home, OpeningException
from tests.makers import call_off, make_homes
from tests.staff_forms import errors_of, filled

LIST = "/admin/homes/home/"


def change(home, step="change"):
    return f"{LIST}{home.pk}/{step}/"


def names(response):
    return {home.name for home in response.context["cl"].queryset}


# --- the list
@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_list_asks_the_database_equally_often_for_one_row_and_for_many(
    cast, client_of, django_assert_num_queries, count
):
    make_homes(cast.communities["here"], count)
    client = client_of(cast.district_officer)
    client.get(LIST)
    with django_assert_num_queries(7):
        assert client.get(LIST).status_code == 200


def test_filters_narrow_and_combine(cast, client_of):
    client = client_of(cast.district_officer)
    assert names(client.get(f"{LIST}?todo=drafts")) == {home.name for home in cast.drafts.values()}
    assert names(client.get(f"{LIST}?todo=drafts&street={cast.streets['west'].code}")) == {"啄木鸟草稿"}
    assert names(client.get(f"{LIST}?q=画眉鸟")) == {"画眉鸟之家", "画眉鸟草稿"}
    assert names(client.get(f"{LIST}?q=甲社区")) == {"金丝雀之家", "金丝雀草稿"}


def test_archived_homes_are_out_of_the_way_until_asked_for(cast, client_of):
    call_off(cast.homes["here"], by=cast.technician)
    founding.archive(cast.homes["here"], by=cast.technician, reason="搬走了")
    client = client_of(cast.district_officer)
    assert "金丝雀之家" not in names(client.get(LIST))
    assert names(client.get(f"{LIST}?status=closed")) == {"金丝雀之家"}
    assert "金丝雀之家" in names(client.get(f"{LIST}?status=all"))


def test_to_do_filters_find_what_they_say(cast, client_of):
    here, next_door, elsewhere = cast.homes.values()
    here.verified_on = timezone.localdate() - timedelta(days=90)
    next_door.verified_on = timezone.localdate() - timedelta(days=91)
    for home in (here, next_door):
        home.save()
    elsewhere.longitude = elsewhere.latitude = None
    elsewhere.location_precision = ""
    elsewhere.save()
    client = client_of(cast.district_officer)
    assert names(client.get(f"{LIST}?todo=unverified")) == {"画眉鸟之家", "啄木鸟之家"}
    assert names(client.get(f"{LIST}?todo=location")) == {"啄木鸟之家"}
    assert names(client.get(f"{LIST}?todo=photo")) == {home.name for home in cast.homes.values()}


@pytest.mark.parametrize(
    "query", ["p=abc", "p=99", "status__exact=nothing", "nonsense=1", "todo=x", "street=x", "o=9.x"]
)
def test_an_odd_address_is_answered_politely(cast, client_of, query):
    answer = client_of(cast.district_officer).get(f"{LIST}?{query}", follow=True)
    assert answer.status_code == 200
    assert "金丝雀之家" in answer.content.decode()


def test_an_unknown_filter_is_taken_off_and_the_reader_is_told(cast, client_of):
    answer = client_of(cast.district_officer).get(f"{LIST}?nonsense=1&todo=drafts", follow=True)
    assert answer.request["QUERY_STRING"] == "todo=drafts"
    assert "不认识或者太长的筛选条件" in answer.content.decode()


# --- the index
def lines(response):
    return {line.label: line.count for line in response.context["waiting"]}


def test_the_index_counts_what_needs_doing_within_the_readers_area(cast, client_of):
    assert lines(client_of(cast.officer).get("/admin/"))["90天没有核实"] == 1
    assert lines(client_of(cast.street_officer).get("/admin/"))["90天没有核实"] == 2
    response = client_of(cast.district_officer).get("/admin/")
    counts = {line.label: line.count for line in response.context["waiting"] if line.url.startswith(LIST)}
    assert counts == {"90天没有核实": 3, "没有照片": 3, "筹建中，还没发布": 3}
    assert f"{cast.district_officer}，您好" in response.content.decode()


def test_who_only_reads_is_offered_what_there_is_to_read(cast, client_of):
    page = client_of(cast.auditor).get("/admin/").content.decode()
    assert "可以查看的内容" in page
    assert "审计记录" in page
    assert "都做好了" not in page


# --- steps
def test_only_steps_that_are_possible_are_offered(cast, client_of):
    def offered(person, home):
        return [step.key for step in client_of(person).get(change(home)).context["steps"]]

    assert offered(cast.district_officer, cast.drafts["here"]) == ["publish", "archive"]
    assert offered(cast.district_officer, cast.homes["here"]) == ["confirm", "suspend", "archive"]
    assert offered(cast.officer, cast.drafts["here"]) == ["publish"]
    assert offered(cast.organiser, cast.homes["here"]) == ["confirm", "suspend"]


def test_publishing_asks_first_and_names_what_is_missing(cast, client_of):
    draft, client = cast.drafts["here"], client_of(cast.officer)
    Home.objects.filter(pk=draft.pk).update(telephone="")
    page = client.get(change(draft, "publish"))
    assert page.context["missing"] == ["电话"]
    assert Home.objects.get(pk=draft.pk).status == "preparing"  # asking changes nothing
    answer = client.post(change(draft, "publish"), follow=True)
    assert Home.objects.get(pk=draft.pk).status == "open"
    assert "已发布" in answer.content.decode()
    assert draft.history.first().history_user == cast.officer
    assert LogEntry.objects.get(object_id=str(draft.pk)).get_change_message() == "发布"


def test_a_reason_is_asked_and_what_was_typed_is_kept(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.organiser)
    refused = client.post(change(home, "suspend"), {"reason": "空" * 101})
    assert refused.status_code == 200
    assert "空" * 101 in refused.content.decode()
    assert client.post(change(home, "suspend"), {"reason": "  "}).context["form"].errors
    client.post(change(home, "suspend"), {"reason": "换空调"})
    home.refresh_from_db()
    assert (home.status, home.status_note) == ("suspended", "换空调")


def test_a_step_that_a_colleague_took_meanwhile_is_explained(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.officer)
    founding.suspend(home, by=cast.technician, reason="停电")
    answer = client.post(change(home, "suspend"), {"reason": "换空调"}, follow=True)
    assert "同事刚刚处理过" in answer.content.decode()
    home.refresh_from_db()
    assert home.status_note == "停电"


def test_confirming_dates_the_facts(cast, client_of):
    client_of(cast.organiser).post(change(cast.homes["here"], "confirm"))
    home = Home.objects.get(pk=cast.homes["here"].pk)
    assert (home.verified_on, home.verified_by) == (timezone.localdate(), cast.organiser)


@pytest.mark.parametrize(
    ("person", "home", "step"),
    [("organiser", "here", "archive"), ("officer", "here", "archive"), ("auditor", "here", "confirm")],
)
def test_steps_beyond_the_role_are_refused(cast, client_of, person, home, step):
    answer = client_of(getattr(cast, person)).post(change(cast.homes[home], step), {"reason": "试试"})
    assert answer.status_code in (302, 403)
    assert Home.objects.get(pk=cast.homes[home].pk).status == "open"


# --- preview and the way to the public page
def test_a_draft_is_previewed_by_its_staff_alone_and_kept_nowhere(cast, client_of):
    draft = cast.drafts["here"]
    page = client_of(cast.officer).get(change(draft, "preview"))
    assert "金丝雀草稿" in page.content.decode()
    assert [kept for kept in caches["pages"]._cache.values() if "金丝雀草稿" in str(kept)] == []
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
    assert client_of(None).get(draft.get_absolute_url()).status_code == 404
    assert "金丝雀" not in client_of(cast.next_door_officer).get(change(draft, "preview"), follow=True).content.decode()


def test_the_public_page_is_linked_only_where_there_is_one(cast, client_of):
    client = client_of(cast.officer)
    assert 'href="/homes/here/"' in client.get(change(cast.homes["here"])).content.decode()
    assert 'href="/homes/here-draft/"' not in client.get(change(cast.drafts["here"])).content.decode()


# --- a new home
def test_a_new_home_is_a_draft(cast, client_of):
    client = client_of(cast.street_officer)
    data = filled(
        client.get(f"{LIST}add/"), name="新家", slug="new", division=cast.communities["here"].pk, status="open"
    )
    assert client.post(f"{LIST}add/", data).status_code == 302
    home = Home.objects.get(slug="new")
    assert (home.status, home.is_sample) == ("preparing", False)


def test_a_street_officer_founds_homes_in_their_street_only(cast, client_of):
    client = client_of(cast.street_officer)
    page = client.get(f"{LIST}add/")
    offered = set(page.context["adminform"].form.fields["division"].queryset)
    assert offered == {cast.streets["east"], cast.communities["here"], cast.communities["next_door"]}
    data = filled(page, name="新家", slug="new", division=cast.communities["elsewhere"].pk)
    assert list(errors_of(client.post(f"{LIST}add/", data))) == ["division"]
    assert not Home.objects.filter(slug="new").exists()


# --- a holiday for many
HOLIDAY = {"first_day": "2026-10-01", "last_day": "2026-10-03", "reason": "国庆节休息"}


def announce(client, homes, **changes):
    data = {"action": "give_holiday", "_selected_action": [home.pk for home in homes]}
    return client.post(LIST, data | changes, follow=True)


def test_a_holiday_is_written_once_for_many(cast, client_of):
    homes, client = [cast.homes["here"], cast.homes["next_door"]], client_of(cast.street_officer)
    asked = announce(client, homes)
    assert set(asked.context["homes"]) == set(homes)
    assert OpeningException.objects.count() == 0
    for message in ("给 2 个家加上了", "没有重复加"):
        answer = announce(client, homes, confirmed="1", **HOLIDAY)
        assert message in answer.content.decode()
    assert sorted(row.home_id for row in OpeningException.objects.all()) == sorted(home.pk for home in homes)
    assert OpeningException.history.first().history_user == cast.street_officer


def test_a_home_with_another_arrangement_on_these_days_is_left_alone(cast, client_of):
    home = cast.homes["here"]
    OpeningException.objects.create(home=home, first_day=date(2026, 10, 3), last_day=date(2026, 10, 4), reason="装修")
    answer = announce(client_of(cast.street_officer), [home], confirmed="1", **HOLIDAY)
    assert "已有别的安排" in answer.content.decode()
    assert [row.reason for row in home.exceptions.all()] == ["装修"]


def test_a_wrong_holiday_keeps_what_was_typed(cast, client_of):
    wrong = HOLIDAY | {"last_day": "2026-09-01"}
    answer = announce(client_of(cast.street_officer), [cast.homes["here"]], confirmed="1", **wrong)
    assert list(answer.context["form"].errors) == ["last_day"]
    assert "国庆节休息" in answer.content.decode()


def test_homes_outside_the_area_get_no_holiday(cast, client_of):
    answer = announce(client_of(cast.officer), [cast.homes["here"], cast.homes["elsewhere"]], confirmed="1", **HOLIDAY)
    assert [row.home for row in OpeningException.objects.all()] == [cast.homes["here"]]
    assert "啄木鸟" not in answer.content.decode()


# --- history
def test_history_tells_who_changed_what_from_what_to_what(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.officer)
    data = filled(client.get(change(home)), lead="新的一句话", step_free="False")
    data |= {"hours-TOTAL_FORMS": 6, "hours-5-weekday": 6, "hours-5-opens": "10:00", "hours-5-closes": "12:00"}
    client.post(change(home), data)
    entries = client.get(change(home, "history")).context["entries"]
    told = {(entry.by, entry.kind, entry.what): entry.changes for entry in entries[:2]}
    assert told == {
        (str(cast.officer), "新增", "开放时间"): [
            ("星期", "待补充", "星期日"),
            ("开门", "待补充", "10:00"),
            ("关门", "待补充", "12:00"),
        ],
        (str(cast.officer), "修改", "老党员之家"): [
            ("一句话介绍", "金丝雀之家的一句话", "新的一句话"),
            ("进门没有台阶", "是", "否"),
        ],
    }


def test_history_keeps_who_looks_after_a_home_and_why_it_was_closed(cast, client_of):
    home, client = cast.homes["here"], client_of(cast.district_officer)
    client.post(change(home), filled(client.get(change(home)), organisers=[]))
    client.post(change(home, "suspend"), {"reason": "换空调"})
    reasons = [entry.reason for entry in client.get(change(home, "history")).context["entries"]]
    assert reasons[:2] == ["换空调", "组织者：没有"]


# --- recognitions and money
def test_recognitions_and_money_are_told_with_the_way_to_the_desk_and_changed_by_nobody(cast, client_of):
    home = cast.homes["here"]
    recognised = Demonstration.objects.create(home=home, granted_on=date(2022, 12, 1))
    grant = granting.plan(by=cast.technician, home=home, year=2026, purpose="添桌椅", planned="5.00")
    for person in (cast.district_officer, cast.officer):
        client = client_of(person)
        page = client.get(change(home))
        assert f"/desk/demonstrations/{recognised.pk}/" in page.text
        assert f"/desk/grants/{grant.pk}/" in page.text
        data = filled(page, **{"demonstrations-0-revoked_on": "2026-01-01", "demonstrations-0-reason": "x"})
        data |= {"demonstrations-TOTAL_FORMS": 2, "demonstrations-1-granted_on": "2026-01-01"}
        data |= {"grants-0-paid": "99", "grants-0-planned": "99", "grants-TOTAL_FORMS": 2, "grants-1-purpose": "x"}
        forged = {"name": "", "demonstrations-0-id": "9999", "grants-0-id": "9999"}
        assert client.post(change(home), data | forged).status_code == 200  # refused for its name, and shown once more
        assert client.post(change(home), data).status_code == 302
        assert [row.revoked_on for row in Demonstration.objects.all()] == [None]
        assert [(row.planned, row.paid) for row in Grant.objects.all()] == [(5, 0)]
