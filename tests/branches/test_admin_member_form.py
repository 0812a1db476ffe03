"""What is typed into a member's form, and what is kept of it."""

import pytest

from branches.models import Member
from tests.staff_forms import errors_of, filled

REASON = {"reason": "更正姓名和电话"}


@pytest.fixture
def save(cast, client_of):
    """`save(name=…, telephone=…)`: the secretary opens the member with a reason and saves; returns the answer."""
    client, page = client_of(cast.secretary), f"/admin/branches/member/{cast.members['here'].pk}/reveal/"
    return lambda **typed: client.post(page, filled(client.post(page, REASON), _save="1", **typed))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１９９００００１１７７", "19900001177"),
        ("+86 199 0000 1177", "19900001177"),
        ("١٩٩٠٠٠٠١١٧٧", None),
        ("199\u200b0000 1177", "19900001177"),
        ("0731-0000 0001", "0731-0000 0001"),
        ("没有", None),
        ("", ""),
    ],
)
def test_a_telephone_is_kept_as_it_is_dialled(cast, save, typed, kept):
    before, response = cast.members["here"].telephone, save(telephone=typed)
    member = Member.objects.get(pk=cast.members["here"].pk)
    if kept is None:
        assert set(errors_of(response)) == {"telephone"}
        assert member.telephone == before
    else:
        assert (response.status_code, member.telephone) == (302, kept)
        assert Member.objects.by_telephone(kept).filter(pk=member.pk).exists() is bool(kept)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("张\u200b三", "张三"), (" 张\u202e三 ", "张三"), ("𠮷田·阿依", "𠮷田·阿依"), ("\u200b\u2060", None)],
)
def test_a_name_is_kept_without_what_nobody_sees(cast, save, typed, kept):
    response = save(name=typed)
    member = Member.objects.get(pk=cast.members["here"].pk)
    assert member.name == (kept or cast.members["here"].name)
    if kept is None:
        assert set(errors_of(response)) == {"name"}
