"""How long staff stay logged in, and what has to be done before anything else opens.

A session ends when nobody has used it for `SESSION_IDLE_MINUTES`, `SESSION_HOURS` after logging in, and as soon as its
user holds no post any more. The rows are kept in the database, so logging out anywhere is final.
"""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from branches.audit import Action, record, request_origin
from config.client_address import client_address
from config.login import must_enrol, password_is_due
from config.request_log import SUPERVISORS

STARTED, SEEN = "started_at", "seen_at"  # seconds since 1970, in the session
WRITE_SECONDS = 60  # how often being in use is written down
ENDED = {
    "idle": ("闲置太久", "您离开了一会儿，为了安全已经自动退出。重新登录，就回到刚才那一页。"),
    "long": ("登录太久", "登录的时间比较长了，为了安全请重新登录，就回到刚才那一页。"),
    "post": ("没有岗位", "这个账号现在没有岗位，已经退出。有疑问请打电话给区里的管理员。"),
}
PASSWORD_PAGES = {"account_change_password", "account_logout", "display"}
ENROLMENT_PAGES = PASSWORD_PAGES | {
    "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_view_recovery_codes",
}  # fmt: skip


@receiver(user_logged_in)
def begin(sender, request, **signal):
    """Start both clocks, also where a visitor's session is carried on."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def is_logged_in(request):
    """Without a cookie nobody is, and the session need not be asked; nor is it for a supervisor's question whether
    the process answers, be the database there or not."""
    may_be = settings.SESSION_COOKIE_NAME in request.COOKIES and request.path_info[1:] not in SUPERVISORS
    return may_be and request.user.is_authenticated


class StaffSessions:
    """Middleware, after log-in and messages: ends what has to end, and leads to what has to be done first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_origin.set(client_address(request))
        try:
            if is_logged_in(request):
                self.end_or_keep(request)
            return self.get_response(request)
        finally:
            request_origin.reset(token)

    def end_or_keep(self, request):
        why = self.over(request)
        if why:
            request.session_ended, words = ENDED[why]
            logout(request)
            messages.info(request, words)
        elif int(time.time()) - request.session[SEEN] >= WRITE_SECONDS:
            request.session[SEEN] = int(time.time())

    @staticmethod
    def over(request):
        """Why this session ends now: a key of ENDED, or None."""
        now, session = int(time.time()), request.session
        for clock in (STARTED, SEEN):
            session.setdefault(clock, now)
        if now - session[STARTED] >= settings.SESSION_HOURS * 3600:
            return "long"
        if now - session[SEEN] >= settings.SESSION_IDLE_MINUTES * 60:
            return "idle"
        return None if request.user.is_staff else "post"

    def process_view(self, request, view, args, kwargs):
        """Lead to the page that comes first, if there is one. Public pages have no user by now."""
        if not is_logged_in(request):
            return None
        page = request.resolver_match.url_name
        if page not in PASSWORD_PAGES and password_is_due(request.user):
            messages.warning(request, "请先把密码换成只有您自己知道的，再接着用。")
            return self.first(request, "account_change_password")
        if page not in ENROLMENT_PAGES and must_enrol(request):
            messages.warning(request, "您的岗位能看到党员信息或者导出名单，请先设好动态码，再接着用。")
            return self.first(request, "mfa_activate_totp")
        return None

    @staticmethod
    def first(request, page):
        """To `page`, with the way back where there is one."""
        if request.method != "GET":
            return HttpResponseRedirect(reverse(page))
        return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")

    def process_exception(self, request, exception):
        """Note who was refused what. Visitors are sent to the log-in page before it comes to this."""
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            record(Action.DENIED, by=request.user, label=request.path, method=request.method)
