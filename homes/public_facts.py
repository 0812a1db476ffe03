"""What must not stand in a public text about a home or a project, beside telephones and ID numbers: one's door."""

import re
import unicodedata

from django.core.exceptions import ValidationError

from branches.public_words import found_in

# 3单元501, 501室, 12栋3单元, 2-3-501: a building may be named, a stairway with a door or a flat may not
HOUSEHOLD = re.compile(
    r"\d{1,3}\s*单元\s*(?:第?\s*\d{1,2}\s*[层楼]\s*)?\d{1,4}"
    r"|(?<![\d.,])\d{3,4}\s*(?:室|房(?!间)|号房)"
    r"|(?<![\d.-])\d{1,3}\s*[-—–－]\s*\d{1,2}\s*[-—–－]\s*\d{3,4}(?![\d.-])"
    r"|\d{1,3}\s*[栋幢]\s*\d{3,4}(?!\s*[户人名元米平])"
)


def names_household(text):
    """The part of a public text that names somebody's flat, as it stands there; "" where none does."""
    found = HOUSEHOLD.search(unicodedata.normalize("NFKC", text))
    return found.group().strip() if found else ""


def no_person(text):
    """Refuse words that hold a telephone, an ID number or somebody's flat: a validator of forms and models."""
    found = found_in(text) or (["住户门牌"] if names_household(text) else [])
    if found:
        raise ValidationError(f"这里写了{'、'.join(found)}，请去掉：只写单位和事情，不写人。")
