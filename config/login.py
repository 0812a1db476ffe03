"""Logging in: one door for all staff, kept by django-allauth; here is what it may do and what it says.

Accounts are made by staff in the admin, so allauth's sign-up, e-mail and reset pages are not routed at all
(config/account_urls.py lists what is). Its forms, in our words, are in config/login_forms.py.
"""

from datetime import timedelta

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from branches.access import GRANTS, Action
from branches.models import AuditEntry, Member
from branches.sealing import seal, unseal
from config import lockout, login_audit
from config.client_address import client_address

# The same sentence for a wrong name, a wrong password, an account that is not in use, and one without a post.
REFUSED = "用户名或密码不对，或者账号已停用。请看一下大小写有没有按错；忘了密码，请找区里的管理员重设。"
SHUT = "连续输错的次数太多，为了安全先停15分钟。请15分钟以后再试；急用请打电话给区里的管理员。"
FRESH_SECONDS = 5 * 60  # who has just proved who they are is not asked again
CODE_SECONDS = 10 * 60  # how long a code from the phone is good for taking lists away


def roles_with_second_step():
    """The keys of the roles that see members or the audit trail, or take lists away: these prove themselves twice."""
    return {
        role
        for model, rules in GRANTS.items()
        for role, actions in rules.items()
        if Action.EXPORT in actions or (model in (Member, AuditEntry) and actions)
    }


def needs_second_step(user):
    """Whether this user has to have the second step set up before anything else opens."""
    if not settings.STAFF_REQUIRE_MFA:
        return False
    roles = roles_with_second_step()
    return user.is_superuser or any(posting.role in roles for posting in user.current_postings)


def must_enrol(request):
    """Whether the second step is needed and still missing. Asks the database only where the session cannot tell."""
    if not needs_second_step(request.user):
        return False
    records = get_authentication_records(request, request.user)
    if any(record["method"] == "mfa" for record in records):
        return False
    return not get_mfa_adapter().is_mfa_enabled(request.user, ["totp"])


def second_step_is_fresh(request):
    """Whether a code from the phone was given within the last ten minutes, by those who have one or need one."""
    if not needs_second_step(request.user) and not get_mfa_adapter().is_mfa_enabled(request.user):
        return True
    records = get_authentication_records(request, request.user)
    since = timezone.now().timestamp() - CODE_SECONDS
    return any(record["method"] == "mfa" and record["at"] > since for record in records)


def prove_again(request, back):
    """Ask for a code from the phone, and lead `back` to an address of this site afterwards."""
    messages.info(request, "名单要带出去，请先再输一次手机上的动态码。十分钟以内不用再输。")
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")


def password_is_due(user):
    """Whether the password has to be changed first: somebody else has set it, or it has run out."""
    if user.must_change_password:
        return True
    if not settings.PASSWORD_DAYS:
        return False
    return (user.password_set_at or user.date_joined) + timedelta(days=settings.PASSWORD_DAYS) < timezone.now()


class AccountAdapter(DefaultAccountAdapter):
    """Who gets in, and in what words somebody is turned away."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": REFUSED,
        "invalid_login": REFUSED,
        "too_many_login_attempts": SHUT,
        "rate_limited": SHUT,
        "incorrect_password": "密码不对，请再输一次。",
        "enter_current_password": "现在的密码不对，请再输一次。",
    }

    def is_open_for_signup(self, request):
        return False

    def is_ajax(self, request):
        return False

    def is_safe_url(self, url):
        """Only addresses of this very site."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request):
        return client_address(request)

    def authenticate(self, request, **credentials):
        """The user, or None. Counts the try before the password is looked at; staff without a post count as unknown."""
        attempt = lockout.begin(credentials["username"], client_address(request))
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        user = authenticate(request, **credentials)
        if user is not None and not user.is_staff:
            user_login_failed.send(__name__, credentials={"username": user.username}, request=request)
            user = None
        if user is not None:
            attempt.succeeded()
        elif attempt.failed():
            login_audit.shut_out(credentials["username"])
        return user

    def respond_user_inactive(self, request, user):
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not again right after logging in."""
        records = get_authentication_records(context.request, context.request.user)
        fresh = timezone.now().timestamp() - FRESH_SECONDS
        return not any(record["at"] > fresh for record in records)

    def set_password(self, user, password):
        user.must_change_password = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_reauthentication_methods(self, user):
        """Who has the second step proves it by a code: a password may have been read over the shoulder."""
        methods = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] == "mfa_reauthenticate"] or methods


class MFAAdapter(DefaultMFAAdapter):
    """The second step: six digits from an app on the phone. Its secrets are sealed like personal data."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "动态码不对，或者已经用过了。请等手机上换了新的六个数字再输。",
        "cannot_delete_authenticator": "您的岗位要求有动态码，不能关掉。换手机请找区里的管理员。",
    }

    def encrypt(self, text):
        return seal(text)

    def decrypt(self, encrypted_text):
        return unseal(encrypted_text)

    def get_totp_issuer(self):
        return settings.SITE_NAME

    def get_totp_label(self, user):
        return user.get_username()

    def build_totp_svg(self, url):
        """The QR code as SVG to stand in the page, without any style attribute."""
        return segno.make(url, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr")

    def can_delete_authenticator(self, authenticator):
        return not needs_second_step(authenticator.user)
