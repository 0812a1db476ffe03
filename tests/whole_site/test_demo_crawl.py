"""The public site of the demo, read as a stranger reads it: no telephone, address or name of anybody in it."""

import re
from collections import Counter

import pytest

from activities.models import Booking, SignUp
from branches.models import Member
from branches.telephones import digits, numbers_in
from tests.whole_site.pages import crawl
from volunteers.models import Letter, ServiceOrder, Volunteer

NAMES = re.compile(r"\w示例\w\w")  # as branches/demo_words.py makes them
LIMIT, OF_A_KIND = 450, 8  # pages; addresses that differ in a number or a name are of one kind


def people():
    """(telephones, names, addresses) of everybody the samples know."""
    telephones, names, addresses = set(), set(), set()
    for model in (Member, Booking, ServiceOrder, Letter, Volunteer):
        telephones |= {digits(record.telephone) for record in model.objects.all() if record.telephone}
    for model in (Member, SignUp, ServiceOrder, Letter, Volunteer):
        names |= {record.name for record in model.objects.all()}
    names |= {order.proxy_name for order in ServiceOrder.objects.all()} - {""}
    addresses |= {member.address for member in Member.objects.all()} - {""}
    addresses |= {order.place for order in ServiceOrder.objects.all()}
    return telephones, names, addresses


@pytest.mark.once
def test_a_stranger_finds_no_telephone_address_or_name(samples, client):
    telephones, names, addresses = people()
    assert min(len(telephones), len(names), len(addresses)) > 100
    leaks, kinds = {}, Counter()

    def follow(link):
        kinds[kind_of(link)] += is_page(link)
        return is_page(link) and kinds[kind_of(link)] <= OF_A_KIND

    for address, text in crawl(client, ["/", "/about/site-map/"], follow, limit=LIMIT):
        found = {number for number in map(digits, numbers_in(text)) if number in telephones}
        found |= {name for name in NAMES.findall(text) if name in names}
        # looked for as plain text first: no cache holds so many patterns
        found |= {each for each in addresses if each in text and re.search(rf"{re.escape(each)}(?!\d)", text)}
        if found:
            leaks[address] = found
    assert leaks == {}
    assert {"/help/", "/teams/", "/letters/", "/activities/", "/homes/", "/branches/", "/notices/"} <= {*kinds}
    assert kinds["/teams/*/"] > OF_A_KIND < kinds["/homes/*/"]


def kind_of(link):
    """/homes/*/poster/ for /homes/heishipu/poster/."""
    first, _, rest = link.strip("/").partition("/")
    return re.sub(r"//+", "/", f"/{first}/*/{rest.partition('/')[2]}/") if rest else link


def is_page(link):
    return "?" not in link and not link.startswith(
        ("/static/", "/media/", "/admin/", "/account/", "/desk/", "/display/")
    )
