"""What people can ask for and what time asks of bookings: find them by telephone, hand over, empty, let go of.

A booking that is emptied stays as a row without a code, a telephone, a name: how many came is still known, and not who.
"""

from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities import signup
from activities.models import Booking, Message, SignUp
from branches.masking import mask_name
from branches.models import Event
from branches.names import person_key, plain_name
from branches.privacy import ELSEWHERE as KEPT_ELSEWHERE
from branches.privacy import KINDS, Elsewhere, Kind, hash_of
from branches.telephones import digits

KEPT = timedelta(days=183)  # after the last activity: half a year
AT_ONCE = 500  # rows a question
BLANK = {
    "code": None, "telephone": "", "telephone_index": "", "email": "", "proxy": "", "note": "", "form_key": None,
}  # fmt: skip
SUBJECT = SignUp._meta.label_lower


# --- by telephone
def bookings_of(telephone):
    return Booking.objects.filter(telephone_index=hash_of(telephone)).order_by("pk")


def walk_ins_of(telephone):
    """Those who came without signing up and told their number: known only by a hash of it and their name."""
    number = digits(telephone)
    rows = SignUp.objects.filter(booking=None).exclude(person_key="").order_by("pk")
    return [row for row in rows.iterator(2000) if row.person_key == person_key(row.name, number)]


def _sign_ups_of(telephone, names):
    """The rows of one person, or of everybody under the number."""
    rows = [*SignUp.objects.filter(booking__in=bookings_of(telephone)).order_by("pk"), *walk_ins_of(telephone)]
    wanted = names and {plain_name(name) for name in names}
    return [row for row in rows if wanted is None or plain_name(row.name) in wanted]


def count(telephone):
    return bookings_of(telephone).count() + len(walk_ins_of(telephone))


def copies(telephone, names):
    """{heading: rows} of one person, or of everybody under the number; others in the same booking are masked."""
    own = _sign_ups_of(telephone, names)
    keys = [row.pk for row in own]
    bookings = bookings_of(telephone).filter(pk__in={row.booking_id for row in own})
    others = list(SignUp.objects.filter(booking__in=bookings).exclude(pk__in=keys).order_by("pk"))
    for row in others:
        row.name = mask_name(row.name)
    return {
        "报名单": list(bookings),
        "报名": own,
        "一起报名的人": others,
        "报名以前的内容": SignUp.history.filter(id__in=keys).order_by("history_date", "history_id"),
        "活动的通知": Message.objects.filter(sign_up__in=keys).order_by("pk"),
        "报名的办理经过": Event.objects.filter(subject=SUBJECT, subject_pk__in=keys).order_by("pk"),
    }


def erase(telephone, names, *, by):
    """Give back every place that is still to come, then empty the rows; returns how many bookings and walk-ins."""
    own = _sign_ups_of(telephone, names)
    now = timezone.now()
    for row in own:
        if row.status in (SignUp.Status.CONFIRMED, SignUp.Status.WAITLISTED) and row.activity.starts_at > now:
            signup.leave(row, by=by, now=now)
    _forget_names(SignUp.objects.filter(pk__in=[row.pk for row in own]))
    Event.objects.filter(subject=SUBJECT, subject_pk__in=[row.pk for row in own]).update(reason="")
    log = LogEntry.objects.filter(content_type__app_label="activities", content_type__model="signup")
    for row in own:
        row.name = ""
        log.filter(object_id=str(row.pk)).update(object_repr=str(row))
    wanted = {plain_name(name) for name in names or ()}
    for booking in bookings_of(telephone).exclude(proxy=""):
        if plain_name(booking.proxy) in wanted:
            Booking.objects.filter(pk=booking.pk).update(proxy="")
    named = SignUp.objects.filter(booking=OuterRef("pk")).exclude(name="")
    emptied = bookings_of(telephone).filter(~Exists(named)).update(**BLANK)
    return emptied + sum(1 for row in own if row.booking_id is None)


def _forget_names(rows):
    """Empty the names of these sign-ups, in the rows and in their history."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        SignUp.objects.filter(pk__in=some).update(name="", person_key="")
        SignUp.history.filter(id__in=some).update(name="")


# --- by time
def old_bookings():
    """Bookings whose last activity, and whose course, was over half a year ago, and that are not emptied yet."""
    limit = timezone.now() - KEPT
    last = Coalesce(Max("sign_ups__activity__ends_at"), "created_at")
    running = Q(course__until__gte=timezone.localdate() - KEPT, left_at=None)
    return Booking.objects.filter(code__isnull=False).annotate(last=last).filter(last__lt=limit).exclude(running)


def _let_go_of_bookings(rows):
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = Booking.objects.filter(pk__in=keys[start : start + AT_ONCE])
        _forget_names(SignUp.objects.filter(booking__in=some))
        some.update(**BLANK)


def old_walk_ins():
    rows = SignUp.objects.filter(booking=None, activity__ends_at__lt=timezone.now() - KEPT)
    return rows.exclude(name="")


def register():
    """Tell branches/privacy.py what this app keeps about people."""
    KINDS["bookings"] = Kind("活动过去半年的报名单：清空姓名和电话", old_bookings, _let_go_of_bookings)
    KINDS["walk_ins"] = Kind("活动过去半年的临时签到：清空姓名", old_walk_ins, _forget_names)
    KEPT_ELSEWHERE.append(Elsewhere("活动报名", count, erase, copies))
