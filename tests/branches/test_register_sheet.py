"""The register in and out of Excel: round trip, preview, every complaint at its row and column, all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches import register_writing
from branches.access import Action
from branches.admin import register_sheet
from branches.models import (
    AuditEntry,
    Building,
    CareClass,
    CommunityMembership,
    Event,
    GroupPlacement,
    Member,
    PartyGroup,
    ResidentCompound,
)
from branches.register_export import export
from branches.register_scope import COLUMNS, Register
from branches.register_sheet import plan
from branches.sealing import unseal
from config.spreadsheet import read_rows, workbook
from tests.cast import CANARIES, MOBILES, make_user

LIST = "/admin/branches/member/"
IMPORT, EXPORT = f"{LIST}import/", f"{LIST}export/"
REASON = "年终核对名册"
NEW = {
    "姓名": "新示例",
    "支部": "金丝雀银龄支部",
    "组织关系所在单位": "示例机械厂党委",
    "出生年份": "1950",
    "入党日期": "1975-07-01",
    "党小组": "金丝雀楼栋组",
    "小区": "金丝雀家园",
    "楼栋": "金丝雀3栋",
    "原企业": "示例机械厂",
    "电话": "19900009901",
    "地址": "金丝雀家园3栋402",
    "联系人": "女儿 19900009902",
    "需要上门": "是",
}


@pytest.fixture
def secretary(cast, client_of):
    return client_of(cast.secretary)


@pytest.fixture
def district(cast, client_of):
    return client_of(cast.district_officer)


def sheet(*rows, columns=None):
    """A workbook of these rows as an upload; its columns are all that any row names."""
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    content = workbook("党员", columns, [[row.get(name, "") for name in columns] for row in rows])
    return SimpleUploadedFile("党员.xlsx", content)


def table(response):
    """The downloaded workbook as a list of {column: text}."""
    assert response["Content-Type"].endswith("sheet"), response.content.decode()[-2000:]
    rows = read_rows(response.content, max_rows=5000)
    assert tuple(cell for cell in rows[0].cells if cell) == COLUMNS
    return [dict(zip(COLUMNS, row.cells, strict=False)) for row in rows[1:]]


def upload(client, *rows, **options):
    return client.post(IMPORT, {"file": sheet(*rows, **options)})


def confirm(client, preview):
    """The text of the page that tells how the import goes."""
    return client.post(IMPORT, {"ticket": preview.context["ticket"]}).getvalue().decode()


def snapshot():
    """Every row that an import could write, with histories and events."""
    models = (Member, CommunityMembership, GroupPlacement, Member.history.model, Event, AuditEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


def problems(answer):
    return {(number, column) for number, column, _sentence in answer.context["problems"]}


# --- in
def test_the_template_shows_an_example_that_is_never_imported(secretary):
    content = secretary.get(f"{IMPORT}template/").content
    rows = [(row.number, row.cells) for row in read_rows(content, max_rows=10)]
    assert tuple(cell for cell in rows[0][1] if cell) == COLUMNS
    assert rows[1][1][0].startswith("示例")
    answer = secretary.post(IMPORT, {"file": SimpleUploadedFile("模板.xlsx", content)})
    assert "没有内容" in str(answer.context["form"].errors["file"])
    beside = secretary.post(IMPORT, {"file": sheet(dict(zip(COLUMNS, rows[1][1], strict=False)), NEW)})
    assert (len(beside.context["plan"].new), beside.context["problems"]) == (1, [])


def test_a_preview_writes_nothing_and_its_confirmation_everything(cast, secretary):
    member, before = cast.members["here"], snapshot()
    preview = upload(secretary, NEW, {"登记号": member.pk, "联系人": "儿子 19900008888", "需要上门": "否"})
    assert preview.context["problems"] == []
    assert (len(preview.context["plan"].new), len(preview.context["plan"].changed)) == (1, 1)
    assert snapshot() == before
    page = confirm(secretary, preview)
    assert "导入完成" in page
    assert "已写好 2 行，一共 2 行" in page
    new = Member.objects.get(name="新示例")
    facts = (new.birth_year, str(new.joined_on), new.compound.name, new.building.name, new.enterprise.name)
    assert facts == (1950, "1975-07-01", "金丝雀家园", "金丝雀3栋", "示例机械厂")
    assert (new.telephone, new.contact, new.needs_home_visit) == ("19900009901", "女儿 19900009902", True)
    assert list(Member.objects.by_telephone("199-0000-9901")) == [new]
    stay = new.memberships.get()
    assert (stay.branch, stay.status, stay.since) == (cast.branches["here"], "active", timezone.localdate())
    assert stay.reported_by == cast.secretary
    assert stay.placements.get().group == cast.groups["here"]
    member.refresh_from_db()
    assert (member.contact, member.needs_home_visit) == ("儿子 19900008888", False)
    assert {row.history_user for row in (member.history.first(), new.history.get(), stay.history.get())} == {
        cast.secretary
    }
    entry = AuditEntry.objects.get(action="import")
    assert (entry.actor, entry.data) == ("secretary", {"added": 1, "changed": 1, "unchanged": 0})


def test_the_same_file_twice_changes_nothing_the_second_time(secretary):
    rows = [
        NEW,
        NEW | {"姓名": "无号示例", "电话": ""},
        NEW | {"姓名": "点号示例", "电话": "１９９0000 9903", "入党日期": "1975年7月2日", "出生年份": "1951年"},
        NEW | {"姓名": "空着示例", "电话": "19900009904", "小区": "", "楼栋": "", "党小组": "", "需要上门": ""},
    ]
    assert "导入完成" in confirm(secretary, upload(secretary, *rows))
    before = snapshot()
    again = upload(secretary, *rows)
    assert again.context["problems"] == []
    assert (again.context["plan"].lines, again.context["plan"].unchanged) == ([], 4)
    assert "ticket" not in again.context
    assert snapshot() == before


def test_a_confirmation_works_once_and_for_its_own_person(cast, secretary, client_of):
    preview = upload(secretary, NEW)
    assert "什么也没有写入" in confirm(client_of(cast.district_officer), preview)
    assert "导入完成" in confirm(secretary, preview)
    before = snapshot()
    assert "什么也没有写入" in confirm(secretary, preview)
    assert snapshot() == before


def test_what_a_colleague_changed_meanwhile_is_not_written_over(cast, secretary):
    member = cast.members["here"]
    preview = upload(secretary, {"登记号": member.pk, "地址": "金丝雀家园3栋501"})
    member.address = "金丝雀家园3栋601"
    member.save()
    assert "同事改了" in confirm(secretary, preview)
    member.refresh_from_db()
    assert member.address == "金丝雀家园3栋601"


def test_one_bad_row_among_thousands_and_nothing_is_written(cast):
    """A bad row 3,000 of 6,995: named with its column, and nothing of the others is written."""
    columns = [*NEW]
    rows = [NEW | {"姓名": f"新示例{number}", "电话": f"1990{number:07d}"} for number in range(2, 6997)]
    rows[2998]["楼栋"] = "没有这栋"
    told = [(1, columns), *((number, list(row.values())) for number, row in enumerate(rows, 2))]
    before = snapshot()
    wanted = plan(Register(cast.secretary, Action.IMPORT), told)
    assert [(number, column) for number, column, _ in wanted.problems] == [(3000, "楼栋")]
    assert len(wanted.lines) == 6994
    with pytest.raises(register_writing.Stale):
        list(register_writing.write(cast.secretary, told, wanted.digest()))
    assert snapshot() == before


def test_a_reader_who_goes_away_leaves_nothing_half_written(cast, monkeypatch):
    monkeypatch.setattr(register_writing, "STEP", 1)
    told = [(1, [*NEW]), *((number, list((NEW | {"姓名": f"新{number}"}).values())) for number in (2, 3, 4))]
    before = snapshot()
    writing = register_writing.write(cast.secretary, told, plan(Register(cast.secretary, Action.IMPORT), told).digest())
    assert [next(writing) for _ in range(3)] == [(0, 3), (1, 3), (2, 3)]
    assert Member.objects.filter(name="新2").exists()
    writing.close()
    assert snapshot() == before


def test_an_error_in_the_middle_takes_everything_back(cast, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError

    told = [(1, [*NEW]), (2, list(NEW.values()))]
    digest, before = plan(Register(cast.secretary, Action.IMPORT), told).digest(), snapshot()
    monkeypatch.setattr(register_writing.audit, "record", fail)
    with pytest.raises(RuntimeError):
        list(register_writing.write(cast.secretary, told, digest))
    assert snapshot() == before


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (NEW | {"出生年份": "1888"}, "出生年份", "四位"),
        (NEW | {"出生年份": "八十"}, "出生年份", "四位"),
        (NEW | {"入党日期": "27000"}, "入党日期", "1975-07-01"),
        (NEW | {"入党日期": "1975-02-30"}, "入党日期", "1975-07-01"),
        (NEW | {"入党日期": "2999-01-01"}, "入党日期", "今天以后"),
        (NEW | {"入党日期": "1949-01-01"}, "入党日期", "出生"),
        (NEW | {"电话": "=1+1"}, "电话", "一个号码"),
        (NEW | {"电话": "199****9901"}, "电话", "遮住"),
        (NEW | {"姓名": "新*"}, "姓名", "遮住"),
        (NEW | {"姓名": "长" * 41}, "姓名", "40"),
        (NEW | {"地址": "长" * 121}, "地址", "120"),
        (NEW | {"组织关系所在单位": "长" * 81}, "组织关系所在单位", "80"),
        (NEW | {"需要上门": "也许"}, "需要上门", "是"),
        (NEW | {"小区": "无此家园"}, "小区", "没有"),
        (NEW | {"楼栋": "9栋"}, "楼栋", "没有"),
        (NEW | {"小区": ""}, "楼栋", "小区"),
        (NEW | {"原企业": "无此厂"}, "原企业", "没有"),
        (NEW | {"关怀分类": "无此类"}, "关怀分类", "没有"),
        (NEW | {"党小组": "无此组"}, "党小组", "没有"),
        (NEW | {"支部": "无此支部"}, "支部", "不归您管"),
        (NEW | {"支部": "画眉鸟银龄支部", "党小组": ""}, "支部", "不归您管"),
        (NEW | {"姓名": ""}, "姓名", "必须"),
        (NEW | {"支部": ""}, "支部", "必须"),
        (NEW | {"组织关系所在单位": ""}, "组织关系所在单位", "必须"),
        (NEW | {"登记号": "999999"}, "登记号", "登记号"),
        (NEW | {"登记号": "9" * 30}, "登记号", "登记号"),
        (NEW | {"登记号": "一号"}, "登记号", "登记号"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(secretary, row, column, word):
    before = snapshot()
    answer = upload(secretary, NEW | {"姓名": "好的一行", "电话": "19900009988"}, row)
    assert problems(answer) == {(3, column)}
    assert word in answer.context["problems"][0][2]
    assert "第 3 行" in answer.content.decode()
    assert "ticket" not in answer.context
    assert snapshot() == before


def test_every_wrong_cell_of_a_row_is_told_at_once(secretary):
    answer = upload(secretary, NEW | {"姓名": "", "电话": "x", "需要上门": "x", "原企业": "x"})
    assert problems(answer) == {(2, column) for column in ("姓名", "电话", "需要上门", "原企业")}


def test_one_person_in_two_rows_is_told(cast, secretary):
    member = cast.members["here"]
    assert problems(upload(secretary, NEW, NEW)) == {(3, "姓名")}
    known = {"姓名": member.name, "电话": MOBILES["here"][0]}
    assert problems(upload(secretary, {"登记号": str(member.pk)} | known, known)) == {(3, "登记号")}


def test_a_namesake_without_a_number_is_asked_about(cast, secretary):
    answer = upload(secretary, NEW | {"姓名": cast.members["here"].name, "电话": "", "出生年份": "1941"})
    assert problems(answer) == {(2, "登记号")}
    assert str(cast.members["here"].pk) in answer.context["problems"][0][2]


def test_blank_cells_and_missing_columns_change_nothing(cast, secretary):
    answer = upload(secretary, {"登记号": cast.members["here"].pk, "电话": "", "地址": "", "党小组": "", "姓名": ""})
    assert (answer.context["problems"], answer.context["plan"].unchanged) == ([], 1)


@pytest.mark.parametrize("heading", ["身份证号", "status", "is_sample", "id", "在册自"])
def test_a_column_that_is_not_in_the_template_is_named_and_ignored(cast, secretary, heading):
    member, before = cast.members["here"], snapshot()
    answer = upload(secretary, {"登记号": member.pk, heading: "1", "联系人": "侄女 19900007777"})
    assert heading in answer.content.decode()
    confirm(secretary, answer)
    member.refresh_from_db()
    wanted = {key: value for key, value in before[0][0].items() if key not in ("contact", "updated_at")}
    assert {key: getattr(member, key) for key in wanted} == wanted
    assert member.contact == "侄女 19900007777"


# --- whose
def test_nobody_is_moved_to_another_branch_or_unit(cast, district):
    member, before = cast.members["here"], snapshot()
    answer = upload(district, {"登记号": member.pk, "支部": "画眉鸟银龄支部", "组织关系所在单位": "别的单位"})
    assert problems(answer) == {(2, "支部"), (2, "组织关系所在单位")}
    assert "转入" in answer.context["problems"][0][2]
    assert snapshot() == before


def test_members_of_others_are_neither_seen_nor_changed(cast, secretary):
    foreign, before = cast.members["next_door"], snapshot()
    answer = upload(secretary, {"登记号": foreign.pk, "联系人": "我"})
    missing = upload(secretary, {"登记号": 987654, "联系人": "我"})
    assert answer.context["problems"] == missing.context["problems"]
    assert CANARIES["next_door"] not in answer.content.decode()
    assert snapshot() == before


@pytest.mark.parametrize(
    "row",
    [
        NEW | {"小区": "画眉鸟家园", "楼栋": ""},
        NEW | {"小区": "画眉鸟家园", "楼栋": "画眉鸟3栋"},
        NEW | {"党小组": "画眉鸟楼栋组"},
    ],
)
def test_nothing_of_another_area_can_be_pointed_at(secretary, district, row):
    before = snapshot()
    for client in (secretary, district):
        assert upload(client, row).context["problems"]
    assert snapshot() == before


def test_a_preview_tells_nothing_that_is_masked(cast, secretary):
    member = cast.members["here"]
    row = {"登记号": member.pk, "姓名": "改名示例", "电话": "19900009999", "地址": "别处", "联系人": "别人"}
    page = upload(secretary, row).content.decode()
    for hidden in (member.name, member.telephone, member.address, member.contact, "19900009999", "改名示例"):
        assert hidden not in page
    assert "199****1101" in page


def test_who_waits_to_be_confirmed_is_not_placed_and_not_confirmed(cast, secretary):
    newcomer = cast.newcomers["here"]
    assert problems(upload(secretary, {"登记号": newcomer.pk, "党小组": "金丝雀楼栋组"})) == {(2, "党小组")}
    confirm(secretary, upload(secretary, {"登记号": newcomer.pk, "出生年份": "1960"}))
    assert newcomer.memberships.get().status == "pending"


def test_only_roles_with_the_grant_import(cast, client_of):
    for person in (cast.street_officer, cast.officer, cast.organiser, cast.auditor):
        client = client_of(person)
        assert client.get(IMPORT).status_code == 403
        assert client.post(IMPORT, {"file": sheet(NEW)}).status_code == 403
        assert client.get(f"{IMPORT}template/").status_code == 403
        assert client.post(IMPORT, {"ticket": "x"}).status_code == 403


# --- groups
def test_a_changed_group_ends_the_old_placement_where_the_new_one_begins(cast, secretary):
    other = PartyGroup.objects.create(name="片区组", branch=cast.branches["here"])
    row = {"登记号": cast.members["here"].pk, "党小组": "片区组"}
    assert "导入完成" in confirm(secretary, upload(secretary, row))
    new, old = GroupPlacement.objects.filter(membership__member=cast.members["here"]).order_by("-since")
    today = timezone.localdate()
    assert (old.group, old.until, new.group, new.since, new.until) == (cast.groups["here"], today, other, today, None)
    assert Event.objects.filter(event="place", subject_pk=new.membership_id).count() == 1
    back = {"登记号": cast.members["here"].pk, "党小组": cast.groups["here"].name}
    confirm(secretary, upload(secretary, back))  # the same day: corrected, not a third placement
    new.refresh_from_db()
    assert (new.group, GroupPlacement.objects.filter(membership=new.membership_id).count()) == (cast.groups["here"], 2)


def test_another_compound_without_a_building_leaves_the_old_building(cast, secretary):
    ResidentCompound.objects.create(name="新家园", division=cast.communities["here"])
    confirm(secretary, upload(secretary, {"登记号": cast.members["here"].pk, "小区": "新家园"}))
    cast.members["here"].refresh_from_db()
    assert (cast.members["here"].compound.name, cast.members["here"].building) == ("新家园", None)
    archived = Building.objects.create(name="旧栋", compound=cast.members["here"].compound, is_archived=True)
    assert problems(upload(secretary, {"登记号": cast.members["here"].pk, "楼栋": archived.name})) == {(2, "楼栋")}


# --- files
@pytest.mark.parametrize(
    ("file", "word"),
    [
        (SimpleUploadedFile("党员.xlsx", b"hello"), "不是 Excel"),
        (SimpleUploadedFile("党员.xlsx", b""), "空的"),
        (None, "请先选"),
        (sheet({"甲": "1"}), "列名"),
        (sheet(columns=["登记号"]), "没有内容"),
        (sheet(columns=["姓名", "姓名"]), "一样"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(secretary, file, word):
    answer = secretary.post(IMPORT, {"file": file} if file else {})
    assert answer.status_code == 200
    assert word in str(answer.context["form"].errors["file"])


def test_what_waits_to_be_confirmed_is_sealed(secretary, monkeypatch):
    kept = []
    monkeypatch.setattr(register_sheet.cache, "set", lambda *arguments: kept.append(arguments))
    assert "ticket" in upload(secretary, NEW).context
    (value,) = [value for key, value, _seconds in kept if key.startswith("import:")]
    assert "9901" in unseal(value)
    assert "9901" not in str(kept)


# --- out
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
        assert {(mobile in text) for mobile in MOBILES[area]} == {full}
        assert (f"{canary}老人" in text, f"{canary}家园" in text, f"{canary}银龄支部" in text) == (full, full, seen)
    assert response["Cache-Control"].startswith("private, no-store")


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


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", '=HYPERLINK("x")', "a|b"])
def test_a_dangerous_text_goes_out_as_text_and_back_unchanged(cast, secretary, text):
    member = cast.members["here"]
    member.address = text
    member.save()
    content = secretary.post(EXPORT, {"reason": REASON}).content
    rows = [row.cells for row in read_rows(content, max_rows=50)]
    assert text in [cells[COLUMNS.index("地址")] for cells in rows]
    again = secretary.post(IMPORT, {"file": SimpleUploadedFile("党员.xlsx", content)})
    assert (again.context["plan"].lines, again.context["problems"]) == ([], [])


def test_thousands_of_rows_ask_as_much_as_one(cast):
    def asked(count):
        told = [(1, [*NEW]), *((n, list((NEW | {"姓名": f"新{n}"}).values())) for n in range(2, count + 2))]
        with CaptureQueriesContext(connection) as queries:
            plan(Register(cast.secretary, Action.IMPORT), told)
            export(cast.secretary, Member.objects.order_by("pk"))
        return len(queries)

    asked(1)  # the posts of the reader are read once
    assert asked(1) == asked(300)
