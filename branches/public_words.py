"""What may not stand in a public text: a telephone, an ID number, somebody's name, however it is written there."""

import re
import unicodedata

from branches.telephones import LEAST, numbers_in

DIGITS = ("〇零○oO", "一壹幺lI", "二贰貳两", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
SPELLED = {ord(each): str(digit) for digit, spellings in enumerate(DIGITS) for each in spellings}
IDENTITY_LENGTH = 18
GAP = re.compile(r"(?<=\d)[\W_]{1,4}(?=[\dXx])")  # what people put between the digits of one number
BLANK = re.compile(r"(?<=\d)[\s().-]{1,3}(?=\d)")  # the same, where 、 or ， would be a list of short numbers
LANDLINE = re.compile(r"(?<!\d)0\d{9,11}(?!\d)")
MOBILE = re.compile(r"1[3-9]\d{9}")
IDENTITY = re.compile(r"\d{17}[\dXx]")
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-./]?)(?:0?[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01]|[1-9])(?!\d)")
CLOCK = re.compile(r"(?<!\d)[0-2]?\d:[0-5]\d(?!\d)")
AMOUNT = re.compile(r"(?<![\d,.])\d[\d,]*(?:\.\d{1,2})?\s?[元万亿]")
TITLES = ("先生", "女士", "同志", "老师", "师傅", "爷爷", "奶奶", "阿姨", "叔叔", "大爷", "大妈", "伯伯")
TELEPHONE_FOUND, IDENTITY_FOUND, NAME_FOUND, EMAIL_FOUND = "电话号码", "身份证号码", "写信人的名字", "写信人的邮箱"


def found_in(text, *, names=(), email=""):
    """What of this has to go before everybody may read the text, in words; [] where nothing has to."""
    plain = _plain(text)
    spelled = GAP.sub("", plain.translate(SPELLED))
    dated = AMOUNT.sub("元", CLOCK.sub("时", DATE.sub("日", plain)))
    numbers = [_digits(number) for number in numbers_in(BLANK.sub("", dated.translate(SPELLED)))]
    found = []
    is_long = any(LEAST <= len(number) < IDENTITY_LENGTH for number in numbers)
    if is_long or MOBILE.search(spelled) or LANDLINE.search(spelled):
        found.append(TELEPHONE_FOUND)
    if IDENTITY.search(spelled):
        found.append(IDENTITY_FOUND)
    if any(name in _letters(text) for name in map(_called, names) if name):
        found.append(NAME_FOUND)
    if email and email.casefold() in _without_blanks(plain):
        found.append(EMAIL_FOUND)
    return found


def _plain(text):
    """Full-width and other shapes as the usual ones; nothing that cannot be seen."""
    text = unicodedata.normalize("NFKC", text)
    seen = (each for each in text if unicodedata.category(each) not in ("Cf", "Mn", "Me"))
    return "".join(str(unicodedata.decimal(each, each)) for each in seen)


def _digits(number):
    return re.sub(r"\D", "", number)


def _letters(text):
    """Only letters and digits: a name is a name with blanks, points and brackets in it."""
    return "".join(each for each in _plain(text).casefold() if each.isalnum())


def _called(name):
    """The name without 先生 and the like; "" where one character is left, which stands in every other text."""
    name = _letters(name)
    for title in TITLES:
        name = name.removesuffix(title)
    return name if len(name) > 1 else ""


def _without_blanks(text):
    return "".join(text.casefold().split())
