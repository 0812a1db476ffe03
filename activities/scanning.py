"""The QR code of a booking: the address of a page and a signed number.

It holds no name, no telephone, and not the code, which would let whoever reads an address or a log cancel. Opening the
page changes nothing; only those who run the activity may open it.
"""

from django.core import signing
from django.urls import reverse

from activities.models import Booking

SIGNER = signing.Signer(salt="check-in")


def scan_address(booking):
    """The path that the QR code leads to."""
    return reverse("activities:scan", args=[SIGNER.sign(booking.pk)])


def booking_of(token):
    """The booking that a QR code stands for; None where it is forged, or the booking has been emptied."""
    try:
        number = int(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Booking.objects.filter(pk=number, code__isnull=False).first()
