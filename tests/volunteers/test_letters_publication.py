"""The verbs of the publication of letters: every step, who may take it, and what may not stand in public words."""

import pytest
from django.db import transaction
from django.utils import timezone

from branches.transitions import IllegalTransition
from tests.volunteers.post import DAY, STATES, WORDS, events, in_publication, in_state, make_clerks, redacted
from volunteers import mailbox, publication
from volunteers.models import Letter

pytestmark = pytest.mark.django_db
PUBLICATION = tuple(Letter.Publication)


@pytest.fixture
def clerks():
    return make_clerks()


# --- the table
def public_steps(clerks, by):
    return {
        "consent": lambda it: publication.consent(it, by=by),
        "redact": lambda it: publication.redact(it, by=by, reason="去掉几栋", **WORDS),
        "publish": lambda it: publication.publish(it, by=by),
        "unpublish": lambda it: publication.unpublish(it, by=by, reason="认得出"),
        "withdraw": lambda it: publication.withdraw(it, by=by),
    }


# {event: {state it may start from: state it ends in}} of an answered letter to whose publication the author agreed
LEADS = {
    "consent": {"private": "consented", "unpublished": "consented"},
    "redact": {"consented": "redacted", "redacted": "redacted", "unpublished": "redacted"},
    "publish": {"redacted": "public"},
    "unpublish": {"public": "unpublished"},
    "withdraw": {
        "consented": "private", "redacted": "private", "public": "unpublished", "unpublished": "unpublished",
    },
}  # fmt: skip


@pytest.mark.parametrize("event", LEADS)
@pytest.mark.parametrize("state", PUBLICATION)
def test_every_step_of_the_publication_is_in_the_table_or_refused(clerks, state, event):
    letter = in_publication(state, clerks)
    for role in ("writer", "checker", "chief"):
        end = LEADS[event].get(state)
        if event == "publish" and role == "writer":  # drafted and redacted it
            end = None
        with transaction.atomic():
            if end:
                done = public_steps(clerks, getattr(clerks, role))[event](letter)
                assert (done.publication, done.status) == (end, "answered")
                assert events(letter)[-1][1:] == ("answered", "answered")
            else:
                with pytest.raises(IllegalTransition):
                    public_steps(clerks, getattr(clerks, role))[event](letter)
                assert Letter.objects.get(pk=letter.pk).publication == state
            transaction.set_rollback(True)


def test_the_table_of_the_publication_says_the_same():
    told = {
        event: dict.fromkeys(map(str, starts), str(end)) for event, (starts, end) in publication.TRANSITIONS.items()
    }
    assert told["withdraw"] | told.pop("take_back") == LEADS["withdraw"]
    assert {event: told[event] for event in LEADS if event != "withdraw"} == {
        event: ends for event, ends in LEADS.items() if event != "withdraw"
    }


@pytest.mark.parametrize("status", [state for state in STATES if state not in ("answered", "closed")])
def test_what_is_not_answered_is_never_redacted_or_published(clerks, status):
    letter = in_state(status, clerks, may_publish=True)
    for verb in (lambda: redacted(letter, clerks), lambda: publication.publish(letter, by=clerks.checker)):
        with pytest.raises(IllegalTransition):
            verb()


@pytest.mark.parametrize("status", ["declined", "merged"])
def test_a_letter_without_an_answer_of_its_own_asks_for_no_consent(clerks, status):
    with pytest.raises(IllegalTransition, match="不会公开"):
        publication.consent(in_state(status, clerks))


@pytest.mark.parametrize("event", LEADS)
def test_a_page_from_before_is_refused_of_what_is_public_too(clerks, event, monkeypatch):
    letter = in_publication(next(iter(LEADS[event])), clerks)
    verb = getattr(publication, event)
    monkeypatch.setattr(publication, event, lambda *given, **named: verb(*given, **named, version=letter.version - 1))
    with pytest.raises(IllegalTransition, match="刚刚有人处理过"):
        public_steps(clerks, clerks.checker)[event](letter)


# --- one and another
@pytest.mark.parametrize("who_redacts", ["writer", "checker"])
def test_who_drafted_or_redacted_does_not_publish(clerks, who_redacts):
    letter = in_publication("consented", clerks)
    by = getattr(clerks, who_redacts)
    letter = publication.redact(letter, by=by, reason="去掉几栋", **WORDS)
    for refused in {clerks.writer, by}:
        with pytest.raises(IllegalTransition, match="不能自己公开"):
            publication.publish(letter, by=refused)
    assert publication.publish(letter, by=clerks.chief).publication == "public"


# --- what is public
def test_asking_again_takes_it_down_and_it_has_to_be_redacted_anew(clerks):
    letter = mailbox.ask_again(in_publication("public", clerks), reason="还是不亮")
    assert (letter.publication, bool(letter.unpublished_reason)) == ("unpublished", True)
    letter = mailbox.ask_again(in_publication("redacted", clerks), reason="还是不亮")
    assert letter.publication == "consented"


def test_redacted_before_the_last_change_is_not_published(clerks):
    letter = in_publication("redacted", clerks)
    Letter.objects.filter(pk=letter.pk).update(text_changed_at=timezone.now() + DAY)
    with pytest.raises(IllegalTransition, match="重新脱敏"):
        publication.publish(letter, by=clerks.checker)


def test_without_consent_nothing_is_redacted_or_published(clerks):
    for state, verb in (("consented", "redact"), ("redacted", "publish")):
        letter = in_publication(state, clerks)
        Letter.objects.filter(pk=letter.pk).update(consented_on=None)
        with pytest.raises(IllegalTransition, match="没有同意"):
            public_steps(clerks, clerks.checker)[verb](letter)


def test_taken_back_it_is_gone_at_once_and_the_row_stays_with_its_words(clerks):
    letter = publication.withdraw(in_publication("public", clerks))
    assert (letter.publication, letter.consented_on, letter.unpublished_reason) == (
        "unpublished",
        None,
        "写信人收回了同意",
    )
    assert letter.public_answer == WORDS["public_answer"]
    assert letter not in Letter.objects.public()
    with pytest.raises(IllegalTransition, match="收回过了"):
        publication.withdraw(letter)
    with pytest.raises(IllegalTransition, match="没有同意"):
        redacted(letter, clerks)


def test_words_that_differ_from_the_author_s_are_explained(clerks):
    letter = in_publication("consented", clerks)
    with pytest.raises(IllegalTransition, match="写明原因"):
        redacted(letter, clerks, reason="")
    same = {"public_subject": letter.subject, "public_body": letter.body, "public_answer": letter.answer}
    assert redacted(letter, clerks, reason="", **same).publication == "redacted"


@pytest.mark.parametrize("name", WORDS)
def test_no_public_text_is_empty(clerks, name):
    with pytest.raises(IllegalTransition, match="不能空着"):
        redacted(in_publication("consented", clerks), clerks, **{name: " "})


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("text", ["打一三八，一二三四，五六七八。", "430103194901010017", "张 三 丰说的"])
def test_a_number_or_a_name_in_any_public_text_is_refused_when_kept_and_when_published(clerks, name, text):
    letter = in_publication("redacted", clerks)
    with pytest.raises(IllegalTransition, match="里还有"):
        redacted(letter, clerks, **{name: text})
    Letter.objects.filter(pk=letter.pk).update(**{name: text})
    with pytest.raises(IllegalTransition, match="里还有"):
        publication.publish(letter, by=clerks.checker)


def test_the_name_may_stand_there_where_its_bearer_wants_it(clerks):
    letter = in_publication("consented", clerks, with_name=True)
    assert redacted(letter, clerks, public_body="我是张三丰。").publication == "redacted"
