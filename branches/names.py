"""Names as people write them: what two spellings of one name have in common, and text without what cannot be seen."""

import re
import unicodedata

from branches.sealing import keyed_hash

INVISIBLE = {"Cc", "Cf", "Cs"}
# surnames of two characters
TWO = """欧阳 司马 上官 诸葛 夏侯 尉迟 皇甫 东方 公孙 令狐 宇文 长孙 慕容 司徒 司空 端木 南宫 万俟 澹台 单于 轩辕 独孤
申屠 闻人 赫连 钟离 淳于 濮阳 太史 西门"""
COMPOUND = frozenset(TWO.split())


def plain_name(name):
    """A name as two spellings of it are one: no blanks, no invisible marks, full-width letters as plain ones."""
    name = unicodedata.normalize("NFKC", name)
    return "".join(each for each in name if not each.isspace() and unicodedata.category(each) not in INVISIBLE)


def person_key(name, telephone):
    """One person wherever they appear: a keyed hash of the name and the digits of the telephone."""
    return keyed_hash(f"{plain_name(name)}:{re.sub('[^0-9]', '', telephone)}", "person")


def tidy(text):
    """Text without what cannot be seen, and with single blanks."""
    seen = (" " if each.isspace() else each for each in text)
    return " ".join("".join(each for each in seen if unicodedata.category(each) not in INVISIBLE).split())


def surname_of(name):
    """The first character of a Chinese name, or both of a surname of two; "" for no name."""
    name = plain_name(name)
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]
