"""Memberships, pairs and visits in the staff pages: looked at, moved by their verbs; and what the index asks for."""

import pytest
from django.utils import timezone

from branches.audit import Action
from branches.models import AuditEntry, CareVisit, CentreHousehold, CommunityMembership
from tests.branches.register_pages import BASE, REASON, page, rows


@pytest.fixture
def client(cast, client_of):
    return client_of(cast.secretary)


# --- memberships, pairs, visits
def test_a_membership_is_only_looked_at_and_moved_by_its_verbs(cast, client):
    active = cast.members["here"].memberships.get()
    waiting = cast.newcomers["here"].memberships.get()
    assert client.post(page(active), {"status": "ended"}).status_code == 403
    for membership, names in ((active, ["place", "end"]), (waiting, ["confirm", "reject"])):
        text = client.get(page(membership)).content.decode()
        for name in ("confirm", "reject", "place", "transfer", "end"):
            assert (f"/desk/memberships/{membership.pk}/{name}/" in text) == (name in names)
    CommunityMembership.objects.create(
        member=cast.members["next_door"], branch=cast.branches["here"], home_unit="示例厂", status="pending"
    )
    moving = CommunityMembership.objects.get(member=cast.members["next_door"], status="pending")
    assert f"/desk/memberships/{moving.pk}/transfer/" in client.get(page(moving)).content.decode()


def test_a_street_officer_sees_memberships_and_no_buttons(cast, client_of):
    text = client_of(cast.street_officer).get(page(cast.members["here"].memberships.get())).content.decode()
    assert "金丝雀银龄支部" in text
    assert "/desk/memberships/" not in text


def test_the_timeline_tells_who_did_what(cast, client, client_of):
    waiting = cast.newcomers["here"].memberships.get()
    client.post(f"/desk/memberships/{waiting.pk}/confirm/", {"on": timezone.localdate().isoformat()})
    text = client.get(page(waiting)).content.decode()
    assert "金丝雀书记 确认在册" in text


def test_pairs_that_are_due_come_first_and_ended_ones_are_put_away(cast, client):
    pairing = cast.pairings["here"]
    assert rows(client.get(f"{BASE}/pairing/?due=yes")) == {pairing}
    type(pairing).objects.filter(pk=pairing.pk).update(until=timezone.localdate())
    assert rows(client.get(f"{BASE}/pairing/")) == set()
    assert rows(client.get(f"{BASE}/pairing/?due=ended")) == {pairing}


def test_the_note_of_a_visit_is_hidden_until_somebody_says_why(cast, client, client_of):
    visit = CareVisit.objects.get(member=cast.members["here"])
    assert "说家里都好" not in client.get(page(visit)).content.decode()
    assert "说家里都好" not in client.get(f"{BASE}/carevisit/").content.decode()
    assert "说家里都好" not in client.post(page(visit, "reveal"), {"reason": "看"}).content.decode()
    assert "说家里都好" in client.post(page(visit, "reveal"), {"reason": REASON}).content.decode()
    entry = AuditEntry.objects.get(action=Action.REVEAL)
    assert (entry.subject, entry.subject_pk, entry.data) == ("branches.carevisit", str(visit.pk), {"fields": ["note"]})
    assert client.post(page(visit, "reveal"), {"_save": "1", "note": "改"}).status_code == 403
    assert client_of(cast.district_officer).post(page(visit, "reveal"), {"reason": REASON}).status_code == 403


# --- the index
def lines(response):
    return {line.label: line.count for line in response.context["waiting"] or ()}


def test_the_index_asks_for_what_waits(cast, client_of):
    CentreHousehold.objects.filter(group=cast.groups["here"]).update(consent_on=None)
    found = lines(client_of(cast.officer).get("/admin/"))
    wanted = {"等着确认", "该去看望了", "还没有分到党小组", "还没问户主同不同意公开"}
    assert {label: found[label] for label in wanted} == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize("person", ["street_officer", "organiser", "auditor"])
def test_those_who_may_not_act_are_not_asked_to(cast, client_of, person):
    assert not {"等着确认", "该去看望了", "还没有分到党小组"} & set(
        lines(client_of(getattr(cast, person)).get("/admin/"))
    )
