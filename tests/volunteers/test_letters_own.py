"""L-I4: the author's page opens by code and last four digits, tells how it stands, and says nothing to a guesser."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.activities.filling_in import errors, text
from tests.volunteers.post import TELEPHONE, in_publication, in_state, make_clerks, sent
from volunteers import mailbox, publication
from volunteers.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerks():
    return make_clerks()


def look_up(client, letter, last_four=TELEPHONE[-4:]):
    return client.post("/lookup/", {"code": letter.code, "last_four": last_four})


def own(letter):
    return f"/lookup/letter/{letter.pk}/"


@pytest.fixture
def opened(client):
    """`opened(letter)`: the text of the author's page."""

    def read(letter):
        look_up(client, letter)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text(client.get(own(letter)))))

    return read


def test_a_sample_says_that_it_is_one_and_when_it_came(client, opened, clerks):
    came = timezone.make_aware(timezone.datetime(2026, 9, 1, 10))
    letter = Letter(
        code="30000001", subject="灯坏了", body="三栋的灯坏了。", name="示例居民", telephone=TELEPHONE, is_sample=True,
        division=clerks.division, created_at=came, text_changed_at=came, consented_at=came, due_on=came.date(),
    )  # fmt: skip
    mailbox.enter([letter], by=None, reason="示例数据")
    assert "9月1日 信收到了" in opened(letter)
    assert '<span class="tag tag-sample">' in text(client.get(own(letter)))


def version_of(client, address):
    return re.search(r'name="version" value="(\d+)"', text(client.get(address)))[1]


# --- the door
def test_code_and_four_digits_open_it_for_half_an_hour(client, clerks):
    letter = sent(clerks)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert look_up(client, letter)["Location"] == own(letter)
        assert client.get(own(letter)).status_code == 200
        assert client.get(own(letter))["Cache-Control"] == "private, no-store"
        clock.shift(31 * 60)
        assert client.get(own(letter))["Location"] == "/lookup/"


@pytest.mark.parametrize(("email", "last_four"), [("Wang.Laoshi@example.cn", "OSHI"), ("wu1@example.cn", "wu1")])
def test_who_left_no_telephone_has_four_of_their_address(client, clerks, email, last_four):
    letter = sent(clerks, telephone="", email=email)
    assert look_up(client, letter, last_four)["Location"] == own(letter)
    assert look_up(Client(), letter, "1111").status_code == 200
    assert "邮箱@前面的最后四个" in text(client.get(own(letter)))


def test_to_a_guesser_every_letter_and_none_are_alike(client, clerks):
    letter, by_mail = sent(clerks), sent(clerks, telephone="", email="wang@example.cn")
    other = next(code for code in ("11111111", "22222222", "33333333") if code not in (letter.code, by_mail.code))
    guesses = [(letter.code, "2222"), (by_mail.code, "2222"), (other, TELEPHONE[-4:]), (by_mail.code, "")]
    answers = [client.post("/lookup/", {"code": code, "last_four": four}) for code, four in guesses]
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(errors(answer)) for answer in answers[:3]}) == 1
    for answer in answers:
        assert "路灯" not in text(answer)
    for pk in (letter.pk, 99999):
        for tail in ("", "ask-again/", "consent/", "withdraw/"):
            assert client.get(f"/lookup/letter/{pk}/{tail}")["Location"] == "/lookup/"


def test_after_six_wrong_tries_there_is_a_pause(client, clerks):
    letter = sent(clerks)
    answers = [look_up(client, letter, "2222").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]
    assert look_up(client, letter).status_code == 429


def test_nothing_is_written_where_the_page_is_not_open(client, clerks):
    letter = in_publication("public", clerks)
    for tail in ("ask-again/", "consent/", "withdraw/"):
        answer = client.post(f"{own(letter)}{tail}", {"version": letter.version, "reason": "还是不亮"})
        assert answer["Location"] == "/lookup/"
    assert Letter.objects.filter(pk=letter.pk).values_list("version", "publication").get() == (letter.version, "public")


# --- what it says
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("received", ["信收到了", "以前会有人受理"]),
        ("accepted", ["正在办", "由路灯所答复，最晚", "受理了，交给路灯所答复"]),
        ("drafted", ["正在办", "答复写好了，正在审核"]),
        ("answered", ["答复了", "灯泡明天换好。", "以前可以追问一次", "没说清楚，追问一次"]),
        ("closed", ["答复了", "这封信办完了", "灯泡明天换好。"]),
        ("declined", ["不予受理", "请找供水公司", "不归我们管"]),
        ("merged", ["合在一起办", "那封信的答复也就是给您的答复"]),
    ],
)
def test_it_says_what_happened_what_comes_next_and_whom_to_ring(clerks, opened, status, said):
    letter = in_state(status, clerks)
    page = opened(letter)
    assert [words for words in (*said, "信收到了", letter.code[:4], "三栋门口的路灯不亮。") if words not in page] == []
    assert ("0731-00009" in page) == (letter.office is not None)


def test_days_are_told(clerks, opened):
    letter = in_state("accepted", clerks)
    assert f"最晚{letter.due_on.month}月{letter.due_on.day}日" in opened(letter)
    letter = mailbox.extend(letter, by=clerks.writer, reason="等配件到货")
    page = opened(letter)
    assert "等配件到货" in page
    assert f"最晚{letter.due_on.month}月{letter.due_on.day}日" in page


def test_a_draft_and_who_works_on_it_are_nobody_s_business(clerks, opened):
    page = opened(in_state("drafted", clerks))
    assert "灯泡明天换好。" not in page
    assert [name for name in ("writer", "checker", "chief") if name in page] == []


def test_why_words_were_changed_for_the_public_is_told(clerks, opened):
    assert "去掉了几栋" in opened(in_publication("redacted", clerks))


def test_a_merged_letter_reads_the_other_s_answer_and_nothing_of_its_letter(clerks, opened):
    other = in_state("answered", clerks, body="别人家的事", name="李小龙")
    letter = mailbox.merge(sent(clerks), by=clerks.chief, into=other)
    page = opened(letter)
    assert "灯泡明天换好。" in page
    assert [words for words in ("别人家的事", "李小龙", other.code) if words in page] == []


def test_an_answer_that_names_the_other_author_is_not_shown_to_this_one(clerks, opened):
    other = in_state("accepted", clerks, name="李小龙")
    other = mailbox.draft(other, by=clerks.writer, text="李小龙您好，灯泡换好了。")
    letter = mailbox.merge(sent(clerks), by=clerks.chief, into=other)
    assert "最晚" in opened(letter)
    mailbox.answer(other, by=clerks.checker)
    page = opened(letter)
    assert "李小龙" not in page
    assert "请打电话来问" in page
    words = {"public_subject": "路灯", "public_body": "路灯不亮", "public_answer": "灯泡换好了。"}
    other = publication.consent(other)
    publication.redact(other, by=clerks.writer, reason="去掉名字", **words)
    assert "灯泡换好了。" in opened(letter)


# --- what the author may do
def test_asking_again_from_the_page(client, clerks, opened):
    letter = in_state("answered", clerks)
    opened(letter)
    address = f"{own(letter)}ask-again/"
    version = version_of(client, address)
    assert errors(client.post(address, {"version": version, "reason": " "})) == ["请写还有什么没说清楚。"]
    answer = client.post(address, {"version": version, "reason": "灯泡换了\r\n还是不亮"})
    assert answer["Location"] == own(letter)
    letter.refresh_from_db()
    assert (letter.status, letter.asked_again) == ("accepted", "灯泡换了\n还是不亮")
    page = opened(letter)
    assert [words for words in ("您的追问", "追问以前的答复", "灯泡明天换好。") if words not in page] == []
    assert "没说清楚，追问一次" not in page


def test_too_late_nothing_typed_is_lost(client, clerks, opened):
    letter = in_state("answered", clerks)
    opened(letter)
    version = version_of(client, f"{own(letter)}ask-again/")
    Letter.objects.filter(pk=letter.pk).update(answered_at=timezone.now() - timedelta(days=16))
    answer = client.post(f"{own(letter)}ask-again/", {"version": version, "reason": "还是不亮"})
    assert (answer.status_code, "还是不亮" in text(answer)) == (409, True)
    assert "超过15天" in errors(answer)[0]


def test_a_page_from_before_is_refused_once_and_counts_when_sent_again(client, clerks, opened):
    letter = in_state("answered", clerks)
    opened(letter)
    address = f"{own(letter)}consent/"
    stale = version_of(client, address)
    publication.consent(letter)
    publication.withdraw(letter)
    answer = client.post(address, {"version": stale, "publicness": "public"})
    assert answer.status_code == 409
    again = re.search(r'name="version" value="(\d+)"', text(answer))[1]
    assert client.post(address, {"version": again, "publicness": "named"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.publication, letter.name_consented) == ("consented", True)


def test_consent_is_given_later_and_taken_back(client, clerks, opened):
    letter = in_publication("public", clerks)
    page = opened(letter)
    assert "已经公开" in page
    version = version_of(client, f"{own(letter)}withdraw/")
    client.post(f"{own(letter)}withdraw/", {"version": version})
    letter.refresh_from_db()
    assert (letter.publication, letter.consented_on) == ("unpublished", None)
    page = opened(letter)
    assert "已经不公开了" in page
    assert "同意公开" in page
    assert Client().get(letter.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("status", ["declined", "merged"])
def test_where_there_is_nothing_to_show_nobody_is_asked(clerks, opened, status):
    assert "同意公开" not in opened(in_state(status, clerks))
