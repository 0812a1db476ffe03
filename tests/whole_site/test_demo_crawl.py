"""The public site of the demo, read as a stranger reads it: no telephone, address or name of anybody in it."""

import re

import pytest

from activities.models import Booking, SignUp
from branches.models import Member
from branches.telephones import digits, numbers_in
from tests.whole_site.pages import crawl
from volunteers.models import Letter, ServiceOrder, Volunteer

NAMES = re.compile(r"\w示例\w\w")  # as branches/demo_words.py makes them
LIMIT = 450  # pages; every list and the first of each kind are among them


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
    leaks, kinds = {}, set()
    for address, text in crawl(client, ["/", "/about/site-map/"], is_page, limit=LIMIT):
        kinds.add(re.sub(r"/[^/]*\d[^/]*/", "/*/", address))
        found = {number for number in map(digits, numbers_in(text)) if number in telephones}
        found |= {name for name in NAMES.findall(text) if name in names}
        found |= {each for each in addresses if re.search(rf"{re.escape(each)}(?!\d)", text)}
        if found:
            leaks[address] = found
    assert leaks == {}
    assert {"/", "/help/", "/teams/", "/letters/", "/activities/", "/homes/", "/branches/", "/notices/"} <= kinds


def is_page(link):
    return "?" not in link and not link.startswith(
        ("/static/", "/media/", "/admin/", "/account/", "/desk/", "/display/")
    )
