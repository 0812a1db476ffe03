"""The desk's pages of letters: whose they are, what waits for whom, what is hidden and what is written down."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from branches.models import AuditEntry
from tests.activities.desk import errors, send
from tests.activities.filling_in import text
from tests.cast import CANARIES, WRITTEN
from tests.makers import make_letter
from tests.volunteers.post import DESK, TELEPHONE, in_publication, in_state, make_clerks, page, sent, state
from volunteers.models import Letter, Office

pytestmark = pytest.mark.django_db
STEPS = (
    "accept", "assign", "decline", "merge", "draft", "send-back", "answer", "extend", "correct", "agreed", "withdrawn",
    "redact", "publish", "unpublish",
)  # fmt: skip


@pytest.fixture
def clerks():
    return make_clerks()


@pytest.fixture
def writer(clerks, client_of):
    return client_of(clerks.writer)


@pytest.fixture
def checker(clerks, client_of):
    return client_of(clerks.checker)


def headings(client):
    found = re.findall(r'<h2 id="do-\d">(.*?)（', text(client.get(DESK)))
    return [re.sub(r"<[^>]+>", "", heading) for heading in found]


# --- whose
@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("officer", {"here"}), ("next_door_officer", {"next_door"}), ("street_officer", {"here", "next_door"}),
        ("district_officer", {"here", "next_door", "elsewhere"}), ("technician", {"here", "next_door", "elsewhere"}),
    ],
)  # fmt: skip
def test_each_meets_the_letters_of_their_own_area(cast, client_of, person, seen):
    client = client_of(cast.people[person])
    pages = {listing: text(client.get(f"{DESK}{listing}")) for listing in ("", "?all=1")}
    for listed in pages.values():
        assert {area for area, canary in CANARIES.items() if canary in listed} == seen
    for area, letter in cast.new_letters.items():
        answers = {
            tail: client.get(page(letter, tail)).status_code for tail in ("", "who/", "accept/", "decline/", "merge/")
        }
        assert set(answers.values()) == ({200} if area in seen else {404})


@pytest.mark.parametrize("person", ["secretary", "organiser", "auditor"])
def test_letters_are_no_business_of_others(cast, client_of, person):
    client = client_of(cast.people[person])
    letter = cast.new_letters["here"]
    addresses = [DESK, f"{DESK}by-telephone/", page(letter), page(letter, "who/")]
    addresses += [page(letter, f"{step}/") for step in STEPS]
    for address in addresses:
        assert (address, client.get(address).status_code) == (address, 403)
        assert client.post(address).status_code in (403, 405)
    assert state(letter) == ("received", "private")


@pytest.mark.parametrize("tail", [f"{step}/" for step in STEPS])
def test_a_letter_of_another_area_is_missing_also_for_who_posts(cast, client_of, tail):
    letter = cast.letters["next_door"]
    client = client_of(cast.officer)
    before = Letter.objects.filter(pk=letter.pk).values().get()
    answer = client.post(page(letter, tail), {"version": letter.version, "reason": "试一试看", "text": "好"})
    assert (answer.status_code, Letter.objects.filter(pk=letter.pk).values().get()) == (404, before)


def test_without_a_log_in_nothing_opens(cast, client):
    for address in (DESK, page(cast.new_letters["here"]), page(cast.new_letters["here"], "redact/")):
        assert client.get(address)["Location"].startswith("/account/login/")


def test_a_letter_cannot_be_merged_into_or_handed_to_another_area(cast, client_of):
    client, letter = client_of(cast.officer), cast.new_letters["here"]
    answer = send(client, page(letter, "merge/"), into=cast.new_letters["next_door"].pk)
    assert errors(answer) == {"into": "请从名单里选一封信。"}
    assert CANARIES["next_door"] not in text(answer)
    office = Office.objects.get()
    answer = send(client, page(letter, "accept/"), office=office.pk, division=cast.communities["next_door"].pk)
    assert errors(answer) == {"division": "请从名单里选一个地方。"}
    assert state(letter) == ("received", "private")


# --- what waits
def test_what_waits_stands_under_what_is_to_be_done_the_overdue_first(clerks, writer, checker):
    for status in ("received", "accepted", "drafted"):
        in_state(status, clerks)
    in_publication("consented", clerks)
    in_publication("redacted", clerks)
    late = in_state("accepted", clerks, now=timezone.now() - timedelta(days=30))
    assert headings(writer) == ["过了期限的", "要受理的", "要写答复的", "等同事审核的", "要脱敏的"]
    assert headings(checker) == ["过了期限的", "要受理的", "要写答复的", "要审核的", "要脱敏的", "等着公开的"]
    listed = text(writer.get(DESK))
    assert listed.count(f'href="{page(late)}"') == 1
    assert f"{late.due_on.month}月{late.due_on.day}日就该答复了" in listed


def test_of_those_with_time_left_the_nearest_day_comes_first(clerks, writer):
    later, sooner = in_state("accepted", clerks), in_state("accepted", clerks)
    Letter.objects.filter(pk=later.pk).update(due_on=timezone.localdate() + timedelta(days=9))
    listed = text(writer.get(DESK))
    assert listed.index(page(sooner)) < listed.index(page(later))


def test_lists_mask_names_and_hide_a_subject_that_tells_too_much(clerks, writer):
    sent(clerks)
    sent(clerks, subject=f"张三丰的灯，打{TELEPHONE}")
    listed = text(writer.get(DESK))
    assert [words for words in ("张三丰", TELEPHONE, "三栋门口") if words in listed] == []
    assert [words for words in ("张*", "路灯不亮", "内容打开才看得到") if words not in listed] == []


@pytest.mark.parametrize("asked", [TELEPHONE, "199 0000 1111", "code", "pk"])
def test_a_letter_is_found_by_telephone_code_and_number(clerks, writer, asked):
    letter, other = sent(clerks), sent(clerks, telephone="19900002222")
    answer = text(writer.post(DESK, {"q": {"code": letter.code, "pk": letter.pk}.get(asked, asked)}))
    assert (page(letter) in answer, page(other) in answer) == (True, False)


@pytest.mark.parametrize("asked", ["", "张三丰", "1990000", "\0", "9" * 40, "x" * 41])
def test_what_is_not_whole_finds_nothing(clerks, writer, asked):
    letter = sent(clerks)
    answer = writer.post(DESK, {"q": asked})
    assert (answer.status_code, page(letter) in text(answer)) == (200, False)


def test_a_search_finds_nothing_of_another_area(cast, client_of):
    answer = text(client_of(cast.officer).post(DESK, {"q": WRITTEN["next_door"]}))
    assert CANARIES["next_door"] not in answer


# --- opening
def test_to_open_a_letter_is_written_down_once_each_time(clerks, writer):
    letter = sent(clerks)
    entries = AuditEntry.objects.filter(subject="volunteers.letter", action="reveal")
    for number in (1, 2):
        shown = text(writer.get(page(letter)))
        assert entries.count() == number
    assert [words for words in ("三栋门口的路灯不亮。", "张三丰", "199****1111") if words not in shown] == []
    assert TELEPHONE not in shown
    entry = entries.first()
    assert (entry.actor, entry.subject_pk, entry.label, entry.reason) == (
        "writer",
        str(letter.pk),
        f"来信 {letter.pk}",
        "",
    )
    assert entry.data == {"fields": ["subject", "body", "name"]}


def test_a_list_opens_nothing(clerks, writer):
    sent(clerks)
    writer.get(DESK)
    writer.get(f"{DESK}?all=1")
    assert not AuditEntry.objects.filter(subject="volunteers.letter").exists()


def test_pages_that_show_the_letter_write_it_down_and_the_others_do_not_show_it(clerks, writer):
    letter = in_state("accepted", clerks)
    entries = AuditEntry.objects.filter(subject="volunteers.letter")
    for tail, shows in (("draft/", True), ("extend/", False), ("assign/", False), ("merge/", False)):
        before = entries.count()
        assert ("三栋门口的路灯不亮。" in text(writer.get(page(letter, tail)))) is shows
        assert entries.count() - before == shows


def test_the_telephone_opens_with_a_reason_which_is_kept(clerks, writer):
    letter = sent(clerks, proxy_name="李小龙")
    answer = send(writer, page(letter, "who/"), reason="问一问")
    assert TELEPHONE not in text(answer)
    assert "至少5个字" in errors(answer)["reason"]
    shown = text(send(writer, page(letter, "who/"), reason="打电话问是哪栋楼"))
    assert TELEPHONE in shown
    assert "李小龙" in shown
    entry = AuditEntry.objects.filter(subject="volunteers.letter").order_by("-number").first()
    assert (entry.reason, entry.data["fields"]) == ("打电话问是哪栋楼", ["telephone", "email", "proxy_name"])


# --- in the admin
def test_the_admin_shows_rows_without_letters_and_leads_to_the_desk(cast, client_of):
    client, letter = client_of(cast.officer), cast.new_letters["here"]
    for address in ("/admin/volunteers/letter/", f"/admin/volunteers/letter/{letter.pk}/change/",
                    f"/admin/volunteers/letter/{letter.pk}/history/"):  # fmt: skip
        shown = text(client.get(address))
        assert [
            words
            for words in (letter.subject, letter.body, letter.name, letter.telephone, letter.code)
            if words in shown
        ] == []
    assert page(letter) in text(client.get(f"/admin/volunteers/letter/{letter.pk}/change/"))


def test_the_district_edits_the_offices(cast, client_of):
    answer = client_of(cast.district_officer).post(
        "/admin/volunteers/office/add/", {"name": "城管所", "telephone": "0731-00010", "order": "7"}
    )
    assert (answer.status_code, Office.objects.filter(name="城管所").exists()) == (302, True)
    assert client_of(cast.officer).get("/admin/volunteers/office/add/").status_code == 403


def test_an_office_put_away_answers_no_more_letters(cast, client_of):
    Office.objects.update(is_archived=True)
    letter = make_letter(cast.homes["here"], "新来的")
    answer = send(client_of(cast.officer), page(letter, "accept/"), office=Office.objects.get().pk)
    assert errors(answer) == {"office": "请从名单里选一个单位。"}
