"""What must not stand in a public text about a home or a project, beside telephones and ID numbers: one's door."""

import re
import unicodedata

from django.core.exceptions import ValidationError

from branches.public_words import SPELLED, found_in
from branches.transitions import IllegalTransition, told

UNTIL_BUILDING = "请写到小区或楼栋为止。"
DASH = r"\s*[-—–－/#]\s*"
# a number of three or four digits that is no count, sum, size, year: the number of a door
DOOR = r"\d{3,4}(?!\d|\s*[-./,%a-zA-Z户人名位元米平部台万亿年月日个多余来十百千])"
# 3单元501, 501室, 12栋501, 2-3-501, 5楼东户: a building or a stairway may be named, a flat may not
HOUSEHOLD = re.compile(
    rf"\d{{1,3}}\s*单元[\s—-]*(?:第?\s*\d{{1,2}}\s*[层楼]\s*)?(?:{DOOR}|\d{{1,2}}\s*[号室](?!楼))"
    r"|\d{1,3}\s*单元\s*第?\s*\d{1,2}\s*[层楼]\s*(?:住户|那户|人家|的?[东西左右])"
    r"|\d{1,2}\s*[层楼]\s*[东西南北中左右]\s*[户门]"
    r"|(?<![\d.,])\d{3,4}\s*(?:室(?![内外])|号?房(?![间屋改产东子]))"
    rf"|(?<![\d.,/:-])\d{{1,3}}{DASH}\d{{1,2}}{DASH}\d{{3,4}}(?![\d.-])"
    rf"|(?<![\d.,/:-])\d{{1,2}}{DASH}(?!(?:19|20)\d\d){DOOR}"
    rf"|(?:\d{{1,3}}|[A-Za-z])\s*(?:[栋幢座]|号楼|#\s*楼)[\s—-]*{DOOR}"
)


def names_household(text):
    """The part of a public text that names somebody's flat, in whatever digits; "" where none does."""
    text = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    found = HOUSEHOLD.search(text.translate(SPELLED))
    return text[found.start() : found.end()].strip() if found else ""


def refused(text):
    """Why everybody may not read this text, in a sentence that says what to take out; "" where they may."""
    if flat := names_household(text):
        return f"这里人人都能看，不能写“{flat}”。{UNTIL_BUILDING}"
    if found := found_in(text):
        return f"这里人人都能看，不能写{'、'.join(found)}。"
    return ""


def refuse(*texts):
    """IllegalTransition for the first of these that everybody may not read."""
    for text in texts:
        if why := refused(text):
            raise IllegalTransition(why)


def told_in_public(reason):
    """A reason that everybody may read, cleaned."""
    reason = told(reason)
    refuse(reason)
    return reason


def no_person(text):
    """Refuse words that hold a telephone, an ID number or somebody's flat: a validator of forms and models."""
    found = found_in(text) or (["住户门牌"] if names_household(text) else [])
    if found:
        raise ValidationError(f"这里写了{'、'.join(found)}，请去掉：只写单位和事情，不写人。")
