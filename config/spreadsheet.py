"""Excel files in and out.

A workbook from outside is a zip of XML that anybody may have built: 106 KB of it can keep a reader busy for minutes. So
its directory is judged first, and it is read by a child process with little memory and little time, which hands back
plain text. What goes out holds text cells only: `=…` stays a text and is never calculated.

Run as a program (by itself, see `_read_elsewhere`), this file is that child.
"""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice, zip_longest
from pathlib import Path

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_UNPACKED = 30 * MEGABYTE
MAX_RATIO = 100  # unpacked to packed
MAX_MEMBERS = 200
MAX_COLUMNS = 60
SECONDS = 8  # of the processor; a full sheet of 5,000 rows needs two or three
MEMORY = 300 * MEGABYTE
OLD_OFFICE = b"\xd0\xcf\x11\xe0"

NOT_EXCEL = "这个文件不是 Excel 表格（.xlsx）。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再上传。"
OLD = "这是旧格式（.xls），或者加了密码。请另存为不加密的“Excel 工作簿（.xlsx）”再上传。"
MACROS = "这个表格里带有宏程序，不能上传。请另存为不带宏的“Excel 工作簿（.xlsx）”。"
SWOLLEN = "这个表格解开以后大得不正常，没有读。请把要导入的内容复制到新的模板里再上传。"
HEAVY = "文件超过 10 MB。请删掉图片和多余的内容再上传。"
BROKEN = "这个表格读不出来，可能损坏了。请把内容复制到新的模板里再上传。"
TOO_MANY = "一次最多导入 {limit} 行。请分成几个表格。"


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
        child = subprocess.run(  # noqa: S603 - this very file, with numbers for arguments
            [sys.executable, "-I", __file__, str(max_rows)],
            input=content,
            capture_output=True,
            timeout=6 * SECONDS,  # on a busy machine; what it may compute is limited in the child
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookError(SWOLLEN) from error
    if child.returncode:  # a negative number: stopped by its limits
        raise WorkbookError(SWOLLEN if child.returncode < 0 else BROKEN)
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise WorkbookError(answer["refused"])
    return answer["rows"]


def _child():
    """Read the workbook on standard input; print {"rows": [[number, [text, …]], …]} or {"refused": sentence}."""
    import resource  # noqa: PLC0415 - of the child alone

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    max_rows = int(sys.argv[1])
    content = sys.stdin.buffer.read()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith((".xml", ".rels")) and b"<!" in data.replace(b"<![CDATA[", b"").replace(b"<!--", b""):
                return {"refused": BROKEN}  # declarations of entities have no place in a workbook
            if name == "[Content_Types].xml" and b"macroEnabled" in data:
                return {"refused": MACROS}

    from openpyxl import load_workbook  # noqa: PLC0415 - only after the checks above

    sheet = load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    rows = []
    for number, cells in enumerate(islice(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 2 * max_rows + 2), 1):
        texts = [as_text(cell) for cell in cells]
        if any(texts):
            rows.append((number, texts))
        if len(rows) > max_rows + 1:
            return {"refused": TOO_MANY.format(limit=max_rows)}
    return {"rows": rows}


def as_text(value):
    """A cell as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
    return str(value).strip()


def workbook(title, headers, rows, notes=()):
    """Return the bytes of an .xlsx file: a sheet of text cells under a fixed heading, and a sheet that explains it.

    `notes` are rows of the second sheet. Characters that XML cannot hold are left out.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - half a second that only spreadsheets should pay

    book = Workbook(write_only=True)
    _fill(book.create_sheet(title), [headers, *rows])
    if notes:
        _fill(book.create_sheet("填写说明"), notes)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet, lines):
    """Write lines of values under a heading that stays in view."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    heading, body = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
    for style in (heading, body):
        style.number_format = "@"
        style.quotePrefix = True  # a text that begins with = stays a text when somebody edits the cell
    heading.font, heading.fill = Font(bold=True), PatternFill("solid", start_color="FBE9E3")
    heading.alignment = Alignment(wrap_text=True, vertical="top")
    lines = [[ILLEGAL_CHARACTERS_RE.sub("", str(value)) for value in line] for line in lines]
    sheet.freeze_panes = "B2"
    for place, texts in enumerate(zip_longest(*lines, fillvalue=""), 1):
        width = min(max(2 * max(map(len, texts)) + 2, 10), 44)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, line in enumerate(lines):
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type = "s"
            cell._style = (body if number else heading)._style
            cells.append(cell)
        sheet.append(cells)


if __name__ == "__main__":
    sys.path = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).parent]
    sys.stdout.write(json.dumps(_child()))
