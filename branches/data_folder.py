"""A district's data folder: reading its tables, and saying in plain words where one of them is wrong.

Every problem names file, row and column. All problems of a file are gathered before the reading stops, so that whoever
keeps the folder can mend them in one go. docs/districts.md describes the files.
"""

import csv
import json
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

from branches.coordinates import parse_datum, to_wgs84

SHOWN = 20  # problems printed at once; more would scroll the first ones off the screen
FLAGS = {"yes": True, "no": False, "是": True, "否": False}


class DataError(Exception):
    """Something in the data folder is wrong, in sentences for the person who keeps it."""

    def __init__(self, problems):
        rest = len(problems) - SHOWN
        more = [f"……还有 {rest} 处，改好上面的再看。"] if rest > 0 else []
        super().__init__("\n".join([*problems[:SHOWN], *more]))


@dataclass
class Record:
    """One row of a table: its values, where it stands, and how to complain about it."""

    place: str
    values: dict
    problems: list = field(repr=False)

    def problem(self, column, sentence):
        self.problems.append(f"{self.place}的“{column}”：{sentence}")

    def has(self, column):
        """Whether the row says anything in this column."""
        return self.values.get(column) not in (None, "")

    def text(self, column):
        """The text of a column, without the blanks around it; "" where there is none."""
        value = self.values.get(column, "")
        if not isinstance(value, str):
            self.problem(column, "应当是文字，请加上引号。")
            return ""
        return value.strip()

    def required(self, column):
        value = self.text(column)
        if not value:
            self.problem(column, "不能空着。")
        return value

    def integer(self, column, default=0):
        if not self.has(column):
            return default
        try:
            return int(str(self.values[column]))
        except ValueError:
            self.problem(column, f"“{self.values[column]}”不是整数。")
            return default

    def day(self, column):
        """A date written 2023-04-21, or None where there is none or it is wrong."""
        value = self.values.get(column)
        if isinstance(value, date) or not value:
            return value or None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.problem(column, f"“{value}”不是日期，请写成 2023-04-21 这样。")
            return None

    def flag(self, column):
        """True or False; None where nothing is said."""
        value = self.values.get(column)
        if isinstance(value, bool) or value in (None, ""):
            return None if value == "" else value
        if str(value) not in FLAGS:
            self.problem(column, f"“{value}”看不懂，请写 yes 或 no。")
        return FLAGS.get(str(value))

    def one_of(self, column, choices, default=None):
        """The value of a Django choices class; `default` where the column is empty."""
        value = self.text(column) or default
        if value not in choices.values:
            self.problem(column, f"“{value or ''}”不在可选的值里：{'、'.join(choices.values)}。")
        return value

    def reference(self, column, known, what):
        """The object that `known` ({key: object}) holds under this column's key; None where empty or unknown."""
        key = self.text(column)
        if key and key not in known:
            self.problem(column, f"没有这个{what}：{key}。")
        return known.get(key)

    def position(self):
        """(longitude, latitude) in WGS-84 as six-place decimals; (None, None) where the row has no position."""
        if not self.has("longitude") and not self.has("latitude"):
            return None, None
        try:
            longitude, latitude = (float(self.values.get(name, "")) for name in ("longitude", "latitude"))
        except (TypeError, ValueError):
            self.problem("longitude、latitude", "经度和纬度要都是数字。")
            return None, None
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            self.problem("longitude、latitude", f"{longitude}，{latitude} 不在地球上，是不是把经度和纬度写反了？")
            return None, None
        try:
            point = to_wgs84(longitude, latitude, parse_datum(self.values.get("datum", "")))
        except ValueError as error:
            self.problem("datum", str(error))
            return None, None
        return tuple(Decimal(f"{degrees:.6f}") for degrees in point)


class Folder:
    """A data folder on disk."""

    def __init__(self, path):
        self.path = Path(path)
        self.problems = []
        if not self.path.is_dir():
            raise DataError([f"没有这个数据文件夹：{self.path}。"])

    def stop_on_problems(self):
        if self.problems:
            raise DataError(self.problems)

    def has(self, name):
        return (self.path / name).is_file()

    def csv(self, name, required, optional=(), *, key):
        """The rows of a CSV file with a header as `Record`s; no two may agree in all columns of `key`."""
        reader = csv.reader(StringIO(self._text(name), newline=""))
        header = [column.strip() for column in next(reader, [])]
        self._check_columns(f"{name} 第1行", header, required, optional)
        self.stop_on_problems()
        records = []
        for row in reader:
            place = f"{name} 第{reader.line_num}行"
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                self.problems.append(f"{place}：有 {len(row)} 栏，应当是 {len(header)} 栏。内容里有逗号的，要加引号。")
                continue
            records.append(Record(place, dict(zip(header, row, strict=True)), self.problems))
        self._check_distinct(records, key)
        return records

    def toml(self, name, table, required, optional=(), *, key):
        """The `[[table]]` entries of a TOML file as `Record`s; a file that is not there has none."""
        if not self.has(name):
            return []
        try:
            content = tomllib.loads(self._text(name))
        except tomllib.TOMLDecodeError as error:
            where = re.search(r"line (\d+), column (\d+)", str(error))
            place = f"第{where[1]}行第{where[2]}列附近" if where else "末尾"
            raise DataError(
                [f"{name} {place}：写法不对，从这里起读不下去。看看引号、括号、等号是不是写全了。"]
            ) from error
        for unknown in content.keys() - {table}:
            self.problems.append(f"{name}：不认识“{unknown}”，这里只放 [[{table}]]。")
        records = []
        entries = content.get(table, [])
        if not isinstance(entries, list) or not all(isinstance(values, dict) for values in entries):
            raise DataError([f"{name}：每一项要以 [[{table}]] 开头，方括号是两层。"])
        for number, values in enumerate(entries, start=1):
            place = f"{name} 第{number}个[[{table}]]（{values.get(key, '没有写 ' + key)}）"
            self._check_columns(place, values, required, optional)
            records.append(Record(place, values, self.problems))
        self._check_distinct(records, (key,))
        return records

    def nested(self, record, column, required, optional=()):
        """The small tables that a TOML record lists under `column`, e.g. facilities, as `Record`s."""
        rows = record.values.get(column, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            record.problem(column, "应当是一列 { … }。")
            return []
        records = [
            Record(f"{record.place}的{column}第{n}项", row, self.problems) for n, row in enumerate(rows, start=1)
        ]
        for inner in records:
            self._check_columns(inner.place, inner.values, required, optional)
        return records

    def json(self, name):
        """The content of a JSON file."""
        try:
            return json.loads(self._text(name))
        except json.JSONDecodeError as error:
            raise DataError([f"{name} 第{error.lineno}行第{error.colno}列附近：不是完整的 JSON。"]) from error

    def _text(self, name):
        try:
            return (self.path / name).read_text("utf-8-sig")  # Excel puts a mark at the start
        except FileNotFoundError as error:
            raise DataError([f"数据文件夹 {self.path} 里缺少 {name}。"]) from error
        except UnicodeDecodeError as error:
            raise DataError([f"{name} 不是 UTF-8 编码。请用“另存为 CSV UTF-8”再存一次。"]) from error

    def _check_columns(self, place, columns, required, optional):
        columns = list(columns)
        self.problems.extend(f"{place}：缺少“{column}”。" for column in required if column not in columns)
        known = {*required, *optional}
        self.problems.extend(f"{place}：不认识“{column}”。" for column in columns if column not in known)

    def _check_distinct(self, records, key):
        first = {}
        for record in records:
            value = tuple(record.values.get(column) for column in key)
            if value in first:
                record.problem("、".join(key), f"和{first[value]}重复了。")
            first.setdefault(value, record.place)
