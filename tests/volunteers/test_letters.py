"""The verbs of letters: what each does, and every step that the tables do not allow."""

import pytest
from django.db import transaction
from django.utils import timezone

from branches.transitions import RESIDENT, IllegalTransition
from tests.volunteers.post import DAY, STATES, TELEPHONE, events, in_publication, in_state, make_clerks, sent
from volunteers import mailbox
from volunteers.models import Letter

pytestmark = pytest.mark.django_db
ROLES = ("author", "writer", "checker", "chief", "system")


@pytest.fixture
def clerks():
    return make_clerks()


def who(role, clerks):
    return {"author": RESIDENT, "system": None}.get(role) or getattr(clerks, role, None)


# --- the tables
def steps(clerks, by):
    """{event: a call of its verb on a letter by somebody}"""
    late = timezone.now() + 20 * DAY
    return {
        "accept": lambda it: mailbox.accept(it, by=by, office=clerks.office),
        "assign": lambda it: mailbox.assign(it, by=by, office=clerks.office),
        "decline": lambda it: mailbox.decline(it, by=by, reason="abuse", words="不能这样说"),
        "merge": lambda it: mailbox.merge(it, by=by, into=sent(clerks)),
        "draft": lambda it: mailbox.draft(it, by=by, text="明天修。"),
        "send_back": lambda it: mailbox.send_back(it, by=by, reason="没写几时"),
        "answer": lambda it: mailbox.answer(it, by=by),
        "extend": lambda it: mailbox.extend(it, by=by, reason="等配件"),
        "ask_again": lambda it: mailbox.ask_again(it, by=by, reason="还是不亮"),
        "archive": lambda it: mailbox.archive(it, by=by, now=late),
    }


def test_the_table_names_every_verb(clerks):
    assert set(steps(clerks, clerks.chief)) == set(mailbox.TRANSITIONS)


CHECKS = {"send_back", "answer"}  # never by the drafter, nor by somebody who is no colleague
COLLEAGUES = {"writer", "checker", "chief"}


@pytest.mark.parametrize("event", mailbox.TRANSITIONS)
@pytest.mark.parametrize("status", STATES)
def test_every_state_event_and_role_is_in_the_table_or_refused(clerks, status, event):
    starts, end = mailbox.TRANSITIONS[event]
    letter = in_state(status, clerks)
    before = Letter.objects.filter(pk=letter.pk).values().get()
    for role in ROLES:
        if event == "draft" and role not in COLLEAGUES:
            continue  # who drafts is always somebody logged in
        allowed = status in starts and not (event in CHECKS and role not in COLLEAGUES - {"writer"})
        with transaction.atomic():
            told = len(events(letter))
            if allowed:
                done = steps(clerks, who(role, clerks))[event](letter)
                assert (done.status, done.version) == (end or status, before["version"] + 1)
                assert events(letter)[-1] == (event, status, end or status)
            else:
                with pytest.raises(IllegalTransition):
                    steps(clerks, who(role, clerks))[event](letter)
                assert Letter.objects.filter(pk=letter.pk).values().get() == before
                assert len(events(letter)) == told
            transaction.set_rollback(True)


def test_of_letters_the_history_keeps_who_and_what(clerks):
    letter = in_state("answered", clerks)
    rows = [(row.history_change_reason, row.history_user) for row in letter.history.order_by("history_id")]
    assert rows == [
        ("send", None), ("accept", clerks.chief), ("draft", clerks.writer), ("answer", clerks.checker),
    ]  # fmt: skip
    assert TELEPHONE not in str(rows)


# --- somebody was quicker
VERBS = {
    "accept": "received", "assign": "accepted", "decline": "received", "merge": "received", "draft": "accepted",
    "send_back": "drafted", "answer": "drafted", "extend": "accepted", "ask_again": "answered",
}  # fmt: skip


@pytest.mark.parametrize("event", VERBS)
def test_a_page_from_before_is_refused(clerks, event, monkeypatch):
    letter = in_state(VERBS[event], clerks)
    verb = getattr(mailbox, event)
    monkeypatch.setattr(mailbox, event, lambda *given, **named: verb(*given, **named, version=letter.version - 1))
    with pytest.raises(IllegalTransition, match="刚刚有人处理过"):
        steps(clerks, clerks.checker)[event](letter)


# --- one and another
def test_who_drafted_neither_answers_nor_sends_back(clerks):
    letter = in_state("drafted", clerks)
    for verb in (mailbox.answer, lambda it, by: mailbox.send_back(it, by=by, reason="改改")):
        with pytest.raises(IllegalTransition, match="不能自己审核"):
            verb(letter, by=clerks.writer)


def test_what_is_sent_back_is_drafted_anew(clerks):
    letter = mailbox.send_back(in_state("drafted", clerks), by=clerks.checker, reason="没写几时")
    assert (letter.status, letter.draft) == ("accepted", "灯泡明天换好。")
    assert mailbox.draft(letter, by=clerks.checker, text="明天下午换好。").drafted_by == clerks.checker


def test_a_merged_letter_goes_to_one_that_will_be_answered(clerks):
    letter, other = sent(clerks), in_state("accepted", clerks)
    for wrong in (in_state("declined", clerks), in_state("merged", clerks)):
        with pytest.raises(IllegalTransition, match="不会有答复"):
            mailbox.merge(letter, by=clerks.chief, into=wrong)
    with pytest.raises(IllegalTransition, match="它自己"):
        mailbox.merge(letter, by=clerks.chief, into=letter)
    assert mailbox.merge(letter, by=clerks.chief, into=other).merged_into == other


def test_words_that_stand_again_are_not_checked_by_whoever_wrote_them(clerks):
    """Another colleague wrote the second answer; taken back step by step, the first one's draft waits once more."""
    letter = mailbox.ask_again(in_state("answered", clerks), reason="哪天换？")
    letter = mailbox.draft(letter, by=clerks.checker, text="后天换。")
    for _ in range(3):
        letter = mailbox.correct(letter, by=clerks.chief, reason="整封信弄错了")
    assert (letter.status, letter.draft) == ("drafted", "灯泡明天换好。")
    with pytest.raises(IllegalTransition, match="不能自己审核"):
        mailbox.answer(letter, by=clerks.writer)


# --- corrections
PRESENT = (
    "office",
    "decline_reason",
    "decline_words",
    "merged_into",
    "answer",
    "answered_at",
    "asked_again",
    "checked_by",
)


@pytest.mark.parametrize(
    ("status", "back"),
    [("accepted", "received"), ("declined", "received"), ("merged", "received"), ("drafted", "accepted"),
     ("answered", "drafted"), ("closed", "answered")],
)  # fmt: skip
def test_a_correction_leads_one_step_back_and_takes_out_what_the_step_wrote(clerks, status, back):
    letter = in_state(status, clerks)
    before = in_state(back, clerks)
    corrected = mailbox.correct(letter, by=clerks.chief, reason="点错了按钮")
    same = [name for name in PRESENT if name != "answered_at" and getattr(corrected, name) != getattr(before, name)]
    assert (corrected.status, same, bool(corrected.answered_at)) == (back, [], bool(before.answered_at))
    assert events(letter)[-1] == ("correct", status, back)


def test_corrections_lead_back_to_the_beginning_and_no_further(clerks):
    letter = in_state("closed", clerks)
    for expected in ("answered", "drafted", "accepted", "received"):
        letter = mailbox.correct(letter, by=clerks.chief, reason="一路退回去")
        assert letter.status == expected
    with pytest.raises(IllegalTransition, match="没有可以更正的"):
        mailbox.correct(letter, by=clerks.chief, reason="一路退回去")


def test_a_question_asked_again_is_taken_back_whole(clerks):
    answered = in_state("answered", clerks)
    asked = mailbox.ask_again(answered, reason="还是不亮")
    corrected = mailbox.correct(asked, by=clerks.chief, reason="问错了一封信")
    assert (corrected.answer, corrected.answered_at) == (answered.answer, answered.answered_at)
    assert (corrected.asked_again, corrected.first_answer) == ("", "")
    assert mailbox.ask_again(corrected, reason="还是不亮").status == "accepted"


def test_what_is_public_leaves_with_its_answer(clerks):
    letter = in_publication("public", clerks)
    corrected = mailbox.correct(letter, by=clerks.chief, reason="答错了一封信")
    assert (corrected.status, corrected.publication) == ("drafted", "unpublished")
    assert corrected.unpublished_reason


@pytest.mark.parametrize("reason", ["", "错了", "   错了了   "])
def test_a_correction_says_why(clerks, reason):
    with pytest.raises(IllegalTransition):
        mailbox.correct(in_state("declined", clerks), by=clerks.chief, reason=reason)


def test_only_the_district_corrects(clerks, cast):
    with pytest.raises(IllegalTransition, match="区里"):
        mailbox.correct(in_state("declined", clerks), by=cast.officer, reason="点错了按钮")
