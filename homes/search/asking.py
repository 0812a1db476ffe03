"""A question to the index: which entries have all of its words, and in which order they are told.

A word may stand in a name, in a text, or be typed as it sounds; names come first, then how they sound, then texts.
Where nothing has the words as they were typed, what sounds the same is looked for, then the pieces of one long word,
and at last what is nearest.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, reduce
from itertools import pairwise
from operator import and_, or_
from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, Q, When
from django.db.models.functions import Greatest

from homes.models import SearchEntry
from homes.search import tokens
from homes.search.sounds import LETTERS, WAYS, alike, has_han, is_latin, known, plain, readings, syllables, toneless

LONGEST, WORDS_MOST = 60, 6  # characters of a question, and words
MOST = 1000  # beyond so many they are no longer counted
INITIALS_LONGEST = 12
NEAR_AMONG, NEAR_ENOUGH = 300, 0.5
PIECE = re.compile(r"[a-z]+|.")
SHOWN = ("kind", "object_id", "title", "address", "place", "note", "body", "starts_at", "over_at", "is_sample")

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

    @property
    def stands(self):
        """Where pieces alone do not tell: those of three characters may stand apart from each other."""
        long = [word for word in self.words if len(word.text) > 2 or word.heard]
        return reduce(and_, (reduce(or_, (way.stands for way in word.ways)) for word in long), Q())

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

    def entries(self, now):
        return self._among(self.asked, now)

    def named(self, now):
        """Entries with all of the words in their names, or one sounding so."""
        return self._among(self.asked_of_names, now)

    def _among(self, asked, now):
        shown = Q(shown_until=None) | Q(shown_until__gt=now)
        return SearchEntry.objects.order_by().filter(shown, self.stands, tokens__written=asked)

    def in_order(self, entries, now):
        """The best first: names before texts, what is to come (the next first) before what was (the last first)."""
        past = Case(When(over_at__lte=now, then=1), default=0, output_field=IntegerField())
        soon = Case(When(over_at__gt=now, then=F("starts_at")))
        rows = entries.annotate(level=self.level, past=past, soon=soon)
        order = ("level", "past", "order", "is_sample", F("soon").asc(nulls_last=True))
        return rows.order_by(*order, F("starts_at").desc(nulls_last=True), "object_id").only(*SHOWN)


def words_of(text, **how):
    """The words of what was typed; syllables that were typed one by one are one word."""
    found = plain(text.replace("\0", " ")[:LONGEST]).split()[:WORDS_MOST]
    letters = [toneless(word) for word in found]
    if len(found) > 1 and all(is_latin(each) and each in known()[0] for each in letters):
        found = ["".join(letters)]
    return tuple(word for word in (Word(each, **how) for each in found) if word.ways)


class Found(NamedTuple):
    """`rows` in order and their number, at most `MOST`; how many there are of each kind; how they were found.

    Of more than `MOST` altogether (`is_many`) nobody counts how many there are of a kind.
    """

    question: Question
    rows: object
    number: int
    counts: dict
    how: str  # "words", "sound" or "parts"

    @property
    def is_many(self):
        return sum(self.counts.values()) > MOST


def find(text, now, kind=""):
    """What has the words of this text, or sounds like them, or has the pieces of its long word; None for no words."""
    words = words_of(text)
    if not words:
        return None
    for how, questions in _attempts(text, words):
        for question in questions:
            entries = question.entries(now)
            some = SearchEntry.objects.order_by().filter(pk__in=entries.values("pk")[: MOST + 1])
            counts = dict(some.values_list("kind").annotate(number=Count("pk")))
            if counts:
                return _in_order(question, entries, counts, how, now, kind)
    return Found(Question(words), SearchEntry.objects.none(), 0, {}, "words")


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


def _in_order(question, entries, counts, how, now, kind):
    """What was found of this kind, or of all kinds."""
    of_kind = {"kind": kind} if kind else {}
    narrowed, named = entries.filter(**of_kind), question.named(now).filter(**of_kind)
    number = counts.get(kind, 0) if kind else sum(counts.values())
    if sum(counts.values()) > MOST:
        number = narrowed.values("pk")[:MOST].count() if kind else MOST
        # of what stands in so many texts the newest are put in order, and all that are named so
        newest = SearchEntry.objects.order_by().filter(pk__in=narrowed.order_by("-pk").values("pk")[:MOST])
        narrowed = SearchEntry.objects.filter(pk__in=named.values("pk").union(newest.values("pk")))
    return Found(question, question.in_order(narrowed, now), number, counts, how)


def suggest(text, now, number):
    """The first entries whose names have what has been typed so far."""
    words = words_of(text, ends=False)
    if not words:
        return []
    question = Question(words)
    return list(question.in_order(question.named(now), now)[:number])


def nearest(text, now, number=5):
    """Names that sound most like a text which nothing has, the nearest first."""
    letters = "".join(word.letters for word in words_of(text))
    heard = [alike(part) for part in _heard(letters)]
    if not heard:
        return []
    pairs = [f"s{one}{tokens.APART}{other}*" for one, other in pairwise(heard)]
    for pieces in (pairs, [f"s{one}{tokens.APART}*" for one in heard]):
        shown = Q(shown_until=None) | Q(shown_until__gt=now)
        if not pieces:
            continue
        rows = SearchEntry.objects.filter(shown, tokens__written=tokens.any_of(pieces)).order_by("order", "object_id")
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
