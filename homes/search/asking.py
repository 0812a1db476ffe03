"""A question to the index: which entries have all of its words, and in which order they are told.

A word may stand in a name, in a text, or be typed as it sounds; names come first, then how they sound, then texts.
Where nothing has the words as they were typed, what sounds the same is looked for, then the pieces of one long word,
and at last what is nearest.
"""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, reduce
from itertools import pairwise
from operator import and_, or_
from typing import NamedTuple

from django.db.models import Case, F, IntegerField, Q, When
from django.db.models.functions import Greatest

from homes.models import SearchEntry
from homes.models.search import TEXTS_MOST, by_index
from homes.search import tokens
from homes.search.sounds import LETTERS, WAYS, alike, has_han, is_latin, known, plain, readings, syllables, toneless

LONGEST, WORDS_MOST = 60, 6  # characters of a question, and words
MANY = TEXTS_MOST  # with so many named so, texts are not looked at; with so many in all, perhaps not all texts
INITIALS_LONGEST = 12
NEAR_AMONG, NEAR_ENOUGH = 300, 0.5
PIECE = re.compile(r"[a-z]+|.")
# without the text, which would have to be read of every row that is put in order
SHOWN = ("kind", "object_id", "order", "title", "address", "place", "note", "starts_at", "over_at", "is_sample")

EXACT, BEGINS, HAS, SOUND_BEGINS, SOUND_HAS, TEXT = range(6)  # in what order entries are told


class Way(NamedTuple):
    """One way in which an entry may have a word: in a name or in its text, by which pieces, in which column."""

    named: bool
    asked: tokens.Asked
    stands: Q
    level: tuple = ()  # ((condition, level), …), the best first


@dataclass(frozen=True)
class Word:
    """One word of a question. `heard`: it counts how it sounds, whatever it is written with. `ends`: it is complete."""

    text: str
    heard: bool = False
    ends: bool = True

    @cached_property
    def letters(self):
        return toneless(self.text)

    @cached_property
    def readings(self):
        """How it may sound; nothing where it is written in characters alone, unless they count as heard."""
        if len(self.letters) == 1 or not (self.heard or LETTERS.search(self.letters)):
            return []
        ways = [[]]
        for piece in PIECE.findall(self.letters):
            parts = readings(piece) if is_latin(piece) else [[(each, True)] for each in syllables(piece)]
            ways = [[*way, *part] for way in ways for part in parts]
        if not self.ends:
            ways = [[*way[:-1], (way[-1][0], False)] for way in ways]
        return ways[:WAYS]

    @cached_property
    def ways(self):
        found = [] if self.heard and has_han(self.text) else list(self._as_typed())
        found += [way for reading in self.readings for way in self._by_sound(reading)]
        if is_latin(self.letters) and 1 < len(self.letters) <= INITIALS_LONGEST:
            stands = Q(initials__contains=self.letters)
            level = ((Q(initials__contains=f"\n{self.letters}"), SOUND_BEGINS), (stands, SOUND_HAS))
            found.append(Way(True, tokens.initials_asked(self.letters), stands, level))
        return found

    def _as_typed(self):
        stands = Q(names__contains=self.text)
        yield Way(True, tokens.text_asked("n", self.text), stands, ((stands, HAS),))
        yield Way(False, tokens.text_asked("b", self.text), Q(words__contains=self.text))

    @staticmethod
    def _by_sound(reading):
        pattern = "".join(f"|{part}{'' if whole else '%'}" for part, whole in reading)
        pattern = f"{pattern}|%" if reading[-1][1] else pattern
        stands = Q(pinyin__like=f"%{pattern}")
        level = ((Q(pinyin__like=f"%\n{pattern}"), SOUND_BEGINS), (stands, SOUND_HAS))
        yield Way(True, tokens.sounds_asked("p", reading), stands, level)
        if all(whole for _, whole in reading[:-1]):
            yield Way(False, tokens.sounds_asked("q", reading), Q(sounds__like=f"%{pattern}"))

    @property
    def level(self):
        whens = [When(condition, then=level) for way in self.ways for condition, level in way.level]
        return Case(*whens, default=TEXT, output_field=IntegerField())


@dataclass(frozen=True)
class Question:
    """Words that must all be there."""

    words: tuple

    @cached_property
    def asked(self):
        return tokens.all_of(tokens.any_of(way.asked for way in word.ways) for word in self.words)

    @cached_property
    def asked_of_names(self):
        ways = [[way.asked for way in word.ways if way.named] for word in self.words]
        return tokens.all_of(map(tokens.any_of, ways))

    def stands(self, named):
        """Where pieces alone do not tell: those of three characters may stand apart from each other.

        `named`: in a name. A database that is not asked about texts need not fetch them.
        """
        long = [word for word in self.words if len(word.text) > 2 or word.heard]
        ways = ([way.stands for way in word.ways if way.named or not named] for word in long)
        return reduce(and_, (reduce(or_, each) for each in ways), Q())

    @property
    def level(self):
        whole = "".join(word.text for word in self.words)
        each = [word.level for word in self.words]
        return Case(
            When(names__contains=f"\n{whole}\n", then=EXACT),
            When(names__contains=f"\n{whole}", then=BEGINS),
            default=Greatest(*each) if len(each) > 1 else each[0],
            output_field=IntegerField(),
        )

    @property
    def has_pieces(self):
        """Whether any entry has the pieces of all words: most that are tried after the first have none."""
        with by_index():
            return SearchEntry.objects.filter(tokens__written=self.asked).exists()

    def keys(self, now, kind=""):
        """[(key, kind)] in order: what is named so, and where that is not many, the newest with it in their texts."""
        with by_index():
            found = list(self._in_order(self._named(now, kind), now).values_list("pk", "kind"))
            if len(found) < MANY:
                asked = Q(tokens__newest_written=self._of_kind(self.asked, kind))
                texts = self._in_order(self._shown(now).filter(asked, self.stands(named=False)), now)
                known_already = set(found)
                found += [row for row in texts.values_list("pk", "kind") if row not in known_already]
            return found

    def named(self, now):
        """Entries in order with all of the words in their names, or one sounding so."""
        return self._in_order(self._named(now), now).only(*SHOWN)

    def _named(self, now, kind=""):
        asked = Q(tokens__written=self._of_kind(self.asked_of_names, kind))
        return self._shown(now).filter(asked, self.stands(named=True))

    @staticmethod
    def _shown(now):
        return SearchEntry.objects.order_by().filter(shown(now))

    @staticmethod
    def _of_kind(asked, kind):
        return tokens.all_of([asked, tokens.of_kind(kind)]) if kind else asked

    def _in_order(self, entries, now):
        """The best first: names before texts, what is to come (the next first) before what was (the last first)."""
        past = Case(When(over_at__lte=now, then=1), default=0, output_field=IntegerField())
        soon = Case(When(over_at__gt=now, then=F("starts_at")))
        rows = entries.annotate(level=self.level, past=past, soon=soon)
        order = ("level", "past", "order", "is_sample", F("soon").asc(nulls_last=True))
        return rows.order_by(*order, F("starts_at").desc(nulls_last=True), "object_id")


def shown(now):
    """Those whose time has not run out."""
    return Q(shown_until=None) | Q(shown_until__gt=now)


def words_of(text, **how):
    """The words of what was typed; syllables that were typed one by one are one word."""
    found = plain(text.replace("\0", " ")[:LONGEST]).split()[:WORDS_MOST]
    letters = [toneless(word) for word in found]
    if len(found) > 1 and all(is_latin(each) and each in known()[0] for each in letters):
        found = ["".join(letters)]
    return tuple(word for word in (Word(each, **how) for each in found) if word.ways)


class Found(NamedTuple):
    """`keys` of what was found, in order; how many there are of each kind; how they were found.

    Where `is_many`, there may be more of them than were looked at, and the numbers are no more than a beginning.
    """

    question: Question
    keys: list
    counts: dict
    how: str  # "words", "sound" or "parts"

    @property
    def is_many(self):
        return sum(self.counts.values()) >= MANY

    def entries(self, start, end):
        """Those from one place in the order to another, with their texts."""
        keys = self.keys[start:end]
        entries = SearchEntry.objects.only(*SHOWN, "body").in_bulk(keys)
        return [entries[key] for key in keys if key in entries]


def find(text, now, kind=""):
    """What has the words of this text, or sounds like them, or has the pieces of its long word; None for no words."""
    words = words_of(text)
    if not words:
        return None
    for how, questions in _attempts(text, words):
        for question in questions:
            rows = question.keys(now) if how == "words" or question.has_pieces else []
            if rows:
                counts = Counter(of for _, of in rows)
                if kind and sum(counts.values()) >= MANY:
                    rows = question.keys(now, kind)
                return Found(question, [key for key, of in rows if kind in ("", of)], counts, how)
    return Found(Question(words), [], {}, "words")


def _attempts(text, words):
    yield "words", [Question(words)]
    heard = words_of(text, heard=True)
    if any(has_han(word.text) and len(word.text) > 1 for word in words):
        yield "sound", [Question(heard)]
    elif any(word.readings for word in words):
        yield "sound", [Question(words_of(text, ends=False))]
    yield "parts", (
        Question((*words[:number], Word(word.text[:cut]), Word(word.text[cut:]), *words[number + 1 :]))
        for number, word in enumerate(words) if has_han(word.text)
        for cut in range(len(word.text) - 2, 1, -1)
    )  # fmt: skip


def suggest(text, now, number):
    """The first entries whose names have what has been typed so far."""
    words = words_of(text, ends=False)
    if not words:
        return []
    with by_index():
        return list(Question(words).named(now)[:number])


def nearest(text, now, number=5):
    """Names that sound most like a text which nothing has, the nearest first."""
    letters = "".join(word.letters for word in words_of(text))
    heard = [alike(part) for part in _heard(letters)]
    if not heard:
        return []
    pairs = [f"s{one}{tokens.APART}{other}*" for one, other in pairwise(heard)]
    for pieces in (pairs, [f"s{one}{tokens.APART}*" for one in heard]):
        if not pieces:
            continue
        asked = tokens.any_of(pieces)
        rows = SearchEntry.objects.filter(shown(now), tokens__written=asked).order_by("order", "object_id")
        near = {}
        for entry in rows.only(*SHOWN, "pinyin")[:NEAR_AMONG]:
            near.setdefault(entry.title, (max(_likeness(heard, line) for line in entry.pinyin.split()), entry))
        best = sorted(near.values(), key=lambda each: (-each[0], each[1].order, each[1].object_id))
        if best and best[0][0] >= NEAR_ENOUGH:
            return [entry for likeness, entry in best[:number] if likeness >= NEAR_ENOUGH]
    return []


def _heard(text):
    """How a text sounds, as far as it can be read at all."""
    whole, _ = known()
    for piece in PIECE.findall(text):
        if not is_latin(piece):
            yield from syllables(piece)
            continue
        start = 0
        while start < len(piece):
            end = next((end for end in range(start + 6, start, -1) if piece[start:end] in whole), None)
            if end:
                yield piece[start:end]
            start = min(end or start + 1, len(piece))


def _likeness(heard, line):
    """0 to 1: how much of what was typed is heard in a name."""
    sounds = [alike(each) for each in line.strip("|").split("|")]
    matched = SequenceMatcher(None, heard, sounds, autojunk=False)
    return sum(block.size for block in matched.get_matching_blocks()) / len(heard)
