"""The desk's pages about orders, as their tests know them: one in every state, and who may open what."""

from tests.cast import AREAS, CANARIES
from tests.volunteers.errands import in_days, make_category
from volunteers import dispatching, ordering
from volunteers.models import Message, ServiceOrder, Volunteer

DESK = "/desk/orders/"
TELEPHONES = {"here": "19900004101", "next_door": "19900004202", "elsewhere": "19900004303"}
# {the end of the address: what it is for}; those with {who} are about somebody who was asked
STEPS = (
    "route/", "reject/", "duplicate/", "offer/", "call/", "take/", "recall-call/", "complete/", "rate/", "reopen/",
    "cancel/", "correct/", "people/{who}/answer/", "people/{who}/recall/", "people/{who}/fail/",
)  # fmt: skip


def ask_for_help(cast, area, **fields):
    """Somebody of this area asks for help; what they wrote carries its canary."""
    canary = CANARIES[area]
    given = {
        "what": f"{canary}家的灯不亮了", "name": f"{canary}大娘", "telephone": TELEPHONES[area],
        "place": f"{canary}家园3栋401", "category": make_category(),
    }  # fmt: skip
    return ordering.place(home=cast.homes[area], **given | fields)


def orders_of(cast):
    """{area: an order for which its volunteer was asked}"""
    found = {}
    for area in AREAS:
        found[area] = order = ask_for_help(cast, area)
        dispatching.offer(order, cast.volunteers[area], visit_at=in_days(), by=cast.technician)
        order.refresh_from_db()
    return found


def somebody_free(cast):
    """Somebody of the team here, free at any hour of the week."""
    Volunteer.objects.filter(pk=cast.volunteers["here"].pk).update(free_times=0)
    return Volunteer.objects.get(pk=cast.volunteers["here"].pk)


def page(order, tail=""):
    return f"{DESK}{order.pk}/{tail.format(who=getattr(order.assignments.first(), 'pk', 0))}"


def typed(response, **changes):
    """What the form of this page would send back untouched, updated with `changes`; None takes a field out."""
    data = {}
    for field in response.context["form"]:
        value = field.value()
        if isinstance(value, bool):
            data |= {field.html_name: "on"} if value else {}
        elif isinstance(value, (list, tuple)):
            data[field.html_name] = list(value)
        else:
            data[field.html_name] = "" if value is None else value
    return {name: value for name, value in (data | changes).items() if value is not None}


def send(client, address, **changes):
    """Open the page, change some of its form, and send it."""
    return client.post(address, typed(client.get(address), **changes))


def when(days=1, **changes):
    """The end of an address that says when somebody should go."""
    at = in_days(days)
    given = {"day": at.date().isoformat(), "begins": "15:00", "minutes": "45"} | changes
    return "?" + "&".join(f"{name}={value}" for name, value in given.items())


def now(order):
    """The order as it is now."""
    return ServiceOrder.objects.get(pk=order.pk)


def waiting():
    return list(Message.objects.waiting().order_by("pk").values_list("kind", flat=True))


def newest():
    """The order that came last; the cast has some of its own."""
    return ServiceOrder.objects.latest("pk")
