"""The proof of work of a form that anybody may send: what counts as one, and what a form without it may still do."""

import hashlib
from ipaddress import ip_network
from itertools import count

import pytest
import time_machine
from django import forms
from django.core import signing
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone

from config import open_forms, proof_of_work
from config.limits import limited_page
from config.open_forms import OpenForm
from tests.proofs import proof_of

pytestmark = pytest.mark.usefixtures("easy_work")


class Asking(OpenForm):
    """A form as a resident might get it."""

    words = forms.CharField(required=False)
    telephone = forms.CharField(required=False)


class Writing(OpenForm):
    """Another kind."""


@pytest.fixture
def clock(monkeypatch):
    """A fixed time, and form keys that are counted: the work of one form is by chance never that of another."""
    keys = count(1)
    monkeypatch.setattr(open_forms.secrets, "token_hex", lambda _length: f"{next(keys):032x}")
    with time_machine.travel("2026-11-22 09:00:00+08:00", tick=False) as moved:
        yield moved


def asked_by(address="198.51.100.7"):
    return RequestFactory().post("/", REMOTE_ADDR=address)


def hidden(clock):
    """What a page with a form in it holds, half a minute later."""
    fields = Asking(request=asked_by()).fields
    given = {name: fields[name].initial for name in ("made_at", "form_key")}
    clock.shift(30)
    return given


def send(given, *, kind=Asking, address="198.51.100.7", **more):
    data = QueryDict(mutable=True)
    data.update(given | more)
    return kind(data, request=asked_by(address))


def proven(clock, **given):
    fields = hidden(clock)
    return fields | {"proof": proof_of(fields)} | given


def counted(form, **options):
    """(whether it is a good form, whether it counts, whether it is proven)."""
    return form.is_valid(), form.counts(**options), form.proven


def test_whoever_did_the_work_is_proven(clock):
    assert counted(send(proven(clock))) == (True, True, True)


def test_it_is_not_known_before_it_is_asked_for(clock):
    form = send(proven(clock))
    assert form.is_valid()
    assert form.proven is False
    assert proof_of_work.spend(f"{form.data['made_at']}:{form.data['form_key']}", form.data["proof"], 1)  # not spent


def test_a_proof_is_a_hash_that_begins_with_so_many_zeros():
    start = hashlib.sha256(b"challenge").digest()
    hashes = {number: hashlib.sha256(start + number.to_bytes(8, "big")).hexdigest() for number in range(20_000)}
    right = [number for number, found in hashes.items() if found.startswith("000")]  # twelve bits
    assert right
    assert [number for number in hashes if proof_of_work.is_proof("challenge", str(number))] == right


@pytest.mark.parametrize(
    "proof",
    [None, "", " ", "0x1f", "-1", "1.5", "1e5", "九", "１２", "²", "9" * 17, "9" * 5000, "\0", "\ud83d", "[1]", "NaN",
     "<script>"],
)  # fmt: skip
def test_none_and_nonsense_prove_nothing_and_the_form_is_taken(clock, proof):
    given = hidden(clock)
    assert counted(send(given if proof is None else given | {"proof": proof})) == (True, True, False)


def test_one_bit_too_few_is_too_little(clock, monkeypatch):
    given = hidden(clock)
    challenge = f"{given['made_at']}:{given['form_key']}"
    monkeypatch.setattr(proof_of_work, "BITS", 11)
    almost = [str(number) for number in range(200_000) if proof_of_work.is_proof(challenge, str(number))]
    monkeypatch.setattr(proof_of_work, "BITS", 12)
    right = [number for number in almost if proof_of_work.is_proof(challenge, number)]
    assert 0 < len(right) < len(almost)
    weak = next(number for number in almost if number not in right)
    assert counted(send(given, proof=weak)) == (True, True, False)
    assert counted(send(given, proof=right[0])) == (True, True, True)


def test_the_work_for_one_form_proves_no_other(clock):
    one, other = proven(clock), hidden(clock)
    assert one["proof"] != proof_of(other)
    assert counted(send(other, proof=one["proof"])) == (True, True, False)


@pytest.mark.parametrize("moment", ["", "1", "made up", "{of another salt}", "{signed elsewhere}"])
def test_a_moment_that_we_did_not_sign_is_asked_again_whatever_was_proven_of_it(clock, moment):
    given = hidden(clock)
    if moment == "{of another salt}":
        moment = signing.dumps(1, salt="another salt")
    if moment == "{signed elsewhere}":
        moment = signing.dumps(int(timezone.now().timestamp()), key="another key", salt=open_forms.SALT)
    given = given | {"made_at": moment}
    form = send(given, proof=proof_of(given))
    assert not form.is_valid()
    assert form.non_field_errors() == [open_forms.TOO_OLD]


def test_work_for_a_form_that_is_too_old_is_lost_and_the_page_asks_for_it_anew(clock):
    given = proven(clock, words="写了很久")
    clock.shift(open_forms.OLDEST)
    form = send(given)
    assert not form.is_valid()
    shown = {name: form[name].value() for name in ("words", "proof", "made_at", "form_key")}
    assert shown == {"words": "写了很久", "proof": "", "form_key": given["form_key"], "made_at": shown["made_at"]}
    clock.shift(10)
    assert counted(send(shown, proof=given["proof"])) == (True, True, False)
    assert counted(send(shown, proof=proof_of(shown))) == (True, True, True)


def test_somebody_who_writes_for_ninety_minutes_is_proven(clock):
    given = proven(clock)
    clock.shift(90 * 60)
    assert counted(send(given)) == (True, True, True)


def test_a_proof_counts_once_whatever_it_is_sent_with(clock):
    given = proven(clock)
    spelt_otherwise = given | {"proof": f"000{given['proof']}"}
    replays = [(given, Asking), (given | {"words": "别的"}, Asking), (spelt_otherwise, Asking), (given, Writing)]
    assert counted(send(given))[2]
    assert [counted(send(data, kind=kind, address="192.0.2.1")) for data, kind in replays] == [(True, True, False)] * 4
    clock.shift(open_forms.OLDEST - 31)  # as long as the form can be sent
    assert counted(send(given)) == (True, True, False)


def test_a_page_that_is_shown_once_more_asks_for_another_proof(clock):
    given = proven(clock)
    form = send(given)
    counted(form)
    assert form["proof"].value() == ""
    assert form["made_at"].value() == given["made_at"]  # it may be sent again at once
    challenge = f"{given['made_at']}:{given['form_key']}"
    further = next(
        str(number)
        for number in range(int(given["proof"]) + 1, 10**9)
        if proof_of_work.is_proof(challenge, str(number))
    )
    assert counted(send(given, proof=further)) == (True, True, True)


def send_many(clock, times, make, **options):
    return [counted(send(make(clock), **options))[1] for _ in range(times)]


@pytest.mark.parametrize(("make", "times"), [(proven, 20), (hidden, 6)])
def test_how_many_an_address_may_send_in_an_hour(clock, make, times):
    assert send_many(clock, times + 1, make) == [True] * times + [False]
    assert send_many(clock, 1, make, kind=Writing) == [True]  # of another kind
    assert send_many(clock, 1, make, address="198.51.100.8") == [True]
    clock.shift(60 * 60)
    assert send_many(clock, 1, make) == [True]


def test_who_cannot_prove_it_is_not_in_the_way_of_who_can(clock):
    send_many(clock, 10, hidden)
    assert send_many(clock, 15, proven) == [True] * 14 + [False]  # six of the twenty came in without


def test_a_household_is_one_address_in_all_of_its_sixty_four_bits(clock):
    took = [counted(send(hidden(clock), address=f"2001:db8:1:1:{number}::1"))[1] for number in range(7)]
    assert took == [True] * 6 + [False]
    assert send_many(clock, 1, hidden, address="2001:db8:1:2::1") == [True]


@pytest.mark.parametrize(
    ("listed", "address"),
    [("198.51.100.0/24", "198.51.100.7"), ("198.51.100.7", "::ffff:198.51.100.7"), ("2001:db8::/48", "2001:db8:0:9::1"),
     ("2001:db8::1", "2001:db8::1")],
)  # fmt: skip
def test_a_home_that_many_share_is_trusted_with_more(clock, settings, listed, address):
    settings.TRUSTED_ADDRESSES = [ip_network("10.0.0.0/8"), ip_network(listed)]
    assert send_many(clock, 30, hidden, address=address) == [True] * 30
    assert send_many(clock, 7, hidden, address="203.0.113.9")[-1] is False
    assert send_many(clock, 7, hidden, address="2001:db8:ffff::1")[-1] is False


def test_a_flood_is_stopped_even_from_a_home_that_is_trusted(clock, settings):
    settings.TRUSTED_ADDRESSES = [ip_network("198.51.100.7")]
    given = [hidden(clock) for _ in range(61)]
    forms_ = [send(each) for each in given]
    assert [counted(form)[1] for form in forms_] == [True] * 60 + [False]
    assert forms_[-1].non_field_errors() == [open_forms.TOO_MANY_AT_ONCE]
    assert forms_[-1].wait == 60


def test_a_telephone_counts_from_wherever_it_is_sent(clock):
    def from_(number, telephone="13800001234"):
        form = send(hidden(clock), telephone=telephone, address=f"192.0.2.{number}")
        return counted(form)[1], form

    answers = [from_(number) for number in range(6)]
    assert [counts for counts, _ in answers] == [True] * 5 + [False]
    assert answers[-1][1].errors == {"telephone": [Asking.too_often]}
    assert answers[-1][1].wait == 24 * 60 * 60
    assert [from_(number, "13800009999")[0] for number in range(7, 9)] == [True] * 2
    assert [from_(number, "")[0] for number in range(10, 20)] == [True] * 10


def test_the_same_once_more_costs_nobody_a_place(clock):
    given = proven(clock)
    counted(send(given))
    assert [counted(send(given), again=True)[1] for _ in range(30)] == [True] * 30
    assert send_many(clock, 6, hidden) == [True] * 6


def test_a_page_says_when_to_try_again(clock, db):
    send_many(clock, 6, hidden)
    form = send(hidden(clock))
    counted(form)
    page = limited_page(form.request, "components/too_many.html", {"form": form, "telephone": "0731-1234 5678"})
    assert (page.status_code, page["Retry-After"]) == (429, "3600")
    assert 'href="tel:073112345678"' in page.text


def test_a_page_that_is_not_refused_keeps_its_status(clock, db):
    form = send(hidden(clock))
    counted(form)
    page = limited_page(form.request, "components/too_many.html", {"form": form}, status=409)
    assert (page.status_code, "Retry-After" in page) == (409, False)
    assert page.text.strip() == ""
