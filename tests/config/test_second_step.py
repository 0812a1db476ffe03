"""The six digits from the telephone: who must have them, how often they open, and what happens without them."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError
from django.test import Client

from branches.access import ROLES
from branches.models import Posting
from config import account_urls
from config.login import SHUT, roles_with_second_step
from tests.districts.folders import run
from tests.log_in import (
    AGAIN,
    BETTER,
    CODE,
    CODE_AGAIN,
    CODES,
    LOGIN,
    NEW_CODES,
    PASSWORD,
    REMOVE,
    SET_UP,
    code_of,
    enrol,
    log_in,
    trail,
)
from tests.whole_site.addresses import STAFF_PAGES, admin_pages, routes

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def staff_addresses():
    """Every address that is not for the public: the staff pages, the desk, one's own account; not the door itself."""
    rows = {page.model: page.model._default_manager.first() for page in admin_pages()}
    own = {f"/account/{route}" for route, _view, _name in account_urls.PAGES} - {LOGIN, CODE, "/account/logout/"}
    desk = {"/" + re.sub(r"<[^>]+>", "1", route.route) for route in routes() if route.route.startswith("desk/")}
    return {page.address(rows[page.model]) for page in admin_pages()} | set(STAFF_PAGES.values()) | desk | own


def test_nothing_opens_between_password_and_code(cast):
    secret, _codes = enrol(cast.officer)
    client = Client()
    assert log_in(client).url == CODE
    addresses = staff_addresses()
    assert len(addresses) > 100
    assert {"/admin/", "/admin/autocomplete/", "/desk/", "/desk/members/1/full/", SET_UP, CODES} <= addresses
    opened = [
        (address, method)
        for address in sorted(addresses - {"/admin/logout/"})  # leads on to the page that logs out
        for method in ("get", "post")
        if (answer := getattr(client, method)(address)).status_code != 302 or "/login/" not in answer.url
    ]
    assert opened == []
    assert client.post(CODE, {"code": code_of(secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "1", "９" * 6, "0" * 5000])
def test_a_wrong_code_does_not_open(cast, code):
    secret, _codes = enrol(cast.officer)
    client = Client()
    log_in(client)
    code = "111111" if code == code_of(secret) else code
    assert client.post(CODE, {"code": code}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_code_is_taken_once_as_long_as_it_is_valid(cast):
    secret, _codes = enrol(cast.officer)
    with time_machine.travel("2026-11-22 09:00:05+08:00", tick=False) as clock:
        code = code_of(secret)
        first, second = Client(), Client()
        log_in(first)
        log_in(second)
        assert first.post(CODE, {"code": code}).status_code == 302
        for _ in range(3):
            assert second.post(CODE, {"code": f" {code[:3]} {code[3:]}"}).status_code == 200
            clock.shift(20)
        assert second.post(CODE, {"code": code_of(secret)}).status_code == 302


def test_the_code_that_set_it_up_does_not_log_in(cast):
    with time_machine.travel("2026-11-22 09:00:05+08:00", tick=False):
        client = Client()
        log_in(client)
        secret = re.sub(r"\s", "", client.get(SET_UP).context["form"].secret)
        code = code_of(secret)
        assert client.post(SET_UP, {"code": code}).url == CODES
        other = Client()
        log_in(other)
        assert other.post(CODE, {"code": code}).status_code == 200


def test_slow_clocks_and_full_width_digits_are_understood(cast):
    secret, _codes = enrol(cast.officer)
    late, wide = Client(), Client()
    with time_machine.travel("2026-11-22 09:00:05+08:00", tick=False):
        log_in(late)
        assert late.post(CODE, {"code": code_of(secret, -1)}).status_code == 302
        log_in(wide)
        digits = code_of(secret).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
        assert wide.post(CODE, {"code": digits}).status_code == 302
        log_in(wide := Client())
        assert wide.post(CODE, {"code": code_of(secret, -2)}).status_code == 200


def test_a_recovery_code_works_once(cast):
    _secret, codes = enrol(cast.officer)
    first, second = Client(), Client()
    log_in(first)
    assert first.post(CODE, {"code": f"{codes[0][:4]} {codes[0][4:]}"}).status_code == 302
    log_in(second)
    assert second.post(CODE, {"code": codes[0]}).status_code == 200
    assert second.post(CODE, {"code": codes[1]}).status_code == 302
    assert [entry.reason for entry in trail("security")] == ["用掉了一个备用码"] * 2


def test_guessing_codes_is_stopped_also_with_a_new_session(cast):
    secret, _codes = enrol(cast.officer)
    wrong = "111111" if code_of(secret) != "111111" else "222222"
    client = Client()
    log_in(client)
    for _ in range(5):
        client.post(CODE, {"code": wrong})
    log_in(client := Client())
    response = client.post(CODE, {"code": code_of(secret)})
    assert response.status_code == 200
    assert response.context["form"].errors["code"] == [SHUT]


def test_recovery_codes_are_shown_once_and_renewed(cast):
    client = Client()
    log_in(client)
    secret = client.get(SET_UP).context["form"].secret
    client.post(SET_UP, {"code": code_of(secret)})
    codes = RecoveryCodes(Authenticator.objects.get(user=cast.officer, type="recovery_codes")).generate_codes()
    written = [f"{code[:4]} {code[4:]}" for code in codes]
    page = client.get(CODES).content.decode()
    assert all(code in page for code in written)
    again = client.get(CODES).content.decode()
    assert not any(code in again for code in written)
    assert client.post(f"{CODES}new/").status_code == 302
    assert not any(code in client.get(CODES).content.decode() for code in written)


def test_the_set_up_page_shows_the_key_as_a_drawing_and_in_letters(cast):
    client = Client()
    log_in(client)
    response = client.get(SET_UP)
    page, secret = response.content.decode(), response.context["form"].secret
    assert '<svg viewBox="0 0 ' in page
    assert " style=" not in page
    assert " ".join(secret[start : start + 4] for start in range(0, 32, 4)) in page
    assert f"secret={secret}" in page


def test_keys_are_sealed_in_the_database(cast):
    secret, codes = enrol(cast.officer)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def later(minutes):
    return time_machine.travel(time.time() + minutes * 60, tick=False)


def test_who_has_no_second_step_proves_it_by_the_password(cast):
    client = Client()
    log_in(client)
    assert client.get(SET_UP).status_code == 200  # just logged in
    with later(6):
        assert client.get(SET_UP).url.startswith(AGAIN)
        assert client.post(AGAIN, {"password": "wrong", "next": SET_UP}).status_code == 200
        assert client.get(SET_UP).status_code == 302
        assert client.post(AGAIN, {"password": PASSWORD, "next": SET_UP}).url == SET_UP
        assert client.get(SET_UP).status_code == 200


@pytest.mark.parametrize("page", [REMOVE, CODES, NEW_CODES])
def test_who_has_one_proves_it_by_a_code_and_not_by_the_password(cast, page):
    secret, _codes = enrol(cast.officer)
    client = Client()
    log_in(client)
    client.post(CODE, {"code": code_of(secret)})
    with later(6):
        assert client.get(page).url.startswith(CODE_AGAIN)
        assert client.get(AGAIN, {"next": page}).url.startswith(CODE_AGAIN)
        assert client.post(AGAIN, {"password": PASSWORD, "next": page}).url.startswith(CODE_AGAIN)
        assert client.get(page).status_code == 302
        assert client.post(CODE_AGAIN, {"code": "no", "next": page}).status_code == 200
        assert client.get(page).status_code == 302
        assert client.post(CODE_AGAIN, {"code": code_of(secret), "next": page}).url == page
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", [REMOVE, NEW_CODES])
def test_nothing_is_done_without_the_proof(cast, page):
    secret, _codes = enrol(cast.officer)
    client = Client()
    log_in(client)
    client.post(CODE, {"code": code_of(secret)})
    before = list(Authenticator.objects.order_by("pk").values_list("pk", "data"))
    with later(6):
        assert client.post(page).url.startswith(CODE_AGAIN)
        client.post(AGAIN, {"password": PASSWORD})
        client.post(CODE_AGAIN, {"code": "no"})
        assert list(Authenticator.objects.order_by("pk").values_list("pk", "data")) == before
        client.post(CODE_AGAIN, {"code": code_of(secret)})
        client.post(page)
        assert list(Authenticator.objects.order_by("pk").values_list("pk", "data")) != before


def test_a_recovery_code_proves_it_too(cast):
    secret, codes = enrol(cast.officer)
    client = Client()
    log_in(client)
    client.post(CODE, {"code": code_of(secret)})
    with later(6):
        assert client.post(CODE_AGAIN, {"code": codes[0], "next": REMOVE}).url == REMOVE
        assert client.post(CODE_AGAIN, {"code": codes[0], "next": REMOVE}).status_code == 200  # once


# --- who must have it
def test_the_roles_that_need_it_come_from_the_grants():
    assert roles_with_second_step() == set(ROLES) - {"organiser"}


@pytest.mark.parametrize("person", ["officer", "street_officer", "district_officer", "auditor", "technician"])
def test_who_sees_members_sets_up_the_second_step_before_anything_else(cast, client_of, settings, person):
    settings.STAFF_REQUIRE_MFA = True
    client = client_of(cast.people[person])
    for address in ("/admin/", "/admin/homes/home/", "/admin/jsi18n/", "/admin/nowhere", "/account/second-step/"):
        answer = client.get(address)
        assert (address, answer.status_code, answer.url.split("?")[0]) == (address, 302, SET_UP)
    assert client.post("/admin/homes/theme/add/", {"name": "x"}).url == SET_UP
    assert client.post("/account/logout/").url == LOGIN


def test_whoever_has_it_goes_on_and_cannot_switch_it_off(cast, settings, client_of):
    settings.STAFF_REQUIRE_MFA = True
    client = Client()
    assert log_in(client, next="/admin/homes/home/").url == "/admin/homes/home/"
    set_up = client.get("/admin/homes/home/")
    secret = client.get(set_up.url).context["form"].secret
    assert client.post(SET_UP, {"code": code_of(secret)}).url == CODES
    assert client.get(CODES).status_code == 200
    assert client.get("/admin/homes/home/").status_code == 200
    assert "不能关掉" in client.get(REMOVE).content.decode()
    client.post(REMOVE)
    assert Authenticator.objects.filter(user=cast.officer, type="totp").exists()


def test_an_organiser_is_not_asked_until_given_a_post_that_needs_it(cast, settings, client_of):
    settings.STAFF_REQUIRE_MFA = True
    client = client_of(cast.organiser)
    assert client.get("/admin/").status_code == 200
    Posting.objects.create(user=cast.organiser, role="community", division=cast.communities["here"])
    assert client.get("/admin/").url.startswith(SET_UP)


def test_a_new_password_from_staff_does_not_get_around_the_second_step(cast, settings, client_of):
    enrol(cast.officer)
    new = {"password1": BETTER, "password2": BETTER}
    client_of(cast.district_officer).post(f"/admin/branches/user/{cast.officer.pk}/password/", new)
    assert log_in(Client(), password=BETTER).url == CODE


# --- a lost telephone
USERS = "/admin/branches/user/"


def ticked(*users):
    return {"action": "remove_second_step", "_selected_action": [user.pk for user in users]}


def test_staff_remove_the_second_step_of_a_lost_telephone_within_their_posts(cast, client_of):
    for person in (cast.officer, cast.technician):
        enrol(person)
    client_of(cast.officer).post(USERS, ticked(cast.officer, cast.technician))
    assert Authenticator.objects.filter(user=cast.officer).exists()
    client_of(cast.district_officer).post(USERS, ticked(cast.officer, cast.technician, cast.organiser))
    assert not Authenticator.objects.filter(user=cast.officer).exists()
    assert Authenticator.objects.filter(user=cast.technician).exists()
    assert [(entry.actor, entry.label, entry.reason) for entry in trail("security")] == [
        ("district", "officer", "由别人关掉了动态码")
    ]


def test_nobody_takes_off_their_own_that_way(cast, client_of):
    enrol(cast.district_officer)
    response = client_of(cast.district_officer).post(USERS, ticked(cast.district_officer), follow=True)
    assert Authenticator.objects.filter(user=cast.district_officer).exists()
    assert "自己的动态码不能在这里关" in response.content.decode()
    assert trail("security") == []


def test_afterwards_nothing_opens_but_setting_it_up_anew(cast, client_of, settings):
    settings.STAFF_REQUIRE_MFA = True
    secret, codes = enrol(cast.officer)
    on_the_lost_telephone, other = Client(), client_of(cast.street_officer)
    log_in(on_the_lost_telephone)
    on_the_lost_telephone.post(CODE, {"code": code_of(secret)})
    assert on_the_lost_telephone.get("/admin/").status_code == 200

    enrol(cast.district_officer)
    staff = client_of(cast.district_officer)
    staff.post(USERS, ticked(cast.officer))

    assert "/login/" in on_the_lost_telephone.get("/admin/").url
    assert other.get("/account/logout/").status_code == 200  # nobody else is logged out
    client = Client()
    assert log_in(client).url == "/admin/"
    for address in ("/admin/", "/desk/", "/desk/members/", "/admin/branches/member/"):
        assert client.get(address).url.startswith(SET_UP)
    assert client.post(SET_UP, {"code": code_of(secret)}).status_code == 200  # the old key is of no use
    assert client.get("/admin/").url.startswith(SET_UP)
    fresh = client.get(SET_UP).context["form"].secret
    assert client.post(SET_UP, {"code": code_of(fresh)}).url == CODES
    assert client.get("/admin/").status_code == 200
    assert not any(code in str(RecoveryCodes(Authenticator.objects.get(
        user=cast.officer, type="recovery_codes")).generate_codes()) for code in codes)  # fmt: skip


def test_the_technician_is_helped_by_a_command(cast):
    enrol(cast.technician)
    with pytest.raises(CommandError, match="没有这个用户名"):
        run("remove_second_step", "nobody")
    run("remove_second_step", "technician")
    assert not Authenticator.objects.filter(user=cast.technician).exists()
    assert [(entry.actor, entry.label, entry.reason) for entry in trail("security")] == [
        ("", "technician", "由别人关掉了动态码")
    ]
    with pytest.raises(CommandError, match="没有设动态码"):
        run("remove_second_step", "technician")
