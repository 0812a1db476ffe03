"""Samples of founding, in blocks of the district's own size: applications, inspections, money, recognition, visits.

A block that was ever loaded is never touched again, so a second run changes nothing, and a larger scale only adds.
"""

from branches.demo_words import REASON
from branches.models import Division
from homes import applying, founding
from homes.demo_applications import SCRIPTS, Applications
from homes.demo_calendar import WorkingDays
from homes.demo_inspections import documents, inspect_all, load_standards
from homes.demo_money import Money
from homes.demo_officers import Officers
from homes.demo_recognition import recognise
from homes.demo_register import Points
from homes.loading import by_slug
from homes.models import ApplicationDocument, Home, HomeApplication


def load_founding(arrivals, listed, numbered, *, scale, logins):
    """Bring in as many blocks as the district's homes are there (see homes/demo_register.py)."""
    load_standards(arrivals)
    done = HomeApplication.history.filter(is_sample=True, history_type="+").count() // len(SCRIPTS)
    if done >= scale or not Division.objects.filter(level="community").exists():
        return
    known = by_slug(Home)
    listed, numbered = ([known[home.slug] for home in homes] for homes in (listed, numbered))
    blocks = _Blocks(listed, logins, arrivals)
    a_block = len(numbered) // (scale - 1) if scale > 1 else 0
    for block in range(done, scale):
        blocks.load(block, numbered[(block - 1) * a_block : block * a_block] if block else listed)


class _Blocks:
    """What all blocks share while the samples are made."""

    def __init__(self, listed, logins, arrivals):
        self.arrivals, self.district, self.days = arrivals, Division.objects.district(), WorkingDays()
        self.officers = Officers(logins, self.district)
        self.applications = Applications(self.officers, self.days, Points(listed), self.district)
        self.communities = list(Division.objects.filter(level="community").select_related("parent__parent"))
        named = Home.objects.filter(is_sample=False).values_list("division", flat=True)
        taken = {home.division_id for home in listed} | set(named)
        self.without_home = [each for each in self.communities if each.pk not in taken] or self.communities
        of_logins = self.officers.communities_of(logins)
        self.at_home = next((each for each in self.communities if each.pk in of_logins), None)

    def load(self, block, homes):
        among = self.communities if block else self.without_home
        communities = [among[(block + turn * len(among) // len(SCRIPTS)) % len(among)] for turn in range(len(SCRIPTS))]
        streets = [each.street for each in (*communities, *homes) if each.street]
        self.officers.seat(dict.fromkeys([*communities, *streets]), self.arrivals)
        samples = self.applications.of_block(block, communities, None if block else self.at_home)
        founded = self._apply(block, samples)
        self._inspect(samples, homes)
        Money(homes, founded, self.officers, self.days.today).grant(self.arrivals)
        recognise(homes, self.officers, self.arrivals)

    def _apply(self, block, samples):
        """Enter the applications with their documents; return the homes that some of them have become."""
        approved = [sample.application for sample in samples if "approve" in sample.script]
        for turn, application in enumerate(approved, start=1):
            application.home = applying.home_of(application, f"sample-new-{block * len(approved) + turn:02}")
        homes = founding.found(
            [each.home for each in approved], by=None, status=Home.Status.PREPARING, reason=REASON
        )  # fmt: skip
        applications = [sample.application for sample in samples]
        past = [step for sample in samples for step in sample.past]
        applying.enter(applications, past, by=None, reason=REASON)
        evidence = documents(samples)
        ApplicationDocument.objects.bulk_create(evidence, batch_size=500)
        for model, rows in ((HomeApplication, applications), (ApplicationDocument, evidence), (Home, homes)):
            self.arrivals.created[model._meta.verbose_name] += len(rows)
        return homes

    def _inspect(self, samples, homes):
        """What was looked at before it was passed, and each home some time in the last year."""
        places = [(sample.application, who, on) for sample in samples for who, on in sample.inspected]
        for turn, home in enumerate(homes):
            places.append((home, self.officers.reviewer(home.street), self.days.day(-(8 + turn * 11 % 200))))
        inspect_all(places, self.arrivals)
