"""The public pages of branches: where one meets and how to call, counts in words, and never a member."""

import pytest

from branches.models import Branch, CentreHousehold, Member, PartyGroup
from branches.views.pages import in_words
from config import caching
from homes import founding
from homes.models import Home
from tests.cast import CANARIES, MOBILES
from tests.makers import call_off, make_member

PAGE = "/branches/here-branch/"


def read(client, page):
    """The text of the page as after a commit, which a test's transaction never comes to."""
    caching.content.renew()
    return client.get(page).text


def facts(page):
    """{label: count in words} of the page's list of counts."""
    rows = page.split('<dl class="facts">')[1].split("</dl>")[0].split("<dt>")[1:]
    return {row.split("</dt>")[0]: row.split('">')[1].split("</dd>")[0] for row in rows}


@pytest.fixture
def branch(cast):
    return cast.branches["here"]


def household(cast, name, **fields):
    host = make_member(cast.branches["here"], name)
    return CentreHousehold.objects.create(group=cast.groups["here"], host=host, since="2024-03-01", **fields)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "少于3名"), (1, "少于3名"), (2, "少于3名"), (3, "3名"), (6995, "6995名")]
)
def test_counts_below_three_are_not_told(count, words):
    assert in_words(count, "名") == words


def test_a_branch_says_where_it_meets_and_how_to_call(cast, client, branch):
    text = read(client, PAGE)
    assert "金丝雀银龄支部</h1>" in text
    assert 'href="/homes/here/"' in text
    assert 'href="tel:0731000014"' in text
    assert "东街街道 甲社区" in text


def test_everything_is_a_count_and_archived_or_ended_rows_do_not_count(cast, client, branch):
    assert set(facts(read(client, PAGE)).values()) == {"少于3名", "少于3个", "少于3户"}
    for number in range(3):
        make_member(branch, f"金丝雀{number}")
        make_member(branch, f"金丝雀等{number}", status="pending")
        PartyGroup.objects.create(name=f"金丝雀片区{number}", branch=branch, kind="area")
        PartyGroup.objects.create(name=f"金丝雀旧组{number}", branch=branch, is_archived=True)
    assert facts(read(client, PAGE)) == {
        "在册的党员": "5名",
        "按楼栋分的党小组": "少于3个",
        "按片区分的党小组": "3个",
        "同意公开的党员中心户": "少于3户",
    }


def test_a_household_counts_only_with_consent_and_while_it_lasts(cast, client):
    for number, fields in enumerate(
        (
            {},
            {"consent_on": "2024-03-01", "consent_withdrawn_on": "2024-05-01"},
            {"consent_on": "2024-03-01", "until": "2025-01-01"},
            {"consent_on": "2024-03-01"},
        )
    ):
        household(cast, f"金丝雀户{number}", **fields)
    assert facts(read(client, PAGE))["同意公开的党员中心户"] == "少于3户"
    household(cast, "金丝雀户九", consent_on="2024-03-01")
    assert facts(read(client, PAGE))["同意公开的党员中心户"] == "3户"


def test_no_page_tells_of_a_member(cast, client):
    names = set(Member.objects.values_list("name", flat=True))
    hidden = names | {f"{name[0]}*" for name in names} | {"3栋401", "家园"} | set(MOBILES["here"])
    for page in ("/branches/", PAGE, "/homes/here/"):
        assert [text for text in hidden if text in read(client, page)] == []


def test_the_list_names_branch_home_and_area(cast, client):
    text = read(client, "/branches/")
    for area, canary in CANARIES.items():
        assert f'href="/branches/{cast.branches[area].slug}/">{canary}银龄支部' in text
        assert f"设在{canary}之家" in text


def test_an_archived_branch_is_nowhere(cast, client, branch):
    branch.is_archived = True
    branch.save()
    caching.content.renew()
    assert client.get(PAGE).status_code == 404
    for page in ("/branches/", "/homes/here/", "/sitemap-branches.xml"):
        assert PAGE not in read(client, page)
    assert "/branches/next-door-branch/" in read(client, "/sitemap-branches.xml")


def test_a_home_that_is_not_public_is_not_told(cast, client, branch):
    call_off(cast.homes["here"], by=cast.district_officer)
    founding.archive(cast.homes["here"], by=cast.district_officer, reason="搬家")
    for page in ("/branches/", PAGE):
        text = read(client, page)
        assert "/homes/here/" not in text
        assert "金丝雀之家" not in text
    assert "待补充" in read(client, PAGE)


def test_a_branch_without_home_telephone_or_members_says_so(cast, client):
    Branch.objects.create(name="空支部", slug="empty", division=cast.streets["east"])
    text = read(client, "/branches/empty/")
    assert "设在哪个家" in text
    assert "这个" not in facts(text)
    assert "支部的电话待补充" in text
    assert "空支部" in read(client, "/branches/")


def test_samples_are_marked(cast, client, branch):
    assert "示例数据：这个支部" not in read(client, PAGE)
    branch.is_sample = True
    branch.save()
    assert "示例数据：这个支部" in read(client, PAGE)
    for page in ("/branches/", "/homes/here/"):
        assert read(client, page).count('<span class="tag tag-sample">示例数据</span>') == 1


def test_a_home_names_the_branches_that_meet_there(cast, client, branch):
    Home.objects.get(slug="here").branches.add(Branch.objects.create(
        name="金丝雀<二>支部", slug="a-second", division=branch.division
    ))  # fmt: skip
    text = read(client, "/homes/here/")
    section = text[text.index('id="branches"') :]
    section = section[: section.index("</section>")]
    assert section.index('/branches/a-second/">金丝雀&lt;二&gt;支部') < section.index('/branches/here-branch/">')
    cast.homes["here"].hosted_branches.all().delete()
    assert 'id="branches"' not in read(client, "/homes/here/")
