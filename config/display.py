"""How the reader wants to see the pages: text size and contrast, kept in one cookie, set without scripts."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

SIZES = {"standard": "标准", "large": "大", "huge": "特大"}
CONTRASTS = {"normal": "普通", "high": "高对比"}
YEAR = 365 * 24 * 60 * 60


class Display(NamedTuple):
    """One of the six ways a page is rendered; part of the key of cached pages."""

    size: str = "standard"
    contrast: str = "normal"


def cookie_name():
    return "__Host-display" if settings.SESSION_COOKIE_SECURE else "display"


def of(request):
    """The reader's choice; anything unknown in the cookie counts as the default."""
    size, _, contrast = request.COOKIES.get(cookie_name(), "").partition("-")
    return Display(size if size in SIZES else "standard", contrast if contrast in CONTRASTS else "normal")


def display(request):
    """Context processor: `display`, and the choices for the control on every page."""
    return {"display": of(request), "display_sizes": SIZES}


@csrf_exempt  # cached pages carry no token, and all this can do is change a text size
@require_POST
def choose(request):
    """Remember `size` or `contrast`, and go back to the page the reader was on."""
    chosen = of(request)
    if request.POST.get("size") in SIZES:
        chosen = chosen._replace(size=request.POST["size"])
    if request.POST.get("contrast") in CONTRASTS:
        chosen = chosen._replace(contrast=request.POST["contrast"])
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        cookie_name(), "-".join(chosen), max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response
