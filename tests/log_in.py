"""Going through the door for staff, in tests: password, code, and what the trail kept of it."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from branches.models import AuditEntry

PASSWORD, BETTER = "tests-only-password", "yi-ju-hen-chang-de-hua-2026"
LOGIN, CODE, SET_UP = "/account/login/", "/account/second-step/code/", "/account/second-step/set-up/"
CODES, PASSWORD_PAGE, AGAIN = "/account/second-step/recovery-codes/", "/account/password/", "/account/again/"
REMOVE, CODE_AGAIN = "/account/second-step/remove/", "/account/second-step/again/"
NEW_CODES = "/account/second-step/recovery-codes/new/"


def log_in(client, username="officer", password=PASSWORD, **more):
    address = {name: more.pop(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR") if name in more}
    return client.post(LOGIN, {"login": username, "password": password} | more, **address)


def said(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def code_of(secret, periods=0):
    """What the telephone shows; `periods` of half a minute from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def enrol(user):
    """Give the user a second step, and return its secret and the recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).generate_codes()


def trail(action):
    return list(AuditEntry.objects.filter(action=action).order_by("number"))
