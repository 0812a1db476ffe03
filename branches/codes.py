"""Codes that residents look their matter up by."""

import secrets

DIGITS = 8


def new_code(model):
    """Eight digits that no row of `model` has, drawn at random: nobody can tell the next one from theirs."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not model.objects.filter(code=code).exists():
            return code
