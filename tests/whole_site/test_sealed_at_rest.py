"""Somebody who carries off the database, or a backup of it, reads no telephone, address, contact, note, care class."""

import pytest
from django.db import connection

from branches import care, membership
from branches.models import CareVisit, Member
from tests.districts.folders import run
from tests.whole_site.database_bytes import database_bytes, found_in

pytestmark = pytest.mark.django_db(transaction=True)

SECRETS = {
    "telephone": "10004567891",
    "address": "示例路77号金丝雀花园3栋401",
    "contact": "金丝雀女儿 10007654321",
    "care_class": "canary-class",
}
NOTE = "金丝雀说腿脚好多了"


def settled():
    """Let what is written be in the database's own file as well as in its log."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def test_a_member_entered_changed_and_visited(cast):
    member = Member.objects.create(name="藏在盒子里的人", **SECRETS)
    stay = membership.report(member, cast.branches["here"], home_unit="老厂", by=cast.secretary)
    membership.confirm(stay, by=cast.officer)
    care.log_visit(member, kind="visit", note=NOTE, by=cast.secretary)
    member = Member.objects.get(pk=member.pk)
    assert {name: getattr(member, name) for name in SECRETS} == SECRETS
    member.telephone = "10004567892"
    member.save()
    settled()

    content = database_bytes()
    assert "藏在盒子里的人".encode() in content  # names are not sealed: the search does find what is there
    assert found_in(content, [*SECRETS.values(), "10004567892", NOTE]) == []


def test_the_whole_demo(monkeypatch):
    monkeypatch.setattr("homes.demo.sample_photos", lambda samples: [])  # they take long
    run("load_district")
    run("load_demo")
    settled()
    members = list(Member.objects.all())
    secrets = {getattr(member, name) for member in members for name in ("telephone", "address", "contact")} - {""}
    notes = {visit.note for visit in CareVisit.objects.all()} - {""}
    assert len(secrets) > 500
    assert len(notes) > 3

    content = database_bytes()
    assert found_in(content, ["示例机床一厂"]) == ["示例机床一厂"]
    assert found_in(content, secrets | notes) == []
