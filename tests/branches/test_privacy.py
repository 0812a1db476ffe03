"""What a person can ask for: erasure and copies. Nothing is left, in no table, and not in the file either."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from branches import audit, grouping, membership, privacy, residue
from branches.models import (
    AuditEntry,
    CareVisit,
    CentreHousehold,
    CommunityMembership,
    Event,
    GroupPlacement,
    Member,
    Pairing,
)
from branches.sealing import seal, telephone_index
from tests.districts.folders import everything, run
from tests.makers import make_member
from tests.whole_site.database_bytes import database_bytes, found_in, texts, whole_database

TELEPHONE, FORMER, KIN = "10004567891", "10004567892", "10007654321"
WRITTEN = (TELEPHONE, "+86 100-0456-7891", "１０００４５６７８９１", "＋８６ 1000 456 7891", "0086 10004567891")
NAME, ADDRESS, NOTE, UNIT = "夜莺建国", "夜莺花园9栋901", "夜莺说想学书法", "夜莺机械厂党委"
PERSONAL = (TELEPHONE, FORMER, KIN, NAME, ADDRESS, NOTE, UNIT, "夜莺的说明", "夜莺自己说的")


@pytest.fixture
def nightingale(cast):
    """A member with something in every place: groups, a household, pairs, visits, events, and a former number."""
    member = Member.objects.create(
        name=NAME, telephone=FORMER, address=ADDRESS, contact=f"女儿 {KIN}", birth_year=1944, joined_on="1970-07-01",
        compound=cast.members["here"].compound, building=cast.members["here"].building, needs_home_visit=True,
        care_class="elderly", enterprise=cast.members["here"].enterprise,
    )  # fmt: skip
    stay = membership.report(member, cast.branches["here"], home_unit=UNIT, by=cast.secretary, note="夜莺的说明")
    stay = membership.confirm(stay, by=cast.officer)
    grouping.place(stay, cast.groups["here"], by=cast.secretary)
    member.telephone = TELEPHONE
    member.save()
    today = timezone.localdate()
    paired = {"every_days": 14, "since": today, "next_visit_on": today + timedelta(days=14)}
    Pairing.objects.create(member=member, carer=cast.carers["here"], **paired)
    Pairing.objects.create(member=cast.members["here"], carer=member, **paired)
    CareVisit.objects.create(member=member, note=NOTE, visited_on=today)
    CentreHousehold.objects.create(group=cast.groups["here"], host=member, since=today, consent_on=today)
    Event.objects.create(
        subject="branches.communitymembership", subject_pk=stay.pk, event="note", after="active", actor_name="系统",
        reason="夜莺自己说的",
    )  # fmt: skip
    return member


def erase(*arguments):
    return run("erase_person", TELEPHONE, "--yes", *arguments)


def test_afterwards_nothing_is_left_in_any_table(nightingale, no_rewriting):
    assert [text for text in PERSONAL if text not in texts()] == []

    report = erase()

    assert [text for text in PERSONAL if text in texts()] == []
    assert not Member.objects.by_telephone(TELEPHONE).exists()
    assert "请人工处理" not in report
    nightingale.refresh_from_db()
    assert str(nightingale) == "（已删除）"
    assert {name: getattr(nightingale, name) for name in privacy.BLANK} == privacy.BLANK
    for row in Member.history.filter(id=nightingale.pk):
        assert {name: getattr(row, name) for name in privacy.BLANK} == privacy.BLANK


@pytest.mark.parametrize("written", WRITTEN)
def test_no_table_of_the_whole_database_holds_it_however_the_number_was_written(
    nightingale, no_rewriting, cast, written
):
    LogEntry.objects.create(
        user=cast.officer, content_type=ContentType.objects.get_for_model(Member), object_id=str(nightingale.pk),
        object_repr=str(nightingale), action_flag=CHANGE,
    )  # fmt: skip
    audited = AuditEntry.objects.count()
    assert [text for text in PERSONAL if text not in whole_database()] == []
    assert "夜*" in list(LogEntry.objects.values_list("object_repr", flat=True))

    run("erase_person", written, "--yes")

    assert [text for text in PERSONAL if text in whole_database()] == []
    assert "夜*" not in list(LogEntry.objects.values_list("object_repr", flat=True))
    assert AuditEntry.objects.count() == audited + 1
    with pytest.raises(CommandError, match="没有找到"):
        run("hand_over", written)


@pytest.mark.parametrize("written", WRITTEN)
def test_a_copy_is_found_however_the_number_is_written(nightingale, written):
    assert NAME in run("hand_over", written)


@pytest.mark.parametrize("kept", WRITTEN)
def test_a_member_entered_with_another_spelling_is_found(cast, kept):
    member = make_member(cast.branches["here"], NAME, telephone=kept, contact=f"女儿 {kept}")
    assert privacy.find(TELEPHONE).members == [member]
    assert privacy.find(TELEPHONE).of_contact == [member]


def test_an_upload_that_waits_goes_with_the_person(cache_in_the_database, nightingale, no_rewriting):
    cache_in_the_database.set("import:1", seal(f"{NAME} {TELEPHONE}"), 1800)
    erase()
    assert cache_in_the_database.get("import:1") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache")
        assert cursor.fetchone() == (0,)


def test_what_was_running_ends(nightingale, cast, no_rewriting):
    erase()

    today = timezone.localdate()
    stay = CommunityMembership.objects.get(member=nightingale)
    assert (stay.status, stay.until, stay.end_reason) == ("ended", today, "asked")
    assert not GroupPlacement.objects.filter(membership=stay, until=None).exists()
    assert not Pairing.objects.running().filter(member=nightingale).exists()
    assert not Pairing.objects.running().filter(carer=nightingale).exists()
    household = CentreHousehold.objects.get(host=nightingale)
    assert (household.until, household.consent_withdrawn_on) == (today, today)
    assert not Member.objects.visible_to(cast.secretary).filter(pk=nightingale.pk).exists()


def test_the_audit_trail_keeps_the_number_of_the_row_and_a_hash(nightingale, no_rewriting):
    report = erase("--reason", "本人书面申请")

    entry = AuditEntry.objects.get(action="erase")
    assert (entry.subject, entry.subject_pk, entry.label) == ("branches.member", str(nightingale.pk), "（已删除）")
    assert entry.data == {"telephone_hash": telephone_index(TELEPHONE)}
    assert entry.reason == "本人书面申请"
    assert telephone_index(TELEPHONE) in report
    assert audit.verify() == []


def test_nobody_else_is_touched(nightingale, cast, no_rewriting):
    others = Member.objects.exclude(pk=nightingale.pk)
    before = {member.pk: (member.name, member.telephone, member.contact) for member in others}
    erase()
    assert {member.pk: (member.name, member.telephone, member.contact) for member in others.all()} == before
    assert CareVisit.objects.filter(member=cast.members["here"]).get().note
    assert CommunityMembership.objects.get(member=cast.members["here"]).status == "active"


def test_a_report_that_was_waiting_is_withdrawn(cast, no_rewriting):
    member = make_member(cast.branches["here"], NAME, status="pending", telephone=TELEPHONE)
    erase()
    assert member.memberships.get().status == "withdrawn"


def test_a_contact_person_can_ask_too(nightingale, cast, no_rewriting):
    run("erase_person", KIN, "--yes")

    assert KIN not in texts()
    nightingale.refresh_from_db()
    assert (nightingale.name, nightingale.telephone, nightingale.contact) == (NAME, TELEPHONE, "")
    assert AuditEntry.objects.get(action="erase").data["contact"] is True


def test_a_number_that_two_people_share_erases_neither_by_mistake(nightingale, cast, no_rewriting):
    other = make_member(cast.branches["here"], "夜莺老伴", telephone=TELEPHONE, birth_year=1946)

    with pytest.raises(CommandError) as refused:
        erase()
    assert f"{other.pk}  夜*  1946年生  金丝雀银龄支部  现在的号码" in str(refused.value)
    assert "老伴" not in str(refused.value)

    erase("--member", other.pk)
    other.refresh_from_db()
    nightingale.refresh_from_db()
    assert (other.name, nightingale.name) == ("", NAME)


def test_a_former_number_is_not_enough(nightingale, no_rewriting):
    with pytest.raises(CommandError, match="以前的号码"):
        run("erase_person", FORMER, "--yes")
    nightingale.refresh_from_db()
    assert nightingale.name == NAME


@pytest.mark.parametrize(("telephone", "arguments"), [("10009999999", []), ("", []), (TELEPHONE, ["--member", "0"])])
def test_where_nobody_fits_nothing_happens(nightingale, telephone, arguments):
    before = everything()
    with pytest.raises(CommandError):
        run("erase_person", telephone, "--yes", *arguments)
    assert everything() == before


def test_without_a_yes_nothing_happens(nightingale, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "y")
    before = everything()
    with pytest.raises(CommandError, match="没有删除"):
        run("erase_person", TELEPHONE)
    assert everything() == before


def test_a_number_written_with_gaps_or_wide_digits_is_the_same(nightingale):
    assert privacy.find("１０００ 4567-891").members == [nightingale]
    assert privacy.find("1000 456 7892").former == [nightingale]


def test_the_printed_hash_finds_the_person_in_a_restored_backup(nightingale, no_rewriting):
    assert privacy.find(telephone_index(TELEPHONE)).members == [nightingale]
    report = run("erase_person", telephone_index(TELEPHONE), "--yes")
    assert NAME not in texts()
    assert f"摘要 {telephone_index(TELEPHONE)}。" in report


def test_the_printed_hash_finds_a_contact_person_too(nightingale, no_rewriting):
    run("erase_person", telephone_index(KIN), "--yes")
    assert KIN not in texts()
    assert TELEPHONE in texts()


@pytest.mark.django_db(transaction=True)
def test_afterwards_the_bytes_of_the_database_do_not_hold_it_either(nightingale):
    with connection.cursor() as cursor:
        cursor.execute("SELECT telephone, address, contact FROM branches_historicalmember WHERE name = %s", [NAME])
        tokens = [token for row in cursor.fetchall() for token in row]
    names = [NAME, UNIT, "夜莺的说明", "夜莺自己说的"]
    before = database_bytes()
    assert found_in(before, [*names, *tokens]) == [*names, *tokens]

    erase()

    assert found_in(database_bytes(), [*names, *tokens, *PERSONAL]) == []
    assert Member.objects.count() > 1


def test_what_is_left_elsewhere_is_named(nightingale, cast, no_rewriting):
    Event.objects.create(
        subject="branches.member", subject_pk=cast.members["here"].pk, event="x", after="x", actor_name="系统",
        reason=f"打过 {TELEPHONE}",
    )  # fmt: skip
    assert residue.traces(telephone_index(TELEPHONE))["办理经过"] == 1
    assert "“办理经过”里还有 1 处" in erase()


@pytest.mark.parametrize(
    "text",
    [
        "女儿 10007654321",
        "10007654321 10001112222",
        "1000 765 4321 10001112222",
        "（86）10007654321",
        "10007654321",
        "1 10007654321",
        "+86 1000-765-4321",
        "１０００７６５４３２１（儿子）",
    ],
)
def test_a_number_is_seen_in_a_text(text):
    assert privacy.holds(text, telephone_index(KIN))
    assert not privacy.holds(text, telephone_index(TELEPHONE))


# --- copies ----------------------------------------------------------------------------------------------------------


def test_a_copy_holds_everything_about_the_person(nightingale, cast):
    copy = run("hand_over", TELEPHONE, "--reason", "本人来办")

    assert [text for text in PERSONAL if text not in copy] == []
    content = json.loads(copy)["您本人"]
    assert content["党员"][0]["入党日期"] == "1970-07-01"
    assert content["党员"][0]["需要上门"] == "是"
    for heading in ("社区报到", "分组", "党员中心户", "结对（有人来看望）", "结对（去看望别人）", "走访", "办理经过"):
        assert content[heading], heading
    assert len(content["以前的内容"]) == 2
    entry = AuditEntry.objects.get(action="hand_over")
    assert (entry.subject_pk, entry.reason) == (str(nightingale.pk), "本人来办")
    assert entry.data == {"telephone_hash": telephone_index(TELEPHONE)}


def test_a_copy_tells_nothing_of_others(nightingale, cast):
    copy = run("hand_over", TELEPHONE)
    for other in (cast.members["here"], cast.carers["here"]):
        for text in (other.name, other.telephone):
            assert text not in copy
    assert cast.secretary.name not in copy
    assert cast.officer.name not in copy
    assert telephone_index(TELEPHONE) not in copy


def test_a_copy_for_a_contact_person(nightingale):
    content = json.loads(run("hand_over", KIN))
    assert content["您本人"] == {}
    assert content["以您为联系人的党员"] == [{"党员": "夜*", "联系人": f"女儿 {KIN}"}]


def test_a_copy_in_a_file_is_for_one_pair_of_eyes(nightingale, tmp_path):
    file = tmp_path / "copy.json"
    report = run("hand_over", TELEPHONE, "--output", file)
    assert NAME not in report
    assert json.loads(file.read_text())["您本人"]["党员"][0]["姓名"] == NAME
    assert file.stat().st_mode & 0o777 == 0o600

    with pytest.raises(CommandError, match="已有的文件不会覆盖"):
        run("hand_over", TELEPHONE, "--output", file)
    assert AuditEntry.objects.filter(action="hand_over").count() == 1
