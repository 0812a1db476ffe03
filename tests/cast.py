"""The cast of the tests, and the small invented district they live in.

望岳区 has two streets: 东街 with the communities 甲 (`here`) and 乙 (`next_door`), 西街 with the community 丙
(`elsewhere`). Each community has an open home and a draft. Everything that could leak from an area carries its canary:
a text found nowhere else.
"""

import secrets
from dataclasses import dataclass, field
from datetime import time
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from branches.models import Division, Posting, User
from homes.models import Facility, Home, OpeningHours, Photo, Theme

AREAS = ("here", "next_door", "elsewhere")
CANARIES = {"here": "金丝雀", "next_door": "画眉鸟", "elsewhere": "啄木鸟"}  # in every name of the area
TELEPHONES = {"here": "0731-00001", "next_door": "0731-00002", "elsewhere": "0731-00003"}  # how its numbers begin


@dataclass
class Cast:
    """The people, by what they are in this district; `visitor` has no account. And the places, by area."""

    district: Division
    streets: dict
    communities: dict
    homes: dict = field(default_factory=dict)
    drafts: dict = field(default_factory=dict)

    visitor: User | None = None
    officer: User | None = None  # of the community `here`
    next_door_officer: User | None = None  # of the next community in the same street
    elsewhere_officer: User | None = None  # of a community in the other street
    street_officer: User | None = None  # of the street that `here` and `next_door` are in
    district_officer: User | None = None
    organiser: User | None = None  # of the open home `here`
    auditor: User | None = None
    technician: User | None = None

    @property
    def people(self):
        """{what they are: user or None for the visitor}"""
        names = ("visitor", "officer", "next_door_officer", "elsewhere_officer", "street_officer", "district_officer")
        return {name: getattr(self, name) for name in (*names, "organiser", "auditor", "technician")}

    def areas_of(self, person):
        """The areas whose records this person may meet in the staff pages."""
        return {
            "officer": {"here"},
            "next_door_officer": {"next_door"},
            "elsewhere_officer": {"elsewhere"},
            "street_officer": {"here", "next_door"},
            "organiser": {"here"},
            "district_officer": set(AREAS),
            "technician": set(AREAS),
        }.get(person, set())


def make_user(username, role=None, division=None, **fields):
    """A user who holds `role` in `division` from 2020 on; without a role, one who may do nothing."""
    user = User.objects.create_user(username, "tests-only-password", **fields)
    if role:
        Posting.objects.create(user=user, role=role, division=division, since="2020-01-01")
    return user


def make_home(division, name, slug, **fields):
    """An open home with a theme, a facility, hours and a place, unless told otherwise."""
    theme = Theme.objects.get_or_create(slug="garden", defaults={"name": "花园", "mark": "sprout"})[0]
    facility = Facility.objects.get_or_create(slug="reading-room", defaults={"name": "阅览室"})[0]
    defaults = {
        "status": Home.Status.OPEN,
        "theme": theme,
        "lead": f"{name}的一句话",
        "story": f"{name}的故事",
        "address": f"{name}路1号",
        "longitude": "112.990000",
        "latitude": "28.110000",
        "location_precision": Home.Precision.BUILDING,
        "step_free": True,
    }
    home = Home.objects.create(division=division, name=name, slug=slug, **defaults | fields)
    home.facilities.add(facility)
    OpeningHours.objects.bulk_create(
        OpeningHours(home=home, weekday=day, opens=time(9), closes=time(17)) for day in range(5)
    )
    return home


def make_photo(home):
    """A small photograph of the home, with its files."""
    files = {}
    for size in ("large", "small"):
        buffer = BytesIO()
        Image.new("RGB", (6, 4), "red").save(buffer, "WEBP")
        files[size] = ContentFile(buffer.getvalue(), name=f"{secrets.token_hex(16)}.webp")
    return Photo.objects.create(home=home, alt=f"{home.name}的门口", **files)


def make_homes(division, count, prefix="row"):
    """`count` open homes, for lists of one, three or thirty rows."""
    return [make_home(division, f"{prefix}{number}号家", f"{prefix}-{number}") for number in range(count)]


def make_cast():
    """The whole district with everybody in it."""
    outline = {
        "type": "Polygon",
        "coordinates": [[[112.9, 28.0], [113.1, 28.0], [113.1, 28.2], [112.9, 28.2], [112.9, 28.0]]],
    }
    division = Division.objects.create
    district = division(code="990100000000", name="望岳区", level="district", outline=outline)
    east = division(code="990100001000", name="东街街道", level="street", parent=district)
    west = division(code="990100002000", name="西街街道", level="street", parent=district)
    communities = {
        "here": division(code="990100001001", name="甲社区居委会", level="community", parent=east),
        "next_door": division(code="990100001002", name="乙社区居委会", level="community", parent=east),
        "elsewhere": division(code="990100002001", name="丙社区居委会", level="community", parent=west),
    }
    cast = Cast(district=district, streets={"east": east, "west": west}, communities=communities)
    for area, community in communities.items():
        canary, telephone, slug = CANARIES[area], TELEPHONES[area], area.replace("_", "-")
        cast.homes[area] = make_home(community, f"{canary}之家", slug, telephone=f"{telephone}1")
        cast.drafts[area] = make_home(
            community, f"{canary}草稿", f"{slug}-draft", telephone=f"{telephone}2", status=Home.Status.PREPARING
        )
    cast.officer = make_user("officer", "community", communities["here"], name="金丝雀小陈")
    cast.next_door_officer = make_user("next_door", "community", communities["next_door"], name="画眉鸟小刘")
    cast.elsewhere_officer = make_user("elsewhere", "community", communities["elsewhere"], name="啄木鸟小王")
    cast.street_officer = make_user("street", "street", east, name="东街小周")
    cast.district_officer = make_user("district", "district", district, name="区里小胡")
    cast.organiser = make_user("organiser", "organiser", name="组织者老谭")
    cast.homes["here"].organisers.add(cast.organiser)
    cast.auditor = make_user("auditor", "auditor", name="审计老何")
    cast.technician = User.objects.create_superuser("technician", "tests-only-password", name="技术员")
    return cast
