"""What people can ask for and what time asks of letters: find them by telephone, hand over, empty, let go of.

A letter that is emptied stays as a row: how many there were and how long they took is still known, and not who wrote.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from branches.models import Event
from branches.names import plain_name
from branches.privacy import ELSEWHERE as KEPT_ELSEWHERE
from branches.privacy import KINDS, Elsewhere, Kind, hash_of
from volunteers import publication
from volunteers.models import Letter

YEARS = 2  # after it was answered or declined
SEALED = (
    "subject", "body", "name", "telephone", "email", "proxy_name", "draft", "answer", "asked_again", "first_answer",
    "decline_words",
)  # fmt: skip
PUBLIC = ("public_subject", "public_body", "public_answer")
SUBJECT = Letter._meta.label_lower


# --- by telephone
def letters_of(telephone, names=None):
    """The letters under a number; of one person where several share it."""
    rows = Letter.objects.filter(telephone_index=hash_of(telephone)).order_by("pk")
    if names is None:
        return rows
    wanted = {plain_name(name) for name in names}
    return rows.filter(pk__in=[row.pk for row in rows if plain_name(row.name) in wanted])


def count(telephone):
    return letters_of(telephone).count()


def copies(telephone, names):
    """{heading: rows} of one person, or of everybody under the number."""
    rows = letters_of(telephone, names)
    keys = list(rows.values_list("pk", flat=True))
    return {
        "来信": list(rows),
        "来信以前的内容": Letter.history.filter(id__in=keys).order_by("history_date", "history_id"),
        "来信的办理经过": Event.objects.filter(subject=SUBJECT, subject_pk__in=keys).order_by("pk"),
    }


@transaction.atomic
def erase(telephone, names, *, by):
    """Take what is public down, for the consent ends with the erasure, and empty the letters; returns how many."""
    rows = list(letters_of(telephone, names))
    for row in rows:
        if row.consented_on is not None:
            publication.withdraw(row, by=by)
    keys = [row.pk for row in rows]
    _empty(keys)
    _empty_public(keys)
    return len(rows)


# --- by time
def old_letters():
    """Letters that ended two years ago, and are not emptied yet."""
    limit = timezone.now() - timedelta(days=366 * YEARS)
    ended = Q(answered_at__lt=limit) | Q(answered_at=None, created_at__lt=limit)
    return Letter.objects.filter(ended, code__isnull=False).exclude(status__in=Letter.OPEN)


def _let_go(rows):
    """What is public stays: nothing in it points at anybody who did not want that."""
    keys = list(rows.values_list("pk", flat=True))
    hidden = list(rows.exclude(publication=Letter.Publication.PUBLIC).values_list("pk", flat=True))
    _empty(keys)
    _empty_public(hidden)


def _empty(keys):
    blank = dict.fromkeys(SEALED, "")
    Letter.objects.filter(pk__in=keys).update(**blank, telephone_index="", code=None, form_key=None)
    Letter.history.filter(id__in=keys).update(**blank)
    Event.objects.filter(subject=SUBJECT, subject_pk__in=keys).update(reason="", on_behalf_of="")


def _empty_public(keys):
    blank = dict.fromkeys(PUBLIC, "")
    Letter.objects.filter(pk__in=keys).update(**blank)
    Letter.history.filter(id__in=keys).update(**blank)


def register():
    """Tell branches/privacy.py what is kept about those who write letters."""
    KINDS["letters"] = Kind("办完两年的来信：清空内容、姓名和电话，公开的文字留着", old_letters, _let_go)
    KEPT_ELSEWHERE.append(Elsewhere("民声邮筒", count, erase, copies))
