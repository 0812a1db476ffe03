"""Whatever stands behind the ? of a staff list: it answers, or leads to the list without it; it never breaks.

What all lists read in one way is asked of one of them, with every odd value; each filter of each list gets some.
"""

from itertools import cycle
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import reverse

from branches.scoped_admin import FIELD_LOOKUPS, LIST_PARAMETERS
from tests.whole_site.hostile import BROKEN, CANARY, ELSEWHERE

TEXTS = ("9" * 10_000, "9" * 18, "9" * 60, "-1", "²", "٣", "1.5", "1e309", "NaN", "", " ", "yes", "[]", "1,2,3",
         "2026-02-30", "0000-00-00", "9999-12-31", "{{ 7 }}", "%", "\\", CANARY, ELSEWHERE[0], "长" * 400)  # fmt: skip
VALUES = (*map(quote, TEXTS), *(value.decode() for value in BROKEN))
OF_ALL = ("p", "o", "q")
WHOLE = (
    "e=2",
    "all=%00",
    "nobody__knows=1",
    "pk__isnull=x",
    "&&==&=",
    "q=1&q=%00",
    "p=1&p=0&o=1.2.-3.99.-",
    "_to_field=password",
    "%00=1",
    "%ff=%ff",
    "__isnull=",
)
LISTS = {
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"): model_admin
    for model, model_admin in admin.site._registry.items()
}


def odd_addresses(request):
    yield from (f"{next(iter(LISTS))}?{name}={value}" for name in OF_ALL for value in VALUES)
    yield from (f"{next(iter(LISTS))}?{query}" for query in WHOLE)
    values = cycle(VALUES)
    for address, model_admin in LISTS.items():
        yield f"{address}?q={next(values)}&o={next(values)}"
        yield from (f"{address}?{name}={next(values)}" for name in filters(model_admin, request))


def filters(model_admin, request):
    """The names of the list's filters; of the lookups of each but one, another for the next."""
    names = sorted(model_admin.list_parameters(request) - LIST_PARAMETERS)
    lookups = [name for name in names if "__" in name]
    return sorted({*names} - {*lookups} | {*lookups[:: len(FIELD_LOOKUPS)]})


@pytest.mark.once
def test_no_list_breaks_at_an_odd_address(cast, client_of):
    client, request = client_of(cast.technician), RequestFactory().get("/")
    request.user = get_user_model().objects.get(pk=cast.technician.pk)
    client.raise_request_exception = False
    asked = {address: client.get(address).status_code for address in odd_addresses(request)}
    assert {address[:200]: status for address, status in asked.items() if status not in (200, 302, 400)} == {}
    assert {302, 200} <= set(asked.values())
