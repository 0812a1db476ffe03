"""Which counts of people may be said, so that none below `FEW` is said, or can be had by adding and taking away."""

from collections import defaultdict

from config.figures import FEW, FEW_WORDS

UNTOLD = "不细说"


def untold(rows, above, whole, parts):
    """The cells of a table that are not to be said: {(key of a row, column)}.

    `rows` are {key: {column: number}}; in each, `whole` is the sum of the `parts`. `above` are {key: key of the row
    that it is a part of}; such a row is the sum of those below it. Wherever a cell is too small to be said another one
    of each sum that it stands in is kept back too, the smallest that is no sum itself.
    """
    below = defaultdict(list)
    for key in rows:
        if above.get(key) in rows:
            below[above[key]].append(key)
    sums = [[(key, whole), *((key, part) for part in parts)] for key in rows]
    for column in (whole, *parts):
        sums += [[(key, column), *((each, column) for each in keys)] for key, keys in below.items()]
    values = {(key, column): number for key, row in rows.items() for column, number in row.items()}
    kept = {cell for cell, number in values.items() if 0 < number < FEW}
    found = True
    while found:
        found = False
        for cells in sums:
            back = [cell for cell in cells if cell in kept]
            covered = len(back) > 1 and any(values[cell] >= FEW for cell in back)
            told = [cell for cell in cells if values[cell] and cell not in kept]
            if back and told and not covered:
                kept.add(min((cell for cell in told if cell != cells[0]), key=values.get, default=cells[0]))
                found = True
    return kept


def few_words(number):
    """What stands in the place of a number that is kept back."""
    return FEW_WORDS if number < FEW else UNTOLD
