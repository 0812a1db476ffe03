"""Who sees what: by role, by area, and only while the post is held."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from branches.access import ROLES, Action, allowed
from branches.models import CommunityMembership, Division, Member, Pairing, Posting, User
from homes.models import Home
from tests.cast import AREAS
from tests.makers import make_user

PEOPLE_WITH_HOMES = (
    "officer",
    "next_door_officer",
    "elsewhere_officer",
    "street_officer",
    "district_officer",
    "organiser",
    "technician",
)


def fresh(user):
    """The user as the next request loads them."""
    return User.objects.get(pk=user.pk)


def areas_seen(cast, user, action=Action.VIEW):
    """The areas whose open home this user may act on."""
    seen = set(Home.objects.visible_to(user, action).values_list("pk", flat=True))
    return {area for area in AREAS if cast.homes[area].pk in seen}


@pytest.mark.parametrize("person", PEOPLE_WITH_HOMES)
@pytest.mark.parametrize("action", [Action.VIEW, Action.CHANGE])
def test_homes_are_seen_and_changed_in_ones_own_areas_alone(cast, person, action):
    assert areas_seen(cast, getattr(cast, person), action) == cast.areas_of(person)


def test_an_auditor_and_a_visitor_see_no_homes_to_work_on(cast):
    assert areas_seen(cast, cast.auditor) == areas_seen(cast, AnonymousUser()) == set()


def test_an_organiser_sees_the_homes_that_name_them_and_not_the_draft_beside(cast):
    assert list(Home.objects.visible_to(cast.organiser)) == [cast.homes["here"]]


def test_rows_never_come_twice_however_many_posts_lead_to_them(cast):
    for division, role in ((cast.streets["east"], "street"), (cast.district, "district")):
        Posting.objects.create(user=cast.officer, role=role, division=division)
    seen = list(Home.objects.visible_to(fresh(cast.officer)))
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(0, None, True), (-10, 0, True), (-10, 5, True), (1, None, False), (-10, -1, False), (0, 0, True)],
)
def test_a_post_is_held_from_its_first_to_its_last_day(cast, since, until, holds):
    today = timezone.localdate()
    user = make_user("newcomer")
    Posting.objects.create(
        user=user,
        role="community",
        division=cast.communities["here"],
        since=today + timedelta(days=since),
        until=None if until is None else today + timedelta(days=until),
    )
    assert areas_seen(cast, user) == ({"here"} if holds else set())
    assert user.is_staff is holds


def test_a_post_ends_with_the_day_here_and_not_in_greenwich(cast, time_machine):
    until = timezone.localdate() + timedelta(days=3)
    cast.officer.postings.update(until=until)
    time_machine.move_to(f"{until}T23:59:30+08:00")
    assert fresh(cast.officer).is_staff
    time_machine.move_to(f"{until + timedelta(days=1)}T00:00:30+08:00")  # still the evening before in Greenwich
    assert not fresh(cast.officer).is_staff


def test_another_post_acts_on_the_next_request(cast, client_of):
    client, url = client_of(cast.officer), "/admin/"
    assert client.get(url).status_code == 200
    cast.officer.postings.update(until="2020-01-02")
    assert client.get(url).status_code == 302
    assert areas_seen(cast, fresh(cast.officer)) == set()


def test_a_disabled_user_is_out_at_once(cast, client_of):
    client = client_of(cast.technician)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=cast.technician.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302
    assert areas_seen(cast, fresh(cast.technician)) == set()
    assert not allowed(fresh(cast.technician), Action.VIEW, Home)


def test_nobody_may_delete_a_home(cast):
    staff = [person for name, person in cast.people.items() if person and name != "technician"]
    assert [person for person in staff if person.has_perm("homes.delete_home")] == []
    assert not any(Home.objects.visible_to(person, Action.DELETE).exists() for person in staff)


def test_a_permission_on_one_row_asks_where_the_row_is(cast):
    assert cast.officer.has_perm("homes.change_home")
    assert cast.officer.has_perm("homes.change_home", cast.homes["here"])
    assert not cast.officer.has_perm("homes.change_home", cast.homes["next_door"])
    assert not cast.officer.has_perm("homes.fly_home")
    assert not cast.officer.has_perm("nothing.change_nothing")


def test_district_staff_never_see_administrators_among_the_users(cast):
    seen = set(User.objects.visible_to(cast.district_officer))
    assert cast.technician not in seen
    assert {cast.officer, cast.elsewhere_officer, cast.street_officer} <= seen
    assert set(User.objects.visible_to(cast.officer)) == set()


def test_every_role_says_what_it_is_for():
    assert {key for key, role in ROLES.items() if not (role.name and role.sentence)} == set()
    assert {role.level for role in ROLES.values()} - {None} == {*Division.Level.values, "branch"}


def test_the_level_of_the_area_fits_the_role(cast):
    wrong = Posting(user=cast.officer, role="street", division=cast.communities["here"])
    with pytest.raises(ValidationError, match="街道乡镇"):
        wrong.full_clean()


def test_who_answers_for_the_only_district_is_asked_for_no_rows_division(cast):
    user = fresh(cast.district_officer)
    nobodys = Member.objects.create(name="无人认领")
    held = CommunityMembership.objects.active().values("member")
    for rows, everything in (
        (CommunityMembership.objects.visible_to(user), CommunityMembership.objects.all()),
        (Home.objects.visible_to(user), Home.objects.all()),
        (Member.objects.visible_to(user), Member.objects.exclude(pk=nobodys.pk)),
        (Pairing.objects.visible_to(user), Pairing.objects.filter(member__in=held)),
    ):
        assert "branches_division" not in str(rows.order_by().query)
        assert set(rows) == set(everything) != set()
    assert not any(each.is_everywhere for each in fresh(cast.street_officer).current_postings)


def test_a_second_district_is_not_ones_own(cast):
    other = Division.objects.create(code="430199000000", name="别的区", level="district")
    Home.objects.filter(pk=cast.homes["elsewhere"].pk).update(division=other)
    assert areas_seen(cast, fresh(cast.district_officer)) == {"here", "next_door"}


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "community", "division": None},
        {"role": "auditor", "division": "here"},
        {"role": "organiser", "division": "here"},
        {"role": "community", "division": "here", "since": "2026-05-02", "until": "2026-05-01"},
    ],
)
def test_the_database_refuses_an_impossible_post(cast, fields):
    if fields["division"]:
        fields = fields | {"division": cast.communities[fields["division"]]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(user=cast.officer, **fields)
