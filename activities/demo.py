"""Samples of what goes on: courses over a term, meals, talks, in every state, from some weeks ago to some weeks ahead.

A home gets them once: what was ever loaded for it is never touched again, so a second run changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from activities import publishing, signup
from activities.demo_audio import load_recordings
from activities.demo_words import COURSES, MEAL, OUTDOORS, REASON, RECAP, SINGLE, TEACHER
from activities.models import Activity, ActivityKind, Booking, Course, HomeDelivery, Notice, Recap, SignUp
from branches.demo_words import REASON as SAMPLE
from branches.demo_words import person
from branches.models import CalendarDay, CareVisit, CentreHousehold, CommunityMembership, Division
from branches.names import person_key
from homes.models import Home, HostedBranch

Status, Place = Activity.Status, Activity.Setting
MORNING, AFTERNOON = (time(9), time(9, 30), time(10)), (time(14, 30), time(15), time(15, 30))
NOON = time(11, 30)
SEATS = (12, 20, 30, None)
NUMBERS = 1_000_000  # of sample bookings: their telephones begin with 1000 0, which no telephone does


@dataclass(frozen=True)
class Season:
    """How far back and ahead the samples reach, in days, and how many sign-ups a home gets at most."""

    days: int = 45
    sign_ups_a_home: int = 150


class _Makers:
    """What all homes share while the samples are made: words, the calendar, the next numbers."""

    def __init__(self, season):
        self.today = timezone.localdate()
        self.now = timezone.now()
        self.first, self.last = (self.today + timedelta(days=sign * season.days) for sign in (-1, 1))
        self.kinds = {kind.slug: kind for kind in ActivityKind.objects.in_use()}
        self.off = CalendarDay.objects.holidays(self.first, self.last)
        self.season = season
        self.numbers = count(Booking.objects.filter(is_sample=True).count())
        self.branches = {}
        for seat in HostedBranch.objects.select_related("branch").order_by("branch__slug"):
            self.branches.setdefault(seat.home_id, seat.branch)
        self.households = {}
        for household in CentreHousehold.objects.current().consented().select_related("group"):
            self.households.setdefault(household.group.branch_id, household)

    def days(self, weekday):
        """The days of this weekday that are no holidays."""
        start = self.first + timedelta(days=(weekday - self.first.weekday()) % 7)
        days = (start + timedelta(days=7 * week) for week in range((self.last - start).days // 7 + 1))
        return [day for day in days if day not in self.off]


def load_activities(folder, arrivals, *, season):
    """Bring in the samples for every public home that has none yet."""
    makers = _Makers(season)
    if not makers.kinds:
        return
    has = set(Activity.history.filter(is_sample=True).values_list("home", flat=True))
    homes = Home.objects.public().exclude(pk__in=has).select_related("division").order_by("pk")
    activities, courses = [], []
    for home in homes:
        made = _Home(home, makers)
        courses += made.courses
        activities += made.activities
    for course in courses:
        course.save()
    for activity in activities:
        activity.course_id = activity.course and activity.course.pk
    publishing.enter(activities, by=None, reason=SAMPLE)
    bookings, sign_ups = _sign_ups(activities, makers)
    signup.enter(bookings, sign_ups, by=None, reason=SAMPLE)
    recaps = [
        Recap(activity=activity, words=RECAP, is_sample=True)
        for turn, activity in enumerate(each for each in activities if each.status == Status.FINISHED)
        if turn % 5
    ]
    bulk_create_with_history(recaps, Recap, batch_size=500, default_change_reason=SAMPLE)
    deliveries = list(_deliveries(activities, makers))
    bulk_create_with_history(deliveries, HomeDelivery, batch_size=500, default_change_reason=SAMPLE)
    notices = list(_notices(makers)) if activities else []
    bulk_create_with_history(notices, Notice, default_change_reason=SAMPLE)
    recordings = load_recordings(reason=SAMPLE)
    for rows in (courses, activities, bookings, sign_ups, recaps, deliveries, notices, recordings):
        if rows:
            arrivals.created[rows[0]._meta.verbose_name] += len(rows)


class _Home:
    """The samples of one home, unsaved."""

    def __init__(self, home, makers):
        self.home, self.makers = home, makers
        self.dice = Random(f"activities {home.slug}")  # noqa: S311 - samples, not secrets
        self.courses, self.activities = [], []
        self._hold_courses()
        self._serve_meals()
        self._hold_singles()

    def _hold_courses(self):
        for words in self.dice.sample(COURSES, 2):
            title, kind, minutes, bring = words
            weekday, clock = self.dice.randrange(5), self.dice.choice(MORNING + AFTERNOON)
            days = self.makers.days(weekday)
            if kind not in self.makers.kinds or not days:
                continue
            course = Course(
                title=title, slug=f"sample-{self.home.slug}-{COURSES.index(words) + 1}", kind=self.makers.kinds[kind],
                home=self.home, division=self.home.division, teacher=TEACHER, lead=f"每{'一二三四五'[weekday]}上课。",
                since=days[0], until=days[-1], is_sample=True,
            )  # fmt: skip
            self.courses.append(course)
            seats = self.dice.choice(SEATS)
            for number, day in enumerate(days, start=1):
                self._add(title, kind, day, clock, minutes, course=course, number=number, bring=bring, capacity=seats)

    def _serve_meals(self):
        title, kind, words = MEAL
        if kind in self.makers.kinds and self.dice.random() < 0.4:
            for weekday in self.dice.sample(range(5), 2):
                for day in self.makers.days(weekday):
                    self._add(title, kind, day, NOON, 60, description=words, capacity=30)

    def _hold_singles(self):
        span = (self.makers.last - self.makers.first).days
        for turn in range(max(2, span // 8)):
            title, kind, words = SINGLE[(turn + self.home.pk) % len(SINGLE)]
            day = self.makers.first + timedelta(days=self.dice.randrange(span + 1))
            if kind not in self.makers.kinds or day in self.makers.off:
                continue
            clock = self.dice.choice(MORNING + AFTERNOON)
            self._add(title, kind, day, clock, 90, description=words, capacity=self.dice.choice(SEATS))
        outdoor, kind, place = self.dice.choice(OUTDOORS)
        if kind in self.makers.kinds:
            day = self.makers.today + timedelta(days=self.dice.randrange(1, self.makers.season.days))
            self._add(outdoor, kind, day, time(16), 60, setting=kind, place=place, takes_sign_up=False)
        branch = self.makers.branches.get(self.home.pk)
        household = branch and self.makers.households.get(branch.pk)
        if household and "living-room" in self.makers.kinds:
            day = self.makers.today + timedelta(days=self.dice.randrange(1, self.makers.season.days))
            self._add(
                "客厅里的一堂课", "living-room", day, time(9, 30), 60, setting=Place.LIVING_ROOM, household=household,
                branch=branch, place=f"{household.group}的中心户", capacity=8,
            )  # fmt: skip

    def _add(self, title, kind, day, clock, minutes, **fields):
        starts_at = timezone.make_aware(datetime.combine(day, clock))
        ends_at = starts_at + timedelta(minutes=minutes)
        course = fields.get("course")
        if any(each.starts_at == starts_at and each.course is course for each in self.activities):
            return
        activity = Activity(
            title=title, kind=self.makers.kinds[kind], home=self.home, division=self.home.division, is_sample=True,
            starts_at=starts_at, ends_at=ends_at, **fields,
        )  # fmt: skip
        if activity.kind.day_before_at:
            before = datetime.combine(day - timedelta(days=1), activity.kind.day_before_at)
            activity.sign_up_until = timezone.make_aware(before)
        activity.status = Status.FINISHED if ends_at <= self.makers.now else Status.PUBLISHED
        turn = self.dice.random()
        if activity.status == Status.PUBLISHED and starts_at > self.makers.now and course is None:
            if turn < 0.05:
                activity.status, activity.note, activity.sequence = Status.CANCELLED, REASON, 1
            elif turn < 0.08:
                activity.status = Status.PENDING
            elif turn < 0.11:
                activity.status = Status.DRAFT
        if activity.status in Activity.PUBLIC:
            activity.published_at = min(starts_at, self.makers.now) - timedelta(days=7)
        self.activities.append(activity)


def _sign_ups(activities, makers):
    """Unsaved bookings of one or two people and their sign-ups: some activities empty, some full with a queue."""
    bookings, sign_ups, left = [], [], {}
    for activity in activities:
        room = left.setdefault(activity.home_id, makers.season.sign_ups_a_home)
        if not activity.takes_sign_up or activity.status not in (Status.PUBLISHED, Status.FINISHED) or room <= 0:
            continue
        dice = Random(f"sign-ups {activity.pk}")  # noqa: S311 - samples, not secrets
        seats = activity.capacity or 25
        wanted = dice.choice((0, seats // 4, seats // 2, seats - 1, seats + 3))
        over = activity.status == Status.FINISHED
        there = 0
        while there < min(wanted, room):
            group = 2 if dice.random() < 0.2 else 1
            number = next(makers.numbers)
            telephone = f"1000{number % NUMBERS:07}"
            booking = Booking(code=f"{10_000_000 + number}", telephone=telephone, is_sample=True)
            if dice.random() < 0.15:
                booking.proxy = person(number + 5000)
            fits = activity.capacity is None or there + group <= activity.capacity
            for each in range(group):
                name = person(number + 2000 * each)
                status = SignUp.Status.CONFIRMED if fits else SignUp.Status.WAITLISTED
                if over and fits:
                    status = SignUp.Status.ATTENDED if dice.random() < 0.9 else SignUp.Status.ABSENT
                sign_up = SignUp(
                    activity=activity, booking=booking, name=name, person_key=person_key(name, telephone),
                    status=status, waitlisted_at=None if fits else makers.now, is_sample=True,
                )  # fmt: skip
                sign_ups.append(sign_up)
            bookings.append(booking)
            there += group
        left[activity.home_id] = room - there
    return bookings, sign_ups


def _deliveries(activities, makers):
    """What was said at an activity of each home, for two members of its branch; the one visited since has it."""
    held = [each for each in activities if each.status == Status.FINISHED and each.home_id in makers.branches]
    branches = {makers.branches[each.home_id].pk: each for each in held}
    frail = CommunityMembership.objects.active().filter(branch__in=branches, member__needs_home_visit=True)
    planned = {}
    for branch, member in frail.filter(member__is_sample=True).order_by("member").values_list("branch", "member"):
        planned.setdefault(branch, []).append(member)
    visits = CareVisit.objects.filter(is_sample=True, kind=CareVisit.Kind.STUDY, home_delivery=None)
    latest = {visit.member_id: visit for visit in visits.order_by("visited_on", "pk").defer("note")}
    for branch, members in planned.items():
        activity = branches[branch]
        for member in members[:2]:
            visit = latest.get(member)
            had = visit is not None and visit.visited_on >= timezone.localdate(activity.starts_at)
            yield HomeDelivery(activity=activity, member_id=member, visit=visit if had else None, is_sample=True)


def _notices(makers):
    """A handful of notices: one on top, one that is over, one still to come."""
    district = Division.objects.district()
    words = (
        ("示例：下周停水，暖心厨房休息两天", True, -2, 20),
        ("示例：秋季课程开始报名", False, -10, 30),
        ("示例：重阳节慰问安排", False, -40, -5),
        ("示例：元旦放假安排", False, 7, 45),
        ("示例：征集老照片", False, -6, None),
    )
    for title, pinned, begins, ends in words:
        yield Notice(
            title=title, body="这是一条示例通知，用来看看页面的样子。\n\n请以正式发布的通知为准。", source="示例来源",
            division=district, status=Notice.Status.PUBLISHED, pinned=pinned,
            publish_at=makers.now + timedelta(days=begins),
            expires_on=None if ends is None else makers.today + timedelta(days=ends), is_sample=True,
        )  # fmt: skip
