"""What stands in for personal data until somebody asks, with a reason, to see it: 张*, 138****5678, 一力社区.

Masks are made on the server; what they hide never reaches the page. They hide lengths too: every gap is as long.
"""

HIDDEN = "****"
MOBILE = 11  # digits, the first of them 1
SHORTEST = 10  # digits of a number with its area code; a shorter one would be guessed from what a mask leaves


def mask_name(name):
    """The first character and a star: 张*; "" for no name."""
    name = name.strip()
    return f"{name[0]}*" if name else ""


def mask_telephone(telephone):
    """138****5678, or 0731****01 for a number with an area code; a shorter one is hidden whole; "" for none."""
    digits = "".join(character for character in telephone if character.isdecimal())
    if len(digits) == MOBILE and digits[0] == "1":
        return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    if len(digits) >= SHORTEST:
        return f"{digits[:4]}{HIDDEN}{digits[-2:]}"
    return HIDDEN if telephone.strip() else ""


def mask_address(address, division=None):
    """The name of the community (`division`, a Division) that an address lies in; "" for no address.

    Where the community is not known, nothing of the address is told.
    """
    if not address.strip():
        return ""
    return division.short_name if division is not None else HIDDEN
