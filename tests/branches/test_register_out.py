"""The register out to Excel: with a reason, in the role's scope, as text, and back again unchanged."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from branches.models import AuditEntry, CareClass, CommunityMembership, Member
from branches.register_cells import squeeze
from branches.register_export import export
from branches.register_scope import COLUMNS
from config.spreadsheet import read_rows
from tests.branches.register_sheets import EXPORT, IMPORT, LIST, REASON, confirm, snapshot, table, table_of, upload
from tests.cast import CANARIES, MOBILES
from tests.makers import make_user


@pytest.fixture
def secretary(cast, client_of):
    return client_of(cast.secretary)


@pytest.fixture
def district(cast, client_of):
    return client_of(cast.district_officer)


def test_an_export_asks_why_and_is_written_down(cast, secretary):
    page = secretary.get(EXPORT)
    assert page.status_code == 200
    for reason in ("", "看看"):
        assert secretary.post(EXPORT, {"reason": reason}).context["form"].errors["reason"]
    assert not AuditEntry.objects.filter(action="export").exists()
    rows = table(secretary.post(f"{EXPORT}?needs_home_visit__exact=1&q=金丝雀", {"reason": REASON}))
    assert [row["姓名"] for row in rows] == ["金丝雀老人"]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.reason) == ("secretary", REASON)
    assert entry.data == {"rows": 1, "in_full": 1, "filter": {"needs_home_visit__exact": ["1"], "q": "（有）"}}


@pytest.mark.parametrize("person", ["secretary", "officer", "street_officer", "district_officer", "technician"])
def test_an_export_holds_only_what_the_role_may_see(cast, client_of, person):
    response = client_of(cast.people[person]).post(EXPORT, {"reason": REASON})
    text = str(table(response))
    for area, canary in CANARIES.items():
        seen = area in cast.areas_of(person)
        full = seen and person != "street_officer"
        assert {(mobile in text) for mobile in MOBILES[area][:2]} == {full}
        # who only asks to be taken in stays masked for those who have not taken them in yet
        assert (MOBILES[area][2] in text) == (person == "technician")
        assert (f"{canary}老人" in text, f"{canary}家园" in text, f"{canary}银龄支部" in text) == (full, full, seen)
    assert response["Cache-Control"].startswith("private, no-store")


def test_rows_of_others_are_left_out_whatever_is_asked_for(cast):
    rows, full = export(cast.secretary, Member.objects.order_by("pk"))
    assert ([row[0] for row in rows], full) == (
        [str(each["here"].pk) for each in (cast.members, cast.carers, cast.newcomers)],
        2,
    )


def test_who_asks_to_come_from_another_branch_is_seen_and_not_exported(cast, secretary):
    CommunityMembership.objects.create(
        member=cast.members["next_door"], branch=cast.branches["here"], home_unit="示例机械厂党委"
    )
    assert "画*" in secretary.get(LIST).content.decode()
    assert secretary.get(EXPORT).context["count"] == 3
    rows = table(secretary.post(EXPORT, {"reason": REASON}))
    assert str(cast.members["next_door"].pk) not in [row["登记号"] for row in rows]


def test_an_export_of_the_masked_tells_the_community_and_nothing_below(cast, client_of):
    rows = table(client_of(cast.street_officer).post(EXPORT, {"reason": REASON}))
    row = next(row for row in rows if row["登记号"] == str(cast.members["here"].pk))
    assert (row["姓名"], row["电话"], row["地址"], row["联系人"]) == ("金*", "199****1101", "甲社区", "****")
    assert (row["小区"], row["楼栋"], row["关怀分类"], row["需要上门"]) == ("", "", "", "是")


def test_those_without_the_grant_export_nothing(cast, client_of):
    for person in (cast.organiser, cast.auditor, make_user("nobody", "organiser")):
        assert client_of(person).get(EXPORT).status_code == 403
        assert client_of(person).post(EXPORT, {"reason": REASON}).status_code == 403


def test_an_export_read_back_changes_nothing(cast, district):
    CareClass.objects.create(slug="home-visit", name="行动不便需上门")
    before = snapshot()[:-1]
    content = district.post(EXPORT, {"reason": REASON}).content
    again = district.post(IMPORT, {"file": SimpleUploadedFile("党员.xlsx", content)})
    assert again.context["problems"] == []
    assert (again.context["plan"].lines, again.context["plan"].unchanged) == ([], Member.objects.count())
    assert snapshot()[:-1] == before


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "'=1",
        '=HYPERLINK("x")',
        "a|b",
        "\t=1",
        "\r=1",
        " =1",
        "\x01=1",
        "=cmd|' /C calc'!A0",
        "甲\u200b乙",
    ],
)
def test_a_dangerous_text_goes_out_as_text_and_back_unchanged(cast, secretary, text):
    member = cast.members["here"]
    member.address = text
    member.save()
    content = secretary.post(EXPORT, {"reason": REASON}).content
    rows = [row.cells for row in read_rows(content, max_rows=50)]
    assert squeeze(text) in [cells[COLUMNS.index("地址")] for cells in rows]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()  # nothing that Excel would calculate
    again = secretary.post(IMPORT, {"file": SimpleUploadedFile("党员.xlsx", content)})
    assert (again.context["plan"].lines, again.context["problems"]) == ([], [])
    member.refresh_from_db()
    assert member.address == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_dangerous_text_comes_in_as_text_too(cast, secretary, text):
    member = cast.members["here"]
    confirm(secretary, upload(secretary, {"登记号": str(member.pk), "地址": text}))
    member.refresh_from_db()
    assert member.address == text


def test_an_export_for_nobody_is_not_made(cast, secretary):
    nobody = f"{EXPORT}?q=没有这个人"
    assert "一位也没有" in secretary.get(nobody).content.decode()
    assert "一位也没有" in secretary.post(nobody, {"reason": REASON}).content.decode()
    assert not AuditEntry.objects.filter(action="export").exists()


def test_what_was_masked_on_the_way_out_is_not_taken_for_news(cast, secretary):
    """Somebody who asks to be taken in goes out masked, the community in place of the address."""
    newcomer = cast.newcomers["here"]
    content = secretary.post(EXPORT, {"reason": REASON}).content
    row = next(row for row in table_of(content) if row["登记号"] == str(newcomer.pk))
    assert (row["姓名"], row["地址"]) == ("金*", "甲社区")
    again = upload(secretary, row)
    assert (again.context["plan"].lines, again.context["problems"]) == ([], [])
