"""Amounts of money: Decimal yuan, to the fen."""

from decimal import Decimal, InvalidOperation

from branches.transitions import IllegalTransition

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")  # yuan of one amount


def in_fen(total):
    """A sum that a database made, to the fen: SQLite adds up in floating point. None is nothing."""
    return (total or Decimal(0)).quantize(CENT)


def yuan(amount, *, least=CENT):
    """An amount that somebody wrote, as a Decimal; IllegalTransition where it is none, or has more than two places."""
    try:
        amount = Decimal(amount)
    except (InvalidOperation, TypeError, ValueError):
        amount = Decimal("NaN")
    if not amount.is_finite() or not least <= amount <= MOST or amount != amount.quantize(CENT):
        raise IllegalTransition("金额要大于0，不超过一百亿元，最多写到分。")
    return amount
