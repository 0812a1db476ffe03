"""Text messages about orders leave here, run by a timer; where there is no gateway, everything is rung up.

A message is in the hands of one sender at a time, and is marked as sent only after the gateway took it: rather twice
than never (docs/decisions/0010-telling.md). What fails three times is for a person to ring.
"""

import logging

from django.conf import settings
from django.utils import timezone

from branches import texting
from volunteers import telling
from volunteers.contact import whom
from volunteers.models import Message

log = logging.getLogger(__name__)


def send(*, now=None):
    """Send what waits for a text message; returns (how many were sent, how many failed). Twice is as once."""
    now = now or timezone.now()
    rows = Message.objects.waiting().filter(channel=Message.Channel.SMS).order_by("created_at", "pk")
    sent = failed = 0
    for message in list(rows.select_related("order", "assignment__volunteer")):
        for ours in telling.take([message], until=now + texting.HELD, now=now):
            accepted = _hand_over(ours)
            telling.settle(ours, accepted=accepted, now=now)
            sent, failed = sent + accepted, failed + (not accepted)
    return sent, failed


def _hand_over(message):
    """Give it to the gateway; whether it was taken. Any error of a gateway somebody else wrote counts as not taken."""
    try:
        texting.gateway().send(whom(message)[1], texting.signed(_with_address(message)))
    except Exception as error:
        log.warning("order message %s not taken: %s", message.pk, type(error).__name__)
        return False
    return True


def _with_address(message):
    """A volunteer answers on their own page; a resident looks up their code."""
    if not settings.SITE_ADDRESS:
        return message.words
    return f"{message.words}{settings.SITE_ADDRESS}/{'volunteer' if message.assignment_id else 'lookup'}/"
