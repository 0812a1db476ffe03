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

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from activities import signup
from activities.models import (
    HomeDelivery,
)
from branches import register_requests
from branches.access import Action
from branches.models import (
    Branch,
    Building,
    CareVisit,
    CentreHousehold,
    Division,
    Enterprise,
    Grid,
    Member,
    Pairing,
    PartyGroup,
    ResidentCompound,
    User,
)
from homes.models import (
    Home,
    HostedBranch,
)
from tests.makers import (
    make_activity_of,
    make_application,
    make_course_of,
    make_home,
    make_inspection,
    make_letter,
    make_member,
    make_notice,
    make_project,
    make_public_letter,
    make_recording,
    make_user,
    photo_files,
)
from volunteers import duties, ordering, teams
from volunteers.models import Duty, OrderCategory, Shift, Skill, Team, TeamKind

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


def make_deliveries(cast):
    """In each area, something that has still to be brought home to its member."""
    for area in AREAS:
        HomeDelivery.objects.create(activity=cast.activities[area], member=cast.members[area])


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
