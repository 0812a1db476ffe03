"""What leaves by itself: reminders are put into the outbox, e-mails and text messages go out of it. Run by a timer.

One e-mail or text message tells all of a booking, although there is a row a person. A message is in the hands of one
sender at a time (`held_until`), and is marked as sent only after the transport took it. Should the machine stop between
the two, it is sent once more when it is let go of: rather twice than never (docs/decisions/0010-telling.md). An e-mail
has the same Message-ID then, by which a mailbox knows it again. What fails three times is for a person to ring.
"""

import logging
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities import outbox
from activities.models import Activity, Message, SignUp
from activities.seats import locked
from branches import texting

Kind, Channel, Status = Message.Kind, Message.Channel, Message.Status
log = logging.getLogger(__name__)


def remind(*, now=None):
    """Put a reminder into the outbox for everybody who has a seat in what begins soon; returns how many are new.

    Once for each time and place. Whoever was told of them since the hour of reminding, signed up since then or was let
    in by telephone knows, and needs no reminder.
    """
    now = now or timezone.now()
    soon = Activity.objects.filter(status=Activity.Status.PUBLISHED, starts_at__gt=now, remind_hours__gt=0)
    soon = soon.filter(starts_at__lte=now + timedelta(hours=max(hours for hours, _ in REMIND_CHOICES)))
    return sum(_remind(activity, now) for activity in soon.order_by("pk") if _is_due(activity, now))


REMIND_CHOICES = Activity._meta.get_field("remind_hours").choices


def _is_due(activity, now):
    hour = activity.starts_at - timedelta(hours=activity.remind_hours)
    return activity.status == Activity.Status.PUBLISHED and hour <= now < activity.starts_at


@transaction.atomic
def _remind(activity, now):
    activity = locked(activity)  # nobody leaves, and it is not called off, while it is looked at
    if not _is_due(activity, now):
        return 0
    hour = activity.starts_at - timedelta(hours=activity.remind_hours)
    told = Message.objects.filter(kind__in=(Kind.RESCHEDULED, Kind.PROMOTED), created_at__gte=hour).values("sign_up")
    reminded = Message.objects.filter(kind=Kind.REMINDER, version=activity.sequence).values("sign_up")
    # not when the sign-up was made: that of somebody in a course is made when the session is published
    rows = activity.sign_ups.filter(status=SignUp.Status.CONFIRMED, walk_in=False, booking__created_at__lt=hour)
    rung = SignUp.history.filter(activity=activity, history_change_reason="offer_late", history_date__gte=hour)
    rows = rows.exclude(pk__in=rung.values("id"))
    rows = list(rows.exclude(pk__in=told).exclude(pk__in=reminded).select_related("booking").order_by("pk"))
    for sign_up in rows:
        sign_up.activity = activity
        outbox.tell(sign_up, Kind.REMINDER)
    return len(rows)


def send(*, now=None):
    """Send what waits for e-mail or a text message; returns (how many were sent, how many failed). Twice is as once."""
    now = now or timezone.now()
    outbox.forget(now=now)
    waiting = Message.objects.waiting().filter(channel__in=(Channel.EMAIL, Channel.SMS))
    rows = waiting.filter(_free(now)).order_by("sign_up__booking", "sign_up__activity", "kind", "version", "pk")
    rows = rows.select_related("sign_up__activity__home", "sign_up__activity__branch", "sign_up__booking")
    sent = failed = 0
    for _together, group in groupby(list(rows), key=_together_with):
        messages = _taken(list(group), now)
        if not messages:
            continue
        accepted = _hand_over(messages)
        _settle(messages, accepted, now=now)
        sent, failed = sent + accepted, failed + (not accepted)
    return sent, failed


def _free(now):
    return Q(held_until=None) | Q(held_until__lte=now)


def _together_with(message):
    """What goes out as one: the same thing, told to one booking."""
    return message.sign_up.booking_id, message.sign_up.activity_id, message.kind, message.version, message.channel


@transaction.atomic
def _taken(messages, now):
    """Those of the messages that are in our hands now: still to be told, and in nobody else's."""
    rows = Message.objects.select_for_update().waiting().filter(_free(now), pk__in=[each.pk for each in messages])
    ours = set(rows.values_list("pk", flat=True))
    Message.objects.filter(pk__in=ours).update(held_until=now + texting.HELD)
    return [message for message in messages if message.pk in ours]


def _hand_over(messages):
    """Give one e-mail or text message to its transport; whether it was taken. Failures are logged without the address.

    Any error of a gateway somebody else wrote counts as not taken.
    """
    message, booking = messages[0], messages[0].sign_up.booking
    try:
        if message.channel == Channel.EMAIL:
            return settings.SENDS_EMAIL and _email(messages).send() == 1
        texting.gateway().send(booking.telephone, texting.signed(message.words))
    except Exception as error:
        log.warning("message %s by %s not taken: %s", message.pk, message.channel, type(error).__name__)
        return False
    return True


def _email(messages):
    message = messages[0]
    activity, booking = message.sign_up.activity, message.sign_up.booking
    lines = [message.words]
    if len(messages) > 1:
        lines.append(f"这张报名单上的{len(messages)}位都一样。")
    if activity.call:
        lines.append(f"有事请打电话：{activity.call}")
    if settings.SITE_ADDRESS:
        lines.append(f"凭报名码可以查、可以取消：{settings.SITE_ADDRESS}/lookup/")
    lines += ["", f"这封信是{settings.SITE_NAME}自动发的，回信没有人看。"]
    return EmailMessage(
        subject=f"{settings.SITE_NAME}：{message.get_kind_display()}",  # nothing of the person, nor where they go
        body="\n".join(lines),
        to=[booking.email],
        headers={"Message-ID": f"<message-{message.pk}@{_domain()}>", "Auto-Submitted": "auto-generated"},
    )


def _domain():
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")


@transaction.atomic
def _settle(messages, accepted, *, now):
    """Write down how it went. What was silenced while it was on its way stays silenced."""
    for row in Message.objects.select_for_update().waiting().filter(pk__in=[each.pk for each in messages]):
        row.held_until = None
        if accepted:
            row.status, row.done_at = Status.SENT, now
        else:
            row.tries += 1
            if row.tries >= texting.TRIES_MOST:
                row.channel = Channel.TELEPHONE
        row._change_reason = "sent" if accepted else "failed"
        row.save()
