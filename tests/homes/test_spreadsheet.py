"""Homes in and out of Excel: round trip, preview, every complaint at its row and column, all or nothing."""

from datetime import time
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from branches.coordinates import Datum, from_wgs84
from branches.models import Division
from config.spreadsheet import read_rows, workbook
from homes.models import Facility, Home, HomeFacility, OpeningHours
from tests.makers import make_home

LIST = "/admin/homes/home/"
IMPORT = f"{LIST}import/"
NEW = {"网址代号": "new", "名称": "新家", "区划代码": "990100001001"}


@pytest.fixture
def client(cast, client_of):
    return client_of(cast.district_officer)


def table(response):
    """The downloaded workbook as a list of {column: text}."""
    rows = read_rows(response.content, max_rows=5000)
    columns = [cell for cell in rows[0].cells if cell]
    return [dict(zip(columns, row.cells, strict=False)) for row in rows[1:]]


def sheet(*rows, columns=None):
    """A workbook of these rows as an upload; its columns are all that any row names."""
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    content = workbook("家", columns, [[row.get(name, "") for name in columns] for row in rows])
    return SimpleUploadedFile("家.xlsx", content)


def upload(client, *rows, **options):
    return client.post(IMPORT, {"file": sheet(*rows, **options)})


def confirm(client, preview, **more):
    return client.post(IMPORT, {"ticket": preview.context["ticket"], **more}, follow=True)


def snapshot():
    homes = Home.objects.order_by("pk").values()
    parts = [list(model.objects.order_by("pk").values()) for model in (OpeningHours, HomeFacility)]
    return list(homes), parts, Home.history.count(), OpeningHours.history.count()


# --- out
def test_an_export_is_the_list_as_it_was_filtered(client):
    rows = table(client.get(f"{LIST}export/?q=金丝雀&status=open"))
    assert [row["名称"] for row in rows] == ["金丝雀之家"]
    assert {
        name: rows[0][name] for name in ("网址代号", "区划代码", "主题", "设施", "星期一", "星期日", "进门没有台阶")
    } == {
        "网址代号": "here",
        "区划代码": "990100001001",
        "主题": "花园",
        "设施": "阅览室",
        "星期一": "09:00-17:00",
        "星期日": "",
        "进门没有台阶": "是",
    }
    assert (rows[0]["经度"], rows[0]["纬度"], rows[0]["坐标基准"]) == ("112.990000", "28.110000", "WGS-84")


def test_an_export_holds_only_the_rows_of_the_role(cast, client_of):
    rows = table(client_of(cast.street_officer).get(f"{LIST}export/"))
    assert {row["名称"][:3] for row in rows} == {"金丝雀", "画眉鸟"}
    for person in (cast.officer, cast.organiser, cast.auditor):
        assert client_of(person).get(f"{LIST}export/").status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@SUM(A1)", "'quoted"])
def test_a_dangerous_text_goes_out_as_text_and_back_unchanged(cast, client, text):
    Home.objects.filter(pk=cast.homes["here"].pk).update(lead=text)
    exported = client.get(f"{LIST}export/")
    assert text in {row["一句话介绍"] for row in table(exported)}
    preview = client.post(IMPORT, {"file": SimpleUploadedFile("家.xlsx", exported.content)})
    assert (preview.context["totals"]["update"], preview.context["totals"]["new"]) == (0, 0)


# --- and in again
def test_an_export_read_back_changes_nothing(cast, client):
    facility = Facility.objects.create(slug="music", name="音乐室")
    HomeFacility.objects.create(home=cast.homes["here"], facility=facility, note="二楼，周三")
    OpeningHours.objects.create(home=cast.homes["here"], weekday=0, opens=time(18), closes=time(20))
    content = client.get(f"{LIST}export/?status=all").content
    before = snapshot()
    preview = client.post(IMPORT, {"file": SimpleUploadedFile("家.xlsx", content)})
    assert preview.context["problems"] == []
    assert preview.context["totals"]["skip"] == 6
    assert "没有要改的" in preview.content.decode()
    confirm(client, preview)
    assert snapshot() == before


def test_the_template_is_read_as_it_is(client):
    content = client.get(f"{IMPORT}template/").content
    answer = client.post(IMPORT, {"file": SimpleUploadedFile("模板.xlsx", content)})
    assert answer.context["form"].errors == {"file": ["只有列名，没有内容。"]}


def test_a_preview_writes_nothing_and_its_confirmation_everything(cast, client):
    before = snapshot()
    change = {"网址代号": "here", "一句话介绍": "新的一句话", "星期日": "9:00-11:00 14:00-16:00", "进门没有台阶": "否"}
    preview = upload(client, NEW | {"设施": "阅览室（二楼）"}, change)
    assert snapshot() == before
    assert [(row["number"], row["name"], row["is_new"]) for row in preview.context["changes"]] == [
        (2, "新家", True),
        (3, "金丝雀之家", False),
    ]
    assert sorted(preview.context["changes"][1]["differences"]) == [
        ("一句话介绍", "金丝雀之家的一句话", "新的一句话"),
        ("星期日", "", "09:00-11:00 14:00-16:00"),
        ("进门没有台阶", "是", "否"),
    ]
    answer = confirm(client, preview)
    assert "新增 1 行，修改 1 行，0 行没有变化" in answer.content.decode()
    home = Home.objects.get(slug="new")
    assert (home.status, home.division, home.is_sample) == ("preparing", cast.communities["here"], False)
    assert [str(part.facility) + part.note for part in home.home_facilities.all()] == ["阅览室二楼"]
    assert home.history.get().history_change_reason == "表格导入"
    assert home.history.get().history_user == cast.district_officer
    here = Home.objects.get(slug="here")
    assert (here.lead, here.step_free, here.hours.filter(weekday=6).count()) == ("新的一句话", False, 2)


def test_the_same_file_twice_changes_nothing_the_second_time(client):
    rows = [
        NEW | {"经度": "112.99", "纬度": "28.12", "坐标基准": "BD-09", "位置精度": "定位到楼", "星期一": "8:30-12:00"}
    ]
    confirm(client, upload(client, *rows))
    before = snapshot()
    again = upload(client, *rows)
    assert again.context["totals"]["skip"] == 1
    confirm(client, again)
    assert snapshot() == before


def test_a_confirmation_works_once_and_for_its_own_person(cast, client, client_of):
    preview = upload(client, NEW)
    stranger = client_of(cast.technician).post(IMPORT, {"ticket": preview.context["ticket"]}, follow=True)
    assert "没有重复写入" in stranger.content.decode()
    assert not Home.objects.filter(slug="new").exists()
    confirm(client, preview)
    assert "没有重复写入" in confirm(client, preview).content.decode()
    assert Home.objects.filter(slug="new").count() == 1


def test_blank_cells_and_missing_columns_change_nothing(cast, client):
    before = snapshot()
    preview = upload(client, {"网址代号": "here", "名称": "", "地址": "", "设施": "", "星期一": "", "主题": ""})
    assert preview.context["totals"]["skip"] == 1
    confirm(client, preview)
    assert snapshot() == before


@pytest.mark.parametrize("datum", list(Datum))
def test_coordinates_are_converted_from_their_datum(cast, client, datum):
    longitude, latitude = from_wgs84(113.0, 28.1, datum)
    row = {"网址代号": "here", "经度": f"{longitude:.9f}", "纬度": f"{latitude:.9f}", "坐标基准": datum.value}
    confirm(client, upload(client, row))
    here = Home.objects.get(slug="here")
    assert (here.longitude, here.latitude) == (Decimal("113.000000"), Decimal("28.100000"))


def test_a_point_outside_the_district_must_be_looked_at(cast, client):
    far = {"网址代号": "here", "经度": "114.3", "纬度": "30.6", "坐标基准": "WGS-84"}
    preview = upload(client, far)
    assert [number for number, _sentence in preview.context["warnings"]] == [2]
    asked = confirm(client, preview)
    assert asked.context["look_again"]
    assert Home.objects.get(slug="here").longitude == Decimal("112.990000")
    confirm(client, preview, looked="1")
    assert Home.objects.get(slug="here").longitude == Decimal("114.300000")


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        ({"网址代号": "here", "经度": "113.0", "纬度": "28.1"}, "坐标基准", "没有写明基准"),
        ({"网址代号": "here", "经度": "113.0", "纬度": "28.1", "坐标基准": "GPS"}, "坐标基准", "没有写明基准"),
        ({"网址代号": "here", "经度": "113.0", "坐标基准": "WGS-84"}, "纬度", "一起填"),
        ({"网址代号": "here", "经度": "28.1", "纬度": "113.0", "坐标基准": "WGS-84"}, "经度", "写反"),
        ({"网址代号": "here", "经度": "nan", "纬度": "28", "坐标基准": "WGS-84"}, "经度", "不对"),
        ({"网址代号": "here", "经度": "东经", "纬度": "28", "坐标基准": "WGS-84"}, "经度", "数字"),
        (NEW | {"经度": "113.0", "纬度": "28.1", "坐标基准": "WGS-84"}, "位置精度", "写明"),
        (NEW | {"区划代码": "999999999999"}, "区划代码", "没有"),
        (NEW | {"区划代码": ""}, "区划代码", "必须填"),
        (NEW | {"名称": ""}, "名称", "必须填"),
        (NEW | {"网址代号": ""}, "网址代号", "必须填"),
        (NEW | {"网址代号": "有 空格"}, "网址代号", ""),
        (NEW | {"名称": "长" * 61}, "名称", ""),
        (NEW | {"电话": "打给小王"}, "电话", "数字"),
        ({"网址代号": "here", "主题": "没有的主题"}, "主题", "没有“没有的主题”"),
        ({"网址代号": "here", "设施": "阅览室、飞船"}, "设施", "没有“飞船”"),
        ({"网址代号": "here", "设在": "月亮"}, "设在", "没有"),
        ({"网址代号": "here", "进门没有台阶": "大概"}, "进门没有台阶", "没有"),
        ({"网址代号": "here", "星期一": "上午"}, "星期一", "8:30-12:00"),
        ({"网址代号": "here", "星期一": "9:00-25:00"}, "星期一", "不存在"),
        ({"网址代号": "here", "星期一": "12:00-9:00"}, "星期一", "晚于"),
        ({"网址代号": "here", "星期一": "9:00-12:00 11:00-13:00"}, "星期一", "重叠"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(cast, client, row, column, word):
    before = snapshot()
    answer = upload(client, {"网址代号": "next-door", "一句话介绍": "好的一行"}, row)
    assert [(number, where) for number, where, _sentence in answer.context["problems"]] == [(3, column)]
    assert word in answer.context["problems"][0][2]
    assert "ticket" not in answer.context
    assert snapshot() == before


def test_every_wrong_cell_of_a_row_is_told_at_once(client):
    answer = upload(client, NEW | {"名称": "", "主题": "无此", "星期一": "x", "经度": "1", "纬度": "2"})
    assert {column for _row, column, _sentence in answer.context["problems"]} == {"名称", "主题", "星期一", "坐标基准"}


def test_the_same_code_twice_in_one_table_is_told(client):
    answer = upload(client, NEW, NEW | {"名称": "又一个"})
    assert [(row, column) for row, column, _sentence in answer.context["problems"]] == [(3, "网址代号")]
    assert "第 2 行" in answer.context["problems"][0][2]


def test_row_numbers_are_excels_even_below_blank_rows(client):
    answer = upload(client, {"网址代号": "", "名称": ""}, NEW | {"主题": "无此"})
    assert [row for row, _column, _sentence in answer.context["problems"]] == [3]


def test_columns_that_staff_may_only_look_at_change_nothing(cast, client):
    before = snapshot()
    row = {"网址代号": "here", "状态（只供查看）": "已归档", "核实日期（只供查看）": "2099-01-01"}
    preview = upload(client, row | {"示例数据（只供查看）": "示例数据", "组织者": "我", "status": "closed"})
    assert preview.context["unknown"] == ["组织者", "status"]
    confirm(client, preview)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("upload_file", "word"),
    [
        (SimpleUploadedFile("家.xlsx", b"hello"), "不是 Excel"),
        (SimpleUploadedFile("长" * 300 + ".xlsx", b"PK\x03\x04"), "不是 Excel"),
        (SimpleUploadedFile("家.xlsx", b""), "空的"),
        (None, "请先选"),
        (sheet({"甲": "1"}), "列名"),
        (sheet(columns=["网址代号"]), "没有内容"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(client, upload_file, word):
    answer = client.post(IMPORT, {"file": upload_file} if upload_file else {})
    assert answer.status_code == 200
    assert word in str(answer.context["form"].errors["file"])


def test_a_table_without_codes_is_told(client):
    answer = upload(client, {"名称": "新家"})
    assert "网址代号" in answer.context["problems"][0][2]


def test_only_roles_with_the_grant_import(cast, client_of):
    for person in (cast.street_officer, cast.officer, cast.organiser, cast.auditor):
        client = client_of(person)
        assert client.get(IMPORT).status_code == 403
        assert client.post(IMPORT, {"file": sheet(NEW)}).status_code == 403
        assert client.get(f"{IMPORT}template/").status_code == 403
        assert client.post(IMPORT, {"ticket": "x"}).status_code == 403


def test_homes_of_another_district_are_neither_seen_nor_moved(cast, client):
    other = Division.objects.create(code="880100000000", name="别区", level="district")
    foreign = make_home(other, "别区之家", "foreign")
    answer = upload(client, {"网址代号": "foreign", "名称": "抢来的", "区划代码": "990100001001"})
    assert "已经有一个家" in answer.context["problems"][0][2]
    assert "别区" not in answer.content.decode()
    moved = upload(client, {"网址代号": "here", "区划代码": other.code})
    assert [column for _row, column, _sentence in moved.context["problems"]] == ["区划代码"]
    assert Home.objects.get(pk=foreign.pk).name == "别区之家"
