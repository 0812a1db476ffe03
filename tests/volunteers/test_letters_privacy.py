"""Letters go when their time is over, and when somebody asks; what is public stays for as long as it may be public."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from branches.models import AuditEntry, Event
from branches.privacy import overdue
from branches.residue import scrub
from tests.districts.folders import run
from tests.volunteers.post import in_publication, in_state, make_clerks
from tests.whole_site.database_bytes import database_bytes, found_in, whole_database
from volunteers import mailbox, privacy_letters, publication
from volunteers.models import Letter

pytestmark = pytest.mark.django_db
TELEPHONE = "19900007702"
WRITTEN = {
    "name": "夜莺建国", "telephone": TELEPHONE, "email": "nightingale@example.cn", "body": "夜莺的信",
    "subject": "夜莺的事", "proxy_name": "夜莺代笔",
}  # fmt: skip
PERSONAL = tuple(WRITTEN.values())
TWO_YEARS = timedelta(days=733)


@pytest.fixture(autouse=True)
def no_rewriting(monkeypatch):
    """The file of the database is rewritten outside transactions only."""
    for module in ("erase_person", "purge"):
        monkeypatch.setattr(f"branches.management.commands.{module}.scrub", lambda: True)


@pytest.fixture
def clerks():
    return make_clerks()


def heard():
    return [text for text in PERSONAL if text in whole_database()]


# --- by time
@pytest.mark.parametrize("status", ["answered", "closed", "declined", "merged"])
def test_two_years_after_it_ended_a_letter_is_emptied(clerks, status):
    now = timezone.now()
    letter = in_state(status, clerks, now=now, **WRITTEN)
    assert set(heard()) == set(PERSONAL)
    with time_machine.travel(now + timedelta(days=730), tick=False):
        assert overdue()["letters"] == 0
    with time_machine.travel(now + TWO_YEARS, tick=False):
        assert overdue()["letters"] == 1
        run("purge")
        assert overdue()["letters"] == 0
    assert heard() == []
    letter.refresh_from_db()
    assert (letter.code, letter.status, letter.body, letter.answer) == (None, status, "", "")
    assert letter.office is not None or status in ("declined", "merged")  # who answered is still known


@pytest.mark.parametrize("status", ["received", "accepted", "drafted"])
def test_what_waits_for_an_answer_stays(clerks, status):
    in_state(status, clerks, **WRITTEN)
    with time_machine.travel(timezone.now() + 3 * TWO_YEARS, tick=False):
        assert overdue()["letters"] == 0


@pytest.mark.parametrize(("state", "stays"), [("public", True), ("redacted", False), ("unpublished", False)])
def test_what_is_public_stays_and_what_is_not_goes_with_the_letter(client, clerks, state, stays):
    letter = in_publication(state, clerks, **WRITTEN)
    with time_machine.travel(timezone.now() + TWO_YEARS, tick=False):
        run("purge")
        assert heard() == []
        letter.refresh_from_db()
        assert (letter.public_body == "楼门口的路灯不亮。", letter.publication) == (stays, state)
        assert client.get(letter.get_absolute_url()).status_code == (200 if stays else 404)


def test_two_emptied_letters_get_along(clerks):
    letters = [in_state("closed", clerks, form_key=f"{number}" * 32, **WRITTEN).pk for number in range(2)]
    with time_machine.travel(timezone.now() + TWO_YEARS, tick=False):
        run("purge")
    assert set(Letter.objects.filter(pk__in=letters).values_list("code", "form_key")) == {(None, None)}


# --- by telephone
@pytest.mark.parametrize("written", [TELEPHONE, "+86 199-0000-7702", "１９９００００７７０２"])
def test_an_erasure_takes_down_what_is_public_and_leaves_nothing(client, clerks, written):
    letter = in_publication("public", clerks, **WRITTEN)
    open_one = mailbox.send_back(in_state("drafted", clerks, **WRITTEN), by=clerks.checker, reason="夜莺写错了")
    hashed = letter.telephone_index
    run("erase_person", written, "--yes")
    assert heard() == []
    assert "夜莺" not in whole_database()
    letter.refresh_from_db()
    assert (letter.publication, letter.public_body, letter.unpublished_reason) == (
        "unpublished",
        "",
        "写信人收回了同意",
    )
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert Letter.objects.get(pk=open_one.pk).status == "accepted"
    assert AuditEntry.objects.filter(action="erase", data__telephone_hash=hashed).exists()


def test_of_two_who_share_a_number_only_one_is_emptied(clerks):
    one, two = in_state("closed", clerks, **WRITTEN), in_state("closed", clerks, **WRITTEN | {"name": "布谷小妹"})
    assert privacy_letters.erase(TELEPHONE, {"夜莺 建国"}, by=None) == 1
    names = dict(Letter.objects.values_list("pk", "name"))
    assert (names[one.pk], names[two.pk]) == ("", "布谷小妹")


def test_a_copy_has_the_letter_the_answer_and_what_happened(clerks, tmp_path):
    letter = mailbox.ask_again(in_state("answered", clerks, **WRITTEN), reason="夜莺再问")
    publication.consent(letter)
    in_state("answered", clerks, name="别人家", telephone="19900009999")
    run("hand_over", TELEPHONE, "--output", str(tmp_path / "copy.json"))
    copied = (tmp_path / "copy.json").read_text()
    assert [text for text in (*PERSONAL, "夜莺再问", "灯泡明天换好。", letter.code) if text not in copied] == []
    assert "别人家" not in copied
    assert "writer" not in copied  # who of the staff
    json.loads(copied)


def test_events_hold_no_name(clerks):
    in_state("closed", clerks, by=clerks.writer, **WRITTEN)
    told = str(list(Event.objects.values_list("reason", "on_behalf_of", "data", "actor_name")))
    assert [text for text in PERSONAL if text in told] == []
    assert "夜*" in told


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_the_database_tells_nobody_what_was_written():
    if connection.vendor == "sqlite":
        assert scrub()  # what earlier tests of this process have left in the file
    clerks = make_clerks()
    letter = mailbox.draft(in_state("accepted", clerks, **WRITTEN), by=clerks.writer, text="夜莺的灯泡明天换好。")
    mailbox.ask_again(mailbox.answer(letter, by=clerks.checker), reason="夜莺再问")
    declined = in_state("received", clerks, **WRITTEN)
    mailbox.decline(declined, by=clerks.chief, reason="outside", words="夜莺请找供水公司")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    content = database_bytes()
    assert found_in(content, ["路灯所"]) == ["路灯所"]
    assert found_in(content, [*PERSONAL, "夜莺的灯泡明天换好。", "夜莺再问", "夜莺请找供水公司"]) == []
