"""What the masks leave, and that they leave nothing else."""

import pytest

from branches.masking import mask_address, mask_name, mask_telephone
from branches.models import Division, Member


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张建国", "张*"),
        ("  张建国 ", "张*"),
        ("欧阳建国", "欧*"),
        ("𠮷野", "𠮷*"),
        ("张", "张*"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_name(name, masked):
    assert mask_name(name) == masked


def test_a_member_is_called_by_the_same_mask():
    assert str(Member(name="张建国")) == mask_name("张建国")


@pytest.mark.parametrize(
    ("telephone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("10001234567", "100****4567"),
        ("0731-8888 0001", "0731****01"),
        ("+86 138 1234 5678", "8613****78"),
        ("88880001", "****"),
        ("110", "****"),
        ("没有，问女儿", "****"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_telephone(telephone, masked):
    assert mask_telephone(telephone) == masked


def test_an_address_is_told_to_the_community():
    community = Division(name="一力社区居委会", level="community")

    assert mask_address("示例路8号3栋2单元501", community) == "一力社区"
    assert mask_address("示例路8号3栋2单元501") == "****"
    assert mask_address("", community) == ""
