"""The verbs of an application for a home: every state, event and role; H-I1, H-I2, H-I3, H-I6; the checklist."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.db import transaction

from branches.models import CalendarDay, Event, Posting, User
from branches.transitions import IllegalTransition
from homes import application_worklist as worklist
from homes import applying, inspecting, reviewing
from homes.models import Home, HomeApplication, Inspection, InspectionItem, Standard
from tests.at_once import together
from tests.homes.applying import MONDAY, STATES, at, drafted, homes, in_state, make_hall, seen, steps

LATER = date(2026, 11, 2)  # when every notice is over
ROLES = ("officer", "neighbour", "street", "district", "leader")
COMMUNITY, STREET, DISTRICT = {"officer"}, {"street"}, {"district", "leader"}
# {event: {state: who may}}; district has acted on what is past the street, leader on nothing
MAY = {
    "submit": {"draft": COMMUNITY, "returned": COMMUNITY},
    "return": {"submitted": STREET, "street_ok": DISTRICT},
    "street_pass": {"submitted": STREET},
    "start_notice": {"street_ok": DISTRICT},
    "approve": {"public_notice": {"leader"}},
    "reject": {"submitted": STREET, "returned": STREET, "street_ok": DISTRICT, "public_notice": {"leader"}},
    "withdraw": dict.fromkeys(("draft", "submitted", "returned", "street_ok", "public_notice"), COMMUNITY),
}


@pytest.fixture
def hall(db):
    with time_machine.travel(at(LATER), tick=False):
        yield make_hall()


def told(application):
    rows = Event.objects.filter(subject="homes.homeapplication", subject_pk=application.pk)
    return [(row.event, row.before, row.after) for row in rows]


def test_every_state_event_and_role_is_in_the_table_or_refused(hall):
    assert set(MAY) == set(applying.TRANSITIONS) - {"begin"}
    wrong = []
    for status in STATES:
        with transaction.atomic():
            application = in_state(status, hall)
            if status == "submitted":
                seen(application, hall.street)
            row = HomeApplication.objects.filter(pk=application.pk)
            before, events = row.values().get(), told(application)
            for event, role in product(MAY, ROLES):
                try:
                    with transaction.atomic():
                        steps(hall, hall.who(role), LATER)[event](row.get())
                        after, last = row.get(), told(application)[-1]
                        transaction.set_rollback(True)
                    end = applying.TRANSITIONS[event][1]
                    assert (after.status, after.version) == (end, before["version"] + 1)
                    assert last == (event, status, end)
                    done = True
                except IllegalTransition:
                    assert (row.values().get(), told(application)) == (before, events)
                    done = False
                if done != (role in MAY[event].get(status, ())):
                    wrong.append((status, event, role, done))
            transaction.set_rollback(True)
    assert wrong == []


def refused(verb, *args, **given):
    with pytest.raises(IllegalTransition) as refusal, transaction.atomic():
        verb(*args, **given)
    return str(refusal.value)


def test_where_streets_do_not_review_the_district_begins(hall, settings):
    settings.STREETS_REVIEW = False
    application = in_state("submitted", hall)
    assert "区里直接审" in refused(applying.street_pass, application, by=hall.street)
    assert worklist.to_review(hall.street).count() == 0
    assert list(worklist.to_review(hall.district)) == [application]
    assert steps(hall, hall.district, LATER)["start_notice"](application).status == "public_notice"


# --- what has to be there, and one address
def test_what_is_missing_is_said_and_one_address_has_one_application(hall):
    bare = applying.begin(by=hall.officer, name="家", division=hall.community)
    assert "还缺：地址、支部的情况、场所的情况、面积" in refused(applying.submit, bare, by=hall.officer)
    assert "“有支部”的证明材料" in applying.missing(bare)[-3]
    first = in_state("returned", hall)
    other = drafted(hall, address="一号路 1 号")
    assert first.number in refused(applying.submit, other, by=hall.officer)
    # nor may one that is under way move to the address of another, by a change or by a correction
    elsewhere = in_state("returned", hall, address="二号路2号")
    assert first.number in refused(applying.write, elsewhere, by=hall.officer, address="一号路1号")
    rejected = steps(hall, hall.street, LATER)["reject"](first)
    applying.submit(other, by=hall.officer, on=LATER)
    assert "已经有一份申报在办" in refused(applying.correct, rejected, by=hall.chief, reason="点错了按钮")


def test_a_visit_comes_before_the_street_passes_it(hall):
    application = in_state("submitted", hall)
    assert "还没有去现场看过" in refused(applying.street_pass, application, by=hall.street)
    results = dict.fromkeys(Standard.objects.in_use(), ("met", ""))
    for person in (hall.officer, hall.neighbour, hall.leader):  # not their turn
        refused(inspecting.inspect, by=person, application=application, words="看过", results=results)
    seen(application, hall.street)
    assert applying.street_pass(application, by=hall.street).status == "street_ok"


# --- H-I2
def test_who_acted_at_one_level_acts_at_no_other_whatever_post_they_get(hall):
    application = in_state("street_ok", hall)
    for promoted in (hall.street, hall.officer):  # passed it; wrote it
        district = hall.community.parent.parent
        Posting.objects.create(user=promoted, role="district", division=district, since=date(2026, 1, 1))
        person = User.objects.get(pk=promoted.pk)  # the postings are read once a request
        assert not reviewing.may_act(person, application)
        assert application not in worklist.to_review(person)
        refused(applying.start_notice, application, by=person, words="两间屋。")
    application = steps(hall, hall.district, MONDAY)["start_notice"](application)
    assert "另一关" in refused(steps(hall, hall.district, LATER)["approve"], application)
    assert list(worklist.run_out(hall.leader)) == [application]
    assert not worklist.run_out(hall.district).exists()


def test_who_only_went_to_look_or_wrote_a_line_has_acted_too(hall):
    application = in_state("street_ok", hall)
    seen(application, hall.leader)
    application = steps(hall, hall.district, MONDAY)["start_notice"](application)
    refused(steps(hall, hall.leader, LATER)["approve"], application)
    assert steps(hall, hall.chief, LATER)["approve"](application).home.status == "preparing"


# --- H-I3
def test_every_return_and_reject_says_why_and_where(hall):
    application = in_state("submitted", hall)
    for given in ({"reason": " ", "fields": {"area": "量"}}, {"reason": "缺", "fields": {}},
                  {"reason": "缺", "fields": {"status": "x"}}, {"reason": "缺", "fields": {"area": " "}}):  # fmt: skip
        refused(applying.return_, application, by=hall.street, **given)
    application = steps(hall, hall.street, LATER)["return"](application)
    assert (application.verdict, application.returned_fields) == ("写清楚些", {"area": "量一量"})
    refused(applying.reject, application, by=hall.street, category="place", reason="")
    rejected = steps(hall, hall.street, LATER)["reject"](application)
    back = applying.correct(rejected, by=hall.chief, reason="点错了按钮")
    assert (back.status, back.verdict, back.returned_fields) == ("returned", "写清楚些", {"area": "量一量"})


def test_an_entered_one_has_no_step_to_take_back(hall):
    application = in_state("street_ok", hall)
    Event.objects.filter(subject="homes.homeapplication", subject_pk=application.pk).delete()
    assert "照着纸面录入" in refused(applying.correct, application, by=hall.chief, reason="点错了按钮")


# --- H-I6
def test_the_days_it_lies_with_the_applicant_are_not_counted_also_over_a_holiday(hall):
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=date(2026, 10, day), name="国庆节") for day in range(1, 8)]
        + [CalendarDay(day=date(2026, 9, 27), name="国庆节", is_worked=True),  # a Sunday
           CalendarDay(day=date(2026, 10, 10), name="国庆节", is_worked=True)]  # a Saturday
    )  # fmt: skip
    friday = date(2026, 9, 25)
    application = in_state("submitted", hall, on=friday)
    # five working days of the street after Friday 25: Sun 27, Mon 28, Tue 29, Wed 30, Thu 8
    assert application.due_on == date(2026, 10, 8)
    with time_machine.travel(at(date(2026, 9, 28))):
        application = applying.return_(application, by=hall.street, reason="缺", fields={"area": "量"})
    assert application.days_left == 3  # Tue 29, Wed 30, Thu 8
    assert not HomeApplication.objects.overdue(date(2026, 10, 31)).exists()
    with time_machine.travel(at(date(2026, 10, 9))):  # the whole holiday later
        application = applying.submit(application, by=hall.officer)
    assert application.due_on == date(2026, 10, 13)  # Sat 10 is worked, Mon 12, Tue 13
    assert not HomeApplication.objects.overdue(date(2026, 10, 13)).exists()
    assert list(HomeApplication.objects.overdue(date(2026, 10, 14))) == [application]


def test_a_notice_ends_on_its_last_day_and_says_nothing_it_should_not(hall):
    application = in_state("street_ok", hall, address="一号路1号3栋101室")
    wrong = {
        "找小陈": "申报人的名字", "打13812345678": "电话", " ": "请写公示的内容",
        "在一号路1号3栋101室，钥匙在2单元501": "“2单元501”",
    }  # fmt: skip
    for words, what in wrong.items():
        assert what in refused(applying.start_notice, application, by=hall.district, words=words)
    words = "一号路1号3栋101室，两间屋。"
    application = applying.start_notice(application, by=hall.district, words=words, on=MONDAY)
    assert application.notice_until == MONDAY + timedelta(days=7)
    approve = applying.approve
    refused(approve, application, by=hall.leader, slug="x", ceiling=1, on=application.notice_until)
    day_after = application.notice_until + timedelta(days=1)
    home = approve(application, by=hall.leader, slug="x", ceiling=1, on=day_after).home
    assert (home.status, home.inspections.count(), home.name) == ("preparing", 1, "申报的家")


def test_a_notice_that_was_rejected_by_mistake_runs_for_the_days_it_missed(hall):
    application = in_state("public_notice", hall)
    application = applying.reject(application, by=hall.leader, category="place", reason="点错", on=MONDAY)
    later = date(2026, 11, 2)
    application = applying.correct(application, by=hall.chief, reason="刚才点错了", on=later)
    assert application.notice_until == later + timedelta(days=7)
    assert "公示到2026年11月09日" in refused(
        applying.approve, application, by=hall.leader, slug="x", ceiling=1, on=later + timedelta(days=7)
    )


def test_what_was_never_handed_in_is_read_where_it_was_written_alone(hall):
    applying.withdraw(in_state("draft", hall), by=hall.officer)
    applying.withdraw(in_state("submitted", hall, address="二号路2号"), by=hall.officer)
    readers = ("officer", "street", "district")
    seen_by = {who: HomeApplication.objects.visible_to(hall.who(who)).count() for who in readers}
    assert seen_by == {"officer": 2, "street": 1, "district": 1}


# --- the checklist
def test_an_inspection_keeps_the_words_of_its_day_and_is_never_changed(hall):
    application = in_state("submitted", hall)
    standard = Standard.objects.get()
    for results in ({}, {standard: ("unmet", " ")}):
        refused(inspecting.inspect, by=hall.street, application=application, words="看过", results=results)
    result = {standard: ("unmet", "只有两把椅子")}
    inspecting.inspect(by=hall.street, application=application, words="看过", results=result)
    standard.name, standard.is_archived = "有十个座位", True
    standard.save()
    seen(application, hall.street)  # by a list that is empty now
    item = InspectionItem.objects.get()
    assert (item.name, item.is_required, item.note) == ("有座位", True, "只有两把椅子")
    assert [(row.met, row.asked) for row in Inspection.objects.with_score()] == [(0, 0), (0, 1)]


# --- at once, on both databases
@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_twenty_approvals_at_once_found_one_home():  # H-I1
    hall = make_hall()
    application = in_state("public_notice", hall)
    approvals = [steps(hall, hall.leader, LATER)["approve"]] * 20
    answers = together(*(lambda step=step: step(HomeApplication.objects.get(pk=application.pk)) for step in approvals))
    assert sum(isinstance(answer, HomeApplication) for answer in answers) == 1
    assert homes() == 1
    assert HomeApplication.objects.get(pk=application.pk).home == Home.objects.get()


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_of_two_submissions_of_one_address_at_once_one_is_taken():
    hall = make_hall()
    drafts = [drafted(hall), drafted(hall, address="一号路，1号")]
    answers = together(*(lambda draft=draft: applying.submit(draft, by=hall.officer) for draft in drafts))
    taken = [answer for answer in answers if isinstance(answer, HomeApplication)]
    assert len(taken) == 1
    assert [answer for answer in answers if isinstance(answer, str)] == [
        f"这个地址已经有一份申报在办（{taken[0].number}），不能再报一份。"
    ]
