"""Small counts of people: what is not said cannot be worked out either."""

from hypothesis import given, settings
from hypothesis import strategies as some

from config.few import FEW, untold

ABOVE = {"东街": "区", "西街": "区", "甲": "东街", "乙": "东街", "丙": "东街", "丁": "西街", "戊": "西街"}
COLUMNS = ("members", "inside", "outside", "unplaced")
LEAVES = [key for key in ABOVE if key not in ABOVE.values()]


def table(leaves):
    """The counts of the communities, summed up to the district."""
    rows = {key: [0, 0, 0] for key in ("区", *ABOVE)}
    for key, numbers in zip(LEAVES, leaves, strict=True):
        place = key
        while place:
            rows[place] = [one + more for one, more in zip(rows[place], numbers, strict=True)]
            place = ABOVE.get(place)
    return {key: dict(zip(COLUMNS, (sum(numbers), *numbers), strict=True)) for key, numbers in rows.items()}


def worked_out(rows, kept):
    """The kept cells that a reader finds out by a sum of the table: {cell: number}."""
    values = {(key, column): number for key, row in rows.items() for column, number in row.items()}
    bounds = {}
    for cell, number in values.items():
        hidden = (0, FEW - 1) if number < FEW else (FEW, 10**6)
        bounds[cell] = hidden if cell in kept else (number, number)
    sums = [[(key, column) for column in COLUMNS] for key in rows]
    for top in ("区", "东街", "西街"):
        below = [key for key in rows if ABOVE.get(key) == top]
        sums += [[(top, column), *((key, column) for key in below)] for column in COLUMNS]
    found = {}
    for whole, *parts in sums:
        for cell in (whole, *parts):
            others = [bounds[other] for other in (whole, *parts) if other != cell]
            if cell == whole:
                low, high = (sum(bound[end] for bound in others) for end in (0, 1))
            else:
                low, high = bounds[whole]
                low, high = low - sum(high for _, high in others[1:]), high - sum(low for low, _ in others[1:])
            low, high = max(low, bounds[cell][0]), min(high, bounds[cell][1])
            if cell in kept and low == high:
                found[cell] = low
    return found


numbers = some.one_of(some.integers(0, 6), some.integers(0, 400))


@settings(max_examples=400)
@given(some.lists(some.tuples(numbers, numbers, some.integers(0, 3)), min_size=len(LEAVES), max_size=len(LEAVES)))
def test_a_small_count_cannot_be_had_by_adding_and_taking_away(leaves):
    rows = table(leaves)
    kept = untold(rows, ABOVE, COLUMNS[0], COLUMNS[1:])
    small = {(key, column) for key, row in rows.items() for column, number in row.items() if 0 < number < FEW}
    assert small <= kept
    assert {cell: number for cell, number in worked_out(rows, kept).items() if 0 < number < FEW} == {}


def test_large_counts_are_said():
    assert (
        untold(table([(40, 30, 0), (9, 8, 0), (5, 4, 0), (60, 60, 3), (50, 0, 0)]), ABOVE, "members", COLUMNS[1:])
        == set()
    )
