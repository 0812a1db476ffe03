"""The verbs of a letter's life: send, accept, decline, merge, draft, check, answer, ask again, archive, correct.

Only this module writes `Letter.status`. Who drafted an answer never checks it.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from simple_history.utils import bulk_create_with_history

from branches.codes import new_code
from branches.masking import mask_name
from branches.models import CalendarDay, User
from branches.sealing import keyed_hash, telephone_index
from branches.steps import correction, standing_steps
from branches.transitions import RESIDENT, IllegalTransition, record_event, record_known, step, told
from volunteers import publication
from volunteers.models import Letter
from volunteers.publication import locked, same_version, save

Status = Letter.Status

TAKEN_UP_WITHIN, ANSWERED_WITHIN, LONGER = 1, 3, 7  # working days; the last is added once, with a reason
ASK_AGAIN_WITHIN = timedelta(days=15)  # after the answer; then it is archived

# event: (states it may start from, state it ends in; None: it stays as it is). A correction goes one step back.
TRANSITIONS = {
    "accept": ({Status.RECEIVED}, Status.ACCEPTED),
    "assign": ({Status.ACCEPTED}, Status.ACCEPTED),
    "decline": ({Status.RECEIVED}, Status.DECLINED),
    "merge": ({Status.RECEIVED, Status.ACCEPTED}, Status.MERGED),
    "draft": ({Status.ACCEPTED}, Status.DRAFTED),
    "send_back": ({Status.DRAFTED}, Status.ACCEPTED),
    "answer": ({Status.DRAFTED}, Status.ANSWERED),
    "extend": ({Status.ACCEPTED, Status.DRAFTED}, None),
    "ask_again": ({Status.ANSWERED}, Status.ACCEPTED),
    "archive": ({Status.ANSWERED}, Status.CLOSED),
}
OWN_CHECK = "起草的人不能自己审核，请另一位同事来。"
ASKED_ANEW = "写信人追问了，等新的答复"
CORRECTED = "办理经过有更正，要重新看过"


@transaction.atomic
def send(
    *, body, subject, name, division, by=RESIDENT, home=None, telephone="", email="", form_key="", may_publish=False,
    with_name=False, now=None, **about,
):  # fmt: skip
    """A letter comes in; returns it with its code. Staff who write it down for somebody are `by`.

    `about` are further facts (proxy_name, consent_version, is_proven, application). Sent twice with one `form_key` it
    is one letter; with other words it is another.
    """
    now = now or timezone.now()
    if not telephone and not email:
        raise IllegalTransition("请留一个电话或者邮箱，答复了好告诉您。")
    if not body.strip():
        raise IllegalTransition("信还没有写。")
    same = {"form_key": form_key, "body": body, "name": name, "telephone": telephone, "email": email}
    if known := sent_before(**same):
        return known
    if form_key and Letter.objects.filter(form_key=form_key).exists():
        # the form was gone back to; the other letter has a key that a second tap finds again
        same["form_key"] = form_key = keyed_hash("\x1f".join(same.values()), "form key")[:32]
        if known := sent_before(**same):
            return known
    letter = Letter(
        code=new_code(Letter), subject=subject, body=body, name=name, telephone=telephone, email=email, home=home,
        division=home.division if home else division, taken_by=by if isinstance(by, User) else None,
        due_on=_working_days_after(timezone.localdate(now), TAKEN_UP_WITHIN), text_changed_at=now, created_at=now,
        consented_at=now, form_key=form_key or None, **about,
    )  # fmt: skip
    try:
        with transaction.atomic():
            save(letter, "send", by=by)
    except IntegrityError:  # the second of two taps at once
        if known := sent_before(**same):
            return known
        raise
    on_behalf_of = mask_name(name) if letter.taken_by or letter.proxy_name else ""
    record_event(letter, "send", by=by, before="", after=letter.status, on_behalf_of=on_behalf_of)
    if may_publish:
        return publication.consent(letter, by=by, with_name=with_name, on=timezone.localdate(now))
    return letter


def sent_before(*, form_key, body, name, telephone="", email="", **_about):
    """The letter that this same form, with these same words, made already; else None."""
    known = Letter.objects.filter(form_key=form_key).first() if form_key else None
    if known is None or (known.body, known.name, known.email) != (body, name, email):
        return None
    return known if known.telephone_index == telephone_index(telephone) else None


@transaction.atomic
def accept(letter, *, by, office, division=None, version=None, now=None):
    """Take it up: which office answers, and by when. `division`: whose clerks read it from now on."""
    letter = _begin("accept", letter, version)
    letter.office, letter.division = office, division or letter.division
    letter.due_on = _working_days_after(timezone.localdate(now), ANSWERED_WITHIN)
    return _finish("accept", letter, by=by, office=str(office))


@transaction.atomic
def assign(letter, *, by, office, division=None, version=None):
    """Another office answers. The day by which it does stays."""
    letter = _begin("assign", letter, version)
    letter.office, letter.division = office, division or letter.division
    return _finish("assign", letter, by=by, office=str(office))


@transaction.atomic
def decline(letter, *, by, reason, words, version=None):
    """Not to be answered: `reason` is one of the list, `words` say to the author where else to turn."""
    letter = _begin("decline", letter, version)
    letter.decline_reason, letter.decline_words = Letter.DeclineReason(reason).value, told(words)
    return _finish("decline", letter, by=by, reason=letter.get_decline_reason_display())


@transaction.atomic
def merge(letter, *, by, into, version=None):
    """The same matter as another letter: its answer answers this one, too."""
    if letter.pk == into.pk:
        raise IllegalTransition("不能并入它自己，请选另一封信。")
    held = Letter.objects.select_for_update().filter(pk__in=(letter.pk, into.pk)).order_by("pk")
    into = {row.pk: row for row in held}[into.pk]
    letter = _begin("merge", letter, version)
    if into.status in (Status.DECLINED, Status.MERGED):
        raise IllegalTransition(f"“{into}”是“{into.get_status_display()}”，不会有答复，请选另一封。")
    letter.merged_into = into
    return _finish("merge", letter, by=by, into=into.pk)


@transaction.atomic
def draft(letter, *, by, text, version=None):
    """Write the answer; somebody else checks it."""
    letter = _begin("draft", letter, version)
    if not text.strip():
        raise IllegalTransition("答复还没有写。")
    letter.draft, letter.drafted_by, letter.checked_by = text, by, None
    return _finish("draft", letter, by=by)


@transaction.atomic
def send_back(letter, *, by, reason, version=None):
    """The answer will not do yet."""
    letter = _begin("send_back", letter, version)
    _not_the_drafter(letter, by)
    return _finish("send_back", letter, by=by, reason=told(reason))


@transaction.atomic
def answer(letter, *, by, version=None, now=None):
    """The draft is the answer: with the name of the office, and today's date."""
    now = now or timezone.now()
    letter = _begin("answer", letter, version)
    _not_the_drafter(letter, by)
    if not letter.draft.strip():
        raise IllegalTransition("答复还没有写。")
    letter.answer, letter.checked_by, letter.answered_at = letter.draft, by, now
    publication.text_changed(letter, by=by, why=ASKED_ANEW, now=now)
    return _finish("answer", letter, by=by)


@transaction.atomic
def extend(letter, *, by, reason, version=None):
    """It takes longer, once: the author reads why."""
    letter = _begin("extend", letter, version)
    if letter.extended:
        raise IllegalTransition("已经延期过一次，不能再延。请先给一个答复。")
    letter.extended = told(reason)
    letter.due_on = _working_days_after(letter.due_on, LONGER)
    return _finish("extend", letter, by=by, reason=letter.extended, due_on=letter.due_on.isoformat())


@transaction.atomic
def ask_again(letter, *, reason, by=RESIDENT, version=None, now=None):
    """The author is not content: once, within fifteen days of the answer."""
    now = now or timezone.now()
    letter = _begin("ask_again", letter, version)
    if letter.asked_again_at is not None:
        raise IllegalTransition("已经追问过一次了。还有话要说，请再写一封信。")
    if now > letter.answered_at + ASK_AGAIN_WITHIN:
        raise IllegalTransition("答复已经超过15天，不能再追问了。还有话要说，请再写一封信。")
    if not reason.strip():
        raise IllegalTransition("请写还有什么没说清楚。")
    was = {"answered_at": letter.answered_at.isoformat(), "drafted_by": letter.drafted_by_id}
    letter.asked_again, letter.asked_again_at = reason.strip(), now
    letter.first_answer, letter.answer, letter.draft, letter.answered_at = letter.answer, "", "", None
    letter.due_on = _working_days_after(timezone.localdate(now), ANSWERED_WITHIN)
    publication.text_changed(letter, by=by, why=ASKED_ANEW, now=now)
    return _finish("ask_again", letter, by=by, **was)


@transaction.atomic
def archive(letter, *, by=None, version=None, now=None):
    """Put it away once nobody can ask again."""
    letter = _begin("archive", letter, version)
    if (now or timezone.now()) <= letter.answered_at + ASK_AGAIN_WITHIN:
        raise IllegalTransition("答复以后15天内还可以追问，过了再归档。")
    return _finish("archive", letter, by=by)


def archive_over(*, now=None):
    """Archive what was answered long enough ago; returns how many. For a timer: twice is as good as once."""
    now = now or timezone.now()
    over = Letter.objects.filter(status=Status.ANSWERED, answered_at__lt=now - ASK_AGAIN_WITHIN).order_by("pk")
    return sum(1 for letter in over if archive(letter, now=now))


@transaction.atomic
def correct(letter, *, by, reason, version=None, now=None):
    """Take the last step back, for a supervisor: from any state to the one before, with what the step had written."""
    reason = correction(by, reason)
    letter = locked(letter)
    same_version(letter, version)
    steps = standing_steps(letter)
    if len(steps) < 2:  # it came in, and nothing was done yet
        raise IllegalTransition("这封信还没有办过，没有可以更正的。")
    last = steps[-1]
    before, letter.status = letter.status, last.before
    _undo(letter, last)
    if last.event in ("answer", "ask_again"):
        publication.text_changed(letter, by=by, why=CORRECTED, now=now or timezone.now())
    save(letter, "correct", by=by)
    record_event(letter, "correct", by=by, before=before, after=letter.status, reason=reason, undone=last.event)
    return letter


@transaction.atomic
def enter(letters, *, by, reason):
    """Enter unsaved letters (samples), each in its state; for the loading of data."""
    for letter in letters:
        letter.telephone_index = telephone_index(letter.telephone)
    bulk_create_with_history(letters, Letter, batch_size=500, default_user=by, default_change_reason=reason)
    record_known(letters, by=by, reason=reason)


def _undo(letter, last):
    """Take out of the letter what its last step had written. A draft stays: it is written anew."""
    match last.event:
        case "accept":
            letter.office = None
            letter.due_on = _working_days_after(timezone.localdate(letter.created_at), TAKEN_UP_WITHIN)
        case "decline":
            letter.decline_reason = letter.decline_words = ""
        case "merge":
            letter.merged_into = None
        case "answer":
            letter.answer, letter.answered_at, letter.checked_by = "", None, None
        case "ask_again":
            letter.answer, letter.first_answer = letter.first_answer, ""
            letter.draft, letter.answered_at = letter.answer, parse_datetime(last.data["answered_at"])
            letter.asked_again, letter.asked_again_at = "", None
            # whose words they are again: they do not check them
            letter.drafted_by, letter.checked_by = User.objects.filter(pk=last.data["drafted_by"]).first(), None


def _working_days_after(day, number):
    return CalendarDay.objects.working_day_after(day, number)


def _not_the_drafter(letter, by):
    if by is None or by.pk is None or by.pk == letter.drafted_by_id:
        raise IllegalTransition(OWN_CHECK)


def _begin(event, letter, version):
    """The letter, locked; IllegalTransition where the step does not fit, or somebody has taken one meanwhile."""
    letter = locked(letter)
    step(TRANSITIONS, event, letter)
    same_version(letter, version)
    return letter


def _finish(event, letter, *, by, reason="", **data):
    before, letter.status = letter.status, step(TRANSITIONS, event, letter) or letter.status
    save(letter, event, by=by)
    record_event(letter, event, by=by, before=before, after=letter.status, reason=reason, **data)
    return letter
