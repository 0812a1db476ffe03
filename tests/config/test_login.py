"""The one door for staff: what has an address, where it leads, and what is noted of log-ins."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from branches.models import AuditEntry
from config import account_urls, lockout
from tests.log_in import (
    AGAIN,
    CODE,
    CODES,
    LOGIN,
    PASSWORD,
    PASSWORD_PAGE,
    SET_UP,
    code_of,
    enrol,
    log_in,
    trail,
)
from tests.staff_forms import filled

pytestmark = pytest.mark.django_db


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
    for _ in range(5):
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
