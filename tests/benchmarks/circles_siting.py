"""Siting at the size of the acceptance: 34 sites, 5,000 places, five to choose; the answer is tried by brute force."""

import random
from collections import Counter
from itertools import combinations
from time import perf_counter

import numpy as np

from homes.circles.siting import Site, best_sites

SITES, PLACES, MOST = 34, 5000, 5
NEAR = 0.12  # of a town one wide: two or three sites reach a place, as around a market street


def town(seed=7):
    """(sites, demand) of a town whose people and sites crowd in eight quarters."""
    chance = random.Random(seed)  # noqa: S311 - a made-up town
    quarters = [(chance.random(), chance.random()) for _quarter in range(8)]

    def somewhere():
        return [chance.gauss(middle, 0.11) for middle in chance.choice(quarters)]

    sites = [somewhere() for _site in range(SITES)]
    demand = []
    for _place in range(PLACES):
        x, y = somewhere()
        near = {key for key, (east, north) in enumerate(sites) if (x - east) ** 2 + (y - north) ** 2 <= NEAR**2}
        demand.append((chance.randint(1, 4), near))
    return [Site(key) for key in range(SITES)], demand


def every_choice(sites, demand, most):
    """{keys: people} of every choice of `most` sites, two at the least, by looking at all of them."""
    rows = Counter()
    for people, keys in demand:
        rows[frozenset(keys)] += people
    people = np.array([*rows.values()], dtype=float)  # whole numbers, exact far beyond any town
    missed = np.array([[site.key not in keys for keys in rows] for site in sites])
    found = {}
    for first in combinations(range(len(sites)), most - 2):
        left = missed[list(first)].all(axis=0)
        out = (missed[:, left] * people[left]) @ missed[:, left].T.astype(float)
        for one, other in combinations(range(first[-1] + 1 if first else 0, len(sites)), 2):
            found[(*first, one, other)] = int(people.sum() - out[one, other])
    return {tuple(sites[index].key for index in places): reached for places, reached in found.items()}


def siting():
    """(seconds for all that the page says, whether it is what brute force finds)."""
    sites, demand = town()
    start = perf_counter()
    answer = best_sites(sites, demand, MOST)
    seconds = perf_counter() - start
    return seconds, as_tried(answer, every_choice(sites, demand, MOST))


def as_tried(answer, every):
    """Whether `every` choice of that size has the same best one, the same as good, and the same that come next."""
    told = [answer.best, *answer.ties, *answer.runners_up]
    order = sorted(every.items(), key=lambda found: (-found[1], found[0]))
    return [(choice.keys, choice.members) for choice in told] == order[: len(told)]
