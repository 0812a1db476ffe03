"""The proof of work in a real browser: it makes what the server verifies, unseen, and is in nobody's way."""

import pytest

from activities.models import Booking
from config import open_forms, proof_of_work

pytestmark = pytest.mark.usefixtures("as_fast_as_a_machine")
MODULE = "/static/js/proof-of-work.js"
CHALLENGES = ["", "abc", "x" * 55, "x" * 56, "x" * 64, "x" * 200, "MTc2:1vM:sig-_:0123456789abcdef", "您好，😀"]
NUMBERS = [0, 1, 255, 2**31, 2**32 - 1, 2**32, 2**48 + 12345, 2**53 - 1]
FIND = """async ([module, challenge, bits, from]) => {
  const { digest, fits } = await import(module);
  const start = digest(challenge);
  for (let number = from; ; number += 1) if (fits(start, number, bits)) return number;
}"""
FITS = """async ([module, challenge, numbers, bits]) => {
  const { digest, fits } = await import(module);
  return numbers.map((number) => fits(digest(challenge), number, bits));
}"""
PROOF = "[name=proof]"
READY = f"{PROOF}[value]:not([value=''])"


@pytest.fixture
def sign_up_page(cast, live_server):
    return f"{live_server.url}{cast.activities['here'].get_absolute_url()}sign-up/"


@pytest.fixture
def spent(monkeypatch):
    """Whether each form that came in was proven, in order."""
    outcomes, counts = [], open_forms.OpenForm.counts

    def heard(form, **options):
        within = counts(form, **options)
        outcomes.append(form.proven)
        return within

    monkeypatch.setattr(open_forms.OpenForm, "counts", heard)
    return outcomes


def fill_in(page, name="示例爷爷", telephone="19900007777"):
    page.get_by_label("姓名").fill(name)
    page.get_by_label("电话", exact=True).fill(telephone)
    page.get_by_label("我同意").check()


def send(page):
    with page.expect_navigation():
        page.get_by_role("button", name="报名", exact=True).click()


def test_what_the_module_makes_is_what_the_server_verifies(live_server, page, monkeypatch):
    page.goto(f"{live_server.url}/healthz")
    monkeypatch.setattr(proof_of_work, "BITS", 10)
    found = {
        (challenge, number): page.evaluate(FIND, [MODULE, challenge, 10, number])
        for challenge in CHALLENGES
        for number in NUMBERS[:-1]
    }
    wrong = [pair for pair, number in found.items() if not proof_of_work.is_proof(pair[0], str(number))]
    assert wrong == []
    for bits in (1, 2, 3):  # and refuses what the server refuses
        monkeypatch.setattr(proof_of_work, "BITS", bits)
        for challenge in CHALLENGES:
            judged = page.evaluate(FITS, [MODULE, challenge, NUMBERS, bits])
            assert judged == [proof_of_work.is_proof(challenge, str(number)) for number in NUMBERS]
    assert any(judged)
    assert not all(judged)


def test_nothing_is_worked_at_before_somebody_begins_to_write(sign_up_page, open_page, spent):
    page = open_page(360)
    page.goto(sign_up_page)
    page.evaluate("new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve)))")
    assert page.locator(READY).count() == 0
    fill_in(page)
    page.wait_for_selector(READY, state="attached")
    assert not page.locator(PROOF).is_visible()
    send(page)
    assert page.get_by_role("heading", level=1).inner_text() == "报上了"
    assert spent == [True]


def test_the_page_does_not_freeze_while_it_works(sign_up_page, open_page, monkeypatch, spent):
    monkeypatch.setattr(proof_of_work, "BITS", 32)  # never done
    page = open_page(360)
    page.goto(sign_up_page)
    fill_in(page)
    page.evaluate("new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 50))")
    assert page.locator(READY).count() == 0
    send(page)  # before it is done
    assert page.get_by_role("heading", level=1).inner_text() == "报上了"
    assert spent == [False]


def test_without_scripts_the_form_is_taken_all_the_same(sign_up_page, open_page, spent):
    page = open_page(360, scripts=False)
    page.goto(sign_up_page)
    fill_in(page)
    send(page)
    assert page.get_by_role("heading", level=1).inner_text() == "报上了"
    assert spent == [False]


def test_the_work_outlives_a_mistake_and_counts_for_what_is_sent_then(sign_up_page, open_page, spent):
    page = open_page(360)
    page.goto(sign_up_page)
    fill_in(page)
    page.get_by_label("我同意").uncheck()
    page.wait_for_selector(READY, state="attached")
    found = page.input_value(PROOF)
    send(page)
    page.wait_for_selector(".govuk-error-summary")
    page.get_by_label("我同意").check()
    assert page.input_value(PROOF) == found
    send(page)
    assert page.get_by_role("heading", level=1).inner_text() == "报上了"
    assert spent == [True]


def test_whoever_comes_back_to_it_for_a_neighbour_is_proven_again(sign_up_page, open_page, spent):
    page = open_page(360)
    page.goto(sign_up_page)
    for name, telephone in (("示例爷爷", "19900007777"), ("示例邻居", "19900008888")):
        fill_in(page, name, telephone)
        page.wait_for_selector(READY, state="attached")
        send(page)
        assert page.get_by_role("heading", level=1).inner_text() == "报上了"
        page.go_back()
    assert spent == [True, True]
    assert Booking.objects.filter(sign_ups__name__in=["示例爷爷", "示例邻居"]).count() == 2
