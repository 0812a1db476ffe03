"""Logging in as staff do it, with a telephone beside the computer."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from branches.models import AuditEntry
from tests.cast import make_cast

PASSWORD, BETTER = "tests-only-password", "yi-ju-hen-chang-de-hua-2026"


def code_of(secret, periods=0):
    """What the telephone shows; `periods` of half a minute from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def send(page):
    page.click("main form button[type=submit]")


@pytest.fixture
def in_order(axe, fits):
    """`in_order(page)`: nothing for axe to find, and nothing to scroll sideways on a phone or a large screen."""

    def check(page):
        page.wait_for_load_state()  # a click has only begun to lead somewhere
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), page.url
        assert axe(page) == []

    return check


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def fill_in_password(page, site, username="officer"):
    page.goto(f"{site}/admin/homes/home/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    send(page)


def test_a_password_is_enough_where_the_second_step_is_not_asked_for(cast, live_server, page, in_order):
    page.goto(f"{live_server.url}/admin/homes/home/")
    in_order(page)
    assert page.get_by_text("没有要求手机动态码").is_visible()
    page.fill("input[name=login]", "officer")
    page.fill("input[name=password]", "wrong")
    send(page)
    assert page.title().startswith("错误：")
    in_order(page)
    page.fill("input[name=password]", PASSWORD)
    send(page)
    assert page.url == f"{live_server.url}/admin/homes/home/"
    page.get_by_role("button", name="退出").click()
    assert page.get_by_text("已经退出，今天辛苦了。").is_visible()
    page.goto(f"{live_server.url}/admin/homes/home/")
    assert "/account/login/" in page.url


def test_the_second_step_is_set_up_used_and_got_around_with_a_recovery_code(
    cast, live_server, page, open_page, settings, in_order
):
    settings.STAFF_REQUIRE_MFA = True
    site = live_server.url
    fill_in_password(page, site)
    assert "/account/second-step/set-up/" in page.url
    in_order(page)
    page.fill("input[name=code]", "12")
    send(page)
    in_order(page)
    secret = re.sub(r"\s", "", page.inner_text(".code-to-copy"))
    page.fill("input[name=code]", code_of(secret))
    send(page)
    in_order(page)
    codes = [re.sub(r"\s", "", code) for code in page.locator(".codes-to-keep li").all_inner_texts()]
    assert len(codes) == 10
    assert page.get_by_role("button", name="打印").is_visible()
    page.get_by_role("link", name="抄好了，去工作台").click()
    assert page.url == f"{site}/admin/"

    elsewhere = open_page(360)
    fill_in_password(elsewhere, site)
    in_order(elsewhere)
    elsewhere.goto(f"{site}/admin/")
    assert "/account/" in elsewhere.url
    elsewhere.fill("input[name=code]", code_of(secret, 1))
    send(elsewhere)
    assert elsewhere.url == f"{site}/admin/homes/home/"
    elsewhere.goto(f"{site}/account/second-step/")
    in_order(elsewhere)
    assert elsewhere.get_by_text("还有10个没用过").is_visible()

    third = open_page(scripts=False)
    fill_in_password(third, site)
    third.fill("input[name=code]", codes[0])
    send(third)
    assert third.url == f"{site}/admin/homes/home/"


def test_both_steps_by_keyboard_alone_without_scripts_and_in_the_largest_text(cast, live_server, open_page, fits):
    secret = generate_totp_secret()
    TOTP.activate(cast.officer, secret)
    page = open_page(360, scripts=False)
    page.goto(f"{live_server.url}/account/login/?next=/admin/")
    page.get_by_role("button", name="特大").click()

    def type_into(name, text):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.locator(f"input[name={name}]:focus").count():
                return page.keyboard.type(text)
        raise AssertionError(f"{name} is not reached by the Tab key")

    assert fits(page)
    type_into("login", "officer")
    type_into("password", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary:focus")  # read out first
    type_into("password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-step/code/**")
    assert fits(page)
    type_into("code", code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/admin/")


def test_a_password_from_somebody_else_is_changed_first(cast, live_server, page, in_order):
    type(cast.officer).objects.filter(pk=cast.officer.pk).update(must_change_password=True)
    fill_in_password(page, live_server.url)
    assert page.get_by_text("请先把密码换成只有您自己知道的").is_visible()
    in_order(page)
    for name, value in (("oldpassword", PASSWORD), ("password1", "123"), ("password2", "123")):
        page.fill(f"input[name={name}]", value)
    send(page)
    in_order(page)
    for name, value in (("oldpassword", PASSWORD), ("password1", BETTER), ("password2", BETTER)):
        page.fill(f"input[name={name}]", value)
    send(page)
    assert page.url == f"{live_server.url}/admin/homes/home/"


def test_the_auditor_finds_a_failed_log_in(cast, live_server, page, log_in, in_order):
    fill_in_password(page, live_server.url, "nobody-by-this-name")
    log_in(page, live_server.url, "auditor")
    page.get_by_role("link", name="审计记录").first.click()
    in_order(page)
    page.fill("input[name=q]", "没有这个用户名")
    page.press("input[name=q]", "Enter")
    assert page.get_by_text("按您的条件找到 1 条").is_visible()
    page.locator("#result_list tbody a").first.click()
    in_order(page)
    assert page.get_by_text("127.0.0.1").is_visible()
    assert AuditEntry.objects.filter(action="log_in_failed").count() == 1
