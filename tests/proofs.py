"""The proof of work of a form, made as a browser makes it."""

from itertools import count

from config import proof_of_work


def proof_of(given):
    """The first number that proves the hidden fields of a form."""
    challenge = f"{given['made_at']}:{given['form_key']}"
    return next(str(number) for number in count() if proof_of_work.is_proof(challenge, str(number)))
