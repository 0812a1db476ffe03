"""Which few of many sites would bring most of those outside every circle into one: exactly, and what comes next.

Taking the site that pays most, again and again, misses the best choice in a third of the harder cases, so the choice is
an integer programme that is solved to its end. No choice here holds a site that adds nothing: fewer are then said.
"""

from collections import Counter
from decimal import Decimal
from math import gcd
from time import monotonic
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

TIES, RUNNERS_UP = 20, 3  # told at most
TRIES = 30  # to find what comes next
SECONDS = 20  # for all of it; 34 sites of a district need a few tenths of one
FINEST = 10**6  # parts that a budget is reckoned in: the solver takes what is a millionth too much, so cents come after
NOTHING_FITS = 2  # as milp answers


class TooHardError(Exception):
    """It was not worked out in time."""


class Site(NamedTuple):
    """Where one might be put: its key, which sorts, and what it costs, None where nobody knows."""

    key: object
    cost: Decimal | None = None


class Choice(NamedTuple):
    """Sites in the order of their keys, how many people they would bring in, and what they cost (None: unknown)."""

    keys: tuple
    members: int
    cost: Decimal | None


class Step(NamedTuple):
    """One more site, how many it adds to those before it, and how many that makes."""

    key: object
    adds: int
    members: int


class Siting(NamedTuple):
    """The best choice, and all there is to say about it."""

    outside: int  # people for whom a site is looked for
    reachable: int  # by all sites together
    best: Choice
    order: list  # Steps, what pays most first
    marginal: dict  # {key: people who would be lost without it}
    replacements: dict  # {key: the Choice with the best other site in its place, or None}
    ties: list  # other Choices of as many people by as few sites
    more_ties: bool  # than could be told
    runners_up: list  # the next best Choices that are not merely part of one told before
    unpriced: list  # keys that no budget can be asked about
    without_budget: int | None  # people of the best choice if money did not matter

    @property
    def budget_binds(self):
        """Whether more people could be reached with more money."""
        return self.without_budget is not None and self.without_budget > self.best.members


def best_sites(sites, demand, most, budget=None):
    """The `Siting` of at most `most` of these `Site`s.

    `demand` yields (people, keys of the sites that would reach them). Of choices that reach as many people the one
    with fewest sites is taken, and of those the one whose keys come first. `TooHardError` when that takes too long.
    """
    rows = Counter()
    outside = 0
    known = {site.key for site in sites}
    for people, keys in demand:
        outside += people
        rows[frozenset(keys) & known] += people
    reachable = outside - rows.pop(frozenset(), 0)
    sites = sorted(sites, key=lambda site: site.key)
    until = monotonic() + SECONDS
    free = _Choosing(sites, rows, most, until)
    if budget is None:
        return _told(free, outside, reachable, [], None)
    priced = [site for site in sites if site.cost is not None]
    within = _Choosing(priced, rows, most, until, budget)
    unpriced = [site.key for site in sites if site.cost is None]
    return _told(within, outside, reachable, unpriced, free.members(free.solve() or ()))


def _told(choosing, outside, reachable, unpriced, without_budget):
    (best, *ties), more_ties = choosing.all_best()
    marginal = {one: choosing.members(best) - choosing.members(best - {one}) for one in sorted(best)}
    key = choosing.key
    return Siting(
        outside,
        reachable,
        choosing.choice(best),
        choosing.order(best),
        {key(one): lost for one, lost in marginal.items()},
        {key(one): choosing.replacement(best, one) for one in marginal},
        [choosing.choice(each) for each in ties],
        more_ties,
        [choosing.choice(each) for each in (() if more_ties else choosing.next_best([best, *ties]))],
        unpriced,
        without_budget,
    )


class _Choosing:
    """At most `most` of the sites, within a budget if there is one; a choice is a frozenset of places in their list."""

    def __init__(self, sites, rows, most, until, budget=None):
        self.sites, self.until, self.budget = sites, until, budget
        place = {site.key: index for index, site in enumerate(sites)}
        merged = Counter()
        for keys, people in rows.items():
            merged[tuple(sorted(place[key] for key in keys if key in place))] += people
        merged.pop((), None)
        merged = sorted((covering, people) for covering, people in merged.items() if people)
        self.people = np.array([people for _covering, people in merged], dtype=np.int64)
        self.reached = np.zeros((len(sites), len(merged)), dtype=bool)  # by which site, which row
        for row, (covering, _people) in enumerate(merged):
            self.reached[list(covering), row] = True
        self.useful = [index for index in range(len(sites)) if self.reached[index].any() and self.fits({index})]
        self.most = min(most, len(self.useful))
        self.always = self._programme()

    def key(self, index):
        return self.sites[index].key

    def members(self, chosen):
        """How many people these sites reach together."""
        return int(self.people[self.reached[sorted(chosen)].any(axis=0)].sum())

    def cost(self, chosen):
        costs = [self.sites[index].cost for index in chosen]
        return None if None in costs else sum(costs, Decimal(0))

    def fits(self, chosen):
        return self.budget is None or self.cost(chosen) <= self.budget

    def choice(self, chosen):
        return Choice(tuple(self.key(index) for index in sorted(chosen)), self.members(chosen), self.cost(chosen))

    def order(self, chosen):
        """The `Step`s of a choice, what adds most first."""
        steps, taken, members = [], frozenset(), 0
        while taken != chosen:
            sums = {index: self.members(taken | {index}) for index in sorted(chosen - taken)}
            best = max(sums, key=sums.get)
            steps.append(Step(self.key(best), sums[best] - members, sums[best]))
            taken, members = taken | {best}, sums[best]
        return steps

    def replacement(self, chosen, one):
        """The best choice with another site in place of `one`; None where no other adds anything."""
        rest = chosen - {one}
        others = (rest | {index} for index in self.useful if index not in chosen)
        best = max((each for each in others if self.fits(each)), key=self.members, default=rest)
        return self.choice(best) if self.members(best) > self.members(rest) else None

    def all_best(self):
        """([the best choices, the one with the first keys in front], whether there are more than these)."""
        best = self.solve()
        if not best:
            return [frozenset()], False
        self.most = len(best)  # whatever more sites reach is no more than this
        found = [best]
        while another := self.solve([self._another_than(each) for each in found]):
            if self.members(another) < self.members(best):
                break
            if len(found) > TIES:
                first = self._first(found)
                return [first, *sorted((set(found) - {first}), key=sorted)][: TIES + 1], True
            found.append(another)
        return sorted(found, key=sorted), False

    def _first(self, ties):
        """Of more best choices than were found, the one whose keys come first."""
        members, prefix, known = self.members(ties[0]), set(), list(ties)
        while len(prefix) < self.most:
            start = max(prefix, default=-1) + 1
            for index in range(start, len(self.sites)):
                forced = prefix | {index}
                if not any(forced <= tie for tie in known):
                    another = self.solve(forced=forced)
                    if not another or self.members(another) < members:
                        continue
                    known.append(another)
                prefix.add(index)
                break
        return frozenset(prefix)

    def next_best(self, told):
        """The best choices that are not part of one told before, and not one of these with sites that add nothing."""
        found, passed = [], []
        for _try in range(TRIES):
            before = [*told, *found]
            cuts = [self._more_than(each) for each in before] + [self._another_than(each) for each in before + passed]
            another = self.solve(cuts)
            another = another and self._pruned(another)
            if not another:
                break
            if any(another <= each for each in before):
                passed.append(another)
                continue
            found.append(another)
            if len(found) == RUNNERS_UP:
                break
        return sorted(found, key=lambda each: (-self.members(each), sorted(each)))

    def _pruned(self, chosen):
        """Without the sites that add nothing, the last ones first."""
        for index in sorted(chosen, reverse=True):
            if self.members(chosen - {index}) == self.members(chosen):
                chosen -= {index}
        return chosen

    def _programme(self):
        """What every question has in common: a row counts once one of its sites is taken; nothing beyond the budget."""
        covering = hstack([csr_array(-self.reached.T.astype(float)), eye_array(len(self.people))])
        limits = [LinearConstraint(covering, ub=0)]
        if self.budget is not None:
            fen, budget = [int(self.sites[index].cost * 100) for index in self.useful], int(self.budget * 100)
            unit = max(gcd(*fen), budget // FINEST, 1)
            costs = {index: -(each // unit) for index, each in zip(self.useful, fen, strict=True)}
            limits.append(self._constraint(costs, -(budget // unit)))
        return limits

    def _constraint(self, factors, least):
        """The sum of factor × taken over {place: factor} is at least `least`."""
        line = np.zeros(sum(self.reached.shape))
        line[list(factors)] = list(factors.values())
        return LinearConstraint(line, lb=least)

    def solve(self, cuts=(), forced=frozenset()):
        """The choice that reaches most, by as few sites as that needs; None where there is none.

        `cuts` are pairs of ({place: factor}, least sum) that it keeps to; it holds the `forced` places.
        """
        cuts = [*cuts]
        while chosen := self._solved(cuts, forced):
            if self.fits(chosen):
                return chosen
            cuts.append((dict.fromkeys(chosen, -1), 1 - len(chosen)))  # rounded down it fitted: not it, nor it and more
        return None

    def _solved(self, cuts, forced):
        sites, rows = self.reached.shape
        if not self.useful:
            return None
        left = self.until - monotonic()
        if left <= 0:
            raise TooHardError
        most = self._constraint(dict.fromkeys(self.useful, -1), -self.most)
        floor, ceiling = np.zeros(sites + rows), np.ones(sites + rows)
        floor[sorted(forced)] = 1
        ceiling[[index for index in range(sites) if index not in self.useful]] = 0
        answer = milp(
            np.concatenate([np.ones(sites), -(sites + 1.0) * self.people]),  # people first, then fewest sites
            integrality=np.concatenate([np.ones(sites), np.zeros(rows)]),
            bounds=Bounds(floor, ceiling),
            constraints=[*self.always, most, *(self._constraint(*cut) for cut in cuts)],
            options={"mip_rel_gap": 0, "time_limit": left},
        )
        if answer.status == NOTHING_FITS:
            return None
        if answer.status:
            raise TooHardError
        return frozenset(index for index in range(sites) if round(answer.x[index]))

    def _another_than(self, chosen):
        """A cut: not this choice, and not this one with sites that add nothing to it."""
        reached = self.reached[sorted(chosen)].any(axis=0)
        adds = [index for index in self.useful if (self.reached[index] & ~reached).any()]
        return {**dict.fromkeys(chosen, -1), **dict.fromkeys(adds, 1)}, 1 - len(chosen)

    def _more_than(self, chosen):
        """A cut: no part of this choice."""
        return {index: 1 for index in self.useful if index not in chosen}, 1
