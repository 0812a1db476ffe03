"""/volunteer/: the page of somebody who serves, opened by their code and the last four digits of their telephone.

What opens it is one signed cookie, apart from the sessions of staff and for as long as was asked: half an hour after it
was last used, or thirty days. It names the volunteer and a hash of their code, so that a new code closes it everywhere.
"""

import hmac
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from branches import telephones
from branches.sealing import keyed_hash
from branches.views.desk import never_stored
from config.client_address import client_address, neighbourhood
from config.limits import Limit
from volunteers.forms import EnterForm
from volunteers.models import Volunteer

SALT = "volunteer's page"
HALF_AN_HOUR, MONTH = 30 * 60, 30 * 24 * 60 * 60  # in seconds
FRESH = 60  # seconds in which the cookie is not written anew
TOO_MANY = 429
TRIES = Limit("tries to open a volunteer's page", 6, 15 * 60)  # from one address, and for one code
WRONG = "没有找到。请核对志愿者码和电话的后四位；找不到志愿者码，请问队长或者社区，换一个新的。"
PAUSED = "试了好几次都不对，先停15分钟。急用请打电话问队长或者社区。"
CLOSED = "请写志愿者码和电话后四位，再接着看。"
LEFT = "退出好了。下次再来，还是写志愿者码和电话后四位。"


def cookie_name():
    return "__Host-volunteer" if settings.SESSION_COOKIE_SECURE else "volunteer"


def open_to(response, volunteer, *, remembered):
    """Let the browser that gets this response see the volunteer's page."""
    lasts = MONTH if remembered else HALF_AN_HOUR
    word = signing.dumps([volunteer.pk, _tag(volunteer), int(timezone.now().timestamp()), bool(remembered)], salt=SALT)
    response.set_cookie(
        cookie_name(), word, max_age=lasts if remembered else None,
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
        @never_stored
        @require_http_methods(methods)
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


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request):
    """The code and the last four digits; one answer for a wrong pair and for none at all."""
    form = EnterForm(request.POST if request.method == "POST" else None)
    found, status = _by_code(request, form) if form.is_bound else (None, 200)
    if found is not None:
        response = redirect(_back(request))
        open_to(response, found, remembered=form.cleaned_data["remember"])
        return response
    response = render(request, "volunteers/own/enter.html", {"form": form}, status=status)
    if status == TOO_MANY:
        response.headers["Retry-After"] = str(TRIES.seconds)
    return response


def _by_code(request, form):
    """(the volunteer whom a sent form names or None, the status of the answer); only wrong tries count."""
    if not form.is_valid():
        return None, 200
    code, last_four = form.cleaned_data["code"], form.cleaned_data["last_four"]
    keys = (f"from {neighbourhood(client_address(request))}", f"for {code}")
    taken = [TRIES.take(key) for key in keys]  # both, also where the first is refused
    if not all(taken):
        form.add_error(None, PAUSED)
        return None, TOO_MANY
    found = Volunteer.objects.filter(code=code).first()
    if found is None or not found.telephone or telephones.digits(found.telephone)[-4:] != last_four:
        form.add_error(None, WRONG)
        return None, 200
    for key in keys:
        TRIES.give_back(key)
    return found, 200


def _back(request):
    """The page one came for, if it is one of the volunteer's own."""
    own, wanted = reverse("volunteers:own"), request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(own)
    return wanted if safe else own


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request):
    """Forget this browser. Reading changes nothing."""
    if request.method != "POST":
        return redirect("volunteers:own")
    messages.success(request, LEFT)
    response = redirect("volunteers:own_enter")
    close(response)
    return response


@volunteer_page("GET", "HEAD")
def own(request, volunteer):
    """What is asked of this volunteer, and what they have put their name down for."""
    return render(request, "volunteers/own/page.html", {"volunteer": volunteer})
