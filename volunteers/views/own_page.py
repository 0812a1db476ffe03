"""The door of /volunteer/, which is opened by a volunteer's code and the last four digits of their telephone.

What opens it is one signed cookie, apart from the sessions of staff and for as long as was asked: half an hour after it
was last used, or thirty days. It names the volunteer and a hash of their code, so that a new code closes it everywhere.
"""

import hmac
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from branches.sealing import keyed_hash
from config.limits import limited_page
from config.lookup import Kind
from config.personal import personal
from volunteers.forms import EnterForm
from volunteers.models import Volunteer

SALT = "volunteer's page"
HALF_AN_HOUR, MONTH = 30 * 60, 30 * 24 * 60 * 60  # in seconds
FRESH = 60  # seconds in which the cookie is not written anew
# opened here alone: /lookup/ is for what residents ask
VOLUNTEER = Kind(Volunteer, "志愿服务", lambda volunteer: reverse("volunteers:own"))
CLOSED = "请写志愿者码和电话后四位，再接着看。"
LEFT = "退出好了。下次再来，还是写志愿者码和电话后四位。"


def cookie_name():
    return "__Host-volunteer" if settings.SESSION_COOKIE_SECURE else "volunteer"


def open_to(response, volunteer, *, remembered):
    """Let the browser that gets this response see the volunteer's page."""
    word = signing.dumps([volunteer.pk, _tag(volunteer), int(timezone.now().timestamp()), bool(remembered)], salt=SALT)
    response.set_cookie(
        cookie_name(), word, max_age=MONTH if remembered else None,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def close(response):
    response.delete_cookie(cookie_name(), samesite="Lax")


def opened(request):
    """(the volunteer whose page is open here, whether it is time to write the cookie anew), or (None, False)."""
    try:
        pk, tag, since, remembered = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None, False
    age = timezone.now().timestamp() - since
    if age > (MONTH if remembered else HALF_AN_HOUR):
        return None, False
    volunteer = Volunteer.objects.filter(pk=pk).first()
    if volunteer is None or not volunteer.code or not hmac.compare_digest(tag, _tag(volunteer)):
        return None, False
    return volunteer, not remembered and age > FRESH


def _tag(volunteer):
    return keyed_hash(f"{volunteer.pk}:{volunteer.code}:{volunteer.telephone_index}", "volunteer page")


def volunteer_page(*methods):
    """A page for one volunteer, whom the view gets as its second argument. Where it is not open (any more), the way to
    open it, and back to it; nothing is done.
    """

    def decorate(view):
        @personal(*methods)
        @wraps(view)
        def page(request, *args, **kwargs):
            volunteer, renew = opened(request)
            if volunteer is None:
                messages.info(request, CLOSED)
                back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
                enter_url = reverse("volunteers:own_enter")
                return redirect(f"{enter_url}?{urlencode({'next': back})}" if back else enter_url)
            response = view(request, volunteer, *args, **kwargs)
            if renew and cookie_name() not in response.cookies:
                open_to(response, volunteer, remembered=False)
            return response

        return page

    return decorate


@personal("GET", "HEAD", "POST")
def enter(request):
    """The code and the last four digits; one answer for a wrong pair and for none at all."""
    form = EnterForm(request.POST if request.method == "POST" else None, kinds=[VOLUNTEER])
    for _kind, found in form.found(request) if form.is_bound else ():
        response = redirect(_back(request))
        open_to(response, found, remembered=form.cleaned_data["remember"])
        return response
    return limited_page(request, "volunteers/own/enter.html", {"form": form})


def _back(request):
    """The page one came for, if it is one of the volunteer's own."""
    own, wanted = reverse("volunteers:own"), request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(own)
    return wanted if safe else own


@personal("GET", "HEAD", "POST")
def leave(request):
    """Forget this browser. Reading changes nothing."""
    if request.method != "POST":
        return redirect("volunteers:own")
    messages.success(request, LEFT)
    response = redirect("volunteers:own_enter")
    close(response)
    return response
