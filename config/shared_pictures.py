"""The pictures of shared links at their addresses: drawn once, stored, and never more than a few a minute.

`/pictures/h/3-<version>.png` is that of the home 3. The version changes with what is drawn, so that whoever stored an
older one asks again; an older address leads to the newest. The store is a folder with room for a known number
(`CACHES["pictures"]`); what falls out is drawn again. Where too many would have to be drawn at once, the picture of the
portal stands in.
"""

from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.views.decorators.http import require_safe

from config.limits import Limit
from config.pictures import Picture, draw
from config.site import district

DRAWN = Limit("pictures drawn", 30, 60)  # by all workers together
A_DAY = 24 * 60 * 60


class Shared(NamedTuple):
    """A picture and the address where it is."""

    address: str
    picture: Picture


def portal():
    """Whose portal it is, in words, as it stands at the foot of every picture."""
    here = district()
    return f"{settings.SITE_NAME} · {here.name if here else ''}老党员之家"


def shared(row, picture):
    """The picture of a home, an activity or a course, at an address like its short one."""
    return Shared(f"/pictures{row.short_address}-{picture.version}.png", picture)


def of_portal():
    """The picture of every page that has none of its own."""
    name, foot = settings.SITE_NAME, portal().partition(" · ")[2]
    picture = Picture("marks/home", "red", "", name, ("家门口，有个老党员之家",), foot)
    return Shared(f"/pictures/portal-{picture.version}.png", picture)


def answer(found, version):
    """The bytes of a `Shared` picture, or the way to its newest version."""
    address, picture = found
    if version != picture.version:
        return _elsewhere(address)
    store = caches["pictures"]
    body = store.get(picture.version)
    if body is None:
        if not DRAWN.take("all") and found != of_portal():
            return _elsewhere(of_portal().address)
        body = draw(picture)
        store.set(picture.version, body, None)
    return HttpResponse(body, content_type="image/png", headers={"Cache-Control": f"public, max-age={A_DAY}"})


def _elsewhere(address):
    response = redirect(address)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def portal_picture(request, version):
    return answer(of_portal(), version)


urlpatterns = [re_path(r"^pictures/portal-(?P<version>[0-9a-f]{12})\.png$", portal_picture, name="portal_picture")]
