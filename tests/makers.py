"""Single records for tests, each made as people would make it; tests/cast.py puts a whole district together."""

import secrets
from datetime import date, time, timedelta
from functools import cache
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities import publishing
from activities.demo_audio import melody
from activities.library import recording
from activities.models import (
    Activity,
    ActivityKind,
    AudioItem,
    Course,
    Notice,
    NoticeFile,
    Recap,
    RecapPhoto,
)
from branches.models import (
    Branch,
    Building,
    CommunityMembership,
    Grid,
    GroupPlacement,
    Member,
    PartyGroup,
    Posting,
    ResidentCompound,
    User,
)
from homes import applying, inspecting, reviewing
from homes.circles.computing import PLACES
from homes.models import (
    ApplicationDocument,
    BudgetLine,
    CommunityProject,
    Facility,
    FundingSource,
    Home,
    HomeApplication,
    LedgerLine,
    Milestone,
    OpeningHours,
    Photo,
    ProjectPhoto,
    ProjectUpdate,
    ServiceCircle,
    Standard,
    Theme,
    Walk,
)
from volunteers.models import Letter, Office


def make_user(username, role=None, area=None, **fields):
    """A user with a post from 2020 on: `role` in `area`, a division or a branch; without one, who may do nothing."""
    user = User.objects.create_user(username, "tests-only-password", **fields)
    if role:
        place = {"branch" if isinstance(area, Branch) else "division": area}
        Posting.objects.create(user=user, role=role, since=date(2020, 1, 1), **place)
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


def make_compound(division, name, buildings=1):
    """A compound with its buildings, their grid and their Party group of a branch of the community: [the buildings]."""
    compound = ResidentCompound.objects.create(name=name, division=division)
    grid = Grid.objects.create(name=f"{name}网格", division=division)
    rows = [
        Building.objects.create(name=f"{number}栋", compound=compound, grid=grid, longitude="112.99", latitude="28.11")
        for number in range(1, buildings + 1)
    ]
    PartyGroup.objects.create(name=f"{name}楼栋组", branch=division.branches.first()).buildings.add(*rows)
    return rows


def make_walks(home, *places, metres=300, **source):
    """The circle of a home, estimated unless its `network` is told, with a walk of so many metres to each place."""
    point = {"longitude": home.longitude, "latitude": home.latitude}
    source = source or {"factor": "1.40"}
    circle, _ = ServiceCircle.objects.get_or_create(home=home, defaults=point | source)
    for place in places:
        Walk.objects.create(circle=circle, metres=metres, **{PLACES[type(place)]: place})
    return circle


def make_photo(home):
    """A small photograph of the home, with its files."""
    return Photo.objects.create(home=home, alt=f"{home.name}的门口", **photo_files())


def photo_files():
    """The two sizes of a small photograph, under unguessable names."""
    files = {}
    for size in ("large", "small"):
        buffer = BytesIO()
        Image.new("RGB", (6, 4), "red").save(buffer, "WEBP")
        files[size] = ContentFile(buffer.getvalue(), name=f"{secrets.token_hex(16)}.webp")
    return files


def make_homes(division, count, prefix="row"):
    """`count` open homes, for lists of one, three or thirty rows."""
    return [make_home(division, f"{prefix}{number}号家", f"{prefix}-{number}") for number in range(count)]


def make_member(branch, name, *, status="active", since=date(2024, 3, 1), group=None, **fields):
    """A member whose membership of `branch` is `status`: pending, or active since a day (and in `group`, if told)."""
    member = Member.objects.create(name=name, **fields)
    active = status == CommunityMembership.Status.ACTIVE
    membership = CommunityMembership.objects.create(
        member=member,
        branch=branch,
        status=status,
        home_unit="示例机械厂党委",
        reported_on=since,
        since=since if active else None,
    )
    if group:
        GroupPlacement.objects.create(membership=membership, group=group, since=since)
    return member


def moment_ahead(wait, minutes):
    """The moment so long from now; days away, a little earlier where it would otherwise go on past midnight."""
    begins = timezone.localtime(timezone.now().replace(second=0, microsecond=0) + wait)
    ends = begins + timedelta(minutes=minutes)
    if abs(wait) >= timedelta(days=1) and ends.date() != begins.date():
        begins -= timedelta(hours=ends.hour + 1, minutes=ends.minute)
    return begins


def make_activity_of(home, title, *, status="published", starts_in=timedelta(days=1), **fields):
    """An activity of this home with ten seats, of ninety minutes."""
    fields.setdefault("kind", ActivityKind.objects.get_or_create(slug="talk", defaults={"name": "座谈"})[0])
    starts_at = moment_ahead(starts_in, 90)
    return Activity.objects.create(
        title=title, home=home, division=home.division, starts_at=starts_at, status=status, capacity=10,
        ends_at=starts_at + timedelta(minutes=90), description=f"{title}的介绍",
        published_at=None if status in ("draft", "pending") else timezone.now(), **fields,
    )  # fmt: skip


def make_course_of(home, title, slug):
    """A course of this home with one published session."""
    kind = ActivityKind.objects.get_or_create(slug="class", defaults={"name": "课程班"})[0]
    today = timezone.localdate()
    course = Course.objects.create(
        title=title, slug=slug, kind=kind, home=home, division=home.division, since=today,
        until=today + timedelta(days=60),
    )  # fmt: skip
    make_activity_of(home, title, starts_in=timedelta(days=2), kind=kind, course=course, number=1)
    return course


def make_notice(home, title):
    """A published notice of this home with a file."""
    notice = Notice.objects.create(
        title=title, body=f"{title}的正文", source="示例社区", home=home, division=home.division, status="published",
        publish_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    file = ContentFile(b"%PDF-1.4\n%%EOF\n", name=f"{secrets.token_hex(16)}.pdf")
    NoticeFile.objects.create(notice=notice, title=f"{title}附件", file=file, kind="pdf", size=file.size)
    return notice


@cache
def a_second_of_sound():
    return melody((262, 294))


def make_recording(home, title, slug, **fields):
    """A public recording of this home, a second long."""
    sound = recording(SimpleUploadedFile("声音.wav", a_second_of_sound()))
    return AudioItem.objects.create(
        title=title, slug=slug, reader="示例朗读者", home=home, division=home.division, transcript=f"{title}的文字",
        seconds=sound.seconds, file=sound.file, media_type=sound.media_type, **{"is_public": True} | fields,
    )  # fmt: skip


def make_recap(home, title):
    """The photograph of the recap of something that is over in this home."""
    activity = make_activity_of(home, title, status="finished", starts_in=timedelta(days=-2))
    recap = Recap.objects.create(activity=activity, words=f"{title}的回顾")
    return RecapPhoto.objects.create(recap=recap, alt=f"{title}的照片", **photo_files())


def make_project(home, name, slug, **fields):
    """Something the neighbours of this home do together: being built, with half of its money received."""
    today = timezone.localdate()
    given = {"status": "building", "scope": f"{name}的内容", "plan": f"{name}的做法", "received": 500, "households": 40}
    project = CommunityProject.objects.create(home=home, name=name, slug=slug, **given | fields)
    source = FundingSource.objects.create(project=project, kind="repair_fund", name=f"{name}的钱", committed=1000)
    BudgetLine.objects.create(project=project, name=f"{name}的料", amount=1000)
    LedgerLine.objects.create(project=project, source=source, amount=500, on=today, words=f"{name}第一笔")
    step = Milestone.objects.create(project=project, name=f"{name}第一步", planned_on=today + timedelta(days=9))
    ProjectUpdate.objects.create(project=project, on=today, words=f"{name}开工了")
    ProjectPhoto.objects.create(project=project, milestone=step, alt=f"{name}的照片", **photo_files())
    return project


def make_letter(home, title, **fields):
    """A letter in the mailbox of this home, which nobody has taken up; its public words differ from its own."""
    now = timezone.now()
    defaults = {
        "subject": f"{title}的事", "body": f"{title}的来信", "name": f"{title}写信人", "telephone": "19900009905",
        "code": f"{secrets.randbelow(10**8):08}", "due_on": timezone.localdate() + timedelta(days=1),
        "text_changed_at": now - timedelta(days=2), "created_at": now - timedelta(days=2), "home": home,
        "division": home.division,
    }  # fmt: skip
    return Letter.objects.create(**defaults | fields)


def make_public_letter(home, title, **fields):
    """A letter of this home that has been answered and that everybody may read."""
    now = timezone.now()
    public = {
        "status": "answered", "answered_at": now, "answer": f"{title}的答复", "publication": "public",
        "office": Office.objects.get_or_create(name="示例街道办事处")[0], "public_subject": f"{title}的标题",
        "public_body": f"{title}的公开信", "public_answer": f"{title}的公开答复", "consented_on": timezone.localdate(),
        "text_changed_at": now, "redacted_at": now, "published_at": now,
    }  # fmt: skip
    return make_letter(home, title, **public | fields)


def make_application(division, name, *, by, reviewer=None, **fields):
    """An application that was handed in, with a document for each condition; in its public notice where somebody of
    the district is told to have put it there.
    """
    today, at = timezone.localdate(), timezone.now()
    numbers = HomeApplication.objects.exclude(number=None).count()
    defaults = {
        "name": name, "division": division, "address": f"{name}路2号", "applicant": by,
        "number": f"2025-{numbers + 1:04}", "submitted_on": today, "due_on": today + timedelta(days=7),
        "branch_words": f"{name}的支部", "place_words": f"{name}的场所", "area": 80, "tenure": "own",
        "team_words": f"{name}的队伍", "team_size": 12, "plan_words": f"{name}的打算",
    }  # fmt: skip
    if reviewer is not None:
        defaults |= {"notice_words": f"{name}的公示", "notice_from": today, "notice_until": today + timedelta(days=7),
                     "due_on": None}  # fmt: skip
    kept = HomeApplication(**defaults | fields)
    past = [(kept, event, reviewing.APPLICANT, by, at, "", {}) for event in ("begin", "submit")]
    if reviewer is not None:
        past.append((kept, "start_notice", reviewing.DISTRICT, reviewer, at, "", {}))
    applying.enter([kept], past, by=by, reason="录入")
    for condition in ApplicationDocument.REQUIRED:
        file = ContentFile(b"%PDF-1.4\n%%EOF\n", name=f"{secrets.token_hex(16)}.pdf")
        ApplicationDocument.objects.create(
            application=kept, condition=condition, title=f"{name}的证明", file=file, kind="pdf", added_by=by
        )
    return kept


def make_inspection(home, *, by, words="看过"):
    """A visit to a home with a checklist of one line, which it met, and a photograph."""
    standard = Standard.objects.get_or_create(section="place", name="有座位", defaults={"is_required": True})[0]
    return inspecting.inspect(
        by=by, home=home, words=words, results=dict.fromkeys({standard, *Standard.objects.in_use()}, ("met", "")),
        photos=[(photo_files()["large"], f"{words}的照片")],
    )  # fmt: skip


def call_off(home, *, by):
    """Cancel what is still to come at this home, as one does before it is archived."""
    for activity in home.activities.upcoming():
        publishing.cancel(activity, by=by, reason="不办了")
