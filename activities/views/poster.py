"""The A4 sheet of an activity for the door and the notice board, with a QR code that leads to its page."""

from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from activities import outbox
from activities.models import Activity
from config.caching import public_page
from config.site import address_of
from homes.views import qr

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
            "when": outbox.when(found),
            "description": Truncator(found.description).chars(SAID),
            "much": much,
            "address": address,
            "qr": qr(address),
        },
    )
