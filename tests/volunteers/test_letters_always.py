"""What holds of letters whatever anybody does, in whatever order: L-I1, L-I2, L-I3, L-I5, L-I6 of the state tables.

L-I4, the author's page, is in test_letters_own.py.
"""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from branches.models import Event
from branches.transitions import IllegalTransition
from tests.volunteers.post import WORDS, make_clerks, sent
from volunteers import mailbox, publication
from volunteers.models import Letter

NASTY = ("打一三八一二三四五六七八", "１３８ 1234 5678", "430103194901010017", "问张·三丰", "0731-88887777")
REACHED = {"publish", "overtake", "take_back", "ask_again", "archive", "correct"}  # or it would say little
MINE = re.compile(r"1[3-9]\d{9}|\d{17}[\dX]|张三丰")  # a second opinion on what may not stand there


class Mailbox(RuleBasedStateMachine):
    """Three letters, three colleagues, an author, and time that goes on."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = timezone.now()
        self.clerks = make_clerks()
        self.people = [self.clerks.writer, self.clerks.checker, self.clerks.chief]
        self.letters = [sent(self.clerks, now=self.now, may_publish=number > 0).pk for number in range(3)]
        self.took_back = set()

    def teardown(self):
        Mailbox.happened |= set(Event.objects.values_list("event", flat=True))
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, which, **named):
        letter = Letter.objects.get(pk=self.letters[which])
        if named.pop("dated", False):
            named["now"] = self.now
        try:
            with transaction.atomic():
                return verb(letter, **named)
        except IllegalTransition:
            return None

    which, who = st.integers(0, 2), st.integers(0, 2)

    @rule(which=which, who=who)
    def accept(self, which, who):
        self.attempt(mailbox.accept, which, by=self.people[who], office=self.clerks.office, dated=True)

    @rule(which=which, who=who)
    def assign(self, which, who):
        self.attempt(mailbox.assign, which, by=self.people[who], office=self.clerks.office)

    @rule(which=which, who=who, reason=st.sampled_from(Letter.DeclineReason.values))
    def decline(self, which, who, reason):
        if which == who == 0:  # or nothing else would be left to do
            self.attempt(mailbox.decline, which, by=self.people[who], reason=reason, words="请找别处")

    @rule(which=which, into=which)
    def merge(self, which, into):
        if which == 0:
            self.attempt(mailbox.merge, which, by=self.people[0], into=Letter.objects.get(pk=self.letters[into]))

    @rule(which=which, who=who, text=st.sampled_from(["明天修好。", " ", *NASTY]))
    def draft(self, which, who, text):
        self.attempt(mailbox.draft, which, by=self.people[who], text=text)

    @rule(which=which, who=who)
    def send_back(self, which, who):
        self.attempt(mailbox.send_back, which, by=self.people[who], reason="改改")

    @rule(which=which, who=who)
    def answer(self, which, who):
        self.attempt(mailbox.answer, which, by=self.people[who], dated=True)

    @rule(which=which, writer=who, checker=who)
    def draft_and_answer(self, which, writer, checker):
        self.draft(which, writer, "明天修好。")
        self.answer(which, checker)

    @rule(which=which)
    def extend(self, which):
        self.attempt(mailbox.extend, which, by=self.people[0], reason="等配件")

    @rule(which=which)
    def ask_again(self, which):
        self.attempt(mailbox.ask_again, which, reason="还是不亮", dated=True)

    @rule(days=st.sampled_from([1, 8, 16]))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        mailbox.archive_over(now=self.now)

    @rule(which=which, who=who)
    def correct(self, which, who):
        self.attempt(mailbox.correct, which, by=self.people[who], reason="点错了按钮", dated=True)

    @rule(which=which, with_name=st.booleans())
    def consent(self, which, with_name):
        if self.attempt(publication.consent, which, with_name=with_name):
            self.took_back.discard(self.letters[which])

    @rule(which=which)
    def withdraw(self, which):
        if self.attempt(publication.withdraw, which):
            self.took_back.add(self.letters[which])

    @rule(which=which, who=who, name=st.sampled_from(list(WORDS)), text=st.sampled_from(["路灯不亮", " ", *NASTY]))
    def redact(self, which, who, name, text):
        words = WORDS | {name: text}
        self.attempt(publication.redact, which, by=self.people[who], reason="去掉了几栋", dated=True, **words)

    @rule(which=which, who=who)
    def publish(self, which, who):
        self.attempt(publication.publish, which, by=self.people[who], dated=True)

    @rule(which=which)
    def somebody_answers(self, which):
        """As most of it goes."""
        self.accept(which, 2)
        self.draft_and_answer(which, 0, 1)

    @rule(which=which)
    def somebody_answers_and_it_is_published(self, which):
        self.somebody_answers(which)
        self.consent(which, with_name=False)
        self.redact_and_publish(which, 0, 1)

    @rule(which=which, writer=who, checker=who)
    def redact_and_publish(self, which, writer, checker):
        self.redact(which, writer, "public_body", "路灯不亮")
        self.publish(which, checker)

    @rule(which=which, who=who)
    def unpublish(self, which, who):
        self.attempt(publication.unpublish, which, by=self.people[who], reason="认得出")

    # --- what holds
    @invariant()
    def what_is_public_was_answered_agreed_to_and_read_over_since_its_last_change(self):  # L-I1
        for letter in Letter.objects.public():
            assert letter.status in ("answered", "closed")
            assert letter.consented_on is not None
            assert letter.pk not in self.took_back
            assert letter.redacted_at >= letter.text_changed_at

    @invariant()
    def no_public_text_has_a_number_or_a_name(self):  # L-I2
        for letter in Letter.objects.public():
            texts = [letter.public_subject, letter.public_body, letter.public_answer]
            for text in texts:
                assert text not in NASTY or (letter.name_consented and "张" in text)
                assert not MINE.search(text)

    @invariant()
    def no_answer_was_checked_by_who_drafted_it(self):  # L-I3
        for pk in self.letters:
            drafted_by, redacted_by = None, None
            for event in Event.objects.filter(subject="volunteers.letter", subject_pk=pk).order_by("pk"):
                match event.event:
                    case "draft":
                        drafted_by = event.actor
                    case "redact":
                        redacted_by = event.actor
                    case "answer" | "send_back":
                        assert event.actor not in ("", drafted_by)
                    case "publish":
                        assert event.actor not in ("", drafted_by, redacted_by)

    @invariant()
    def what_was_taken_down_is_still_there_with_its_reason(self):  # L-I5
        assert Letter.objects.filter(pk__in=self.letters).count() == len(self.letters)
        for letter in Letter.objects.filter(publication="unpublished"):
            assert letter.unpublished_reason
            assert letter.public_answer

    @invariant()
    def what_is_not_answered_itself_is_never_public(self):  # L-I6
        assert not Letter.objects.public().filter(status__in=("declined", "merged")).exists()
        assert not Letter.objects.public().exclude(decline_reason="").exists()

    @invariant()
    def the_events_tell_how_it_came_to_be_as_it_is(self):
        for letter in Letter.objects.filter(pk__in=self.letters):
            state = ""
            for event in Event.objects.filter(subject="volunteers.letter", subject_pk=letter.pk).order_by("pk"):
                if event.before != event.after:
                    assert event.before == state
                    state = event.after
            assert state == letter.status

    @invariant()
    def it_is_extended_and_asked_again_once_at_most_between_corrections(self):
        for pk in self.letters:
            told = Event.objects.filter(subject="volunteers.letter", subject_pk=pk).values_list("event", flat=True)
            told = list(told)
            assert told.count("extend") <= 1
            assert told.count("ask_again") <= 1 + told.count("correct")


@pytest.mark.django_db
@pytest.mark.once
def test_the_invariants_hold_whatever_anybody_does():
    Mailbox.happened = set()
    run_state_machine_as_test(
        Mailbox,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert REACHED - Mailbox.happened == set()
