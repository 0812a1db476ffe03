"""The audit trail: one chain, append-only, and whatever is done to it behind our back is found and named."""

import threading
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from branches import audit
from branches.audit import Action, record
from branches.management.commands.audit import MOST_TOLD
from branches.models import AuditEntry, AuditHead
from branches.row_history import LIMIT
from tests.audit_triggers import without_audit_triggers
from tests.districts.folders import run

pytestmark = pytest.mark.django_db
WRITERS, EACH = 6, 5


@pytest.fixture
def trail(cast):
    """Ten entries of a district officer, after whatever making the cast has left."""
    return [
        record(Action.REVEAL, by=cast.district_officer, label=f"张*{number}", reason="打电话", number_of_rows=number)
        for number in range(10)
    ]


@pytest.fixture
def unguarded():
    """What somebody with rights on the database can do first: take the triggers away."""
    with without_audit_triggers():
        yield


def run_sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def verified():
    """(what `manage.py audit verify` says, its exit code)"""
    said = StringIO()
    try:
        call_command("audit", "verify", stdout=said)
    except CommandError as error:
        return str(error), error.returncode
    return said.getvalue(), 0


def test_a_whole_chain_is_found_whole(trail):
    said, code = verified()
    assert code == 0
    assert f"{trail[-1].number}条" in said


def test_an_empty_chain_is_whole():
    assert audit.verify() == []


def test_an_entry_says_who_what_when_and_from_where(cast):
    audit.request_origin.set("2001:db8::1")
    try:
        entry = record(Action.EXPORT, by=cast.officer, subject=cast.officer, reason="核对名册", rows=3)
    finally:
        audit.request_origin.set("")
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name, entry.action) == ("officer", "金丝雀小陈", "export")
    assert (entry.subject, entry.subject_pk) == ("branches.user", str(cast.officer.pk))
    assert (entry.reason, entry.data, entry.origin) == ("核对名册", {"rows": 3}, "2001:db8::1")
    assert abs(timezone.now() - entry.at).total_seconds() < 3600


def test_what_the_columns_and_databases_cannot_hold_is_made_to_fit(cast):
    cast.officer.name, cast.officer.username = "", "u" * 150
    record(
        Action.DENIED, by=cast.officer, label="长" * 500, reason="\0" + "长" * 500, day=timezone.localdate(),
        words=("a", "b\0"), literal="\\u0000", nested={1: [1.5, None, True]},
    )  # fmt: skip
    assert audit.verify() == []
    assert AuditEntry.objects.get(action="denied").data["literal"] == "\\u0000"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE branches_auditentry SET reason = 'nothing' WHERE number = 5",
        "UPDATE branches_auditentry SET number = number + 100",
        "DELETE FROM branches_auditentry WHERE number = 5",
        "DELETE FROM branches_auditentry",
    ],
)
def test_the_database_refuses_to_change_or_delete(trail, statement):
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run_sql(statement)
    assert list(AuditEntry.objects.values()) == before
    assert audit.verify() == []


def test_the_database_refuses_to_empty_the_trail(trail):
    """PostgreSQL empties a table without looking at its rows; SQLite knows no such statement."""
    with pytest.raises(DatabaseError), transaction.atomic():
        run_sql("TRUNCATE branches_auditentry")
    assert AuditEntry.objects.count() >= len(trail)


@pytest.mark.parametrize("conflict", ["id", "number"])
def test_no_entry_is_written_over(trail, conflict):
    """REPLACE is SQLite's; a plain INSERT of the same number is refused by both databases."""
    columns = "at, action, actor, actor_name, subject, subject_pk, label, reason, data, origin, digest"
    keys = {"id": "id, number + 100", "number": "id + 100, number"}[conflict]
    verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(DatabaseError), transaction.atomic():
        run_sql(f"{verb} INTO branches_auditentry (id, number, {columns}) "  # noqa: S608 - our own names
                f"SELECT {keys}, {columns} FROM branches_auditentry WHERE number = 5")  # fmt: skip
    assert audit.verify() == []


@pytest.mark.parametrize("change", ["save", "delete"])
def test_django_cannot_change_or_delete_an_entry_either(trail, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        getattr(trail[4], change)()
    assert audit.verify() == []


@pytest.mark.parametrize(
    "column", ["reason", "actor", "actor_name", "label", "action", "origin", "subject", "subject_pk", "digest"]
)
def test_a_changed_row_is_named(trail, unguarded, column):
    AuditEntry.objects.filter(number=trail[4].number).update(**{column: "other"})
    said, code = verified()
    assert code == 1
    assert f"第{trail[4].number}条被改动过" in said
    assert f"第{trail[3].number}条" not in said


def test_a_changed_time_and_changed_data_are_named(trail, unguarded):
    AuditEntry.objects.filter(number=trail[2].number).update(at=timezone.now())
    AuditEntry.objects.filter(number=trail[6].number).update(data={"number_of_rows": 0})
    faults = audit.verify()
    assert len(faults) == 2
    assert f"第{trail[2].number}条被改动过" in faults[0]
    assert f"第{trail[6].number}条被改动过" in faults[1]


def test_a_deleted_row_is_named(trail, unguarded):
    run_sql("DELETE FROM branches_auditentry WHERE number = %s", trail[4].number)
    said, code = verified()
    assert code == 1
    assert f"第{trail[4].number}条不见了" in said


def test_deleted_rows_in_a_row_are_named(trail, unguarded):
    run_sql("DELETE FROM branches_auditentry WHERE number IN (%s, %s)", trail[4].number, trail[5].number)
    assert f"第{trail[4].number}到{trail[5].number}条不见了" in verified()[0]


def test_a_first_row_that_is_gone_is_named(trail, unguarded):
    run_sql("DELETE FROM branches_auditentry WHERE number = 1")
    assert "第1条不见了" in verified()[0]


def test_two_swapped_rows_are_named(trail, unguarded):
    one, other = trail[3].number, trail[7].number
    for old, new in ((one, -1), (other, one), (-1, other)):
        run_sql("UPDATE branches_auditentry SET number = %s WHERE number = %s", new, old)
    said, code = verified()
    assert code == 1
    assert f"第{one}条被改动过，或者前后次序被动过" in said
    assert f"第{other}条被改动过，或者前后次序被动过" in said


def test_a_row_of_a_chain_that_took_another_course_is_named(trail, unguarded):
    """Somebody puts a genuine entry of this number back, out of a backup from which work went on otherwise."""
    with transaction.atomic():
        record(Action.REVEAL, label="one")
        genuine = record(Action.REVEAL, label="harmless")
        transaction.set_rollback(True)
    record(Action.REVEAL, label="another")
    last = record(Action.REVEAL, label="telling")
    assert last.number == genuine.number
    last.delete()
    genuine.pk = None
    genuine.save(force_insert=True)
    AuditHead.objects.update(digest=genuine.digest)
    assert f"第{last.number}条被改动过，或者前后次序被动过" in verified()[0]


def test_a_forged_row_at_the_end_is_named(trail):
    last = trail[-1]
    AuditEntry.objects.create(number=last.number + 1, at=last.at, action="reveal", digest=last.digest)
    assert f"第{last.number + 1}条被改动过" in verified()[0]
    assert f"第{last.number + 1}条在记下的末端之后" in verified()[0]


def test_an_end_that_was_cut_off_is_named(trail, unguarded):
    run_sql("DELETE FROM branches_auditentry WHERE number = %s", trail[-1].number)
    said, code = verified()
    assert code == 1
    assert f"应当有第{trail[-1].number}条" in said


def test_an_end_that_was_cut_off_together_with_its_head_shows_by_the_one_that_was_kept(trail, unguarded):
    kept = StringIO()
    call_command("audit", "head", stdout=kept)
    assert kept.getvalue().strip() == f"{trail[-1].number}:{trail[-1].digest}"
    run_sql("DELETE FROM branches_auditentry WHERE number = %s", trail[-1].number)
    AuditHead.objects.update(number=trail[-2].number, digest=trail[-2].digest)
    assert audit.verify() == []
    with pytest.raises(CommandError, match=f"应当有第{trail[-1].number}条"):
        call_command("audit", "verify", "--kept", kept.getvalue().strip())


def test_a_chain_written_anew_shows_by_the_end_that_was_kept(trail):
    with pytest.raises(CommandError, match=f"第{trail[3].number}条的封印"):
        call_command("audit", "verify", "--kept", f"{trail[3].number}:{'0' * 64}")


def test_a_chain_made_with_another_key_does_not_fit_and_the_key_is_named(trail, settings):
    settings.INDEX_KEY = "another key"
    faults = audit.verify()
    assert "INDEX_KEY" in faults[0]
    assert len(faults) == AuditEntry.objects.count() + 1


def test_a_single_fault_does_not_blame_the_key(trail, unguarded):
    AuditEntry.objects.filter(number=trail[4].number).update(reason="other")
    assert "INDEX_KEY" not in verified()[0]


def test_many_faults_are_counted_and_not_all_told(cast, settings):
    for _ in range(MOST_TOLD + 5):
        record(Action.REVEAL, label="张*")
    settings.INDEX_KEY = "another key"
    said, code = verified()
    assert code == 1
    assert len(said.splitlines()) == MOST_TOLD + 2
    assert f"一共{AuditEntry.objects.count() + 1}处" in said


def test_new_keys_for_fields_and_sessions_leave_the_chain_whole(trail, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    run("rotate_keys")
    settings.FIELD_KEYS, settings.SECRET_KEY = settings.FIELD_KEYS[:1], "another secret " * 5
    record(Action.REVEAL, label="张*")
    assert AuditEntry.objects.filter(action="keys").exists()
    assert verified()[1] == 0


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain():
    errors = []

    def write(writer):
        try:
            for number in range(EACH):
                record(Action.REVEAL, label=f"{writer}-{number}")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, WRITERS * EACH + 1)
    )
    assert audit.verify() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap():
    record(Action.REVEAL, label="one")
    with transaction.atomic():
        record(Action.REVEAL, label="two")
        transaction.set_rollback(True)
    record(Action.REVEAL, label="three")
    assert list(AuditEntry.objects.order_by("number").values_list("label", flat=True)) == ["one", "three"]
    assert audit.verify() == []


# --- the auditor's page
PAGE = "/admin/branches/auditentry/"


def listed(response):
    return [entry.label for entry in response.context["cl"].result_list]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"q": "张*3"}, {"张*3"}),
        ({"q": "district"}, {f"张*{number}" for number in range(10)}),
        ({"q": "2001-01-01"}, set()),
        ({"q": "2001-99-99"}, set()),
        ({"action__exact": "export"}, set()),
    ],
)
def test_the_auditor_searches_and_filters(cast, client_of, trail, question, found):
    response = client_of(cast.auditor).get(PAGE, question | {"action__exact": question.get("action__exact", "reveal")})
    assert set(listed(response)) == found


def test_the_auditor_finds_a_day(cast, client_of, trail):
    today = timezone.localdate().isoformat()
    client = client_of(cast.auditor)
    assert len(listed(client.get(PAGE, {"q": f"{today} 张*3"}))) == 1
    assert len(listed(client.get(PAGE, {"day": today, "action__exact": "reveal"}))) == 10
    assert "张*3" in client.get(f"{PAGE}{trail[3].pk}/change/").content.decode()


@pytest.mark.parametrize("person", ["auditor", "technician"])
def test_nobody_changes_an_entry_in_the_admin(cast, client_of, trail, person):
    client, row = client_of(cast.people[person]), f"{PAGE}{trail[3].pk}/"
    assert client.get(f"{row}change/").status_code == 200
    assert 'name="reason"' not in client.get(f"{row}change/").content.decode()
    assert client.post(f"{row}change/", {"reason": "nothing"}).status_code == 403
    assert client.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{PAGE}add/", {"number": 1}).status_code == 403
    client.post(PAGE, {"action": "delete_selected", "_selected_action": trail[3].pk, "post": "yes"})
    assert audit.verify() == []


@pytest.mark.parametrize("person", ["officer", "street_officer", "district_officer", "organiser"])
def test_others_do_not_see_the_trail(cast, client_of, trail, person):
    client = client_of(cast.people[person])
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/admin/").content.decode()


def test_the_auditor_sees_nothing_else(cast, client_of):
    page = client_of(cast.auditor).get("/admin/").content.decode()
    assert PAGE in page
    assert "/admin/homes/" not in page
    assert "/admin/branches/user/" not in page


def test_the_list_asks_equally_often_for_many(cast, client_of, django_assert_max_num_queries):
    client = client_of(cast.auditor)
    for _ in range(LIMIT // 2):
        record(Action.REVEAL, label="张*")
    client.get(PAGE)
    with django_assert_max_num_queries(8):
        assert client.get(PAGE, {"action__exact": "reveal"}).status_code == 200
