"""Sample groups with their members and centre households, and who looks in on whom."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from branches import care, grouping
from branches.demo_words import REASON
from branches.models import CareVisit, CentreHousehold, GroupPlacement, Pairing

Kind = CareVisit.Kind
UNGROUPED = 20  # one in so many is in no group yet
HOUSEHOLDS = 2  # of a branch
CONSENTS = ("given", "never", "given", "withdrawn", "given", "ended")
RHYTHMS = (7, 14, 14, 30)
FEWEST, MOST = 3, 12  # visits that a pair has behind it
KINDS = (Kind.VISIT, Kind.VISIT, Kind.VISIT, Kind.STUDY, Kind.CALL)
NOTES = ("一切都好。", "送了学习材料，聊了半个钟头。", "想参加下个月的活动。", "请社区看一下楼道的灯。", "", "")


def look_after(block, enrolled, keep, arrivals):
    """Put the active members of a block into groups and centre households, and pair those who need visits."""
    dice = Random(f"care {block}")  # noqa: S311 - samples, not secrets
    by_branch = {}
    for each in enrolled:
        if each.membership is not None:
            by_branch.setdefault(each.places.branch, []).append(each)
    households, placements, pairings, visits = [], [], [], []
    for members in by_branch.values():
        households.extend(_households(members, len(households)))
    keep(households)
    current = {household.group_id: household for household in households if household.until is None}
    for members in by_branch.values():
        grouped = [each for turn, each in enumerate(members, start=1) if turn % UNGROUPED]
        placements.extend(_placement(each, current, dice) for each in grouped)
        for pairing, last in _pairings(members, len(pairings), dice):
            pairings.append(pairing)
            visits.extend(_visits(pairing, last, dice))
    grouping.enter_placements(placements, by=None, reason=REASON)
    care.enter(pairings, visits, by=None, reason=REASON)
    for rows in (placements, pairings, visits):
        if rows:
            arrivals.created[rows[0]._meta.verbose_name] += len(rows)


def _households(members, count):
    """Unsaved centre households for the first groups of a branch; `count` there are already."""
    hosts = {}  # by group
    for each in members:
        if not each.member.needs_home_visit:
            hosts.setdefault(each.places.groups[each.member.compound], each)
    for number, (group, host) in enumerate(list(hosts.items())[:HOUSEHOLDS], start=count):
        since = host.membership.since + timedelta(days=60)
        consent = CONSENTS[number % len(CONSENTS)]
        yield CentreHousehold(
            group=group,
            host=host.member,
            since=since,
            until=since + timedelta(days=300) if consent == "ended" else None,
            consent_on=None if consent == "never" else since,
            consent_withdrawn_on=since + timedelta(days=200) if consent == "withdrawn" else None,
            is_sample=True,
        )


def _placement(each, households, dice):
    group = each.places.groups[each.member.compound]
    since, household = each.membership.since + timedelta(days=7), households.get(group.pk)
    if household and (household.host_id == each.member.pk or dice.random() < 0.4):
        household = None
    if household:
        since = max(since, household.since)
    return GroupPlacement(membership=each.membership, group=group, household=household, since=since)


def _pairings(members, count, dice):
    """(unsaved pairing, day of its last visit) for those of a branch who need visits; `count` pairs there are already.

    Of every four pairs one is due today and one overdue.
    """
    carers = [each.member for each in members if not each.member.needs_home_visit]
    wanting = [each.member for each in members if each.member.needs_home_visit and carers]
    for number, member in enumerate(wanting, start=count):
        every_days = dice.choice(RHYTHMS)
        ago = {0: every_days, 1: every_days + dice.randint(1, 20)}.get(number % 4, dice.randrange(every_days))
        last = timezone.localdate() - timedelta(days=ago)
        since = last - timedelta(days=every_days * dice.randint(FEWEST, MOST))
        carer = dice.choice(carers)
        yield Pairing(member=member, carer=carer, every_days=every_days, since=since, is_sample=True), last


def _visits(pairing, last, dice):
    """Unsaved visits in the rhythm of a pair, up to the last one; now and then nobody was at home the day before."""
    day = pairing.since
    while day < last:
        day += timedelta(days=pairing.every_days)
        if dice.random() < 0.05:
            yield _visit(pairing, day - timedelta(days=1), Kind.NOBODY_HOME, "")
        yield _visit(pairing, day, dice.choice(KINDS), dice.choice(NOTES))


def _visit(pairing, day, kind, note):
    return CareVisit(member=pairing.member, pairing=pairing, kind=kind, visited_on=day, note=note, is_sample=True)
