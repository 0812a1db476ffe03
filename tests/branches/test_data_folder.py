"""Data folders with mistakes in them, and folders as other people's programs save them, through load_district."""

import json

import pytest
from django.core.management import CommandError

from branches.models import Division
from homes.models import Home
from tests.districts.folders import YUNSHAN, copied, everything, replaced, run

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def folder(tmp_path):
    return copied(YUNSHAN, tmp_path / "district")


MISTAKES = {
    "a parent that is not there": (
        "divisions.csv",
        "990101001001,松针社区居委会,community,990101001000",
        "990101001001,松针社区居委会,community,990101009000",
        "divisions.csv 第5行的“parent”：表里没有区划代码 990101009000",
    ),
    "a parent of the wrong level": (
        "divisions.csv",
        "松针社区居委会,community,990101001000",
        "松针社区居委会,community,990101000000",
        "divisions.csv 第5行的“parent”：990101000000 的级别不对",
    ),
    "a level nobody knows": ("divisions.csv", "松果街道,street", "松果街道,town", "第3行的“level”：“town”看不懂"),
    "a code twice": (
        "divisions.csv",
        "990101002002,暖泉",
        "990101002001,暖泉",
        "第8行的“code”：和divisions.csv 第7行重复",
    ),
    "a code of eleven digits": (
        "divisions.csv",
        "990101002002,暖泉",
        "99010100200,暖泉",
        "第8行的“区划代码”：区划代码是12位数字",
    ),
    "no district": ("divisions.csv", "云杉区,district,", "云杉区,street,990101001000", "这里有 0 个"),
    "a missing column": (
        "divisions.csv",
        "code,name,level,parent",
        "code,name,level,上级",
        "divisions.csv 第1行：缺少“parent”",
    ),
    "a cell too many": (
        "divisions.csv",
        "990101001000,松果街道",
        "990101001000,松果,街道",
        "第3行：有 5 栏，应当是 4 栏",
    ),
    "an outline without a datum": (
        "outline.geojson",
        '"datum": "WGS-84"',
        '"x": 1',
        "outline.geojson 的“datum”：坐标没有写明基准",
    ),
    "an outline that is not closed": (
        "outline.geojson",
        "[101.1, 42.2], [101.0, 42.0]]",
        "[101.1, 42.2]]",
        "最后一点要和第一点相同",
    ),
    "an outline of somewhere else": ("outline.geojson", "990101000000", "990101000001", "没有 properties.code 是"),
    "half an outline": ("outline.geojson", "]]]}}]}", "", "不是完整的 JSON"),
    "a day that is none": (
        "figures.csv",
        "2025-05-01",
        "2025-05-32",
        "figures.csv 第2行的“published_on”：“2025-05-32”不是日期",
    ),
    "a number that is none": ("figures.csv", ",3,个", ",三,个", "figures.csv 第2行的“value”：“三”不是整数"),
    "a mark nobody drew": (
        "themes.toml",
        '"book"',
        '"whale"',
        "themes.toml 第1个[[theme]]（ice-lake）的“mark”：“whale”不在可选的值里",
    ),
    "a facility twice": ("facilities.csv", "20", "20\nstove,又一个,30", "facilities.csv 第4行的“slug”：和"),
    "TOML that ends early": ("homes.toml", 'name = "松针社区老党员之家"', "name = ", "homes.toml 第22行第8列"),
    "single brackets": ("themes.toml", "[[theme]]", "[theme]", "方括号是两层"),
    "an entry nobody knows": (
        "homes.toml",
        'lead = "冰湖边上的家。"',
        'led = "冰湖边上的家。"',
        "homes.toml 第1个[[home]]（binghu）：不认识“led”",
    ),
    "a community nobody knows": (
        "homes.toml",
        "990101001001",
        "990101001009",
        "第2个[[home]]（songzhen）的“division”：没有这个区划代码",
    ),
    "a theme nobody knows": ("homes.toml", 'theme = "ice-lake"', 'theme = "fire"', "的“theme”：没有这个主题：fire"),
    "a facility nobody knows": (
        "homes.toml",
        '{ slug = "reading-corner" }',
        '{ slug = "pool" }',
        "facilities第2项的“slug”：没有这个设施：pool",
    ),
    "no datum": ("homes.toml", 'datum = "GCJ-02"', 'datum = ""', "（binghu）的position的“datum”：坐标没有写明基准"),
    "a position the wrong way round": (
        "homes.toml",
        "longitude = 101.1024, latitude = 42.1012",
        "longitude = 42.1012, latitude = 101.1024",
        "写反了",
    ),
    "hours that overlap": ("homes.toml", "opens = 14:00:00", "opens = 11:30:00", "的“hours”：星期一有两段时间重叠"),
    "hours that end before they begin": (
        "homes.toml",
        "closes = 16:30:00",
        "closes = 13:30:00",
        "关门时间要晚于开门时间",
    ),
    "a day of the week too many": ("homes.toml", "[1, 3, 7]", "[1, 3, 8]", "1 是星期一，7 是星期日"),
    "a telephone number with words": ("homes.toml", "0999-0000 0001", "打给老王", "（binghu）的“电话”：电话只写数字"),
    "an answer that is neither yes nor no": ("homes.toml", "step_free = true", 'step_free = "maybe"', "“maybe”看不懂"),
}


@pytest.mark.parametrize(("file", "old", "new", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_where_it_stands_and_nothing_is_loaded(folder, file, old, new, told):
    replaced(folder / file, old, new)
    before = everything()

    with pytest.raises(CommandError) as refused:
        run("load_district", folder)

    assert told in str(refused.value)
    assert "一条也没有改动" in str(refused.value)
    assert everything() == before


def test_all_mistakes_of_a_file_are_told_at_once(folder):
    replaced(folder / "homes.toml", "990101001001", "1")
    replaced(folder / "homes.toml", "0999-0000 0001", "打给老王")

    with pytest.raises(CommandError) as refused:
        run("load_district", folder)

    assert "binghu" in str(refused.value)
    assert "songzhen" in str(refused.value)


def test_a_missing_folder_and_a_missing_table(tmp_path):
    with pytest.raises(CommandError, match="没有这个数据文件夹"):
        run("load_district", tmp_path / "nowhere")
    with pytest.raises(CommandError, match=r"缺少 divisions\.csv"):
        run("load_district", tmp_path)


def test_a_table_saved_by_a_spreadsheet(folder):
    table = folder / "divisions.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes().replace(b"\n", b"\r\n"))
    run("load_district", folder)
    assert Division.objects.count() == 7

    table.write_bytes(table.read_text("utf-8-sig").encode("gbk"))
    with pytest.raises(CommandError, match="不是 UTF-8 编码"):
        run("load_district", folder)


def test_a_position_outside_the_outline_is_loaded_with_a_reminder(folder):
    replaced(folder / "homes.toml", "latitude = 42.1012", "latitude = 42.9")

    assert "提醒：冰湖村老党员之家的位置不在本区轮廓里" in run("load_district", folder)
    assert Home.objects.get(slug="binghu").is_located


def test_an_outline_of_several_parts_in_another_datum(folder):
    outline = json.loads((folder / "outline.geojson").read_text())
    feature = outline["features"][0]
    feature["properties"]["datum"] = "GCJ-02"
    ring = feature["geometry"]["coordinates"]
    feature["geometry"] = {"type": "MultiPolygon", "coordinates": [ring, ring]}
    (folder / "outline.geojson").write_text(json.dumps(outline))

    run("load_district", folder)

    stored = Division.objects.district().outline
    assert (stored["type"], len(stored["coordinates"])) == ("MultiPolygon", 2)
    assert stored["coordinates"][0][0][0] != [101.0, 42.0]


def test_a_folder_needs_nothing_but_its_divisions(folder):
    for name in ("outline.geojson", "themes.toml", "facilities.csv", "figures.csv", "homes.toml", "projects.toml"):
        (folder / name).unlink()

    run("load_district", folder)

    assert Division.objects.district().outline is None
    assert not Home.objects.exists()
