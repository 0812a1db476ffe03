"""A secretary brings members in from Excel, without a script: template, refusal, preview, progress, done, out again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from branches import register_requests
from branches.models import AuditEntry, Member
from branches.register_scope import COLUMNS
from config.spreadsheet import read_rows, workbook

pytestmark = pytest.mark.both

GOOD = ("", "新示例", "1950", "1975-07-01", "金丝雀银龄支部", "金丝雀楼栋组", "金丝雀家园", "金丝雀3栋")
GOOD += ("示例机械厂", "示例机械厂党委", "19900009901", "金丝雀家园3栋402", "女儿 19900009902", "是", "")


def table(folder, *rows):
    path = folder / "党员.xlsx"
    path.write_bytes(workbook("党员名册", COLUMNS, rows))
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_register_comes_in_and_goes_out(live_server, cast, open_page, log_in, axe, fits, tmp_path, scripts):
    page = open_page(390, scripts=scripts)
    log_in(page, live_server.url, "secretary")
    page.goto(f"{live_server.url}/admin/branches/member/")
    page.get_by_role("link", name="从 Excel 导入").click()
    with page.expect_download() as template:
        page.get_by_role("link", name="下载空白模板").click()
    assert template.value.suggested_filename.startswith("党员名册模板")

    bad = [*GOOD[:-2], "也许", ""]
    page.set_input_files("input[type=file]", table(tmp_path, GOOD, bad))
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert")).to_contain_text("什么也没有写入")
    expect(page.get_by_role("row").filter(has_text="第 3 行").filter(has_text="需要上门")).to_be_visible()

    page.set_input_files("input[type=file]", table(tmp_path, GOOD))
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", name="预览：还没有写入")).to_be_visible()
    expect(page.get_by_text("新增 1 位，修改 0 位")).to_be_visible()
    assert fits(page)
    if scripts:
        assert axe(page) == []
    assert not Member.objects.filter(name="新示例").exists()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("已写好 1 行，一共 1 行")
    expect(page.get_by_text("正在核对")).to_be_hidden()
    if scripts:
        assert axe(page) == []
    assert Member.objects.get(name="新示例").memberships.get().status == "active"

    page.get_by_role("link", name="回列表").click()
    page.get_by_role("link", name="导出这张表").click()
    page.get_by_label("为什么要导出").fill("年终核对名册")
    with page.expect_download() as exported:
        page.get_by_role("button", name="导出").click()
    rows = read_rows(Path(exported.value.path()).read_bytes(), max_rows=100)
    assert "新示例" in [row.cells[1] for row in rows]
    assert AuditEntry.objects.get(action="export").reason == "年终核对名册"


@pytest.mark.django_db(transaction=True)
def test_many_leave_only_after_a_colleague_agreed(live_server, cast, open_page, log_in, axe, fits, monkeypatch):
    monkeypatch.setattr(register_requests, "ALONE", 2)
    secretary, colleague = open_page(390, scripts=False), open_page(1280)
    log_in(secretary, live_server.url, "secretary")
    secretary.goto(f"{live_server.url}/admin/branches/member/")
    secretary.get_by_role("link", name="导出这张表").click()
    secretary.get_by_label("为什么要导出").fill("年终核对名册")
    assert fits(secretary)
    secretary.get_by_role("button", name="请同事批准").click()
    expect(secretary.get_by_role("heading", name="等着同事批准")).to_be_visible()
    expect(secretary.get_by_text("金丝雀小陈")).to_be_visible()
    assert fits(secretary)

    log_in(colleague, live_server.url, "officer")
    colleague.get_by_role("link", name="导出申请等您看一看").click()
    colleague.locator("#result_list tbody th a").first.click()
    expect(colleague.get_by_role("heading", name="等您看一看")).to_be_visible()
    expect(colleague.get_by_text("年终核对名册").first).to_be_visible()
    assert axe(colleague) == []
    colleague.get_by_role("button", name="批准", exact=True).click()
    expect(colleague.get_by_text("批准了。")).to_be_visible()

    secretary.goto(f"{live_server.url}/admin/")
    secretary.get_by_role("link", name="导出批准了").click()
    secretary.locator("#result_list tbody th a").first.click()
    with secretary.expect_download() as exported:
        secretary.get_by_role("button", name="下载表格").click()
    rows = read_rows(Path(exported.value.path()).read_bytes(), max_rows=100)
    assert "金丝雀老人" in [row.cells[1] for row in rows]
    assert AuditEntry.objects.get(action="export").data["agreed"] == "officer"


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_takes_a_while_says_so(live_server, cast, open_page, log_in, tmp_path):
    page = open_page(390)
    log_in(page, live_server.url, "secretary")
    page.goto(f"{live_server.url}/admin/branches/member/import/")
    page.set_input_files("input[type=file]", table(tmp_path, GOOD))
    # held back, so that there is time to look
    page.evaluate("document.querySelector('form[data-working]').addEventListener('submit', e => e.preventDefault())")
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_have_text("正在核对，请等一等。")
    expect(page.get_by_role("button", name="上传")).to_have_attribute("aria-disabled", "true")
