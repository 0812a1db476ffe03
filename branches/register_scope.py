"""What one person may meet of the register, read at once for thousands of rows, in the words of the sheet."""

import hashlib
from collections import defaultdict

from branches.masking import HIDDEN, mask_address, mask_name, mask_telephone
from branches.models import (
    Branch,
    Building,
    CareClass,
    CommunityMembership,
    Division,
    Enterprise,
    GroupPlacement,
    Member,
    PartyGroup,
    ResidentCompound,
)

NUMBER, NAME, BORN, JOINED, BRANCH, GROUP = "登记号", "姓名", "出生年份", "入党日期", "支部", "党小组"
COMPOUND, BUILDING, ENTERPRISE, HOME_UNIT = "小区", "楼栋", "原企业", "组织关系所在单位"
TELEPHONE, ADDRESS, CONTACT, VISITS, CARE = "电话", "地址", "联系人", "需要上门", "关怀分类"
COLUMNS = (
    *(NUMBER, NAME, BORN, JOINED, BRANCH, GROUP, COMPOUND, BUILDING),
    *(ENTERPRISE, HOME_UNIT, TELEPHONE, ADDRESS, CONTACT, VISITS, CARE),
)


READ = {  # what a plan depends on, by the columns that it reads
    Division: ("pk", "parent"),
    Branch: ("pk", "name", "division", "is_archived"),
    Branch.compounds.through: ("branch", "residentcompound"),
    PartyGroup: ("pk", "name", "branch", "is_archived"),
    ResidentCompound: ("pk", "name", "division", "is_archived"),
    Building: ("pk", "name", "compound", "is_archived"),
    Enterprise: ("pk", "name", "is_archived"),
    CareClass: ("pk", "slug", "name", "is_archived"),
    Member: ("pk", "updated_at"),
    CommunityMembership: ("pk", "member", "branch", "status", "home_unit"),
    GroupPlacement: ("membership", "group", "until"),
}


def stamp():
    """A text that is another one as soon as anything of the register changed that a plan depends on.

    Nothing sealed is opened for it: it takes a fraction of the time that reading a `Register` takes.
    """
    rows = [list(model.objects.order_by(*columns).values_list(*columns)) for model, columns in READ.items()]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def hold(user, action):
    """Keep the members on whom `user` may perform `action` from everybody else until the transaction is over.

    New members have no row to wait at: two imports into one branch wait at the branch.
    """
    branches = Branch.objects.active().where_granted(user, action, Member).values("pk")
    for rows in (
        Branch.objects.filter(pk__in=branches).select_for_update(no_key=True),
        Member.objects.visible_to(user, action).select_for_update(of=("self",)),
    ):
        list(rows.order_by("pk").values_list("pk", flat=True))


class Register:
    """The members on whom `user` may perform `action`, and everything their rows can name."""

    def __init__(self, user, action):
        self.user = user
        self._places(user)
        branches = Branch.objects.active().where_granted(user, action, Member).select_related("division__parent")
        self.branches = {each.name: each for each in branches}
        self.members = {member.pk: member for member in Member.objects.visible_to(user, action)}
        self._belonging(user)

    def _places(self, user):
        self.compounds = {
            each.pk: each for each in ResidentCompound.objects.visible_to(user).select_related("division__parent")
        }
        self.buildings = {each.pk: each for each in Building.objects.visible_to(user)}
        self.enterprises = {each.pk: each for each in Enterprise.objects.visible_to(user)}
        self.care_classes = {each.slug: each for each in CareClass.objects.visible_to(user)}
        self.groups = {(each.branch_id, each.name): each for each in PartyGroup.objects.visible_to(user)}
        self.own_compounds = defaultdict(set)
        for branch, compound in Branch.compounds.through.objects.values_list("branch", "residentcompound"):
            self.own_compounds[branch].add(compound)

    def _belonging(self, user):
        """The membership of each member that the reader answers for, the active one first, and its group."""
        current = CommunityMembership.objects.visible_to(user).filter(status__in=CommunityMembership.CURRENT)
        rows = current.select_related("branch__division__parent").order_by("-status")  # pending, then active
        self.memberships = {each.member_id: each for each in rows if each.member_id in self.members}
        placed = GroupPlacement.objects.visible_to(user).current().select_related("group")
        self.placements = {each.membership_id: each for each in placed}

    def texts(self, member):
        """{column: text} of a member, in full."""
        membership = self.memberships.get(member.pk)
        placement = self.placements.get(membership.pk) if membership else None
        care = self.care_classes.get(member.care_class)
        compound, building = self.compounds.get(member.compound_id), self.buildings.get(member.building_id)
        return {
            NUMBER: str(member.pk or ""),
            NAME: member.name,
            BORN: str(member.birth_year or ""),
            JOINED: member.joined_on.isoformat() if member.joined_on else "",
            BRANCH: membership.branch.name if membership else "",
            GROUP: placement.group.name if placement else "",
            COMPOUND: compound.name if compound else "",
            BUILDING: building.name if building else "",
            ENTERPRISE: self.enterprises[member.enterprise_id].name if member.enterprise_id else "",
            HOME_UNIT: membership.home_unit if membership else "",
            TELEPHONE: member.telephone,
            ADDRESS: member.address,
            CONTACT: member.contact,
            VISITS: "是" if member.needs_home_visit else "否",
            CARE: care.name if care else member.care_class,
        }

    def masked(self, member):
        """{column: text} as a list shows a member: nothing below the community, care as a flag alone."""
        compound = self.compounds.get(member.compound_id)
        return self.texts(member) | {
            NAME: mask_name(member.name),
            COMPOUND: "",
            BUILDING: "",
            TELEPHONE: mask_telephone(member.telephone),
            ADDRESS: mask_address(member.address, compound.division if compound else None),
            CONTACT: HIDDEN if member.contact else "",
            CARE: "",
        }


def hide(column, text):
    """A cell of a preview: what is masked everywhere is masked here too."""
    match column:
        case "姓名":
            return mask_name(text)
        case "电话":
            return mask_telephone(text)
        case "地址" | "联系人":
            return HIDDEN if text else ""
    return text
