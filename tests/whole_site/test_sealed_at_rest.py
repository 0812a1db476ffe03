"""Somebody who carries off the database, or a backup of it, reads no telephone, address, contact, note, care class."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from branches import care, membership
from branches.models import CareVisit, Member
from tests.districts.folders import run
from tests.whole_site.database_bytes import database_bytes, found_in
from volunteers import dispatching, ordering

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


def test_help_that_was_asked_for_done_and_rated(cast):
    asked = {
        "what": "金丝雀厨房的灯不亮", "name": "金丝雀求助人", "telephone": "10004567893", "place": "示例路78号5栋502",
        "proxy_name": "金丝雀代办人", "wish": "金丝雀午睡以后",
    }  # fmt: skip
    volunteer = cast.volunteers["here"]
    order = ordering.place(category=cast.orders["here"].category, home=cast.homes["here"], **asked)
    dispatching.offer(order, volunteer, visit_at=timezone.now() + timedelta(days=2), by=None, override="会修")
    dispatching.accept(order, volunteer, by=volunteer)
    dispatching.complete(order, by=volunteer, what="金丝雀换了灯管", minutes={volunteer.pk: 30})
    ordering.rate(order, "good", words="金丝雀说来得快")
    settled()

    content = database_bytes()
    assert "金丝雀之家".encode() in content
    assert found_in(content, [*asked.values(), "金丝雀换了灯管", "金丝雀说来得快"]) == []


@pytest.mark.once
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
