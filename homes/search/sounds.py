"""How words are compared: by their characters, by how they sound (pinyin without tones), by their initials."""

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin import lazy_pinyin
from pypinyin.pinyin_dict import pinyin_dict

TONED = re.compile(r"(?:[a-z]+[1-5])+")  # hua1gu3
VOWEL = re.compile("[aeiou]")
LETTERS = re.compile(r"[a-z]+")
HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
WAYS = 4  # in which one word may be read: xian is 先, or 西安
LONGEST = 6  # letters of a syllable: zhuang
INITIALS = ("zh", "ch", "sh")  # are typed as two letters by some
# what people of Changsha hear as the same; a suggestion goes by it, never a hit
ALIKE = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"^hu(?=[aeio])"), "f"), (re.compile(r"^hu"), "fu"),
         (re.compile(r"^[nr](?=.)"), "l"), (re.compile(r"ng$"), "n"))  # fmt: skip


def plain(text):
    """Full-width letters narrowed, capitals lowered; runs of letters, digits and characters apart by one space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(each if each.isalnum() else " " for each in folded).split())


def toneless(text):
    """Pinyin without tones: huā gǔ, hua1gu3 and lǜ become hua gu, huagu and lu; what is no pinyin stays."""
    letters = [each for each in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(each)]
    text = unicodedata.normalize("NFC", "".join(letters))
    return TONED.sub(lambda word: re.sub("[1-5]", "", word[0]), text)


def is_latin(word):
    return LETTERS.fullmatch(word) is not None


def has_han(word):
    return HAN.search(word) is not None


@lru_cache(2000)
def syllables(text):
    """How a text sounds, one syllable a character; what is not Chinese stands for itself."""
    return tuple(each.replace("v", "u") if len(each) > 1 else each for each in lazy_pinyin(text, errors=list))


def alike(syllable):
    """The syllable as those write it who do not tell zh from z, n from l, h from f, ng from n."""
    for sound, same in ALIKE:
        syllable = sound.sub(same, syllable)
    return syllable


@cache
def known():
    """(every syllable, everything that one begins with)."""
    found = {toneless(each).replace("v", "u") for given in pinyin_dict.values() for each in given.split(",")}
    whole = {each for each in found if is_latin(each) and (each in "aoe" or (len(each) > 1 and VOWEL.search(each)))}
    return whole, {each[:end] for each in whole for end in range(1, len(each) + 1)}


def readings(letters):
    """The ways to read typed letters as syllables: [[(syllable, is it whole)]], those of fewest parts first.

    The last part may be on its way (huag), and any part may be an initial alone (tianxg).
    """
    whole, begun = known()
    letters = letters.replace("v", "u")
    best = [[] for _ in range(len(letters) + 1)]  # the ways to read the letters up to here
    best[0] = [[]]
    for start in range(len(letters)):
        for end in range(start + 1, min(start + LONGEST, len(letters)) + 1):
            part = letters[start:end]
            if part in whole:
                found = (part, True)
            elif part in begun and (end == len(letters) or len(part) == 1 or part in INITIALS):
                found = (part, False)
            else:
                continue
            best[end] = sorted([*best[end], *([*way, found] for way in best[start])], key=_cost)[:WAYS]
    return best[-1]


def _cost(way):
    return len(way) + 2 * sum(not whole for _, whole in way)
