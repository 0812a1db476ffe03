"""Telephone numbers, however they are written."""

import pytest

from branches.telephones import digits


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13812345678", "13812345678"),
        (" 138-1234 5678 ", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("＋８６１３８１２３４５６７８", "13812345678"),
        ("١٣٨١٢٣٤٥٦٧٨", "13812345678"),
        ("0731-88887777", "073188887777"),
        ("(0731) 8888 7777", "073188887777"),
        ("+86 731 8888 7777", "073188887777"),
        ("86280000", "86280000"),  # a number of this town that begins like the country
        ("没有", ""),
        ("", ""),
    ],
)
def test_a_number_is_one_however_it_is_written(written, number):
    assert digits(written) == number
