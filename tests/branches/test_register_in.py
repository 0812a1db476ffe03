"""The register in from Excel: preview, every complaint at its row and column, all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from branches import register_writing
from branches.access import Action
from branches.models import AuditEntry, Member
from branches.register_scope import COLUMNS, Register
from branches.register_sheet import plan
from config.spreadsheet import read_rows
from tests.branches.register_sheets import IMPORT, NEW, confirm, problems, sheet, snapshot, upload
from tests.cast import MOBILES


@pytest.fixture
def secretary(cast, client_of):
    return client_of(cast.secretary)


@pytest.fixture
def district(cast, client_of):
    return client_of(cast.district_officer)


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
