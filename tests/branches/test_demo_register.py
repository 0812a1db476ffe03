"""The samples of the register keep every rule of the state tables, and nobody could take them for real people."""

import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from branches.coordinates import inside
from branches.demo import Size, load_block
from branches.demo_places import Seat
from branches.loading import Arrivals
from branches.models import (
    Branch,
    Building,
    CareClass,
    CareVisit,
    CentreHousehold,
    CommunityMembership,
    Division,
    Enterprise,
    Event,
    GroupPlacement,
    Member,
    Pairing,
    PartyGroup,
    ResidentCompound,
    User,
)
from config.demo_logins import DEMO_LOGINS
from config.management.commands import load_demo
from homes import demo_photos
from homes.models import HostedBranch, Theme
from tests.districts.folders import YUNSHAN, everything, run

pytestmark = pytest.mark.once  # what the samples are like; tests/config/test_load_demo.py loads them on both databases
Status = CommunityMembership.Status
RINGS = re.compile(r"1[3-9]\d{9}|(?<!\d)0\d{2,3}-?[2-8]\d{6,7}")  # a mobile, or a landline with its area code


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    monkeypatch.setattr(demo_photos, "sample_photos", lambda samples: [])
    monkeypatch.setattr("homes.demo.sample_photos", lambda samples: [])


@pytest.fixture
def register(samples):
    """The demo with a small register."""


def test_at_its_real_size(district):
    point = (112.98, 28.12)
    communities = Division.objects.filter(level="community")[:28]
    load_block(0, [Seat(each, point) for each in communities], Arrivals(), size=Size())

    assert Member.objects.filter(is_sample=True).count() == 6995
    assert Enterprise.objects.count() == 214
    assert Building.objects.count() == 5000
    assert ResidentCompound.objects.count() == 250
    assert Branch.objects.count() == 56
    assert Member.objects.values("name").distinct().count() == 6995
    assert Member.objects.active().count() / 6995 > 0.95
    assert Member.history.count() == 6995
    share = Member.objects.filter(needs_home_visit=True).count() / 6995
    assert 0.07 < share < 0.09
    assert not Building.objects.filter(longitude=None).exists()
    outline = Division.objects.district().outline
    for longitude, latitude in Building.objects.order_by("pk").values_list("longitude", "latitude")[::10]:
        assert inside(outline, longitude, latitude)


def test_everything_is_a_sample_and_says_so(register):
    for model in (
        Branch,
        ResidentCompound,
        Building,
        PartyGroup,
        Enterprise,
        Member,
        CentreHousehold,
        Pairing,
        CareVisit,
    ):
        assert model.objects.exists()
        assert not model.objects.filter(is_sample=False).exists(), model
    for model in (Branch, ResidentCompound, Enterprise):
        assert all(name.startswith("示例") for name in model.objects.values_list("name", flat=True))
    for member in Member.objects.all():
        member.full_clean()
        assert "示例" in member.name
        assert member.address.startswith("示例路")
        assert 1936 <= member.birth_year <= 1966
        assert member.joined_on.year - member.birth_year >= 18
        assert member.building.compound_id == member.compound_id


def test_no_number_can_ring(register):
    texts = [f"{member.telephone} {member.contact} {member.address}" for member in Member.objects.all()]
    texts += Branch.objects.values_list("telephone", flat=True)
    assert [text for text in texts if RINGS.search(text)] == []
    numbers = [member.telephone for member in Member.objects.all() if member.telephone]
    assert len(set(numbers)) == len(numbers) > 200
    assert all(re.fullmatch(r"1000\d{7}", number) for number in numbers)
    member = next(member for member in Member.objects.all() if member.telephone)
    assert Member.objects.by_telephone(member.telephone).get() == member


def test_the_check_for_numbers_would_find_one():
    assert RINGS.search("女儿 13812345678")
    assert RINGS.search("0731-85899110")


def test_there_is_something_of_every_kind(register):
    assert set(CommunityMembership.objects.values_list("status", flat=True)) == set(Status)
    assert CommunityMembership.objects.filter(end_reason="transferred").exists()
    households = CentreHousehold.objects
    assert households.current().consented().exists()
    assert households.filter(consent_on=None).exists()
    assert households.exclude(consent_withdrawn_on=None).exists()
    assert households.exclude(until=None).exists()
    assert set(PartyGroup.objects.values_list("kind", flat=True)) == {"building"}  # the small one has no large branches
    today = timezone.localdate()
    assert Pairing.objects.filter(next_visit_on=today).exists()
    assert Pairing.objects.filter(next_visit_on__lt=today).exists()
    assert Pairing.objects.filter(next_visit_on__gt=today).exists()
    assert set(CareVisit.objects.values_list("kind", flat=True)) == set(CareVisit.Kind)
    assert {member.care_class for member in Member.objects.all()} == {
        "", *CareClass.objects.values_list("slug", flat=True)
    }  # fmt: skip


def test_at_most_one_active_membership(register):  # M-I1
    active = CommunityMembership.objects.active().values("member").annotate(n=Count("pk"))
    assert not active.filter(n__gt=1).exists()


def test_memberships_of_a_person_do_not_overlap(register):  # M-I2
    of_member = {}
    for each in CommunityMembership.objects.exclude(since=None).order_by("since"):
        of_member.setdefault(each.member_id, []).append(each)
    assert any(len(stays) > 1 for stays in of_member.values())
    for stays in of_member.values():
        for earlier, later in pairwise(stays):
            assert earlier.until == later.since  # a transfer: no gap either
            assert earlier.end_reason == "transferred"
    assert not CommunityMembership.objects.filter(since__lt=F("reported_on")).exists()
    assert not CommunityMembership.objects.filter(
        Q(since__gt=timezone.localdate()) | Q(until__gt=timezone.localdate())
    ).exists()


def test_a_transfer_keeps_the_home_unit(register):  # M-I3
    units = Counter(CommunityMembership.objects.values_list("member", "home_unit").distinct())
    assert set(Counter(member for member, _ in units).values()) == {1}
    assert not CommunityMembership.objects.filter(home_unit="").exists()


def test_groups_and_households_lie_inside_the_membership(register):  # M-I4
    placements = GroupPlacement.objects.select_related("membership", "household")
    assert placements.exclude(household=None).exists()
    assert not placements.exclude(group__branch=F("membership__branch")).exists()
    assert not placements.filter(since__lt=F("membership__since")).exists()
    for placement in placements.exclude(household=None):
        assert placement.household.group_id == placement.group_id
        assert placement.household.since <= placement.since
        assert placement.household.until is None
        assert placement.household.host_id != placement.membership.member_id
    current = CentreHousehold.objects.filter(until=None)
    assert not current.values("host").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert not current.values("group").annotate(n=Count("pk")).filter(n__gt=1).exists()
    for household in CentreHousehold.objects.select_related("group"):
        stay = household.host.memberships.get(status=Status.ACTIVE)
        assert stay.branch_id == household.group.branch_id
        assert stay.since <= household.since


def test_only_active_members_are_paired(register):  # M-I5
    active = Member.objects.active()
    assert Pairing.objects.exists()
    assert not Pairing.objects.running().exclude(member__in=active, carer__in=active).exists()
    assert not Pairing.objects.exclude(member__needs_home_visit=True).exists()


def test_no_identity_number_is_stored(register):  # M-I6
    number = re.compile(
        r"(?<![0-9a-z])\d{17}[\dx](?![0-9a-z])", re.IGNORECASE
    )  # eighteen digits in a made name are none
    for row in everything().values():
        assert not [value for value in row.values() if number.search(str(value))]


def test_the_next_visit_follows_from_the_last(register):
    for pairing in Pairing.objects.annotate(
        last=Max("visits__visited_on", filter=~Q(visits__kind=CareVisit.Kind.NOBODY_HOME))
    ):
        assert pairing.next_visit_on == (pairing.last or pairing.since) + timedelta(days=pairing.every_days)
        stay = pairing.member.memberships.get(status=Status.ACTIVE)
        assert pairing.since >= stay.since
    assert not CareVisit.objects.filter(visited_on__gt=timezone.localdate()).exists()
    assert not CareVisit.objects.filter(visited_on__lt=F("pairing__since")).exists()


def test_every_membership_has_its_event_and_its_history(register):
    told = Event.objects.filter(subject="branches.communitymembership").values_list("subject_pk", "after")
    assert sorted(told) == sorted(CommunityMembership.objects.values_list("pk", "status"))
    for model in (Member, CommunityMembership, Pairing, CareVisit, GroupPlacement, Branch):
        assert set(model.history.values_list("history_type", "history_change_reason")) == {("+", "示例数据")}
        assert model.history.count() == model.objects.count()


def test_branches_meet_in_sample_homes_and_themes_have_enterprises(register):
    assert HostedBranch.objects.count() == Branch.objects.count() == 54
    assert not HostedBranch.objects.filter(home__is_sample=False).exists()
    assert Theme.objects.filter(is_sample=True, enterprises=None).count() <= 2  # twenty enterprises, eight a theme
    assert not Theme.objects.filter(is_sample=False).exclude(enterprises=None).exists()
    for enterprise in Enterprise.objects.all():
        assert enterprise.compounds.exists()
    for branch in Branch.objects.prefetch_related("compounds"):
        assert {compound.division_id for compound in branch.compounds.all()} == {branch.division_id}


def test_the_secretary_of_the_demo_finds_visits_due(register):
    user = User.objects.get(username="secretary")
    posting = user.postings.get()
    assert (posting.role, posting.division) == ("secretary", None)
    assert DEMO_LOGINS["secretary"][0] == "secretary"
    officer = User.objects.get(username="community").postings.get()
    assert posting.branch.division_id == officer.division_id

    members = Member.objects.visible_to(user)
    assert members.count() >= 3
    assert Pairing.objects.visible_to(user).due().exists()


def test_another_district_gets_a_register_too(settings, db):
    settings.DISTRICT_DIR = YUNSHAN
    run("load_district")
    run("load_demo", "--scale", 2)

    assert Member.objects.count() == 2 * load_demo.REGISTER.members
    assert not CareClass.objects.exists()  # its folder names none
    assert {member.care_class for member in Member.objects.all()} == {""}
