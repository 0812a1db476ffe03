"""The A4 sheet of an activity for the door and the notice board, with a QR code that leads to its page."""

import re

from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from activities.models import Activity
from config.caching import public_page
from config.site import address_of
from homes.views.pages import qr

PIECES = re.compile(r"(?:https?://)?[^/]+/*")
SAID, ROOMY = 90, 160  # characters of the description on a sheet; with more than that in all, letters are smaller


@require_safe
@public_page
def poster(request, pk):
    found = get_object_or_404(Activity.objects.public().for_cards(), pk=pk)
    address = address_of(request) + found.get_absolute_url()
    much = len(found.title) + len(found.where) + len(found.bring) + min(len(found.description), SAID) > ROOMY
    return render(
        request,
        "activities/poster.html",
        {
            "activity": found,
            "description": Truncator(found.description).chars(SAID),
            "much": much,
            "address": PIECES.findall(address),  # a line ends behind a stroke, never before it
            "qr": qr(address),
        },
    )
