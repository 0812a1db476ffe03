"""The verbs by which a letter becomes public and leaves the public again.

Only this module writes `Letter.publication`. The author agrees, a clerk takes out what is nobody's business, somebody
else looks at both and publishes. What has been public stays as a row, with the reason why it is not any more.
"""

from django.db import transaction
from django.utils import timezone

from branches.transitions import RESIDENT, IllegalTransition, record_event, told
from volunteers.models import Letter
from volunteers.redaction import faults

Publication = Letter.Publication

# event: (states it may start from, state it ends in)
TRANSITIONS = {
    "consent": ({Publication.PRIVATE, Publication.UNPUBLISHED}, Publication.CONSENTED),
    "redact": ({Publication.CONSENTED, Publication.REDACTED, Publication.UNPUBLISHED}, Publication.REDACTED),
    "publish": ({Publication.REDACTED}, Publication.PUBLIC),
    "unpublish": ({Publication.PUBLIC}, Publication.UNPUBLISHED),
    # the author takes the consent back: before it was ever public, and after
    "withdraw": ({Publication.CONSENTED, Publication.REDACTED}, Publication.PRIVATE),
    "take_back": ({Publication.PUBLIC, Publication.UNPUBLISHED}, Publication.UNPUBLISHED),
    # letter or answer has changed: what was redacted, or public, is not what stands there now
    "renew": ({Publication.REDACTED}, Publication.CONSENTED),
    "overtake": ({Publication.PUBLIC}, Publication.UNPUBLISHED),
}
CHANGED = "刚刚有人处理过这封信，请看看现在的样子，再决定怎么办。"
TAKEN_BACK = "写信人收回了同意"
WORDS = {"public_subject": "公开的标题", "public_body": "公开的信", "public_answer": "公开的答复"}


@transaction.atomic
def consent(letter, *, by=RESIDENT, with_name=False, version=None, on=None):
    """The author agrees that everybody may read letter and answer, once nothing in it points at them."""
    letter = _begin("consent", letter, version)
    if letter.status in (Letter.Status.DECLINED, Letter.Status.MERGED):
        raise IllegalTransition("这封信没有单独答复，不会公开。")
    letter.consented_on, letter.name_consented = on or timezone.localdate(), with_name
    letter.unpublished_reason = ""
    return _finish("consent", letter, by=by)


@transaction.atomic
def withdraw(letter, *, by=RESIDENT, version=None):
    """The author does not agree any more: nobody but them reads it from this moment on."""
    letter = locked(letter)
    event = "withdraw" if letter.publication in TRANSITIONS["withdraw"][0] else "take_back"
    letter = _begin(event, letter, version)
    if letter.consented_on is None:
        raise IllegalTransition("已经收回过了，不用再收回。")
    letter.consented_on, letter.name_consented = None, False
    if event == "take_back":
        letter.unpublished_reason = TAKEN_BACK
    return _finish(event, letter, by=by)


@transaction.atomic
def redact(letter, *, by, public_subject, public_body, public_answer, reason="", version=None, now=None):
    """Keep the words that everybody may read. Where they are not the author's own, `reason` tells the author why."""
    now = now or timezone.now()
    letter = _begin("redact", letter, version)
    _answered_with_consent(letter)
    given = {"public_subject": public_subject, "public_body": public_body, "public_answer": public_answer}
    for name, text in given.items():
        if not text.strip():
            raise IllegalTransition(f"“{WORDS[name]}”不能空着。")
        setattr(letter, name, text)
    changed = (public_subject, public_body, public_answer) != (letter.subject, letter.body, letter.answer)
    reason = told(reason) if changed else reason.strip()
    _nothing_stands_in(letter)
    letter.redacted_at, letter.redacted_by, letter.unpublished_reason = now, by, ""
    return _finish("redact", letter, by=by, reason=reason)


@transaction.atomic
def publish(letter, *, by, version=None, now=None):
    """Show it to everybody: answered, agreed to, read over since the last change, by somebody who wrote none of it."""
    letter = _begin("publish", letter, version)
    _answered_with_consent(letter)
    if letter.redacted_at is None or letter.redacted_at < letter.text_changed_at:
        raise IllegalTransition("信或者答复后来改过，请重新脱敏，看过预览再公开。")
    if by is None or by.pk in (letter.redacted_by_id, letter.drafted_by_id):
        raise IllegalTransition("起草答复的人、脱敏的人不能自己公开，请另一位同事看过再公开。")
    _nothing_stands_in(letter)
    letter.published_at = now or timezone.now()
    return _finish("publish", letter, by=by)


@transaction.atomic
def unpublish(letter, *, by, reason, version=None):
    """Take it off the public page. The row stays, with the reason."""
    letter = _begin("unpublish", letter, version)
    letter.unpublished_reason = told(reason)
    return _finish("unpublish", letter, by=by, reason=letter.unpublished_reason)


def text_changed(letter, *, by, why, now):
    """For the verb that holds the lock and saves: letter or answer is another now; it has to be redacted anew."""
    letter.text_changed_at = now
    if letter.publication == Publication.REDACTED:
        _step_and_record("renew", letter, by=by, reason=why)
    elif letter.publication == Publication.PUBLIC:
        letter.unpublished_reason = why
        _step_and_record("overtake", letter, by=by, reason=why)


def locked(letter):
    """The letter as it is now, held until all is written."""
    return Letter.objects.select_for_update().get(pk=letter.pk)


def same_version(letter, version):
    if version is not None and version != letter.version:
        raise IllegalTransition(CHANGED)


def save(letter, event, *, by):
    """Write it, one version on, with who did what in its history."""
    letter.version += 1
    letter._history_user = by if getattr(by, "pk", None) else None
    letter._change_reason = event
    letter.save()
    return letter


def _begin(event, letter, version):
    letter = locked(letter)
    starts, _ = TRANSITIONS[event]
    if letter.publication not in starts:
        state = letter.get_publication_display()
        raise IllegalTransition(f"“{letter}”现在是“{state}”，不能这样操作。可能刚刚有人处理过，请刷新看看。")
    same_version(letter, version)
    return letter


def _answered_with_consent(letter):
    if letter.status not in Letter.ANSWERED:
        raise IllegalTransition("还没有答复，答复以后才能公开。")
    if letter.consented_on is None:
        raise IllegalTransition("写信人没有同意公开。")


def _nothing_stands_in(letter):
    """IllegalTransition where a public text holds what nobody else should read."""
    found = [f"“{WORDS[name]}”里还有{'、'.join(words)}" for name, words in faults(letter).items()]
    if found:
        raise IllegalTransition("；".join(found) + "。请改掉再存。")


def _finish(event, letter, *, by, reason=""):
    _step_and_record(event, letter, by=by, reason=reason)
    return save(letter, event, by=by)


def _step_and_record(event, letter, *, by, reason):
    """The step of the publication; its event row tells the state of the letter, which stays, and where this led."""
    before, letter.publication = letter.publication, TRANSITIONS[event][1]
    record_event(
        letter, event, by=by, before=letter.status, after=letter.status, reason=reason, was=before,
        publication=letter.publication,
    )  # fmt: skip
