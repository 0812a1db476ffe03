"""config/spreadsheet.py: hostile workbooks are refused in words, quickly; what goes out comes back the same."""

import zipfile
from datetime import date, datetime, time
from hashlib import shake_256
from io import BytesIO

import pytest
from openpyxl import Workbook

from config import spreadsheet
from config.spreadsheet import WorkbookError, read_rows, workbook
from config.spreadsheet_reader import as_text


def saved(book):
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def plain(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def packed(content, name, data, *, compress=zipfile.ZIP_DEFLATED):
    """A workbook with one member put in, or put in the place of another."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", compress) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, data)
    return buffer.getvalue()


MIDNIGHT = datetime(2026, 1, 2)  # noqa: DTZ001 - a cell of Excel has no time zone
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def sheet(rows):
    return packed(plain(["甲"]), SHEET, HEAD + rows + TAIL)


def refusal(content, max_rows=100):
    with pytest.raises(WorkbookError) as refused:
        read_rows(content, max_rows=max_rows)
    return str(refused.value)


def test_rows_come_with_their_numbers_and_as_text():
    content = plain(["甲", "乙"], [1, 2.5], [], [True, date(2026, 10, 1)], [time(8, 30), " 丙 "])
    rows = [(row.number, row.cells[:2]) for row in read_rows(content, max_rows=10)]
    assert rows == [
        (1, ["甲", "乙"]),
        (2, ["1", "2.5"]),
        (4, ["是", "2026-10-01"]),
        (5, ["08:30", "丙"]),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (73188888888.0, "73188888888"), (112.987654, "112.987654"), (MIDNIGHT, "2026-01-02")],
)
def test_numbers_read_as_people_write_them(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize("value", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", "\rx", "0731", "中文"])
def test_what_goes_out_is_text_and_comes_back_the_same(value):
    content = workbook("表", ["甲"], [[value]])
    assert [row.cells[0] for row in read_rows(content, max_rows=5)] == ["甲", value.strip()]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "<f>" not in archive.read(SHEET).decode()  # no formula anywhere


def test_characters_that_xml_cannot_hold_are_left_out():
    content = workbook("表", ["甲"], [["a\0b\x1f"]], [["说明"]])
    assert read_rows(content, max_rows=5)[1].cells[0] == "ab"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", spreadsheet.NOT_EXCEL),
        (b"name,slug\na,b\n", spreadsheet.NOT_EXCEL),
        (b"PK\x03\x04 cut", spreadsheet.NOT_EXCEL),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, spreadsheet.OLD),
        (b"PK" + b"\0" * spreadsheet.MAX_BYTES, spreadsheet.HEAVY),
        (packed(plain(["甲"]), "xl/vbaProject.bin", b"macro"), spreadsheet.MACROS),
        (packed(plain(["甲"]), "xl/workbook.xml", "<broken"), spreadsheet.BROKEN),
        (packed(plain(["甲"]), "xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), spreadsheet.BROKEN),
        (packed(plain(["甲"]), "xl/media/zeros", b"\0" * 5_000_000), spreadsheet.SWOLLEN),
    ],
    ids=["empty", "csv", "cut", "old", "heavy", "macro", "malformed", "entity", "zip-bomb"],
)
def test_what_is_no_plain_workbook_is_refused_in_words(content, sentence):
    assert refusal(content) == sentence


def test_a_zip_of_something_else_is_no_workbook():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(buffer.getvalue()) == spreadsheet.NOT_EXCEL


def test_a_thousand_members_are_too_many():
    buffer = BytesIO(plain(["甲"]))
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(spreadsheet.MAX_MEMBERS):
            archive.writestr(f"xl/x{number}", "x")
    assert refusal(buffer.getvalue()) == spreadsheet.SWOLLEN


def test_one_row_too_many_is_refused():
    content = plain(["甲"], *([number] for number in range(101)))
    assert refusal(content, max_rows=100) == spreadsheet.TOO_MANY.format(limit=100)
    assert len(read_rows(content, max_rows=101)) == 102


def test_the_size_a_file_claims_is_not_believed():
    claimed = HEAD.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>'
    content = packed(plain(["x"]), SHEET, claimed + row + TAIL)
    assert [row.cells[0] for row in read_rows(content, max_rows=5)] == ["甲"]


def test_the_last_cell_of_excel_is_not_reached():
    row = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>CANARY</t></is></c></row>'
    assert read_rows(sheet(row), max_rows=5) == []


def test_millions_of_empty_rows_are_not_walked_through():
    """106 KB that kept a plain reader busy for 75 seconds; here the directory gives it away."""
    assert refusal(sheet("<row/>" * 6_000_000)) == spreadsheet.SWOLLEN


def test_a_reader_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(spreadsheet, "READER", "while True: pass")
    monkeypatch.setattr(spreadsheet, "SECONDS", 0.2)
    assert refusal(plain(["甲"])) == spreadsheet.SWOLLEN


def test_a_reader_that_dies_takes_nobody_along(monkeypatch):
    monkeypatch.setattr(spreadsheet, "READER", "import os; os.kill(os.getpid(), 9)")
    assert refusal(plain(["甲"])) == spreadsheet.SWOLLEN


def test_a_reader_that_runs_out_of_memory_says_so(monkeypatch):
    # 25 MB that are packed to three
    noise = b"".join(shake_256(bytes([number])).digest(16_384) * 8 for number in range(190))
    monkeypatch.setattr(spreadsheet, "MEMORY", 45 * spreadsheet.MEGABYTE)
    assert refusal(packed(plain(["甲"]), "xl/media/noise", noise)) == spreadsheet.SWOLLEN


def test_a_reader_that_fails_does_not_blame_the_workbook(monkeypatch, caplog):
    monkeypatch.setattr(spreadsheet, "READER", "import no_such_module")
    assert refusal(plain(["甲"])) == spreadsheet.FAILED
    assert "no_such_module" in caplog.text


def test_the_reader_is_the_one_this_process_began_with(monkeypatch, tmp_path):
    """Uploads failed while a new version was being put in place: half of it was there already, half not yet."""
    changed = tmp_path / "spreadsheet.py"
    changed.write_text("<<<<<<< half of a merge")
    changed.with_name("spreadsheet_reader.py").write_text("<<<<<<< half of a merge")
    monkeypatch.setattr(spreadsheet, "__file__", str(changed))
    assert [row.cells[0] for row in read_rows(plain(["甲"]), max_rows=5)] == ["甲"]
