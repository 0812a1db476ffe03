"""How well walks and outlines agree with the truth, with each other, and with a second opinion."""

from math import inf
from typing import NamedTuple

import numpy as np

from branches.coordinates import inside
from homes.circles.pace import STORED, USUAL
from tests.homes.circles import town
from tests.homes.circles.reference import Reference

LIMIT = USUAL.metres()
BAND = 0.75 * 60 * USUAL.speed  # metres: three quarters of a minute


class Agreement(NamedTuple):
    mean_error: float  # minutes
    late_error: float  # minutes that 95 of 100 stay below
    wrong_side: int  # pairs on the wrong side of a quarter of an hour, outside the band
    unanswered: int
    missed: float  # share of the places within a walk that are outside the outline
    over: float  # share of the places in the outline that are farther
    across_the_river: int  # places in the outline on the other bank that are farther, outside the band


def with_truth(network, homes, places):
    """The `Agreement` with the town's closed form."""
    homes, places = town.somewhere(homes, seed=11), town.somewhere(places, seed=12)
    doors, stays = ([town.degrees(*point) for point in points] for points in (homes, places))
    told = {pair[:2]: pair[2] for pair in network.metres(doors, stays, 10_000)}
    true = {(h, p): town.walk(home, place) for h, home in enumerate(homes) for p, place in enumerate(places)}
    errors = np.array([abs(metres - true[pair]) for pair, metres in told.items()]) / 60 / USUAL.speed
    certain = {pair for pair, metres in true.items() if abs(metres - LIMIT) > BAND}
    within = {pair for pair, metres in true.items() if metres <= LIMIT}
    outlines = [network.reaches(door, [LIMIT])[LIMIT] for door in doors]
    drawn = {(h, p) for h, outline in enumerate(outlines) for p, stay in enumerate(stays) if inside(outline, *stay)}
    return Agreement(
        errors.mean(),
        np.quantile(errors, 0.95),
        sum((told.get(pair, inf) <= LIMIT) != (pair in within) for pair in certain),
        len(true) - len(told),
        len(within - drawn) / len(within),
        len(drawn - within) / len(drawn),
        sum((homes[h][0] > 0) != (places[p][0] > 0) for h, p in (drawn - within) & certain),
    )


def of_outlines(network, homes, places):
    """(pairs whose walk is kept or that the outline holds, outside the band; those where metres and outline differ)."""
    asked = disagreed = 0
    told = {pair[:2]: pair[2] for pair in network.metres(homes, places, STORED)}
    for h, home in enumerate(homes):
        outline = network.reaches(home, [LIMIT])[LIMIT]
        for p, place in enumerate(places):
            metres = told.get((h, p), inf)
            drawn = inside(outline, *place) if (h, p) in told or near(home, place) else False
            if (metres < inf or drawn) and abs(metres - LIMIT) > BAND:
                asked += 1
                disagreed += drawn != (metres <= LIMIT)
    return asked, disagreed


def near(home, place):
    """Whether a place might lie in an outline at all."""
    return abs(home[1] - place[1]) < 0.01 and abs(home[0] - place[0]) < 0.02


def with_reference(network, homes, places):
    """The greatest difference in metres from a Dijkstra by hand."""
    reference = Reference(network)
    told = {pair[:2]: pair[2] for pair in network.metres(homes, places, 100_000)}
    true = {(h, p): reference.walk(home, place) for h, home in enumerate(homes) for p, place in enumerate(places)}
    return max(
        0 if told.get(pair, inf) == metres == inf else abs(told.get(pair, inf) - metres)
        for pair, metres in true.items()
    )


def beside_streets(network, count, seed, most=30):
    """Positions up to `most` metres from a street, spread over all the streets there are."""
    dice = np.random.default_rng(seed)
    edge = dice.choice(len(network.ends), count, p=network.lengths / network.lengths.sum())
    share, turn = dice.uniform(size=(count, 1)), dice.uniform(0, 2 * np.pi, count)
    first, last = network.nodes[network.ends[edge]].transpose(1, 0, 2)
    on = first + share * (last - first)
    away = dice.uniform(0, most, count) / town.METRES_A_DEGREE
    beside = on + np.column_stack((np.cos(turn) * away / np.cos(np.radians(on[:, 1])), np.sin(turn) * away))
    return [tuple(position) for position in beside.tolist()]
