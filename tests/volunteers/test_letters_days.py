"""Sending a letter, and the days by which somebody takes it up, answers it, asks again and puts it away."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from branches.models import CalendarDay, Event
from branches.transitions import IllegalTransition
from tests.districts.folders import run
from tests.makers import make_home
from tests.volunteers.post import DAY, day, events, in_state, make_clerks, sent
from volunteers import mailbox
from volunteers.models import Letter

pytestmark = pytest.mark.django_db
MONDAY = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def clerks():
    return make_clerks()


def at(text):
    return timezone.datetime.fromisoformat(text)


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


def test_a_home_of_another_division_is_where_the_letter_goes(clerks):
    home = make_home(clerks.division, "邮筒家", "postbox")
    assert sent(clerks, home=home).division == clerks.division


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
