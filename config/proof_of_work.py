"""The invisible proof of work (docs/decisions/0012-proof-of-work.md): what static/js/proof-of-work.js looks for.

A number is a proof of a challenge where SHA-256(SHA-256(challenge) + the number in eight bytes) begins with `BITS`
zero bits. To find one takes 2 to the power of BITS tries, to verify it takes one.
"""

import hashlib
import re

from django.core.cache import cache

# 260,000 tries: about a second on a phone four times as slow as a desk computer (measured), over before anybody has
# typed a name and a telephone. One bit more would double it, and the slowest phones would not be done in time.
BITS = 18
NUMBER = re.compile(r"[0-9]{1,16}")


def is_proof(challenge, text):
    """Whether `text`, as a form brings it, is a proof of this challenge."""
    return bool(NUMBER.fullmatch(text)) and int.from_bytes(_digest(challenge, text)) >> (256 - BITS) == 0


def spend(challenge, text, seconds):
    """Whether `text` is a proof that nobody has spent; it is spent now, for as long as the challenge holds."""
    if not is_proof(challenge, text):
        return False
    return cache.add(f"proof:{_digest(challenge, text).hex()}", 1, seconds)


def _digest(challenge, text):
    start = hashlib.sha256(challenge.encode()).digest()
    return hashlib.sha256(start + int(text).to_bytes(8)).digest()
