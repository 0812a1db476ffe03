"""Excel files in and out.

A workbook from outside is a zip of XML that anybody may have built: 106 KB of it can keep a reader busy for minutes. So
its directory is judged first, and it is read by a child process with little memory and little time, which hands back
plain text (config/spreadsheet_reader.py). What goes out holds text cells, besides amounts of money: `=…` stays a text
and is never calculated, neither in Excel's own format nor in CSV.
"""

import csv
import json
import logging
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import zip_longest
from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_UNPACKED = 30 * MEGABYTE
MAX_RATIO = 100  # unpacked to packed
MAX_MEMBERS = 200
MAX_COLUMNS = 60
SECONDS = 8  # of the processor; a full sheet of 10,000 rows needs three or four
MEMORY = 300 * MEGABYTE
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # how one begins, also as a Chinese keyboard writes it
OLD_OFFICE = b"\xd0\xcf\x11\xe0"

NOT_EXCEL = "这个文件不是 Excel 表格（.xlsx）。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再上传。"
OLD = "这是旧格式（.xls），或者加了密码。请另存为不加密的“Excel 工作簿（.xlsx）”再上传。"
MACROS = "这个表格里带有宏程序，不能上传。请另存为不带宏的“Excel 工作簿（.xlsx）”。"
SWOLLEN = "这个表格解开以后大得不正常，没有读。请把要导入的内容复制到新的模板里再上传。"
HEAVY = "文件超过 10 MB。请删掉图片和多余的内容再上传。"
BROKEN = "这个表格读不出来，可能损坏了。请把内容复制到新的模板里再上传。"
TOO_MANY = "一次最多导入 {limit} 行。请分成几个表格。"
FAILED = "网站这会儿读不了表格，不是您的表格有问题。请过几分钟再传一次；还是不行，请告诉区里的管理员。"
REFUSALS = {"broken": BROKEN, "macros": MACROS, "swollen": SWOLLEN, "too many": TOO_MANY}

# The child runs what this process has loaded, not what stands on disk by then: while a new version is being put in
# place the two would not understand each other, and somebody's good workbook would be called broken.
READER = Path(__file__).with_name("spreadsheet_reader.py").read_text(encoding="utf-8")

logger = logging.getLogger(__name__)


class WorkbookError(Exception):
    """The file is not read. The text is meant for the person who sent it."""


@dataclass(frozen=True)
class Row:
    """A row that has something in it: its number as Excel shows it, and its cells as text."""

    number: int
    cells: list[str]


def read_rows(content, *, max_rows):
    """Return the `Row`s of the first sheet of an .xlsx file given as bytes, the heading row included.

    Raises `WorkbookError` for anything that is not a plain workbook of at most `max_rows` rows below its heading.
    """
    _judge(content)
    return [Row(number, cells) for number, cells in _read_elsewhere(content, max_rows)]


def _judge(content):
    """Look at the zip directory without unpacking anything."""
    if len(content) > MAX_BYTES:
        raise WorkbookError(HEAVY)
    if content.startswith(OLD_OFFICE):
        raise WorkbookError(OLD)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise WorkbookError(NOT_EXCEL) from error
    names = {member.filename for member in members}
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(content):
        raise WorkbookError(SWOLLEN)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookError(MACROS)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise WorkbookError(NOT_EXCEL)


def _read_elsewhere(content, max_rows):
    try:
        child = subprocess.run(  # noqa: S603 - our own program, with numbers for arguments
            [sys.executable, "-I", "-c", READER, str(max_rows), str(MAX_COLUMNS), str(MEMORY), str(SECONDS)],
            input=content,
            capture_output=True,
            timeout=6 * SECONDS,  # on a busy machine; what it may compute is limited in the child
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookError(SWOLLEN) from error
    if child.returncode < 0:  # stopped by its limits
        raise WorkbookError(SWOLLEN)
    if child.returncode:  # not the file's fault: the reader answers for every file, however broken
        logger.error("The reader of workbooks failed: %s", child.stderr.decode(errors="replace")[-1000:])
        raise WorkbookError(FAILED)
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise WorkbookError(REFUSALS[answer["refused"]].format(limit=max_rows))
    return answer["rows"]


def workbook(title, headers, rows, notes=()):
    """Return the bytes of an .xlsx file: a sheet of text cells under a fixed heading, and a sheet that explains it.

    `notes` are rows of the second sheet. Characters that XML cannot hold are left out.
    """
    return workbook_of([(title, [headers, *rows]), *([("填写说明", notes)] if notes else [])])


def workbook_of(sheets):
    """The bytes of an .xlsx file of these sheets: [(title, lines)], the first line of each its heading.

    A Decimal is an amount of money: a number with two places. All else is text.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - half a second that only spreadsheets should pay

    book = Workbook(write_only=True)
    for title, lines in sheets:
        _fill(book.create_sheet(title), lines)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet, lines):
    """Write lines of values under a heading that stays in view."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    heading, body, amount = WriteOnlyCell(sheet), WriteOnlyCell(sheet), WriteOnlyCell(sheet)
    for style in (heading, body):
        style.number_format = "@"
        style.quotePrefix = True  # a text that begins with = stays a text when somebody edits the cell
    heading.font, heading.fill = Font(bold=True), PatternFill("solid", start_color="FBE9E3")
    heading.alignment = Alignment(wrap_text=True, vertical="top")
    amount.number_format = "#,##0.00"
    lines = [
        [value if isinstance(value, Decimal) else ILLEGAL_CHARACTERS_RE.sub("", str(value)) for value in line]
        for line in lines
    ]
    sheet.freeze_panes = "B2"
    for place, values in enumerate(zip_longest(*lines, fillvalue=""), 1):
        width = min(max(2 * max(len(str(value)) for value in values) + 2, 10), 44)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, line in enumerate(lines):
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, Decimal):
                cell._style = amount._style
            else:
                cell.data_type = "s"
                cell._style = (body if number else heading)._style
            cells.append(cell)
        sheet.append(cells)


def csv_of(lines):
    """The bytes of a .csv file that Excel opens as it is: it knows UTF-8 by its mark, and calculates nothing."""
    text = StringIO()
    csv.writer(text).writerows([_harmless(str(value)) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _harmless(text):
    """A text that a spreadsheet would take for a formula, marked as a text."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def download(content, name):
    """A workbook as an answer, to be saved under `name`; stored nowhere on the way."""
    headers = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
