"""Stories of the staff pages: what to do today, mistakes told and nothing typed lost, from a draft to the public."""

import time
from io import BytesIO
from urllib.request import urlopen

import pytest
from PIL import Image

from config.demo_logins import DEMO_LOGINS
from config.spreadsheet import workbook
from homes.models import Home
from tests.journeys import measures
from tests.journeys.pages import PAGES

IN_EVERY_WORKER = 1.2  # seconds after which an edit shows wherever it is asked for
MANY = 8  # requests, so that each of two workers gets some


@pytest.fixture
def desk(live_server, cast, open_page, log_in):
    """`desk(user name, width=1280)`: the staff pages, as this person finds them after logging in."""

    def sit_down(username, width=1280):
        page = open_page(width)
        log_in(page, live_server.url, username)
        return page

    return sit_down


def pressed(page, role, name, **options):
    with page.expect_navigation():
        page.get_by_role(role, name=name, **options).first.click()


def saved(page):
    pressed(page, "button", "保存，接着改")
    return page.inner_text(".messagelist, .errornote")


def home_form(page, live_server, home):
    page.goto(f"{live_server.url}/admin/homes/home/{home.pk}/change/")


def rows_of(page, part):
    return page.get_by_role("group", name=part).locator("tbody tr.form-row:visible")


def new_row(page, part):
    page.get_by_role("group", name=part).get_by_text("再加一条").click()
    return rows_of(page, part).last


def picture():
    """A photograph as a telephone takes it, with the place in its hidden data."""
    exif = Image.Exif()
    exif[0x010F] = "示例手机"
    exif.get_ifd(0x8825)[1] = "N"
    buffer = BytesIO()
    Image.new("RGB", (1600, 1200), "#c96").save(buffer, "JPEG", exif=exif)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_what_needs_doing_leads_to_the_rows(cast, desk):
    page = desk("officer")
    assert "您好" in page.get_by_role("heading", level=1).inner_text()
    pressed(page, "link", "没有照片")
    rows = page.locator("#result_list tbody tr")
    assert rows.count() == 1
    pressed(page, "link", "金丝雀之家")
    assert page.get_by_role("textbox", name="名称").input_value() == "金丝雀之家"


def test_hours_that_overlap_are_told_and_what_was_typed_stays(cast, desk, live_server):
    page = desk("officer")
    home_form(page, live_server, cast.homes["here"])
    row = new_row(page, "每周开放时间")
    row.get_by_label("星期").select_option(label="星期一")
    row.get_by_label("开门").fill("16:00")
    row.get_by_label("关门").fill("18:30")
    page.get_by_label("一句话介绍").fill("门口有棵老樟树")
    saved(page)
    assert page.title().startswith("错误")
    assert "重叠" in page.inner_text("main")
    typed = rows_of(page, "每周开放时间").filter(has=page.locator(".errorlist")).last
    assert [typed.get_by_label(label).input_value() for label in ("开门", "关门")] == ["16:00", "18:30"]
    assert page.get_by_label("一句话介绍").input_value() == "门口有棵老樟树"
    typed.get_by_label("开门").fill("18:00")
    saved(page)
    page.goto(f"{live_server.url}/homes/here/")
    assert "9:00–17:00" in page.inner_text("table.timetable")
    assert "18:00–18:30" in page.inner_text("table.timetable")
    assert "门口有棵老樟树" in page.inner_text("main")


def test_coordinates_without_their_map_are_refused(cast, desk, live_server):
    page = desk("officer")
    home = cast.homes["here"]
    home_form(page, live_server, home)
    page.get_by_label("经度").fill("112.996")
    saved(page)
    assert "请选这组数字是从哪里来的" in page.inner_text("main")
    assert page.get_by_label("经度").input_value() == "112.996"
    home.refresh_from_db()
    assert str(home.longitude) == "112.990000"
    page.get_by_label("坐标来源").select_option(label="高德、腾讯、微信（GCJ-02）")
    saved(page)
    home.refresh_from_db()
    assert 112.989 < home.longitude < 112.992  # GCJ-02 lies some 500 m to the east here


def test_a_photograph_from_a_telephone_loses_its_hidden_data(cast, desk, live_server):
    page = desk("officer", 360)
    home_form(page, live_server, cast.homes["here"])
    row = new_row(page, "照片")
    row.locator("input[type=file]").set_input_files(picture())
    row.get_by_label("图片说明").fill("门口的红灯笼")
    assert "已保存" in saved(page)
    page.goto(f"{live_server.url}/homes/here/")
    shown = page.get_by_role("img", name="门口的红灯笼")
    assert shown.evaluate("image => image.naturalWidth") > 0
    with urlopen(shown.evaluate("image => image.currentSrc")) as response:  # noqa: S310 - this machine
        content = response.read()
    image = Image.open(BytesIO(content))
    assert image.format == "WEBP"
    assert dict(image.getexif()) == {}
    assert "示例手机".encode() not in content


def test_a_holiday_is_entered_and_shown(cast, desk, live_server):
    page = desk("organiser", 360)
    home_form(page, live_server, cast.homes["here"])
    row = new_row(page, "特殊安排")
    row.get_by_label("从").fill("2099-02-05")
    row.get_by_label("到").fill("2099-02-11")
    row.get_by_label("原因").fill("春节")
    assert "已保存" in saved(page)
    page.goto(f"{live_server.url}/homes/here/")
    assert "2月5日到2月11日：不开放，春节" in page.inner_text("main")


def test_a_table_with_one_bad_row_writes_nothing_and_the_corrected_one_is_previewed(cast, desk, live_server):
    page = desk("district")
    rows = [["new-1", "新家一", "990100001001", "8:30-12:00"], ["new-2", "新家二", "990100001002", "12:00-8:30"]]
    upload(page, live_server, rows)
    problems = page.get_by_role("region", name="问题").inner_text()
    assert "第 3 行" in problems
    assert "星期一" in problems
    assert "关门时间要晚于开门时间" in problems
    assert not Home.objects.filter(slug__startswith="new-").exists()
    rows[1][3] = "8:30-12:00 14:00-17:00"
    upload(page, live_server, rows)
    assert "还没有写入" in page.inner_text("main")
    assert not Home.objects.filter(slug__startswith="new-").exists()
    pressed(page, "button", "确认导入")
    assert "新增 2 行" in page.inner_text(".messagelist")
    assert {home.status for home in Home.objects.filter(slug__startswith="new-")} == {Home.Status.PREPARING}


def upload(page, live_server, rows):
    page.goto(f"{live_server.url}/admin/homes/home/import/")
    content = workbook("家", ["网址代号", "名称", "区划代码", "星期一"], rows)
    page.get_by_label("Excel").set_input_files({"name": "家.xlsx", "mimeType": "", "buffer": content})
    pressed(page, "button", "上传")


def test_the_history_tells_who_changed_what_and_only_to_those_in_charge(cast, desk, live_server):
    page = desk("officer")
    home_form(page, live_server, cast.homes["here"])
    page.get_by_role("textbox", name="电话").fill("0731-00001 9")
    saved(page)
    pressed(page, "link", "修改记录")
    latest = page.locator(".row-history > li").first
    assert "金丝雀小陈" in latest.inner_text()
    row = latest.get_by_role("row", name="电话")
    assert row.get_by_role("cell").all_inner_texts() == ["0731-000011", "0731-00001 9"]
    address = page.url
    other = desk("next_door")
    for secret in (address, address.replace("history", "change"), address.replace("history", "preview")):
        other.goto(secret)
        assert "0731-00001" not in other.content()
        assert "金丝雀之家" not in other.inner_text("main")


def test_a_draft_is_previewed_published_and_seen_by_everybody_within_a_second(demo_of_its_own, open_page, log_in):
    """Two worker processes, each with its own memory."""
    role = "district"
    page = open_page()
    log_in(page, demo_of_its_own, role, DEMO_LOGINS[role][1])
    pressed(page, "link", "还没发布")
    pressed(page, "link", page.locator("#result_list tbody th a").first.inner_text())
    name, slug = page.get_by_role("textbox", name="名称").input_value(), page.get_by_label("网址代号").input_value()
    reader = open_page(360)
    reader.goto(f"{demo_of_its_own}/homes/{slug}/")
    assert "没有找到" in reader.title()
    pressed(page, "link", "预览草稿")
    assert "居民还看不到这一页" in page.inner_text("main")
    assert page.get_by_role("heading", level=1).inner_text() == name
    page.go_back()
    pressed(page, "link", "发布", exact=True)
    pressed(page, "button", "发布")
    assert "居民现在看得到了" in page.inner_text(".messagelist")
    time.sleep(IN_EVERY_WORKER)
    for _ in range(MANY):
        reader.goto(f"{demo_of_its_own}/homes/{slug}/")
        assert reader.get_by_role("heading", level=1).inner_text() == name
        with urlopen(f"{demo_of_its_own}{PAGES['site map']}") as response:  # noqa: S310 - this machine
            assert f"/homes/{slug}/" in response.read().decode()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_staff_pages_are_open_to_all(cast, desk, live_server, axe, fits, open_page, width):
    home = cast.homes["here"]
    page = open_page(width)
    page.goto(f"{live_server.url}/admin/")
    wrong = [f"login: {trouble}" for trouble in troubles(page, axe, fits)]
    page = desk("district", width)
    for path in ("", "homes/home/", f"homes/home/{home.pk}/change/", f"homes/home/{home.pk}/suspend/",
                 "homes/home/import/", "branches/user/"):  # fmt: skip
        page.goto(f"{live_server.url}/admin/{path}")
        wrong += [f"{path}: {trouble}" for trouble in troubles(page, axe, fits)]
        if path.endswith("change/"):
            page.get_by_label("经度").fill("999")
            saved(page)
            wrong += [f"{path} with errors: {trouble}" for trouble in troubles(page, axe, fits)]
            page.get_by_label("经度").fill("112.99")
            page.get_by_role("textbox", name="电话").fill("0731-00001 8")
            saved(page)
            pressed(page, "link", "修改记录")
            wrong += [f"history: {trouble}" for trouble in troubles(page, axe, fits)]
    assert wrong == []


def troubles(page, axe, fits):
    small = [f"{px:.1f} px: {where}" for px, _, where in measures.text_sizes(page) if px < 16]
    wide = [] if fits(page) else ["has to be scrolled sideways"]
    return axe(page) + small + wide + [f"target {where}" for where in measures.small_targets(page)]
