"""Thousands of rows: asked of the database together, written together, and looked at once more under the lock.

How long it takes is measured by tests/benchmarks/register_import.py.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches import register_writing
from branches.access import Action
from branches.models import CommunityMembership, Event, GroupPlacement, Member, PartyGroup
from branches.register_export import export
from branches.register_scope import Register, stamp
from branches.register_sheet import plan
from tests.branches.register_sheets import NEW, snapshot


def new_rows(count, name="新"):
    """The heading and `count` rows of people nobody knows yet."""
    return [(1, [*NEW]), *((n, list((NEW | {"姓名": f"{name}{n}"}).values())) for n in range(2, count + 2))]


def changed_rows(count, contact="儿子 19900007777"):
    """The heading and `count` rows that change people of `new_rows`: the contact person and the group."""
    members = Member.objects.filter(name__startswith="新").order_by("pk")[:count]
    told = ((n, [str(each.pk), contact, "片区组"]) for n, each in enumerate(members, 2))
    return [(1, ["登记号", "联系人", "党小组"]), *told]


def digest(user, told):
    wanted = plan(Register(user, Action.IMPORT), told)
    assert wanted.problems == []
    return wanted.digest()


def write(user, told):
    return list(register_writing.write(user, told, digest(user, told)))


def statements(user, told):
    known = digest(user, told)
    with CaptureQueriesContext(connection) as queries:
        list(register_writing.write(user, told, known))
    return len(queries)


def test_thousands_of_rows_ask_as_much_as_one(cast):
    def asked(count):
        with CaptureQueriesContext(connection) as queries:
            plan(Register(cast.secretary, Action.IMPORT), new_rows(count))
            export(cast.secretary, Member.objects.order_by("pk"))
        return len(queries)

    asked(1)  # the posts of the reader are read once
    assert asked(1) == asked(300)


def test_hundreds_of_rows_are_written_with_as_many_statements_as_two(cast):
    statements(cast.secretary, new_rows(1, "新第一"))  # what is looked up once a process is looked up
    assert statements(cast.secretary, new_rows(2, "新少")) == statements(cast.secretary, new_rows(300, "新多"))
    PartyGroup.objects.create(name="片区组", branch=cast.branches["here"])
    few = statements(cast.secretary, changed_rows(2))
    assert statements(cast.secretary, changed_rows(300, "女儿 19900006666")) - few <= 2  # groups change in two batches


def test_what_was_written_in_bulk_has_its_history_and_its_events(cast):
    group = PartyGroup.objects.create(name="片区组", branch=cast.branches["here"])
    write(cast.secretary, new_rows(3))
    before = dict(Member.objects.values_list("pk", "created_at"))
    write(cast.secretary, changed_rows(3))
    for member in Member.objects.filter(name__startswith="新"):
        rows = list(member.history.order_by("history_id"))
        assert [(row.history_type, row.history_user, row.history_change_reason) for row in rows] == [
            ("+", cast.secretary, "表格导入"),
            ("~", cast.secretary, "表格导入"),
        ]
        assert [row.contact for row in rows] == ["女儿 19900009902", "儿子 19900007777"]
        for field in Member.history.model.tracked_fields:
            assert getattr(rows[-1], field.attname) == getattr(member, field.attname), field
        assert member.created_at == before[member.pk]
        assert list(Member.objects.by_telephone(member.telephone).filter(pk=member.pk)) == [member]
        stay = member.memberships.get()
        assert stay.history.get().status == CommunityMembership.Status.ACTIVE
        events = Event.objects.filter(subject="branches.communitymembership", subject_pk=stay.pk)
        assert list(events.values_list("event", "after", "actor")) == [
            ("enter", "active", "secretary"),
            ("place", "active", "secretary"),
        ]
        placement = GroupPlacement.objects.get(membership=stay)  # placed twice on one day: corrected
        assert (placement.group, [row.history_type for row in placement.history.order_by("history_id")]) == (
            group,
            ["+", "~"],
        )


def test_sealed_once_for_the_row_and_its_history(cast):
    write(cast.secretary, new_rows(1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT telephone, address FROM branches_member WHERE name = '新2'")
        kept = cursor.fetchall()
        cursor.execute("SELECT telephone, address FROM branches_historicalmember WHERE name = '新2'")
        assert cursor.fetchall() == kept
    assert all(token.startswith("gAAAA") for token in kept[0])


@pytest.mark.parametrize("act", [
    lambda cast: cast.members["here"].save(),
    lambda cast: cast.branches["here"].compounds.add(cast.members["here"].compound),
    lambda cast: PartyGroup.objects.filter(pk=cast.groups["here"].pk).update(is_archived=True),
    lambda cast: CommunityMembership.objects.filter(member=cast.members["here"]).update(home_unit="别处"),
    lambda cast: GroupPlacement.objects.filter(group=cast.groups["here"]).update(until="2026-01-01"),
])  # fmt: skip
def test_the_stamp_is_another_one_after_anything_a_plan_depends_on(cast, act):
    before = stamp()
    assert stamp() == before
    act(cast)
    assert stamp() != before


def meanwhile(monkeypatch, act):
    """Let `act` happen between the comparison and the lock, as a colleague might."""
    hold = register_writing.hold

    def late(*arguments):
        act()
        hold(*arguments)

    monkeypatch.setattr(register_writing, "hold", late)


def test_what_happens_before_the_lock_is_seen_under_it(cast, monkeypatch):
    told = new_rows(2)
    known = digest(cast.secretary, told)
    meanwhile(monkeypatch, lambda: PartyGroup.objects.filter(pk=cast.groups["here"].pk).update(is_archived=True))
    before = snapshot()
    with pytest.raises(register_writing.Stale):
        list(register_writing.write(cast.secretary, told, known))
    assert snapshot() == before


def test_what_has_nothing_to_do_with_it_keeps_nobody_waiting(cast, monkeypatch):
    told = new_rows(2)
    known = digest(cast.secretary, told)
    meanwhile(monkeypatch, cast.members["elsewhere"].save)
    assert list(register_writing.write(cast.secretary, told, known))[-1] == (2, 2)
    assert Member.objects.filter(name__startswith="新").count() == 2
