"""The child process that opens a workbook from outside, with little memory and little time.

A program by itself: config/spreadsheet.py hands it the file on standard input and four numbers: the most rows, the most
columns, bytes of memory, seconds of the processor. It prints {"rows": [[number in Excel, [text, …]], …]}, the heading
being the first, or {"refused": "broken" | "macros" | "swollen" | "too many"}.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice


def read(content, max_rows, max_columns):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith((".xml", ".rels")) and b"<!" in data.replace(b"<![CDATA[", b"").replace(b"<!--", b""):
                return {"refused": "broken"}  # declarations of entities have no place in a workbook
            if name == "[Content_Types].xml" and b"macroEnabled" in data:
                return {"refused": "macros"}

    from openpyxl import load_workbook  # noqa: PLC0415 - after the limits are set

    sheet = load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    rows = []
    cells = sheet.iter_rows(max_col=max_columns, values_only=True)
    for number, values in enumerate(islice(cells, 2 * max_rows + 2), 1):
        texts = [as_text(value) for value in values]
        if any(texts):
            rows.append((number, texts))
        if len(rows) > max_rows + 1:
            return {"refused": "too many"}
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


def main():
    max_rows, max_columns, memory, seconds = (int(number) for number in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    content = sys.stdin.buffer.read()
    # openpyxl takes them where it finds them; texts are read without, and they take longer to load than all else
    sys.modules |= dict.fromkeys(("numpy", "PIL"))  # None stands for what is not there
    import openpyxl  # noqa: F401, PLC0415 - where it is missing, that is our fault and not the file's

    try:
        answer = read(content, max_rows, max_columns)
    except MemoryError:
        answer = {"refused": "swollen"}
    except Exception:  # whatever openpyxl makes of a file that is none
        answer = {"refused": "broken"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
