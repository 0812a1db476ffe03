"""The pages of residents: writing a letter, and reading those that are public."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from config import open_forms
from tests.activities.filling_in import errors, text
from tests.makers import make_home
from tests.proofs import proof_of
from tests.volunteers.post import TELEPHONE, in_publication, in_state, make_clerks
from volunteers import publication
from volunteers.letter_forms import HOMES_MOST, NAMED, PUBLIC
from volunteers.models import Letter, Office

pytestmark = pytest.mark.django_db
WRITE = "/letters/write/"


@pytest.fixture
def clerks(easy_work):
    return make_clerks()


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


def filled(client, clock, address=WRITE, **given):
    """What somebody sends who opened the form and took a while, on a device that did its work."""
    page = text(client.get(address))
    hidden = dict(re.findall(r'<input type="hidden" name="(made_at|form_key)" value="([^"]+)"', page))
    assert set(hidden) == {"made_at", "form_key"}
    clock.shift(30)
    typed = {
        "subject": "路灯不亮",
        "body": "三栋门口的路灯不亮。",
        "name": "张三丰",
        "contact": TELEPHONE,
        "consent": "on",
    }
    return hidden | typed | {"website": "", "proof": proof_of(hidden)} | given


def send(client, clock, **given):
    return client.post(WRITE, filled(client, clock, **given))


# --- writing
def test_a_letter_is_sent_and_its_author_led_to_their_own_page(client, clock, clerks):
    answer = send(client, clock)
    letter = Letter.objects.get()
    assert answer["Location"] == f"/lookup/letter/{letter.pk}/"
    page = text(client.get(answer["Location"]))
    assert f"{letter.code[:4]} {letter.code[4:]}" in page
    assert (letter.telephone, letter.division, letter.publication) == (TELEPHONE, clerks.division, "private")
    assert (letter.consent_version != "", letter.is_proven, letter.taken_by) == (True, True, None)


def test_without_the_work_of_the_device_it_counts_all_the_same_and_is_marked(client, clock, clerks):
    assert send(client, clock, proof="").status_code == 302
    assert not Letter.objects.get().is_proven


@pytest.mark.parametrize(
    ("contact", "kept"),
    [("+86 199 0000 1111", (TELEPHONE, "")), ("１９９００００１１１１", (TELEPHONE, "")),
     (" Zhang@example.cn ", ("", "Zhang@example.cn")), ("zhang＠example.cn", ("", "zhang@example.cn"))],
)  # fmt: skip
def test_a_telephone_or_an_address_of_mail(client, clock, clerks, contact, kept):
    assert send(client, clock, contact=contact).status_code == 302
    letter = Letter.objects.get()
    assert (letter.telephone, letter.email) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"subject": ""}, "请用一句话写是什么事。"),
        ({"body": " \r\n "}, "请写信的内容。"),
        ({"name": "\u200b"}, "请写怎么称呼您。"),
        ({"contact": ""}, "请写一个电话或者邮箱。"),
        ({"contact": "12345"}, "这个电话看着不对：手机是11位，座机请带区号。写邮箱也行。"),
        ({"contact": "zhang@"}, "这个邮箱看着不对，请再看看；没有邮箱就写电话。"),
        ({"consent": ""}, "要勾上同意，信才能交给办理的单位。不想勾，也可以打电话说。"),
        ({"body": "长" * 2001}, "写得有点长，请留在2000个字以内，现在是2001个字。"),
        ({"home": "nowhere"}, "请从名单里选一个家。"),
        ({"publicness": "maybe"}, "请选一样：可不可以公开。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, clock, clerks, given, said):
    answer = send(client, clock, **given)
    assert (answer.status_code, errors(answer), Letter.objects.count()) == (200, [said], 0)
    for name, value in {
        "subject": "路灯不亮",
        "body": "三栋门口的路灯不亮。",
        "name": "张三丰",
        "contact": TELEPHONE,
    }.items():
        if name not in given:
            assert value in text(answer)


def test_two_thousand_characters_are_counted_with_one_for_the_end_of_a_line(client, clock, clerks):
    assert send(client, clock, body="长\r\n" * 999 + "长长").status_code == 302
    assert len(Letter.objects.get().body) == 2000


@pytest.mark.parametrize("nasty", ["\0", "\x00a", "<script>alert(1)</script>", "'; --", "𠮷" * 30, "\u202e"])
@pytest.mark.parametrize("name", ["subject", "body", "name", "contact", "proxy_name", "home", "publicness", "form_key"])
def test_no_text_breaks_the_form(client, clock, clerks, name, nasty):
    answer = send(client, clock, **{name: nasty})
    assert answer.status_code in (200, 302)
    assert "<script>alert" not in text(answer)


@pytest.mark.parametrize(("wish", "kept"), [(PUBLIC, ("consented", False)), (NAMED, ("consented", True))])
def test_consent_to_its_being_public_is_given_apart(client, clock, clerks, wish, kept):
    send(client, clock, publicness=wish)
    letter = Letter.objects.get()
    assert (letter.publication, letter.name_consented) == kept


def test_whoever_writes_for_somebody_is_named(client, clock, clerks):
    answer = send(client, clock, proxy_name="李小龙")
    assert "由李小龙代写" in text(client.get(answer["Location"]))


def test_the_mailbox_of_a_home_is_chosen_by_its_address(client, clock, cast, easy_work):
    home = cast.homes["here"]
    assert f"{WRITE}?home={home.slug}" in text(client.get(home.get_absolute_url()))
    address = f"{WRITE}?home={home.slug}"
    page = text(client.get(address))
    assert f"投到{home.name}的邮筒" in page
    assert f'<option value="{home.slug}" selected>' in page
    before = Letter.objects.count()
    client.post(address, filled(client, clock, address, home=home.slug))
    letter = Letter.objects.order_by("-pk").first()
    assert (Letter.objects.count(), letter.home, letter.division) == (before + 1, home, home.division)


def test_no_draft_of_a_home_has_a_mailbox(client, clock, cast, easy_work):
    draft = cast.drafts["here"]
    page = text(client.get(f"{WRITE}?home={draft.slug}"))
    assert draft.name not in page
    assert errors(send(client, clock, home=draft.slug)) == ["请从名单里选一个家。"]


def test_of_very_many_homes_only_the_one_asked_for_is_offered(client, clerks):
    for number in range(HOMES_MOST + 1):
        make_home(clerks.division, f"第{number}号家", f"row-{number}")
    assert "第7号家" in text(client.get(f"{WRITE}?home=row-7"))
    assert "第8号家" not in text(client.get(f"{WRITE}?home=row-7"))


def test_a_double_tap_is_one_letter(client, clock, clerks):
    given = filled(client, clock)
    first, again = client.post(WRITE, given), client.post(WRITE, given)
    assert (first["Location"], Letter.objects.count()) == (again["Location"], 1)


def test_five_letters_of_a_telephone_in_a_day_and_no_more(client, clock, clerks):
    answers = [send(client, clock, body=f"第{number}封") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "今天已经收到您好几封信了" in errors(answers[-1])[0]
    assert answers[-1]["Retry-After"] == str(24 * 60 * 60)
    assert send(client, clock, contact="19900002222").status_code == 302


def test_twenty_letters_of_an_address_in_an_hour_and_no_more(client, clock, clerks):
    for number in range(open_forms.PER_ADDRESS.number):
        assert send(client, clock, contact=f"199{number:08}").status_code == 302
    answer = send(client, clock, contact="19912345678")
    assert (answer.status_code, errors(answer), "Retry-After" in answer) == (429, [open_forms.TOO_MANY], True)
    assert "三栋门口的路灯不亮。" in text(answer)


def test_a_robot_is_not_heard(client, clock, clerks):
    assert errors(send(client, clock, website="http://example.cn")) == [open_forms.NOT_A_PERSON]
    assert not Letter.objects.exists()


def test_extra_fields_change_nothing(client, clock, clerks):
    send(client, clock, status="answered", publication="public", public_body="看我", office="1", is_proven="")
    letter = Letter.objects.get()
    assert (letter.status, letter.publication, letter.public_body, letter.office) == ("received", "private", "", None)


# --- reading
def test_what_is_public_is_listed_and_read_with_who_answered_in_how_many_days(client, clerks):
    letter = in_publication("public", clerks, now=timezone.now() - timedelta(days=2))
    page = text(client.get("/letters/"))
    assert letter.public_subject in page
    assert "当天答复" in page
    page = text(client.get(letter.get_absolute_url()))
    for shown in (letter.public_subject, letter.public_body, letter.public_answer, "路灯所", "0731-00009"):
        assert shown in page
    for hidden in (letter.body, letter.name, TELEPHONE, letter.code):
        assert hidden not in page


@pytest.mark.parametrize("days", [0, 1, 3])
def test_days_taken_are_counted_from_the_coming_to_the_answer(client, clerks, days):
    letter = in_publication("public", clerks)
    Letter.objects.filter(pk=letter.pk).update(created_at=letter.answered_at - timedelta(days=days))
    assert (f"{days}天答复" if days else "当天答复") in text(client.get("/letters/"))


@pytest.mark.parametrize("state", ["private", "consented", "redacted", "unpublished"])
def test_what_is_not_public_is_a_missing_page(client, clerks, state):
    letter = in_publication(state, clerks)
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert "还没有公开的信" in text(client.get("/letters/"))


@pytest.mark.parametrize("status", ["received", "accepted", "drafted", "declined", "merged"])
def test_nor_is_what_is_not_answered(client, clerks, status):
    assert client.get(in_state(status, clerks, may_publish=True).get_absolute_url()).status_code == 404


def test_the_name_is_told_where_its_bearer_wants_it(client, clerks):
    with_name, without = (in_publication("public", clerks, with_name=named) for named in (True, False))
    assert "写信人：张三丰" in text(client.get(with_name.get_absolute_url()))
    assert "张三丰" not in text(client.get(without.get_absolute_url()))


@pytest.mark.django_db(transaction=True)
def test_taken_back_it_is_gone_from_every_page_at_once(client):
    letter = in_publication("public", make_clerks())
    pages = ("/letters/", letter.get_absolute_url(), "/sitemap-letters.xml", "/letters/?q=路灯")
    assert [letter.public_subject in text(client.get(page)) for page in pages] == [True, True, False, True]
    assert letter.get_absolute_url() in text(client.get("/sitemap-letters.xml"))
    publication.withdraw(letter)
    assert [client.get(page).status_code for page in pages] == [200, 404, 200, 200]
    for page in pages:
        assert letter.get_absolute_url() not in text(client.get(page))


# --- searching
@pytest.fixture
def three(clerks):
    """Three public letters, of two offices."""
    letters = [in_publication("public", clerks) for _ in range(3)]
    other = Office.objects.create(name="水务所")
    Letter.objects.filter(pk=letters[0].pk).update(public_body="井盖坏了", office=other)
    Letter.objects.filter(pk=letters[1].pk).update(public_subject="合唱团 排练", public_answer="星期三 下午")
    return letters


def found(client, letters, query):
    page = text(client.get(f"/letters/?{query}"))
    return [number for number, letter in enumerate(letters) if f'"{letter.get_absolute_url()}"' in page]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("q=井盖", [0]), ("q=排练", [1]), ("q=星期三", [1]), ("q=合唱团+下午", [1]), ("q=井盖+下午", []), ("q=没有", []),
     ("", [0, 1, 2]), ("q=%20", [0, 1, 2]), ("q=%25", []), ("q=_", []), ("office=x", [0, 1, 2]),
     ("office=99999", [0, 1, 2])],
)  # fmt: skip
def test_words_are_searched_in_all_that_is_public(client, three, query, expected):
    assert found(client, three, query) == expected


def test_what_is_not_public_is_not_found(client, clerks, three):
    assert found(client, three, "q=张三丰") == []
    assert found(client, three, "q=三栋") == []


def test_by_office(client, clerks, three):
    other = Office.objects.get(name="水务所")
    assert found(client, three, f"office={other.pk}") == [0]
    assert found(client, three, f"office={clerks.office.pk}") == [1, 2]
    assert found(client, three, f"office={other.pk}&q=星期三") == []
    unused = Office.objects.create(name="没有答复过的单位")
    assert "没有答复过的单位" not in text(client.get("/letters/"))
    assert found(client, three, f"office={unused.pk}") == [0, 1, 2]


def test_the_newest_come_first_and_there_are_pages(client, clerks):
    letters = [in_publication("public", clerks) for _ in range(21)]
    first, second = (text(client.get(f"/letters/?page={number}")) for number in (1, 2))
    assert first.index(letters[20].get_absolute_url()) < first.index(letters[1].get_absolute_url())
    assert f'"{letters[0].get_absolute_url()}"' not in first
    assert f'"{letters[0].get_absolute_url()}"' in second


def test_three_questions_for_one_letter_and_for_many(client, clerks, django_assert_max_num_queries):
    for _ in range(5):
        in_publication("public", clerks)
    with django_assert_max_num_queries(4):
        client.get("/letters/?q=路灯")


def test_a_name_with_a_telephone_in_it_is_not_public(client):
    clerks = make_clerks()
    told = in_publication("public", clerks, name="张三丰", with_name=True)
    assert "写信人：张三丰" in client.get(told.get_absolute_url()).text
    telling = in_publication("public", clerks, name="张三丰 139 0000 1234", with_name=True)
    page = client.get(telling.get_absolute_url()).text
    assert [word for word in ("写信人：", "1234", "139") if word in page] == []
