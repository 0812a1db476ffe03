"""Codes that residents look their matter up by."""

import secrets

DIGITS = 8


def random_code():
    """Eight digits, drawn at random: nobody can tell the next one from theirs."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def new_code(model):
    """The same, where no row of `model` has them."""
    while True:
        code = random_code()
        if not model.objects.filter(code=code).exists():
            return code
