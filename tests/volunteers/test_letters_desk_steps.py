"""The desk's pages of letters: what each step asks, from the letter to what is public."""

import re

import pytest

from tests.activities.desk import errors, send, typed
from tests.activities.filling_in import text
from tests.volunteers.post import DESK, WORDS, in_publication, in_state, make_clerks, page, sent, state
from volunteers import mailbox
from volunteers.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerks():
    return make_clerks()


@pytest.fixture
def writer(clerks, client_of):
    return client_of(clerks.writer)


@pytest.fixture
def checker(clerks, client_of):
    return client_of(clerks.checker)


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
