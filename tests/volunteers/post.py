"""Letters of the tests: who works on them, letters brought to a state by the verbs, and their pages of the desk."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from branches.models import Division, Event, User
from tests.makers import make_user
from volunteers import mailbox, publication
from volunteers.models import Letter, Office

DESK = "/desk/letters/"
TELEPHONE = "19900001111"
DAY = timedelta(days=1)
STATES = tuple(Letter.Status)


class Clerks(NamedTuple):
    """Two who answer, and a supervisor."""

    writer: User
    checker: User
    chief: User
    office: Office
    division: Division


def make_clerks():
    district = Division.objects.create(code="990200000000", name="邮筒区", level="district")
    people = [make_user(name, "district", district, name=name) for name in ("writer", "checker", "chief")]
    return Clerks(*people, Office.objects.create(name="路灯所", telephone="0731-00009"), district)


def sent(clerks, **fields):
    given = {
        "subject": "路灯不亮", "body": "三栋门口的路灯不亮。", "name": "张三丰", "telephone": TELEPHONE,
        "division": clerks.division,
    }  # fmt: skip
    return mailbox.send(**given | fields)


def in_state(status, clerks, *, now=None, **fields):
    """A letter that has come to this state by the verbs."""
    letter = sent(clerks, now=now, **fields)
    if status == "declined":
        return mailbox.decline(letter, by=clerks.chief, reason="outside", words="请找供水公司")
    if status == "merged":
        return mailbox.merge(letter, by=clerks.chief, into=sent(clerks, now=now))
    if status == "received":
        return letter
    letter = mailbox.accept(letter, by=clerks.chief, office=clerks.office, now=now)
    if status == "accepted":
        return letter
    letter = mailbox.draft(letter, by=clerks.writer, text="灯泡明天换好。")
    if status == "drafted":
        return letter
    letter = mailbox.answer(letter, by=clerks.checker, now=now)
    if status == "answered":
        return letter
    return mailbox.archive(letter, now=(now or timezone.now()) + 16 * DAY)


def events(letter):
    """[(event, state before, state after)] of what is written down about a letter."""
    rows = Event.objects.filter(subject="volunteers.letter", subject_pk=letter.pk)
    return [(row.event, row.before, row.after) for row in rows]


WORDS = {"public_subject": "路灯不亮", "public_body": "楼门口的路灯不亮。", "public_answer": "灯泡明天换好。"}


def redacted(letter, clerks, *, reason="去掉了几栋", **words):
    return publication.redact(letter, by=clerks.writer, reason=reason, **WORDS | words)


def in_publication(state, clerks, **fields):
    """An answered letter that has come to this state of publication by the verbs."""
    letter = in_state("answered", clerks, may_publish=state != "private", **fields)
    if state in ("private", "consented"):
        return letter
    letter = redacted(letter, clerks)
    if state == "redacted":
        return letter
    letter = publication.publish(letter, by=clerks.checker)
    if state == "public":
        return letter
    return publication.unpublish(letter, by=clerks.checker, reason="认得出是哪家")


def day(text):
    return date.fromisoformat(text)


def page(letter, tail=""):
    return f"{DESK}{letter.pk}/{tail}"


def state(letter):
    return Letter.objects.values_list("status", "publication").get(pk=letter.pk)
