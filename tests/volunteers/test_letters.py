"""The verbs of letters: what each does, and every step that the tables do not allow."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from branches.models import CalendarDay, Event
from branches.transitions import RESIDENT, IllegalTransition
from tests.districts.folders import run
from tests.makers import make_home
from tests.volunteers.post import (
    DAY,
    STATES,
    TELEPHONE,
    WORDS,
    day,
    in_publication,
    in_state,
    make_clerks,
    redacted,
    sent,
)
from volunteers import mailbox, publication
from volunteers.models import Letter

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-23T10:00:00+08:00"
PUBLICATION = tuple(Letter.Publication)
ROLES = ("author", "writer", "checker", "chief", "system")


@pytest.fixture
def clerks():
    return make_clerks()


def at(text):
    return timezone.datetime.fromisoformat(text)


def events(letter):
    rows = Event.objects.filter(subject="volunteers.letter", subject_pk=letter.pk)
    return [(row.event, row.before, row.after) for row in rows]


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
                done = public_steps(clerks, who(role, clerks))[event](letter)
                assert (done.publication, done.status) == (end, "answered")
                assert events(letter)[-1][1:] == ("answered", "answered")
            else:
                with pytest.raises(IllegalTransition):
                    public_steps(clerks, who(role, clerks))[event](letter)
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


@pytest.mark.parametrize("event", LEADS)
def test_a_page_from_before_is_refused_of_what_is_public_too(clerks, event, monkeypatch):
    letter = in_publication(next(iter(LEADS[event])), clerks)
    verb = getattr(publication, event)
    monkeypatch.setattr(publication, event, lambda *given, **named: verb(*given, **named, version=letter.version - 1))
    with pytest.raises(IllegalTransition, match="刚刚有人处理过"):
        public_steps(clerks, clerks.checker)[event](letter)


# --- sending
def test_a_letter_gets_a_code_and_a_day_by_which_somebody_takes_it_up(clerks):
    letter = sent(clerks, now=at(MONDAY))
    assert (len(letter.code), letter.status, letter.due_on) == (8, "received", day("2026-11-24"))
    assert events(letter) == [("send", "", "received")]
    assert (letter.publication, letter.consented_on) == ("private", None)


@pytest.mark.parametrize(
    ("wish", "kept"),
    [({}, ("private", False)), ({"may_publish": True}, ("consented", False)),
     ({"may_publish": True, "with_name": True}, ("consented", True))],
)  # fmt: skip
def test_consent_is_given_with_the_letter_or_not(clerks, wish, kept):
    letter = sent(clerks, **wish)
    assert (letter.publication, letter.name_consented) == kept
    assert (letter.consented_on is not None) == (kept[0] == "consented")


@pytest.mark.parametrize("missing", [{"telephone": ""}, {"body": " "}])
def test_without_a_letter_or_a_way_to_answer_nothing_is_kept(clerks, missing):
    with pytest.raises(IllegalTransition):
        sent(clerks, **missing)
    assert not Letter.objects.exists()


def test_a_double_tap_is_one_letter(clerks):
    first, again = (sent(clerks, form_key="k" * 32) for _ in range(2))
    assert (first.pk, Letter.objects.count()) == (again.pk, 1)


@pytest.mark.parametrize("other", [{"body": "别的事"}, {"name": "李四"}, {"telephone": "19900002222"}])
def test_a_form_gone_back_to_and_filled_in_otherwise_is_another_letter(clerks, other):
    first, again = sent(clerks, form_key="k" * 32), sent(clerks, form_key="k" * 32, **other)
    assert first.pk != again.pk
    assert first.code != again.code
    assert sent(clerks, form_key="k" * 32, **other).pk == again.pk


def test_the_second_of_two_taps_at_once_gets_the_letter_of_the_first(clerks, monkeypatch):
    first = sent(clerks, form_key="k" * 32)
    looked, look = [], mailbox.sent_before

    def too_early(**same):
        looked.append(same)
        return look(**same) if len(looked) > 2 else None

    monkeypatch.setattr(mailbox, "sent_before", too_early)
    monkeypatch.setattr(mailbox, "keyed_hash", lambda *_: "k" * 64)
    assert sent(clerks, form_key="k" * 32).pk == first.pk
    assert Letter.objects.count() == 1


def test_a_letter_for_a_home_lies_where_the_home_lies(clerks, cast):
    letter = sent(clerks, home=cast.homes["here"])
    assert letter.division == cast.communities["here"]


def test_dictated_by_telephone_it_names_both_and_the_event_only_a_mask(clerks):
    letter = sent(clerks, by=clerks.writer)
    assert (letter.taken_by, letter.name) == (clerks.writer, "张三丰")
    event = Event.objects.get(subject="volunteers.letter", subject_pk=letter.pk)
    assert (event.actor, event.on_behalf_of) == ("writer", "张*")


# --- days
@pytest.fixture
def october():
    for number in range(1, 8):
        CalendarDay.objects.create(day=f"2026-10-0{number}", name="国庆节")
    CalendarDay.objects.create(day="2026-10-10", is_worked=True, name="国庆节调休")


def test_days_are_working_days_across_the_holidays(clerks, october):
    late = at("2026-09-30T16:00:00+08:00")
    letter = sent(clerks, now=late)
    assert letter.due_on == day("2026-10-08")
    letter = mailbox.accept(letter, by=clerks.chief, office=clerks.office, now=late)
    assert letter.due_on == day("2026-10-10")  # the 8th, the 9th, and a Saturday that is worked
    letter = mailbox.extend(letter, by=clerks.writer, reason="等配件")
    assert (letter.due_on, letter.extended) == (day("2026-10-20"), "等配件")


def test_it_takes_longer_only_once(clerks):
    letter = mailbox.extend(in_state("accepted", clerks), by=clerks.writer, reason="等配件")
    with pytest.raises(IllegalTransition, match="已经延期过一次"):
        mailbox.extend(letter, by=clerks.writer, reason="还要等")


@pytest.mark.parametrize(("days", "may"), [(0, True), (15, True), (15.001, False), (40, False)])
def test_asking_again_is_open_for_fifteen_days_and_archiving_after(clerks, days, may):
    now = timezone.now()
    letter, then = in_state("answered", clerks, now=now), now + timedelta(days=days)
    assert mailbox.archive_over(now=then) == (0 if may else 1)
    assert mailbox.archive_over(now=then) == 0
    with transaction.atomic():
        if may:
            asked = mailbox.ask_again(letter, reason="还是不亮", now=then)
            assert (asked.status, asked.first_answer, asked.answer) == ("accepted", "灯泡明天换好。", "")
        else:
            with pytest.raises(IllegalTransition):
                mailbox.ask_again(letter, reason="还是不亮", now=then)


def test_too_late_is_too_late_also_where_nobody_has_archived_it(clerks):
    letter = in_state("answered", clerks)
    with pytest.raises(IllegalTransition, match="超过15天"):
        mailbox.ask_again(letter, reason="还是不亮", now=timezone.now() + 16 * DAY)


def test_one_asks_again_once(clerks):
    letter = mailbox.ask_again(in_state("answered", clerks), reason="还是不亮")
    letter = mailbox.draft(letter, by=clerks.checker, text="换了新的。")  # roles may change, never coincide
    letter = mailbox.answer(letter, by=clerks.writer)
    assert (letter.answer, letter.first_answer) == ("换了新的。", "灯泡明天换好。")
    with pytest.raises(IllegalTransition, match="已经追问过一次"):
        mailbox.ask_again(letter, reason="再问")


def test_the_timer_archives(clerks):
    in_state("answered", clerks, now=timezone.now() - 20 * DAY)
    assert [run("archive_letters"), run("archive_letters")] == ["归档：1\n", "归档：0\n"]


# --- one and another
def test_who_drafted_neither_answers_nor_sends_back(clerks):
    letter = in_state("drafted", clerks)
    for verb in (mailbox.answer, lambda it, by: mailbox.send_back(it, by=by, reason="改改")):
        with pytest.raises(IllegalTransition, match="不能自己审核"):
            verb(letter, by=clerks.writer)


@pytest.mark.parametrize("who_redacts", ["writer", "checker"])
def test_who_drafted_or_redacted_does_not_publish(clerks, who_redacts):
    letter = in_publication("consented", clerks)
    by = getattr(clerks, who_redacts)
    letter = publication.redact(letter, by=by, reason="去掉几栋", **WORDS)
    for refused in {clerks.writer, by}:
        with pytest.raises(IllegalTransition, match="不能自己公开"):
            publication.publish(letter, by=refused)
    assert publication.publish(letter, by=clerks.chief).publication == "public"


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


def test_of_letters_the_history_keeps_who_and_what(clerks):
    letter = in_state("answered", clerks)
    rows = [(row.history_change_reason, row.history_user) for row in letter.history.order_by("history_id")]
    assert rows == [
        ("send", None), ("accept", clerks.chief), ("draft", clerks.writer), ("answer", clerks.checker),
    ]  # fmt: skip
    assert TELEPHONE not in str(rows)


def test_a_home_of_another_division_is_where_the_letter_goes(clerks):
    home = make_home(clerks.division, "邮筒家", "postbox")
    assert sent(clerks, home=home).division == clerks.division


def test_words_that_stand_again_are_not_checked_by_whoever_wrote_them(clerks):
    """Another colleague wrote the second answer; taken back step by step, the first one's draft waits once more."""
    letter = mailbox.ask_again(in_state("answered", clerks), reason="哪天换？")
    letter = mailbox.draft(letter, by=clerks.checker, text="后天换。")
    for _ in range(3):
        letter = mailbox.correct(letter, by=clerks.chief, reason="整封信弄错了")
    assert (letter.status, letter.draft) == ("drafted", "灯泡明天换好。")
    with pytest.raises(IllegalTransition, match="不能自己审核"):
        mailbox.answer(letter, by=clerks.writer)
