"""The samples of founding: every state with what belongs to it, as the verbs would have written it."""

from collections import Counter

import pytest
from django.utils import timezone

from branches.coordinates import inside
from branches.models import CalendarDay, Division, Event, User
from branches.public_words import found_in
from branches.steps import standing_steps
from homes import applying, founding, reviewing
from homes.demo_officers import PREFIX
from homes.models import (
    ApplicationDocument,
    Demonstration,
    Grant,
    Home,
    HomeApplication,
    Inspection,
    InspectionItem,
    Instalment,
    Standard,
)
from tests.districts.folders import run

pytestmark = pytest.mark.once  # what the samples are like; tests/config/test_load_demo.py loads them on both databases

Status = HomeApplication.Status


def test_applications_are_in_every_state_as_if_they_had_gone_there(samples):
    applications = HomeApplication.objects.select_related("division__parent__parent", "applicant", "home")
    assert Counter(application.status for application in applications) == {
        Status.SUBMITTED: 9, Status.RETURNED: 4, Status.STREET_OK: 7, Status.PUBLIC_NOTICE: 4, Status.APPROVED: 7,
        Status.REJECTED: 3, Status.DRAFT: 2, Status.WITHDRAWN: 2,
    }  # fmt: skip
    outline, today, named = Division.objects.district().outline, timezone.localdate(), set()
    for application in applications:
        application.full_clean(exclude=["home"])  # an approved one has its home already
        assert inside(outline, application.longitude, application.latitude)
        assert standing_steps(application)[-1].after == application.status
        steps = list(Event.objects.filter(subject="homes.homeapplication", subject_pk=application.pk))
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        levels = {step.data["who"]: set() for step in steps}
        for step in steps:
            levels[step.data["who"]].add(step.data["level"])
        assert all(len(each) == 1 for each in levels.values()), "four eyes"
        named |= {*levels}
        if application.status in HomeApplication.LIVE:
            assert applying.missing(application) == []
    assert User.objects.filter(pk__in=named).count() == len(named)
    leader, over = User.objects.get(username="leader"), HomeApplication.objects.filter(notice_until__lt=today)
    assert [reviewing.may_act(leader, each) for each in over.filter(status=Status.PUBLIC_NOTICE)] == [True, True]
    assert not [words for words in applications.values_list("notice_words", flat=True) if found_in(words)]
    assert HomeApplication.objects.overdue().count() == 5


def test_what_becomes_of_a_sample_can_be_decided_by_hand(samples):
    """A returned one goes on where its clock stood; the log-ins of the demo may take their steps."""
    mine = HomeApplication.objects.get(applicant__username="community", status=Status.RETURNED)
    left = mine.days_left
    mine = applying.submit(mine, by=mine.applicant)
    assert mine.due_on == CalendarDay.objects.working_day_after(timezone.localdate(), left)
    assert reviewing.may_act(User.objects.get(username="street"), mine)
    assert not reviewing.may_act(User.objects.get(username="leader"), mine)
    returned = HomeApplication.objects.filter(status=Status.RETURNED, returned_at_street=False).get()
    undone = applying.correct(returned, by=User.objects.get(username="district"), reason="退错了一份")
    assert undone.status == Status.STREET_OK


def test_who_acts_in_the_samples_cannot_log_in(samples):
    officers = User.objects.filter(username__startswith=PREFIX)
    assert officers.count() > 30
    assert not any(officer.has_usable_password() for officer in officers)


def test_homes_of_approved_applications_are_drafts_that_residents_do_not_find(samples):
    founded = Home.objects.filter(application__isnull=False)
    assert set(founded.values_list("status", "is_sample")) == {("preparing", True)}
    assert all(home.name == home.application.name for home in founded)
    assert all(home.inspections.exists() for home in founded)
    assert "电话" in founding.missing_facts(founded.first())


def test_the_checklist_begins_with_the_three_conditions(samples):
    required = Standard.objects.in_use().filter(is_sample=False)
    assert [standard.name for standard in required] == ["有支部", "有阵地", "有志愿服务团队"]
    assert Standard.objects.filter(is_sample=True).count() == 15
    seen = Inspection.objects.with_score()
    assert all(inspection.asked and inspection.met <= inspection.asked for inspection in seen)
    assert seen.filter(home__status="open").count() == 20
    without_words = InspectionItem.objects.filter(result__in=InspectionItem.WITH_NOTE, note="")
    assert not without_words.exists()


def test_grants_are_in_every_state_and_paid_within_what_was_approved(samples):
    assert set(Grant.objects.values_list("status", flat=True)) == {*Grant.Status.values}
    assert {2021, 2022, 2023, timezone.localdate().year} == set(Grant.objects.values_list("year", flat=True))
    assert set(Grant.objects.values_list("is_sample", "home__is_sample")) == {(True, True)}
    for grant in Grant.objects.select_related("home"):
        grant.full_clean()
        assert grant.paid == grant.instalments.total()
        assert all(each.paid_on >= grant.approved_on for each in grant.instalments.all())
        if hasattr(grant.home, "application") and grant.approved:
            assert grant.approved <= grant.home.application.ceiling
    assert not Instalment.objects.filter(paid_on__gt=timezone.localdate()).exists()
    assert Instalment.objects.filter(reverses__isnull=False).count() == 2


def test_recognition_is_in_every_state_and_the_thirteen_stay_thirteen(samples):
    demonstrations = Demonstration.objects.all()
    assert Counter(each.status for each in demonstrations) == {
        "granted": 13, "nominated": 2, "declined": 1, "expired": 1, "revoked": 1,
    }  # fmt: skip
    assert samples.with_demonstration().exclude(demonstration_since=None).count() == 13


def test_files_are_kept_once_however_many_show_them(samples, homes_alone):
    before = set(ApplicationDocument.objects.values_list("file", flat=True))
    assert len(before) == 3
    for document in ApplicationDocument.objects.order_by("pk")[:3]:
        with document.file.open() as file:
            assert file.read(4) == {"pdf": b"%PDF", "webp": b"RIFF"}[document.kind]

    run("load_demo", "--scale", 3)

    assert HomeApplication.objects.counted().count() == 3 * 34
    assert str(Instalment.objects.total()) == "6360000.00"
    numbers = HomeApplication.objects.exclude(number=None).values_list("number", flat=True)
    assert len(numbers) == len(set(numbers)) == 3 * 35
