"""Applications of the tests: a district with its people, and applications brought to a state by the verbs."""

from datetime import date, datetime, time
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.utils import timezone

from branches.models import Division, User
from homes import applying, inspecting
from homes.models import ApplicationDocument, Home, HomeApplication, Standard
from tests.makers import make_user

STATES = tuple(HomeApplication.Status)
WORDS = {
    "branch_words": "党员21人", "place_words": "两间屋", "area": 80, "tenure": "own", "team_words": "十来位邻居",
    "team_size": 12, "plan_words": "天天开门",
}  # fmt: skip
MONDAY = date(2026, 9, 21)


class Hall(NamedTuple):
    """Who applies, who reviews: one of the street, three of the district; a neighbour's officer."""

    officer: User
    neighbour: User
    street: User
    district: User
    leader: User
    chief: User
    community: Division

    def who(self, role):
        return getattr(self, role)


def make_hall():
    district = Division.objects.create(code="990300000000", name="申报区", level="district")
    street = Division.objects.create(code="990300001000", name="申报街道", level="street", parent=district)
    here, next_door = (
        Division.objects.create(code=f"99030000100{number}", name=f"申报{number}社区", level="community", parent=street)
        for number in (1, 2)
    )
    Standard.objects.create(section="place", name="有座位", is_required=True)
    return Hall(
        make_user("officer", "community", here, name="小陈"),
        make_user("neighbour", "community", next_door, name="小刘"),
        make_user("street", "street", street, name="小周"),
        *(make_user(name, "district", district, name=name) for name in ("district", "leader", "chief")),
        here,
    )


def drafted(hall, *, address="一号路1号", **fields):
    """A draft that could be handed in."""
    given = {"name": "申报的家", "division": hall.community, "address": address} | WORDS | fields
    application = applying.begin(by=hall.officer, **given)
    for condition in ApplicationDocument.REQUIRED:
        file = ContentFile(b"%PDF-1.4\n%%EOF\n", name=f"{application.pk}-{condition}.pdf")
        applying.add_document(
            application, by=hall.officer, condition=condition, title="证明", file=file, kind="pdf", version=None
        )
    application.refresh_from_db()
    return application


def seen(application, by):
    results = dict.fromkeys(Standard.objects.in_use(), ("met", ""))
    return inspecting.inspect(by=by, application=application, words="去看过", results=results)


def steps(hall, by, on):
    """{event: a call of its verb on an application by somebody}"""
    return {
        "submit": lambda it: applying.submit(it, by=by, on=on),
        "return": lambda it: applying.return_(it, by=by, reason="写清楚些", fields={"area": "量一量"}, on=on),
        "street_pass": lambda it: applying.street_pass(it, by=by, on=on),
        "start_notice": lambda it: applying.start_notice(it, by=by, words="两间屋，天天开门。", on=on),
        "approve": lambda it: applying.approve(it, by=by, slug="new-home", ceiling=30000, on=on),
        "reject": lambda it: applying.reject(it, by=by, category="place", reason="太远", on=on),
        "withdraw": lambda it: applying.withdraw(it, by=by),
    }


def in_state(status, hall, *, on=MONDAY, **fields):
    """An application that has come to this state by the verbs, of whose notice the last day is over."""
    application = drafted(hall, **fields)
    if status == "draft":
        return application
    application = applying.submit(application, by=hall.officer, on=on)
    if status == "returned":
        return steps(hall, hall.street, on)["return"](application)
    if status == "rejected":
        return steps(hall, hall.street, on)["reject"](application)
    if status == "withdrawn":
        return applying.withdraw(application, by=hall.officer)
    if status == "submitted":
        return application
    seen(application, hall.street)
    application = applying.street_pass(application, by=hall.street, on=on)
    if status == "street_ok":
        return application
    application = applying.start_notice(application, by=hall.district, words="两间屋，天天开门。", on=on)
    if status == "public_notice":
        return application
    return applying.approve(application, by=hall.leader, slug=f"home-{application.pk}", ceiling=1, on=date(2026, 11, 2))


def homes():
    return Home.objects.count()


def at(day):
    """Ten in the morning of that day."""
    return timezone.make_aware(datetime.combine(day, time(10)))
