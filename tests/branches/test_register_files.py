"""Files that nobody should send, through the very page: refused in words, nothing written, nothing broken."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from branches.admin import register_sheet
from branches.sealing import unseal
from config import spreadsheet
from tests.branches.register_sheets import IMPORT, NEW, sheet, snapshot, upload

FIRST_SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"
MACRO_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
)


@pytest.fixture
def secretary(cast, client_of):
    return client_of(cast.secretary)


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


BOMB_ROWS = "<row/>" * 4_000_000
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>1</t></is></c></row>'


def hostile(name, data):
    """A good sheet with one part of the file put in, or put in the place of what was there."""
    buffer = BytesIO()
    with zipfile.ZipFile(sheet(NEW)) as good, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bad:
        for member in good.namelist():
            if member != name:
                bad.writestr(member, good.read(member))
        bad.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("part", "data", "sentence"),
    [
        (FIRST_SHEET, HEAD + BOMB_ROWS + TAIL, spreadsheet.SWOLLEN),
        ("xl/media/zeros.png", b"\0" * 20_000_000, spreadsheet.SWOLLEN),
        ("xl/workbook.xml", ENTITIES, spreadsheet.BROKEN),
        (FIRST_SHEET, OUTSIDE, spreadsheet.BROKEN),
        (FIRST_SHEET, HEAD + "<row><c", spreadsheet.BROKEN),
        (FIRST_SHEET, HEAD + FAR + TAIL, "表格是空的"),
        ("xl/vbaProject.bin", b"macro", spreadsheet.MACROS),
        ("[Content_Types].xml", MACRO_TYPES, spreadsheet.MACROS),
    ],
    ids=["empty-rows", "zeros", "entity-bomb", "entity-outside", "malformed", "last-cell", "macro", "xlsm"],
)
def test_a_hostile_file_is_refused_in_words_and_writes_nothing(secretary, part, data, sentence):
    before = snapshot()
    answer = secretary.post(IMPORT, {"file": SimpleUploadedFile("党员.xlsx", hostile(part, data))})
    assert answer.status_code == 200
    assert sentence in str(answer.context["form"].errors["file"])
    assert "ticket" not in answer.context
    assert snapshot() == before


def test_one_row_more_than_there_may_be_is_told_with_the_number(secretary, monkeypatch):
    monkeypatch.setattr(register_sheet, "MAX_ROWS", 3)
    rows = [NEW | {"姓名": f"新示例{number}", "电话": f"1990000{number:04d}"} for number in range(4)]
    assert "一次最多导入 3 行" in str(upload(secretary, *rows).context["form"].errors["file"])
    assert len(upload(secretary, *rows[:3]).context["plan"].new) == 3


def test_a_reader_that_cannot_work_is_our_fault_and_says_so(secretary, monkeypatch):
    monkeypatch.setattr(spreadsheet, "READER", "import no_such_module")
    answer = upload(secretary, NEW)
    assert "不是您的表格有问题" in str(answer.context["form"].errors["file"])
