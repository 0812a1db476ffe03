"""The desk's pages of letters: what waits for whom, what each step asks, what is hidden and what is written down."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from branches.models import AuditEntry
from tests.activities.desk import errors, send, typed
from tests.activities.filling_in import text
from tests.cast import CANARIES, WRITTEN
from tests.makers import make_letter
from tests.volunteers.post import TELEPHONE, WORDS, in_publication, in_state, make_clerks, sent
from volunteers import mailbox
from volunteers.models import Letter, Office

pytestmark = pytest.mark.django_db
DESK = "/desk/letters/"
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


def page(letter, tail=""):
    return f"{DESK}{letter.pk}/{tail}"


def state(letter):
    return Letter.objects.values_list("status", "publication").get(pk=letter.pk)


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


# --- steps
def test_from_the_letter_to_the_answer(clerks, writer, checker):
    letter = sent(clerks)
    send(writer, page(letter, "accept/"), office=clerks.office.pk)
    assert state(letter) == ("accepted", "private")
    send(writer, page(letter, "draft/"), text="灯泡明天\r\n换好。")
    assert Letter.objects.get(pk=letter.pk).draft == "灯泡明天\n换好。"
    assert "审核，答复" not in text(writer.get(page(letter)))
    answer = send(writer, page(letter, "answer/"))
    assert (answer.status_code, errors(answer)) == (409, {"__all__": "起草的人不能自己审核，请另一位同事来。"})
    assert "灯泡明天<br>换好。" in text(checker.get(page(letter, "answer/")))
    send(checker, page(letter, "answer/"))
    assert state(letter) == ("answered", "private")


@pytest.mark.parametrize(
    ("status", "tail", "given", "said"),
    [
        ("received", "accept/", {"office": ""}, {"office": "请选由哪个单位答复。"}),
        ("received", "decline/", {"reason": "", "words": "请找别处"}, {"reason": "请选为什么不受理。"}),
        ("received", "decline/", {"reason": "abuse", "words": ""}, {"words": "请写几句话告诉写信人。"}),
        ("received", "merge/", {"into": ""}, {"into": "请选并入哪封信。"}),
        ("accepted", "draft/", {"text": " "}, {"text": "请写答复。"}),
        ("accepted", "draft/", {"text": "长" * 2001}, {"text": "写得有点长，请留在2000个字以内，现在是2001个字。"}),
        ("accepted", "extend/", {"reason": ""}, {"reason": "请写明原因。"}),
        ("drafted", "send-back/", {"reason": ""}, {"reason": "请写明原因。"}),
        ("declined", "correct/", {"reason": "错了"}, {"__all__": "请写明为什么更正，至少5个字。"}),
    ],
)
def test_what_is_wrong_is_said_beside_it(clerks, checker, status, tail, given, said):
    letter = in_state(status, clerks)
    answer = send(checker, page(letter, tail), **given)
    assert errors(answer) == said
    assert state(letter) == (status, "private")
    for value in given.values():
        assert value in text(answer)


def test_what_somebody_did_meanwhile_is_told_and_nothing_typed_is_lost(clerks, writer):
    letter = in_state("accepted", clerks)
    filled = typed(writer.get(page(letter, "draft/")), text="写了很久的答复")
    mailbox.extend(letter, by=clerks.checker, reason="等配件")
    answer = writer.post(page(letter, "draft/"), filled)
    assert answer.status_code == 409
    assert "刚刚有人处理过" in errors(answer)["__all__"]
    assert "写了很久的答复" in text(answer)
    assert writer.post(page(letter, "draft/"), typed(answer)).status_code == 302
    assert Letter.objects.get(pk=letter.pk).draft == "写了很久的答复"


def test_a_step_that_does_not_fit_is_refused_politely(clerks, checker):
    letter = in_state("closed", clerks)
    for tail in ("draft/", "answer/", "extend/", "send-back/", "redact/", "publish/", "unpublish/"):
        answer = send(checker, page(letter, tail), reason="试一试看", text="好", **WORDS)
        assert answer.status_code in (200, 409), tail
    assert state(letter) == ("closed", "private")


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("received", {"accept", "merge", "decline"}), ("accepted", {"draft", "assign", "merge", "extend", "correct"}),
        ("drafted", {"answer", "send-back", "extend", "correct"}), ("answered", {"agreed", "correct"}),
        ("closed", {"agreed", "correct"}), ("declined", {"correct"}), ("merged", {"correct"}),
    ],
)  # fmt: skip
def test_a_letter_offers_what_its_state_allows(clerks, checker, status, offered):
    letter = in_state(status, clerks)
    found = set(re.findall(rf'href="{page(letter)}([a-z-]+)/"', text(checker.get(page(letter))))) - {"who"}
    assert found == offered


@pytest.mark.parametrize(
    ("state_", "offered"),
    [
        ("consented", {"redact", "withdrawn"}), ("redacted", {"publish", "redact", "withdrawn"}),
        ("public", {"unpublish", "withdrawn"}), ("unpublished", {"redact", "withdrawn"}),
    ],
)  # fmt: skip
def test_and_what_its_publication_allows(clerks, checker, state_, offered):
    letter = in_publication(state_, clerks)
    found = set(re.findall(rf'href="{page(letter)}([a-z-]+)/"', text(checker.get(page(letter))))) - {"who", "correct"}
    assert found == offered


def test_correcting_is_offered_to_the_district_alone(cast, client_of):
    letter = cast.letters["here"]
    assert "更正" not in text(client_of(cast.officer).get(page(letter)))
    assert "更正" in text(client_of(cast.district_officer).get(page(letter)))


def test_one_may_be_public_because_its_author_said_so_on_the_telephone(clerks, checker):
    letter = in_state("answered", clerks)
    send(checker, page(letter, "agreed/"), publicness="named")
    assert (state(letter)[1], Letter.objects.get(pk=letter.pk).name_consented) == ("consented", True)
    send(checker, page(letter, "withdrawn/"))
    assert state(letter)[1] == "private"


def test_dictated_on_the_telephone_both_names_are_kept(clerks, writer):
    given = {"name": "李阿姨", "telephone": "199 0000 3333", "subject": "井盖", "body": "井盖坏了", "consent": "on"}
    answer = send(writer, f"{DESK}by-telephone/", **given)
    letter = Letter.objects.get()
    assert answer["Location"] == page(letter)
    assert (letter.name, letter.taken_by, letter.telephone, letter.division) == (
        "李阿姨", clerks.writer, "19900003333", clerks.division,
    )  # fmt: skip
    shown = text(writer.get(page(letter)))
    assert "由writer登记" in shown
    assert f"{letter.code[:4]} {letter.code[4:]}" in shown  # to be read out, once
    assert letter.code[:4] not in text(writer.get(page(letter)))


def test_a_double_tap_registers_one_letter(clerks, writer):
    given = {"name": "李阿姨", "telephone": "19900003333", "subject": "井盖", "body": "井盖坏了", "consent": "on"}
    filled = typed(writer.get(f"{DESK}by-telephone/"), **given)
    assert [writer.post(f"{DESK}by-telephone/", filled).status_code for _ in range(2)] == [302, 302]
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"consent": None}, {"consent": "要先问过，对方同意了才能登记。"}),
        ({"telephone": ""}, {"telephone": "请写对方的电话，答复了好告诉人家。"}),
        ({"body": ""}, {"body": "请写信的内容。"}),
    ],
)
def test_registering_needs_consent_and_a_telephone(clerks, writer, given, said):
    whole = {"name": "李阿姨", "telephone": "19900003333", "subject": "井盖", "body": "井盖坏了", "consent": "on"}
    assert errors(send(writer, f"{DESK}by-telephone/", **whole | given)) == said
    assert not Letter.objects.exists()


# --- what is public
def test_redacted_words_are_kept_once_they_were_seen_beside_the_original(clerks, writer, checker):
    letter = in_publication("consented", clerks)
    first = send(writer, page(letter, "redact/"), reason="去掉了几栋", **WORDS)
    assert state(letter)[1] == "consented"
    shown = text(first)
    assert "<del>三栋</del>" in shown
    assert "<ins>楼</ins>" in shown
    changed = writer.post(page(letter, "redact/"), typed(first, public_body="门口的路灯不亮。"))
    assert (changed.status_code, state(letter)[1]) == (200, "consented")  # other words are another preview
    assert writer.post(page(letter, "redact/"), typed(changed)).status_code == 302
    kept = Letter.objects.get(pk=letter.pk)
    assert (kept.publication, kept.public_body, kept.redacted_by) == ("redacted", "门口的路灯不亮。", clerks.writer)
    answer = send(writer, page(letter, "publish/"))
    assert (answer.status_code, state(letter)[1]) == (409, "redacted")
    assert "<del>三栋</del>" in text(checker.get(page(letter, "publish/")))
    send(checker, page(letter, "publish/"))
    assert state(letter)[1] == "public"


def test_a_preview_of_a_telephone_is_refused_and_the_words_stay(clerks, writer):
    letter = in_publication("consented", clerks)
    words = WORDS | {"public_answer": "打一三八 1234 五六七八"}
    first = send(writer, page(letter, "redact/"), reason="去掉了几栋", **words)
    answer = writer.post(page(letter, "redact/"), typed(first))
    assert (answer.status_code, state(letter)[1]) == (409, "consented")
    assert errors(answer)["__all__"] == "“公开的答复”里还有电话号码。请改掉再存。"
    assert "打一三八 1234 五六七八" in text(answer)


def test_taking_down_asks_why(clerks, checker):
    letter = in_publication("public", clerks)
    assert errors(send(checker, page(letter, "unpublish/"))) == {"reason": "请写明原因。"}
    send(checker, page(letter, "unpublish/"), reason="认得出是哪一家")
    assert state(letter)[1] == "unpublished"
    assert "认得出是哪一家" in text(checker.get(page(letter)))


def test_markup_in_a_letter_is_only_words(clerks, checker):
    nasty = "<script>alert(1)</script><b>粗</b>"
    letter = in_publication("consented", clerks, body=nasty, subject=nasty[:60])
    answer = send(checker, page(letter, "redact/"), reason="去掉了几栋", **WORDS | {"public_body": nasty + "了"})
    for shown in (text(answer), text(checker.get(page(letter))), text(checker.get(f"{DESK}?all=1"))):
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown


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
