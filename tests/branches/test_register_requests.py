"""More than one person may take alone: asked for, decided by somebody else, fetched in time, and nothing more."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from branches import audit, privacy, register_requests
from branches.access import Action
from branches.models import AuditEntry, ExportRequest, Member, Posting
from branches.register_requests import approve, ask, decline, fetch, take, withdraw
from branches.transitions import IllegalTransition
from tests.branches.register_sheets import EXPORT, REASON, table
from tests.cast import CANARIES
from tests.log_in import CODE, CODE_AGAIN, code_of, enrol, log_in
from tests.makers import make_user

REQUESTS = "/admin/branches/exportrequest/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_alone(monkeypatch):
    """As if two were already many."""
    monkeypatch.setattr(register_requests, "ALONE", 2)


def members_of(user):
    return Member.objects.visible_to(user, Action.EXPORT)


def asked_by(user, query=""):
    return ask(members_of(user), by=user, reason=REASON, query=query, asked={})


def page_of(request):
    return f"{REQUESTS}{request.pk}/change/"


def step_of(request, client, step, **more):
    return client.post(f"{REQUESTS}{request.pk}/step/", {"step": step} | more)


def told(client):
    """{what the first page says of exports: how many}"""
    lines = client.get("/admin/").context["waiting"]
    return {line.label: line.count for line in lines or () if "导出" in line.label}


# --- asking
def test_few_are_taken_at_once_and_many_are_asked_for(cast, client_of):
    client = client_of(cast.secretary)
    rows = table(client.post(f"{EXPORT}?needs_home_visit__exact=1", {"reason": REASON}))
    assert len(rows) == 1
    assert not ExportRequest.objects.exists()
    answer = client.post(EXPORT, {"reason": REASON})
    request = ExportRequest.objects.get()
    assert answer.url == page_of(request)
    assert (request.asked_by, request.reason, request.rows) == (cast.secretary, REASON, 3)
    assert (request.branch, request.division) == (cast.branches["here"], cast.communities["here"])
    assert AuditEntry.objects.filter(action="export").count() == 1
    entry = AuditEntry.objects.get(action="approval")
    assert (entry.actor, entry.reason, entry.data) == ("secretary", REASON, {"step": "ask", "rows": 3, "filter": {}})


def test_no_way_around_the_second_person(cast):
    with pytest.raises(IllegalTransition):
        take(members_of(cast.secretary), by=cast.secretary, reason=REASON, asked={})
    request = asked_by(cast.secretary)
    with pytest.raises(IllegalTransition):
        fetch(request, members_of(cast.secretary), by=cast.secretary, asked={})
    assert not AuditEntry.objects.filter(action="export").exists()


def test_a_reason_is_a_reason(cast):
    for reason in ("", "  看  看 ", "要", "字" * 301):
        with pytest.raises(IllegalTransition):
            ask(members_of(cast.secretary), by=cast.secretary, reason=reason, query="", asked={})


def test_what_was_searched_for_is_sealed_and_told_to_nobody(cast, client_of):
    client_of(cast.district_officer).post(f"{EXPORT}?q=金丝&o=1", {"reason": REASON})
    request = ExportRequest.objects.get()
    assert request.rows == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM branches_exportrequest")
        assert cursor.fetchone()[0].startswith("gAAAA")
    page = client_of(cast.officer).get(page_of(request)).content.decode()
    assert "按姓名或电话搜过" in page
    assert "金丝&" not in page
    assert "金丝&" not in str(AuditEntry.objects.values_list("data", flat=True))
    assert AuditEntry.objects.get(action="approval").data["filter"] == {"q": "（有）", "o": ["1"]}


def test_the_smallest_place_that_holds_them_all_is_asked(cast):
    assert asked_by(cast.district_officer).division == cast.district
    street = asked_by(cast.street_officer)
    assert (street.branch, street.division) == (None, cast.streets["east"])
    assert set(register_requests.deciders(street)) == {cast.district_officer, cast.leader}
    mine = asked_by(cast.secretary)
    above = {cast.street_officer, cast.district_officer, cast.leader}
    assert set(register_requests.deciders(mine)) == {cast.officer} | above


# --- deciding
def test_a_second_person_agrees_and_the_one_who_asked_fetches(cast, client_of):
    asker, second = client_of(cast.secretary), client_of(cast.officer)
    asker.post(EXPORT, {"reason": REASON})
    request = ExportRequest.objects.get()
    assert told(asker) == {"导出还等着同事批准": 1}
    assert told(second) == {"导出申请等您看一看": 1}
    assert "金丝雀小陈" in asker.get(page_of(request)).content.decode()
    page = second.get(page_of(request)).content.decode()
    assert (REASON in page, "金丝雀书记" in page, ">批准<" in page) == (True, True, True)
    step_of(request, second, "approve")
    assert told(asker) == {"导出批准了，等您下载": 1}
    assert told(second) == {}
    answer = step_of(request, asker, "fetch")
    assert {row["姓名"][:3] for row in table(answer)} == {"金丝雀", "金*"}
    assert "no-store" in answer["Cache-Control"]
    assert told(asker) == {}
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.reason) == ("secretary", REASON)
    assert entry.data == {"rows": 3, "in_full": 2, "filter": {}, "request": request.pk, "agreed": "officer"}
    assert [entry.data["step"] for entry in AuditEntry.objects.filter(action="approval").order_by("number")] == [
        "ask",
        "approve",
    ]
    assert audit.verify() == []


def test_nobody_decides_about_their_own(cast, client_of):
    request, client = asked_by(cast.secretary), client_of(cast.secretary)
    assert ">批准<" not in client.get(page_of(request)).content.decode()
    for step in ("approve", "decline"):
        step_of(request, client, step, reason="可以")
    for decide in (lambda: approve(request, members_of(cast.secretary), by=cast.secretary),
                   lambda: decline(request, by=cast.secretary, reason="不要了")):  # fmt: skip
        with pytest.raises(IllegalTransition, match="另一位"):
            decide()
    request.refresh_from_db()
    assert (request.status, request.decided_by) == ("waiting", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=request.pk).update(
            status="approved", decided_by=cast.secretary, decided_at=timezone.now(), expires_at=timezone.now()
        )


@pytest.mark.parametrize(
    "person", ["next_door_officer", "elsewhere_officer", "next_door_secretary", "organiser", "auditor"]
)
def test_who_does_not_answer_for_the_place_neither_sees_nor_decides(cast, client_of, person):
    request, client = asked_by(cast.secretary), client_of(cast.people[person])
    assert told(client) == {}
    assert client.get(page_of(request)).status_code in (302, 403)
    step_of(request, client, "approve")
    with pytest.raises(IllegalTransition):
        approve(request, members_of(cast.secretary), by=cast.people[person])
    request.refresh_from_db()
    assert request.status == "waiting"


def test_who_may_not_export_all_of_them_cannot_agree(cast):
    """The request says that it is of this place; but one of them is not."""
    request = asked_by(cast.secretary)
    ExportRequest.objects.filter(pk=request.pk).update(rows=99)
    with pytest.raises(IllegalTransition, match="不归您管"):
        approve(request, members_of(cast.district_officer), by=cast.officer)
    request.refresh_from_db()
    assert request.status == "waiting"


def test_a_refusal_has_a_reason_that_the_asker_reads(cast, client_of):
    request, second = asked_by(cast.secretary), client_of(cast.officer)
    step_of(request, second, "decline", reason=" ")
    assert told(second) == {"导出申请等您看一看": 1}
    step_of(request, second, "decline", reason="先把旧的删了")
    asker = client_of(cast.secretary)
    assert told(asker) == {"导出没有批准": 1}
    assert "先把旧的删了" in asker.get(page_of(request)).content.decode()
    step_of(request, asker, "fetch")
    assert not AuditEntry.objects.filter(action="export").exists()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert told(client_of(cast.secretary)) == {}


def test_decided_is_decided(cast):
    request, members = asked_by(cast.secretary), members_of(cast.secretary)
    approve(ExportRequest.objects.get(), members, by=cast.officer)  # in another window
    for again in (
        lambda: approve(request, members, by=cast.district_officer),
        lambda: decline(request, by=cast.district_officer, reason="不行"),
        lambda: withdraw(request, by=cast.secretary),
    ):
        with pytest.raises(IllegalTransition, match="已批准"):
            again()


def test_only_the_one_who_asked_takes_it_back_or_fetches_it(cast, client_of):
    request = asked_by(cast.secretary)
    for client in (client_of(cast.officer), client_of(cast.district_officer)):
        step_of(request, client, "withdraw")
    approve(request, members_of(cast.secretary), by=cast.officer)
    for client in (client_of(cast.officer), client_of(cast.district_officer)):
        assert step_of(request, client, "fetch").status_code == 302
    with pytest.raises(IllegalTransition):
        fetch(request, members_of(cast.secretary), by=cast.officer, asked={})
    other = asked_by(cast.secretary)
    step_of(other, client_of(cast.secretary), "withdraw")
    other.refresh_from_db()
    assert other.status == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_make_one_decision(cast):
    asked, members, outcomes = asked_by(cast.secretary), members_of(cast.secretary), []
    first, second = ExportRequest.objects.get(pk=asked.pk), ExportRequest.objects.get(pk=asked.pk)
    start = threading.Barrier(2)

    def decide(verb):
        start.wait()
        try:
            verb()
            outcomes.append("decided")
        except IllegalTransition:
            outcomes.append("refused")
        finally:
            connection.close()

    verbs = (
        lambda: approve(first, members, by=cast.officer),
        lambda: decline(second, by=cast.district_officer, reason="先不要"),
    )
    threads = [threading.Thread(target=decide, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "refused"]
    assert AuditEntry.objects.filter(action="approval").count() == 2  # asked for, and decided


# --- fetching
def test_after_a_day_it_is_too_late(cast, client_of):
    request, members = asked_by(cast.secretary), members_of(cast.secretary)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        approve(request, members, by=cast.officer)
        clock.shift(timedelta(hours=23, minutes=59))
        assert len(fetch(request, members, by=cast.secretary, asked={})) == 3
        clock.shift(timedelta(minutes=1))
        with pytest.raises(IllegalTransition, match="24小时"):
            fetch(request, members, by=cast.secretary, asked={})
        client = client_of(cast.secretary)
        assert "下载表格" not in client.get(page_of(request)).content.decode()
        assert step_of(request, client, "fetch").status_code == 302
    assert AuditEntry.objects.filter(action="export").count() == 1


def test_the_sheet_holds_what_the_asker_may_see_when_it_is_fetched(cast, client_of):
    other = make_user("district2", "district", cast.district)
    request = asked_by(cast.district_officer)
    approve(request, members_of(cast.district_officer), by=other)
    Posting.objects.filter(user=cast.district_officer).update(role="community", division=cast.communities["here"])
    rows = table(step_of(request, client_of(cast.district_officer), "fetch"))
    assert len(rows) == 3
    assert (CANARIES["here"] in str(rows), CANARIES["next_door"] in str(rows)) == (True, False)
    Posting.objects.filter(user=cast.district_officer).update(until=date(2020, 1, 2))
    assert step_of(request, client_of(cast.district_officer), "fetch").status_code == 302
    assert AuditEntry.objects.filter(action="export").count() == 1


def test_another_place_than_the_one_agreed_upon_is_not_handed_out(cast, client_of):
    request = asked_by(cast.secretary)
    approve(request, members_of(cast.secretary), by=cast.officer)
    Posting.objects.filter(user=cast.secretary).update(branch=cast.branches["next_door"])
    answer = client_of(cast.secretary).post(f"{REQUESTS}{request.pk}/step/", {"step": "fetch"}, follow=True)
    assert "不是现在这个范围" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="export").exists()


def test_more_than_agreed_upon_is_not_handed_out(cast):
    request = asked_by(cast.secretary)
    ExportRequest.objects.filter(pk=request.pk).update(rows=2)
    with pytest.raises(IllegalTransition, match="多出来"):
        approve(request, members_of(cast.secretary), by=cast.officer)
    ExportRequest.objects.filter(pk=request.pk).update(rows=3)
    approve(request, members_of(cast.secretary), by=cast.officer)
    ExportRequest.objects.filter(pk=request.pk).update(rows=2)
    with pytest.raises(IllegalTransition, match="多出来"):
        fetch(request, members_of(cast.secretary), by=cast.secretary, asked={})


def test_the_filter_that_was_asked_for_is_the_one_that_is_fetched(cast, client_of, monkeypatch):
    monkeypatch.setattr(register_requests, "ALONE", 0)
    asker = client_of(cast.secretary)
    asker.post(f"{EXPORT}?needs_home_visit__exact=1&p=7", {"reason": REASON})
    request = ExportRequest.objects.get()
    assert (request.rows, request.query) == (1, "needs_home_visit__exact=1")
    assert "需要上门：是" in asker.get(page_of(request)).content.decode()
    step_of(request, client_of(cast.officer), "approve")
    assert [row["姓名"] for row in table(step_of(request, asker, "fetch"))] == ["金丝雀老人"]


# --- the second step
def test_a_code_from_the_telephone_opens_exports_for_ten_minutes(cast):
    secret, _codes = enrol(cast.secretary)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        log_in(client, "secretary")
        client.post(CODE, {"code": code_of(secret)})
        assert client.get(EXPORT).status_code == 200
        clock.shift(timedelta(minutes=9, seconds=59))
        assert client.get(EXPORT).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(f"{EXPORT}?o=1").url == f"{CODE_AGAIN}?next=%2Fadmin%2Fbranches%2Fmember%2Fexport%2F%3Fo%3D1"
        answer = client.post(EXPORT, {"reason": REASON})
        assert answer.url.startswith(CODE_AGAIN)
        assert not ExportRequest.objects.exists()
        back = client.post(CODE_AGAIN, {"code": code_of(secret), "next": EXPORT})
        assert back.url == EXPORT
        assert REASON in client.get(EXPORT).content.decode()  # what was typed is not typed again
        assert client.post(EXPORT, {"reason": REASON}).url == page_of(ExportRequest.objects.get())


@pytest.mark.parametrize("step", ["approve", "fetch"])
def test_a_decision_and_a_download_want_the_code_too(cast, step):
    request = asked_by(cast.secretary)
    if step == "fetch":
        approve(request, members_of(cast.secretary), by=cast.officer)
    person = cast.officer if step == "approve" else cast.secretary
    secret, _codes = enrol(person)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        log_in(client, person.username)
        client.post(CODE, {"code": code_of(secret)})
        clock.shift(timedelta(minutes=10))
        assert step_of(request, client, step).url.startswith(CODE_AGAIN)
    before = request.status
    request.refresh_from_db()
    assert request.status == ("approved" if step == "fetch" else before)
    assert not AuditEntry.objects.filter(action="export").exists()


def test_a_password_alone_is_no_second_step(cast, settings):
    settings.STAFF_REQUIRE_MFA = True
    client = Client()
    log_in(client, "secretary")
    assert client.post(EXPORT, {"reason": REASON}).status_code == 302
    assert not ExportRequest.objects.exists()


# --- time
def test_old_requests_are_let_go_of(cast):
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        asked_by(cast.secretary)
    kept = asked_by(cast.secretary)
    assert privacy.overdue()["exports"] == 1
    assert privacy.purge()["exports"] == 1
    assert ExportRequest.objects.get() == kept
