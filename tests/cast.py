"""The cast of the tests, and the small invented district they live in.

望岳区 has two streets: 东街 with the communities 甲 (`here`) and 乙 (`next_door`), 西街 with the community 丙
(`elsewhere`). Each community has an open home and a draft, and a branch that meets in the open home: with a compound, a
building, a group, a centre household, and three members: one at home who is visited, the one who visits them, and one
who asks to be taken in. In each open home something goes on: an activity that two people have signed up for, a draft,
a course with its session, a notice with a file, a recording; its mailbox holds a public letter and a new one. A team of
the home has a captain with a code who stands in a shift tomorrow, and somebody who asks to join. Somebody asks for help
there, for somebody else, with a photograph. The community applies for another home, with documents: `here` is in its
public notice, the others wait for their street. The open home was inspected, with a photograph. All that could leak
from an area carries its canary: a text found nowhere else.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from activities import publishing, signup
from activities.demo_audio import melody
from activities.library import recording
from activities.models import (
    Activity,
    ActivityKind,
    AudioItem,
    Course,
    HomeDelivery,
    Notice,
    NoticeFile,
    Recap,
    RecapPhoto,
)
from branches import register_requests
from branches.access import Action
from branches.models import (
    Branch,
    Building,
    CareVisit,
    CentreHousehold,
    CommunityMembership,
    Division,
    Enterprise,
    Grid,
    GroupPlacement,
    Member,
    Pairing,
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
    HostedBranch,
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
from volunteers import duties, ordering, teams
from volunteers.models import Duty, Letter, Office, OrderCategory, Shift, Skill, Team, TeamKind

AREAS = ("here", "next_door", "elsewhere")
CANARIES = {"here": "金丝雀", "next_door": "画眉鸟", "elsewhere": "啄木鸟"}  # in every name of the area
TELEPHONES = {"here": "0731-00001", "next_door": "0731-00002", "elsewhere": "0731-00003"}  # how its numbers begin
# the telephones of its members: the one at home, the one who visits, the one who asks to be taken in
MOBILES = {
    "here": ("19900001101", "19900001102", "19900001103"),
    "next_door": ("19900002201", "19900002202", "19900002203"),
    "elsewhere": ("19900003301", "19900003302", "19900003303"),
}
# the telephone of who asked for help there
ASKING = {"here": "19900001106", "next_door": "19900002206", "elsewhere": "19900003306"}
# the telephone of those who signed up for its activity
BOOKED = {"here": "19900001104", "next_door": "19900002204", "elsewhere": "19900003304"}
# the telephones of the volunteers of its team: the one who is in it, the one who asks to be
SERVING = {
    "here": ("19900001107", "19900001108"),
    "next_door": ("19900002207", "19900002208"),
    "elsewhere": ("19900003307", "19900003308"),
}
# the telephone of those who wrote to its mailbox
WRITTEN = {"here": "19900001105", "next_door": "19900002205", "elsewhere": "19900003305"}


@dataclass
class Cast:
    """The people, by what they are in this district; `visitor` has no account. And the places, by area."""

    district: Division
    streets: dict
    communities: dict
    homes: dict = field(default_factory=dict)
    drafts: dict = field(default_factory=dict)
    branches: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)  # active, in the group, to be visited at home, and overdue
    carers: dict = field(default_factory=dict)  # active, in no group, looks in on the member
    newcomers: dict = field(default_factory=dict)  # with a report that waits to be confirmed
    pairings: dict = field(default_factory=dict)
    activities: dict = field(default_factory=dict)  # published, with two people signed up
    bookings: dict = field(default_factory=dict)  # theirs
    draft_activities: dict = field(default_factory=dict)
    courses: dict = field(default_factory=dict)  # with one published session
    notices: dict = field(default_factory=dict)  # with a file
    recordings: dict = field(default_factory=dict)
    teams: dict = field(default_factory=dict)  # of the open home
    volunteers: dict = field(default_factory=dict)  # active in it, with a code, in a shift
    shifts: dict = field(default_factory=dict)  # tomorrow
    letters: dict = field(default_factory=dict)  # answered and public
    new_letters: dict = field(default_factory=dict)  # that nobody has taken up
    applications: dict = field(default_factory=dict)  # for another home: in public notice `here`, else handed in
    inspections: dict = field(default_factory=dict)  # of the open home, with a photograph
    projects: dict = field(default_factory=dict)  # being built, with a line of the ledger, a step, news, a photograph
    proposals: dict = field(default_factory=dict)  # that nobody was asked about
    orders: dict = field(default_factory=dict)  # of the branch, with a photograph; nobody was asked yet

    visitor: User | None = None
    officer: User | None = None  # of the community `here`
    next_door_officer: User | None = None  # of the next community in the same street
    elsewhere_officer: User | None = None  # of a community in the other street
    street_officer: User | None = None  # of the street that `here` and `next_door` are in
    district_officer: User | None = None
    leader: User | None = None  # a second officer of the district
    secretary: User | None = None  # of the branch `here`
    next_door_secretary: User | None = None
    organiser: User | None = None  # of the open home `here`
    auditor: User | None = None
    technician: User | None = None

    @property
    def people(self):
        """{what they are: user or None for the visitor}"""
        names = ("visitor", "officer", "next_door_officer", "elsewhere_officer", "street_officer", "district_officer")
        names += ("secretary", "next_door_secretary", "organiser", "auditor", "technician")
        return {name: getattr(self, name) for name in names}

    def areas_of(self, person):
        """The areas whose records this person may meet in the staff pages."""
        return {
            "officer": {"here"},
            "next_door_officer": {"next_door"},
            "elsewhere_officer": {"elsewhere"},
            "street_officer": {"here", "next_door"},
            "secretary": {"here"},
            "next_door_secretary": {"next_door"},
            "organiser": {"here"},
            "district_officer": set(AREAS),
            "technician": set(AREAS),
        }.get(person, set())


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


def ask_for_exports(cast):
    """In each area its officer asks to take the members of the area out, which waits for a second person."""
    for area, officer in zip(AREAS, (cast.officer, cast.next_door_officer, cast.elsewhere_officer), strict=True):
        members = Member.objects.visible_to(officer, Action.EXPORT)
        register_requests.ask(members, by=officer, reason=f"{CANARIES[area]}核对名册", query="", asked={})


def make_branch(cast, area):
    """The branch of this area with everybody in it, in the area's open home."""
    canary, division, slug = CANARIES[area], cast.communities[area], area.replace("_", "-")
    at_home, visitor, newcomer = MOBILES[area]
    compound = ResidentCompound.objects.create(name=f"{canary}家园", division=division)
    grid = Grid.objects.create(name=f"{canary}网格", division=division)
    building = Building.objects.create(name=f"{canary}3栋", compound=compound, grid=grid)
    branch = Branch.objects.create(
        name=f"{canary}银龄支部", slug=f"{slug}-branch", division=division, telephone=f"{TELEPHONES[area]}4"
    )
    HostedBranch.objects.create(home=cast.homes[area], branch=branch)
    group = PartyGroup.objects.create(name=f"{canary}楼栋组", branch=branch)
    group.buildings.add(building)
    enterprise = Enterprise.objects.get_or_create(name="示例机械厂")[0]
    lives = {"compound": compound, "building": building, "enterprise": enterprise, "address": f"{canary}家园3栋401"}
    cast.branches[area], cast.groups[area] = branch, group
    cast.members[area] = member = make_member(
        branch, f"{canary}老人", group=group, telephone=at_home, birth_year=1941, needs_home_visit=True,
        contact=f"{canary}女儿 {at_home[:-1]}9", care_class="home-visit", **lives,
    )  # fmt: skip
    cast.carers[area] = carer = make_member(branch, f"{canary}邻居", telephone=visitor, birth_year=1958, **lives)
    cast.newcomers[area] = make_member(
        branch, f"{canary}新来", status="pending", since=timezone.localdate(), telephone=newcomer, **lives
    )
    CentreHousehold.objects.create(group=group, host=carer, since=date(2024, 3, 1), consent_on=date(2024, 3, 1))
    today = timezone.localdate()
    cast.pairings[area] = Pairing.objects.create(
        member=member,
        carer=carer,
        every_days=14,
        since=today - timedelta(days=40),
        next_visit_on=today - timedelta(days=6),
    )
    CareVisit.objects.create(
        member=member, pairing=cast.pairings[area], visited_on=today - timedelta(days=20), note=f"{canary}说家里都好"
    )


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


def make_programme(cast, area):
    """What goes on in the open home of this area."""
    canary, home, slug = CANARIES[area], cast.homes[area], area.replace("_", "-")
    cast.activities[area] = make_activity_of(home, f"{canary}讲座", branch=cast.branches[area])
    cast.bookings[area] = signup.join(
        cast.activities[area], names=[f"{canary}来宾", f"{canary}同伴"], telephone=BOOKED[area], note=f"{canary}坐前排"
    )
    cast.draft_activities[area] = make_activity_of(home, f"{canary}未定稿", status="draft")
    cast.courses[area] = make_course_of(home, f"{canary}书画班", f"{slug}-class")
    cast.notices[area] = make_notice(home, f"{canary}通知")
    cast.recordings[area] = make_recording(home, f"{canary}读书", f"{slug}-book")
    cast.projects[area] = make_project(home, f"{canary}换灯", f"{slug}-works")
    cast.proposals[area] = make_project(home, f"{canary}棋亭", f"{slug}-idea", status="proposed")
    cast.letters[area] = make_public_letter(home, f"{canary}路灯", telephone=WRITTEN[area])
    cast.new_letters[area] = make_letter(home, f"{canary}井盖", telephone=WRITTEN[area])


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


def make_team(cast, area):
    """The team of the open home of this area with its people, its duty and a shift tomorrow."""
    canary, home, slug = CANARIES[area], cast.homes[area], area.replace("_", "-")
    serving, asking = SERVING[area]
    kind = TeamKind.objects.get_or_create(slug="escort", defaults={"name": "护学"})[0]
    skill = Skill.objects.get_or_create(slug="repair", defaults={"name": "修水电"})[0]
    cast.teams[area] = team = Team.objects.create(
        name=f"{canary}护学队", slug=f"{slug}-team", home=home, kind=kind, story=f"{canary}护学队的故事"
    )
    entered = teams.enter(team, by=None, name=f"{canary}志愿者", telephone=serving, skills=[skill], free_times=1,
                          division=home.division)  # fmt: skip
    teams.ask(team, name=f"{canary}报名者", telephone=asking, note=f"{canary}早上有空")
    cast.volunteers[area] = volunteer = entered.volunteer
    teams.set_captain(team, volunteer, by=None)
    teams.new_code(volunteer, by=None)
    volunteer.refresh_from_db()
    # half a day away from the time it is now, at which tests put things off till tomorrow
    begins, ends = (time(19, 30), time(20, 30)) if timezone.localtime().hour < 12 else (time(7, 30), time(8, 30))
    duty = Duty.objects.create(
        team=team, name=f"{canary}早上护学", place=f"{canary}校门口", begins=begins, ends=ends, since=date(2024, 3, 1)
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    begins, ends = (timezone.make_aware(datetime.combine(tomorrow, at)) for at in (duty.begins, duty.ends))
    cast.shifts[area] = shift = Shift.objects.create(duty=duty, starts_at=begins, ends_at=ends, needed=2)
    duties.join(shift, volunteer, by=volunteer)


def make_order(cast, area):
    """Somebody's wish for help at the open home of this area."""
    canary = CANARIES[area]
    category = OrderCategory.objects.get_or_create(slug="repairs", defaults={"name": "小修小补"})[0]
    cast.orders[area] = ordering.place(
        category=category, what=f"{canary}漏水", name=f"{canary}婆婆", telephone=ASKING[area],
        place=f"{canary}家园5栋502", proxy_name=f"{canary}外孙", wish=f"{canary}唱完戏", home=cast.homes[area],
        photos=[photo_files()["large"]],
    )  # fmt: skip


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


def make_deliveries(cast):
    """In each area, something that has still to be brought home to its member."""
    for area in AREAS:
        HomeDelivery.objects.create(activity=cast.activities[area], member=cast.members[area])


def call_off(home, *, by):
    """Cancel what is still to come at this home, as one does before it is archived."""
    for activity in home.activities.upcoming():
        publishing.cancel(activity, by=by, reason="不办了")


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
        make_branch(cast, area)
        make_programme(cast, area)
        make_team(cast, area)
        make_order(cast, area)
    cast.officer = make_user("officer", "community", communities["here"], name="金丝雀小陈")
    cast.next_door_officer = make_user("next_door", "community", communities["next_door"], name="画眉鸟小刘")
    cast.elsewhere_officer = make_user("elsewhere", "community", communities["elsewhere"], name="啄木鸟小王")
    cast.street_officer = make_user("street", "street", east, name="东街小周")
    cast.district_officer = make_user("district", "district", district, name="区里小胡")
    cast.leader = make_user("leader", "district", district, name="区里老魏")
    cast.secretary = make_user("secretary", "secretary", cast.branches["here"], name="金丝雀书记")
    cast.next_door_secretary = make_user(
        "next_door_secretary", "secretary", cast.branches["next_door"], name="画眉鸟书记"
    )
    cast.organiser = make_user("organiser", "organiser", name="组织者老谭")
    cast.homes["here"].organisers.add(cast.organiser)
    for area, officer in zip(AREAS, (cast.officer, cast.next_door_officer, cast.elsewhere_officer), strict=True):
        reviewer = cast.district_officer if area == "here" else None
        cast.applications[area] = make_application(
            communities[area], f"{CANARIES[area]}新家", by=officer, reviewer=reviewer
        )
        cast.inspections[area] = make_inspection(cast.homes[area], by=cast.district_officer, words=CANARIES[area])
    cast.auditor = make_user("auditor", "auditor", name="审计老何")
    cast.technician = User.objects.create_superuser("technician", "tests-only-password", name="技术员")
    return cast
