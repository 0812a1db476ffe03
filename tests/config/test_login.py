"""The one door for staff: who gets in, who is kept out and for how long, and the second step."""

import re
import time
from ipaddress import ip_network

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, get_resolver, reverse

from branches.access import ROLES
from branches.models import AuditEntry, Posting, User
from config import account_urls, lockout
from config.client_address import client_address
from config.login import REFUSED, SHUT, roles_with_second_step
from tests.cast import make_user
from tests.staff_forms import filled
from tests.whole_site.addresses import admin_pages

pytestmark = pytest.mark.django_db
PASSWORD, BETTER = "tests-only-password", "yi-ju-hen-chang-de-hua-2026"
LOGIN, CODE, SET_UP = "/account/login/", "/account/second-step/code/", "/account/second-step/set-up/"
CODES, PASSWORD_PAGE, AGAIN = "/account/second-step/recovery-codes/", "/account/password/", "/account/again/"


def log_in(client, username="officer", password=PASSWORD, **more):
    address = {name: more.pop(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR") if name in more}
    return client.post(LOGIN, {"login": username, "password": password} | more, **address)


def said(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def code_of(secret, periods=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def enrol(user):
    """Give the user a second step, and return its secret and the recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).generate_codes()


def trail(action):
    return list(AuditEntry.objects.filter(action=action).order_by("number"))


# --- one door
def test_only_the_pages_in_use_have_an_address(client):
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.startswith(("account_", "mfa_", "socialaccount_"))} == {
        "account_login", "account_logout", "account_change_password", "account_reauthenticate", "mfa_index",
        "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    }  # fmt: skip
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    for path in ("", "signup/", "email/", "password/reset/", "password/set/", "login/code/", "2fa/", "inactive/"):
        assert client.get(f"/account/{path}").status_code == 404
    assert client.get("/account/second-step/recovery-codes/download/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_gets_no_further_than_the_door(cast, client, method):
    pages = [f"/account/{route}" for route, _view, _name in account_urls.PAGES if route not in ("login/", "logout/")]
    for page in [*pages, "/account/logout/"]:
        answer = getattr(client, method)(page)
        assert (page, answer.status_code, answer["Location"].startswith(LOGIN)) == (page, 302, True)


def test_the_admin_leads_to_the_one_door(cast, client, client_of):
    page = client.get("/admin/homes/home/?q=x", follow=True)
    assert page.redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2Fhomes%2Fhome%2F%3Fq%3Dx"
    assert client_of(cast.officer).get("/admin/password_change/").url == PASSWORD_PAGE
    assert client_of(cast.officer).get("/admin/logout/").url == "/account/logout/"
    assert client.post("/admin/login/", {"username": "officer", "password": PASSWORD}).url == LOGIN
    assert client.get("/admin/").status_code == 302


def test_logging_in_leads_back_to_where_one_was(cast):
    assert log_in(Client(), next="/admin/homes/home/?q=x").url == "/admin/homes/home/?q=x"
    assert log_in(Client()).url == "/admin/"


@pytest.mark.parametrize(
    "away",
    ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)", "https:example.com", " "],
)
def test_the_way_back_stays_on_this_site(cast, away):
    assert log_in(Client(), next=away).url in ("/admin/", "/account/login/")
    secret, _codes = enrol(cast.officer)
    client = Client()
    log_in(client, next=away)
    assert client.post(CODE, {"code": code_of(secret), "next": away}).url == "/admin/"


def test_a_good_host_of_the_settings_is_not_this_site(cast, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example.cn"]
    assert log_in(Client(), next="http://other.example.cn/").url == "/admin/"


def test_every_account_page_is_kept_out_of_caches_and_search(cast, client_of, client):
    user = client_of(cast.officer)
    for asker, address in ((client, LOGIN), (user, PASSWORD_PAGE), (user, "/account/second-step/"), (user, AGAIN)):
        response = asker.get(address)
        assert response.status_code == 200
        assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
        assert "noindex" in response.content.decode()


def test_the_demo_says_that_a_password_is_enough(cast, client, client_of, settings):
    settings.STAFF_REQUIRE_MFA = False
    assert "没有要求手机动态码" in client.get(LOGIN).content.decode()
    assert "没有要求手机动态码" in client_of(cast.officer).get("/admin/").content.decode()
    settings.STAFF_REQUIRE_MFA = True
    assert "没有要求手机动态码" not in client.get(LOGIN).content.decode()


# --- wrong passwords
@pytest.mark.parametrize(
    ("username", "password"),
    [("officer", "wrong"), ("nobody", "wrong"), ("idle", PASSWORD), ("former", PASSWORD), ("Officer", PASSWORD)],
)
def test_every_failed_log_in_gets_the_same_sentence(cast, username, password):
    User.objects.create_user("idle", PASSWORD)  # has no post
    make_user("former", "organiser", is_active=False)
    response = log_in(Client(), username, password)
    assert (response.status_code, said(response)) == (200, [REFUSED])
    assert f'value="{username}"' in response.content.decode()
    assert password not in response.content.decode()
    assert "sessionid" not in response.cookies


def test_an_unknown_name_costs_the_same_work(cast, monkeypatch):
    work, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: work.append(len(args[0])) or encode(self, *args)
    )
    log_in(Client(), "officer", "wrong")
    known = len(work)
    log_in(Client(), "nobody", "wrong")
    assert (known, len(work) - known) == (1, 1)


@pytest.mark.parametrize("username", ["officer", "nobody"])
def test_five_failures_shut_the_account_for_a_quarter_of_an_hour(cast, username):
    with time_machine.travel("2026-11-22 09:00:00+08:00", tick=False) as clock:
        for _ in range(lockout.PER_ACCOUNT):
            clock.shift(170)  # spread over a while: it is the last one that begins the quarter of an hour
            assert said(log_in(Client(), username, "wrong")) == [REFUSED]
        assert said(log_in(Client(), username)) == [SHUT]
        clock.shift(lockout.SECONDS - 1)
        assert said(log_in(Client(), username)) == [SHUT]
        assert log_in(Client(), "street").status_code == 302  # others come in, also from the same address
        clock.shift(2)
        response = log_in(Client(), username)
        assert response.status_code == 302 if username == "officer" else said(response) == [REFUSED]


def test_the_account_is_shut_whatever_address_one_comes_from(cast):
    for number in range(lockout.PER_ACCOUNT):
        log_in(Client(), password="wrong", REMOTE_ADDR=f"198.51.100.{number}")
    assert said(log_in(Client(), REMOTE_ADDR="203.0.113.9")) == [SHUT]


def test_a_good_log_in_lets_the_account_begin_anew(cast):
    for _ in range(3):
        for _ in range(lockout.PER_ACCOUNT - 1):
            log_in(Client(), password="wrong")
        assert log_in(Client()).status_code == 302


@pytest.mark.parametrize(
    ("addresses", "other"),
    [
        (["198.51.100.7"] * 20, "198.51.100.8"),
        ([f"2001:db8:1:1::{number:x}" for number in range(20)], "2001:db8:1:2::1"),
    ],
)
def test_one_address_that_guesses_at_many_names_is_shut_out(cast, addresses, other):
    for number, address in enumerate(addresses):
        log_in(Client(), f"name-{number}", "wrong", REMOTE_ADDR=address)
    assert said(log_in(Client(), REMOTE_ADDR=addresses[-1])) == [SHUT]
    assert log_in(Client(), REMOTE_ADDR=other).status_code == 302


def test_own_good_log_ins_do_not_open_the_door_for_guessing(cast):
    for number in range(lockout.PER_ADDRESS):
        log_in(Client(), f"name-{number}", "wrong", REMOTE_ADDR="198.51.100.7")
        if number < 9:  # more in a minute would be a flood
            log_in(Client(), REMOTE_ADDR="198.51.100.7")
    assert said(log_in(Client(), REMOTE_ADDR="198.51.100.7")) == [SHUT]


def test_tries_at_once_get_no_further_than_tries_in_turn():
    tries = [lockout.begin("officer", f"198.51.100.{number}") for number in range(50)]
    assert len([attempt for attempt in tries if attempt]) == lockout.PER_ACCOUNT


def test_a_forwarded_address_from_a_stranger_is_not_believed(cast, settings):
    settings.TRUSTED_PROXIES = []
    for number in range(lockout.PER_ADDRESS):
        log_in(Client(), f"name-{number}", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert said(log_in(Client(), HTTP_X_FORWARDED_FOR="203.0.113.200")) == [SHUT]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.1", ""),
    ],
)
def test_who_asks_is_read_from_the_end_of_what_known_proxies_say(settings, peer, forwarded, address):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


def test_a_flood_of_log_ins_is_asked_to_wait(cast):
    answers = [log_in(Client(), f"name-{number}", "wrong") for number in range(40)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]
    assert "请等一会儿" in answers[-1].content.decode()


# --- the second step
def test_nothing_opens_between_password_and_code(cast):
    secret, _codes = enrol(cast.officer)
    client = Client()
    assert log_in(client).url == CODE
    rows = {page.model: page.model._default_manager.first() for page in admin_pages()}
    addresses = {page.address(rows[page.model]) for page in admin_pages()} | {PASSWORD_PAGE, SET_UP, CODES, AGAIN}
    opened = [
        address
        for address in sorted(addresses)
        for method in (client.get, client.post)
        if (answer := method(address)).status_code != 302 or "/login/" not in answer.url
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


def test_security_settings_ask_again_who_it_is(cast, client_of):
    client = client_of(cast.officer)  # logged in long ago, so to say
    assert client.get(SET_UP).url == f"{AGAIN}?next=%2Faccount%2Fsecond-step%2Fset-up%2F"
    assert client.post(AGAIN, {"password": "wrong", "next": SET_UP}).status_code == 200
    assert client.post(AGAIN, {"password": PASSWORD, "next": SET_UP}).url == SET_UP
    assert client.get(SET_UP).status_code == 200


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
    assert "不能关掉" in client.get("/account/second-step/remove/").content.decode()
    client.post("/account/second-step/remove/")
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


def test_staff_remove_the_second_step_of_a_lost_telephone_within_their_posts(cast, client_of):
    enrol(cast.officer)
    enrol(cast.technician)
    ticked = {"action": "remove_second_step", "_selected_action": [cast.officer.pk, cast.technician.pk]}
    client_of(cast.officer).post("/admin/branches/user/", ticked)
    assert Authenticator.objects.filter(user=cast.officer).exists()
    client_of(cast.district_officer).post("/admin/branches/user/", ticked)
    assert not Authenticator.objects.filter(user=cast.officer).exists()
    assert Authenticator.objects.filter(user=cast.technician).exists()
    assert [(entry.actor, entry.label, entry.reason) for entry in trail("security")] == [
        ("district", "officer", "由别人关掉了动态码")
    ]


# --- passwords
def change(client, old=PASSWORD, new=BETTER, again=None):
    return client.post(PASSWORD_PAGE, {"oldpassword": old, "password1": new, "password2": again or new})


@pytest.mark.parametrize(
    "new", ["short-123", "12345678901234", "password1234", "officer-officer", "金丝雀小陈金丝雀小陈", PASSWORD]
)
def test_a_weak_password_is_refused(cast, client_of, new):
    response = change(client_of(cast.officer), new=new)
    assert response.status_code == 200
    assert response.context["form"].errors["password1"]
    assert User.objects.get(pk=cast.officer.pk).check_password(PASSWORD)


@pytest.mark.parametrize("new", [BETTER, "长" * 64, "a1 " * 60, "𠮷野家 的 猫 在 睡觉"])
def test_a_long_password_of_any_kind_is_taken(cast, client_of, new):
    assert change(client_of(cast.officer), new=new).status_code == 302
    assert log_in(Client(), password=new).status_code == 302


def test_who_may_do_everything_needs_a_longer_one(cast, client_of):
    assert "至少要15个" in str(change(client_of(cast.technician), new="hai-dao-2026!").context["form"].errors)
    assert change(client_of(cast.officer), new="hai-dao-2026!").status_code == 302


def test_the_rules_can_be_made_stricter(cast, client_of, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {"NAME": "config.password_rules.Length", "OPTIONS": {"least": 20, "least_for_technicians": 20}},
        {"NAME": "config.password_rules.KindsOfCharacters"},
    ]
    client = client_of(cast.officer)
    assert "至少20个字符" in client.get(PASSWORD_PAGE).content.decode()
    errors = str(change(client, new="qiu-tian-de-yin-xing").context["form"].errors)
    assert "现在只有：小写字母、符号" in errors
    assert change(client, new="qiu-tian-de-yin-xing-1").status_code == 302


def test_changing_it_asks_for_the_old_one_and_ends_other_sessions(cast, client_of):
    here, there = client_of(cast.officer), client_of(cast.officer)
    assert change(here, old="wrong").status_code == 200
    assert there.get("/admin/").status_code == 200
    assert change(here).url == "/admin/"
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert [entry.reason for entry in trail("security")] == ["改了自己的密码"]


def test_a_password_from_somebody_else_has_to_be_changed_first(cast, client_of):
    page = "/admin/branches/user/add/"
    staff = client_of(cast.district_officer)
    data = filled(staff.get(page), username="newcomer", password1=BETTER, password2=BETTER)
    data |= {"postings-TOTAL_FORMS": 1, "postings-0-role": "organiser", "postings-0-since": "2020-01-01"}
    assert staff.post(page, data).status_code == 302
    client = Client()
    log_in(client, "newcomer", BETTER)
    for address in ("/admin/", "/admin/homes/home/", "/account/second-step/"):
        assert client.get(address).url.split("?")[0] == PASSWORD_PAGE
    assert change(client, old=BETTER, new=BETTER).status_code == 200
    assert change(client, old=BETTER, new=f"{BETTER}-mine").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_setting_it_for_somebody_makes_it_due_and_is_noted(cast, client_of):
    address = f"/admin/branches/user/{cast.officer.pk}/password/"
    client_of(cast.district_officer).post(address, {"password1": BETTER, "password2": BETTER})
    assert User.objects.get(pk=cast.officer.pk).must_change_password
    assert [(entry.actor, entry.label, entry.reason) for entry in trail("security")] == [
        ("district", "officer", "由别人重设了密码")
    ]
    own = f"/admin/branches/user/{cast.district_officer.pk}/password/"
    assert client_of(cast.district_officer).get(own).url == PASSWORD_PAGE


def test_a_password_can_be_made_to_run_out(cast, client_of, settings):
    client = client_of(cast.officer)
    User.objects.filter(pk=cast.officer.pk).update(password_set_at="2020-01-01T00:00:00Z")
    assert client.get("/admin/").status_code == 200
    settings.PASSWORD_DAYS = 90
    assert client.get("/admin/").url.startswith(PASSWORD_PAGE)
    assert change(client).status_code == 302
    assert client.get("/admin/").status_code == 200


# --- what is noted
def test_the_trail_tells_of_log_ins(cast):
    client = Client()
    log_in(client, password="my-real-password-typed-wrong")
    log_in(client, "my-real-password")
    log_in(client, REMOTE_ADDR="198.51.100.7")
    client.post("/account/logout/")
    told = [
        (entry.action, entry.actor, entry.label, entry.origin)
        for entry in AuditEntry.objects.filter(action__startswith="log").order_by("number")
    ]
    assert told == [
        ("log_in_failed", "", "officer", "127.0.0.1"),
        ("log_in_failed", "", "没有这个用户名", "127.0.0.1"),
        ("log_in", "officer", "officer", "198.51.100.7"),
        ("log_out", "officer", "officer", "127.0.0.1"),
    ]
    assert "my-real-password" not in str(list(AuditEntry.objects.values()))


def test_the_trail_tells_of_shut_doors_and_wrong_codes(cast):
    enrol(cast.officer)
    log_in(client := Client())
    client.post(CODE, {"code": "no"})
    for _ in range(lockout.PER_ACCOUNT):
        log_in(Client(), "street", "wrong")
    reasons = [entry.reason for entry in trail("log_in_failed")]
    assert reasons == ["动态码不对", "", "", "", "", "", "连续输错，停15分钟"]


def test_the_trail_tells_of_the_second_step(cast, django_capture_on_commit_callbacks):
    log_in(client := Client())
    with django_capture_on_commit_callbacks(execute=True):
        secret = client.get(SET_UP).context["form"].secret
        client.post(SET_UP, {"code": code_of(secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{CODES}new/")
        client.post("/account/second-step/remove/")
    told = [entry.reason for entry in trail("security")]
    assert sorted(told) == sorted(["启用了动态码", "启用了备用码", "换了新的备用码", "关掉了动态码", "关掉了备用码"])
    assert {entry.actor for entry in trail("security")} == {"officer"}


def test_the_trail_tells_of_posts_and_accounts(cast, client_of):
    before = AuditEntry.objects.count()
    staff, page = client_of(cast.district_officer), f"/admin/branches/user/{cast.officer.pk}/change/"
    staff.post(page, filled(staff.get(page), **{"postings-0-until": "2026-01-01"}))
    staff.post(page, filled(staff.get(page), is_active=None))
    told = [(entry.actor, entry.action, entry.label, entry.reason) for entry in AuditEntry.objects.order_by("number")]
    post = "officer：社区工作人员 · 甲社区居委会"
    assert told[before:] == [("district", "role", post, ""), ("district", "security", "officer", "账号停用")]
    assert trail("role")[-1].data == {"since": "2020-01-01", "until": "2026-01-01"}


def test_the_trail_tells_of_refusals_and_not_of_visitors(cast, client_of, client):
    client.get("/admin/branches/user/")
    assert trail("denied") == []
    assert client_of(cast.officer).get("/admin/branches/user/?q=secret").status_code == 403
    (entry,) = trail("denied")
    assert (entry.actor, entry.label, entry.data) == ("officer", "/admin/branches/user/", {"method": "GET"})


def test_the_counters_are_in_the_shared_cache(cast):
    log_in(Client(), password="wrong")
    assert cache.get(lockout.Counter("account:officer", 5).places[0]) == 1
