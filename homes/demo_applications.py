"""Sample applications: 34 that count, in every state, beside drafts and ones that were taken back.

Each goes through its steps as homes/applying.py would take it, on working days before today.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from django.conf import settings

from branches.demo_places import near
from branches.models import Branch
from homes import applying
from homes.demo_founding_words import (
    BRANCH_WORDS,
    NOTICE_WORDS,
    PLACE_WORDS,
    PLAN_WORDS,
    REJECTIONS,
    RETURNS,
    TEAM_WORDS,
    WITHDRAWN,
)
from homes.models import Home, HomeApplication
from homes.reviewing import APPLICANT, DISTRICT, LEADER, STREET

Status = HomeApplication.Status
SCATTER = 0.006  # degrees, some 600 m
# what happened, and how many working days ago
SCRIPTS = (
    # handed in, to be seen by the street: fresh, seen already, late, put right
    "begin 1 submit 0", "begin 4 submit 1", "begin 7 submit 4 visit 2", "begin 8 submit 4 visit 1",
    "begin 11 submit 5", "begin 12 submit 9", "begin 16 submit 12 visit 8", "begin 20 submit 15 return 13 submit 2",
    "begin 5 submit 3",
    # returned, by the street and by the district
    "begin 8 submit 6 return 3", "begin 14 submit 11 return 8", "begin 21 submit 18 visit 16 return 15",
    "begin 34 submit 31 visit 29 street_pass 27 return 20",
    # with the district; the last two late
    "begin 9 submit 6 visit 4 street_pass 2", "begin 12 submit 9 visit 7 street_pass 5",
    "begin 14 submit 10 visit 9 street_pass 7", "begin 13 submit 8 visit 5 street_pass 4",
    "begin 20 submit 17 return 16 submit 12 visit 10 street_pass 9", "begin 25 submit 22 visit 19 street_pass 14",
    "begin 29 submit 26 visit 24 street_pass 21",
    # in public notice; of the last two the time is over
    "begin 22 submit 19 visit 17 street_pass 15 start_notice 1",
    "begin 26 submit 23 visit 21 street_pass 19 start_notice 3",
    "begin 33 submit 30 visit 27 street_pass 26 start_notice 7",
    "begin 40 submit 36 visit 33 street_pass 31 start_notice 8",
    # approved over the last months
    *(f"begin {45 + ago} submit {40 + ago} visit {37 + ago} street_pass {36 + ago} start_notice {28 + ago} "
      f"approve {20 + ago}" for ago in (0, 17, 34, 55, 76, 98, 120)),
    # rejected by the street, by the district, and for an objection
    "begin 36 submit 32 visit 30 reject 28", "begin 60 submit 55 visit 52 street_pass 51 reject 44",
    "begin 84 submit 80 visit 78 street_pass 76 start_notice 70 reject 63",
    # not counted: drafts, and taken back
    "begin 2", "begin 1", "begin 30 submit 26 withdraw 22", "begin 15 withdraw 13",
)  # fmt: skip
# the one just returned, and a draft: for who tries the demo as a community, which has a home already
OF_THE_LOG_IN = {9: "示例花园小区老党员之家", 35: "示例梅园小区老党员之家"}
STRIDE = 7  # between the scripts of neighbouring communities; shares no factor with their number
LEVELS = {"street_pass": STREET, "start_notice": DISTRICT, "approve": LEADER}


@dataclass
class Sample:
    """An application on its way in, its number (from 1), and what is to be written beside it."""

    application: HomeApplication
    number: int
    script: str
    past: list = field(default_factory=list)  # of applying.enter
    inspected: list = field(default_factory=list)  # [(who, day)]
    is_handed_in: bool = False


class Applications:
    """Makes the applications of a block, unsaved."""

    def __init__(self, officers, days, points, district):
        self.officers, self.days, self.points, self.district = officers, days, points, district
        self.branches = {}
        for branch in Branch.objects.active().order_by("-slug"):
            self.branches[branch.division_id] = branch
        self._returns = self._rejections = 0

    def of_block(self, block, communities, at_home=None):
        """The `Sample`s of a block; `at_home` is the community that a log-in of the demo sits in."""
        samples = []
        for turn, division in enumerate(communities):
            place = turn * STRIDE % len(SCRIPTS)
            number = block * len(SCRIPTS) + place + 1
            compound = OF_THE_LOG_IN.get(place) if at_home else None
            samples.append(self._sample(number, SCRIPTS[place], at_home if compound else division, compound))
        samples.sort(key=lambda sample: sample.number)
        for sample in samples:
            self._live(sample)
        _number(samples)
        return samples

    def _sample(self, number, script, division, compound):
        dice = Random(f"application {number}")  # noqa: S311 - samples, not secrets
        point = self.points.in_street(division.street)
        longitude, latitude = near(point, SCATTER, self.district.outline, dice)
        area, people, name = dice.randrange(40, 180, 5), dice.randrange(12, 45), f"{division.short_name}老党员之家"
        if number > len(SCRIPTS):
            name = f"{name}（示例申报{number}）"
        application = HomeApplication(
            name=compound or name, host=Home.Host.COMPOUND if compound else Home.Host.COMMUNITY,
            division=division, address=f"示例新路{number}号", branch=self.branches.get(division.pk),
            branch_words=dice.choice(BRANCH_WORDS).format(members=dice.randrange(20, 160)),
            place_words=dice.choice(PLACE_WORDS).format(area=area), area=area,
            tenure=dice.choice(HomeApplication.Tenure.values), team_size=people,
            team_words=dice.choice(TEAM_WORDS).format(people=people), plan_words=dice.choice(PLAN_WORDS),
            asked=Decimal(dice.randrange(30, 90) * 1000), longitude=longitude, latitude=latitude,
            applicant=self.officers.of_community(division), is_sample=True,
        )  # fmt: skip
        return Sample(application, number, script)

    def _live(self, sample):
        words = sample.script.split()
        status = ""
        for order, (event, ago) in enumerate(zip(words[::2], map(int, words[1::2]), strict=True)):
            if event == "street_pass" and not settings.STREETS_REVIEW:
                continue
            level, who = self._who(event, status, sample)
            why, data = self._take(event, level, sample, who, -ago)
            at = self.days.moment(-ago, sample.number * 37 % 300 + 25 * order)
            sample.past.append((sample.application, event, level, who, at, why, data))
            status = applying.TRANSITIONS[event][1] if event in applying.TRANSITIONS else status

    def _who(self, event, status, sample):
        """(level, user) of who takes this step."""
        application = sample.application
        if event in ("begin", "submit", "withdraw"):
            return APPLICANT, application.applicant
        waits_at = {Status.SUBMITTED: STREET, Status.PUBLIC_NOTICE: LEADER}.get(status, DISTRICT)
        level = LEVELS.get(event, waits_at)
        if level == STREET and settings.STREETS_REVIEW:
            return level, self.officers.reviewer(application.division.street)
        level = DISTRICT if level == STREET else level
        return level, self.officers.of_district(level == LEADER)

    def _take(self, event, level, sample, who, turn):
        """Write what the verb writes; return (reason, data of the event)."""
        application, day = sample.application, self.days.day
        if event == "visit":
            sample.inspected.append((who, day(turn)))
        elif event == "submit":
            first = application.submitted_on is None
            application.submitted_on = day(turn) if first else application.submitted_on
            left = settings.STREET_REVIEW_DAYS if first else max(application.days_left, 1)
            self._due(application, turn + left)
            application.days_left, application.verdict, application.returned_fields = None, "", {}
            sample.is_handed_in = True
        elif event == "return":
            reason, fields = RETURNS[self._returns % len(RETURNS)]
            self._returns += 1
            application.verdict, application.returned_fields = reason, fields
            application.days_left, application.returned_at_street = max(0, self._due_turn - turn), level == STREET
            return reason, {"fields": fields, "left": application.days_left}
        elif event == "street_pass":
            self._due(application, turn + settings.DISTRICT_REVIEW_DAYS)
        elif event == "start_notice":
            application.notice_words = NOTICE_WORDS.format(
                community=application.division.short_name, address=application.address, area=application.area
            )
            application.notice_from, application.notice_until = day(turn), day(turn + settings.NOTICE_DAYS)
            application.due_on = None
        elif event == "approve":
            application.ceiling, application.decided_on = application.asked, day(turn)
        elif event == "reject":
            application.rejection, application.verdict = REJECTIONS[self._rejections % len(REJECTIONS)]
            application.decided_on, application.due_on = day(turn), None
            self._rejections += 1
            return application.verdict, {}
        elif event == "withdraw":
            application.due_on = None
            return WITHDRAWN, {}
        return "", {}

    def _due(self, application, turn):
        application.due_on, self._due_turn = self.days.day(turn), turn


def _number(samples):
    """Number those that were handed in, in the order in which they were, after those of their years that are there."""
    next_numbers = {}
    handed_in = [sample.application for sample in samples if sample.is_handed_in]
    for application in sorted(handed_in, key=lambda each: each.submitted_on):
        year = application.submitted_on.year
        number = next_numbers.get(year) or applying.next_count(year)
        application.number, next_numbers[year] = f"{year}-{number:04}", number + 1
