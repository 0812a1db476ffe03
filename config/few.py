"""Which counts of people may be said, so that none below `FEW` is said, or can be had by a sum of the same table."""

from collections import defaultdict

from config.figures import FEW, FEW_WORDS

UNTOLD = "不细说"
COVER = 4 * FEW  # a number this large, kept back, leaves open what is kept back beside it


def untold(rows, above, whole, parts):
    """The cells of a table that are not to be said: {(key of a row, column)}.

    `rows` are {key: {column: number}}; in each, `whole` is the sum of the `parts`. `above` are {key: key of the row
    that it is a part of}; such a row is the sum of those below it. Wherever a cell is too small to be said another one
    of each sum that it stands in is kept back too, the smallest that is no sum itself; of a row that is small as a
    whole nothing is said, not even where nobody is.
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
    kept |= {(key, part) for key, row in rows.items() if 0 < row[whole] < FEW for part in parts}
    found = True
    while found:
        found = False
        for cells in sums:
            back = [cell for cell in cells if cell in kept]
            covered = len(back) > 1 and any(values[cell] >= COVER for cell in back)
            told = [cell for cell in cells if values[cell] and cell not in kept]
            if back and told and not covered:
                parts_told = [cell for cell in told if cell != cells[0]]
                large = [cell for cell in parts_told if values[cell] >= COVER]
                kept.add(min(large or parts_told or told, key=values.get))
                found = True
    return kept


def few_words(number):
    """What stands in the place of a number that is kept back."""
    return FEW_WORDS if number < FEW else UNTOLD
