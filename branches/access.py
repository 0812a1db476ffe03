"""Who may do what, and where.

Three ideas, used by lists, choices, autocomplete, history, import and export alike:

* a `Role` is a readable object; a `Posting` gives a user one role in one area for a time;
* `grant(model, {role: actions})` in an app's `grants.py` says what a role may do with a model;
* `Model.objects.visible_to(user)` narrows rows to the areas of the user's postings. Nothing granted means `.none()`.

branches/backends.py answers Django's `has_perm` from the same table, so the admin needs no permission rows.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.db import models
from django.db.models import Q


class Action(StrEnum):
    """What can be done with a record.

    Records are archived, never deleted. `DELETE` is granted only for parts of a record (an opening hour), whose
    disappearance its history keeps.
    """

    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    IMPORT = "import"
    EXPORT = "export"
    REVEAL = "reveal"  # see a telephone, an address or a full name, with a reason that is logged


VIEW = frozenset({Action.VIEW})
EDIT = frozenset({Action.VIEW, Action.ADD, Action.CHANGE})
PART = EDIT | {Action.DELETE}
ALL = EDIT | {Action.IMPORT, Action.EXPORT}


@dataclass(frozen=True)
class Role:
    """A kind of post. `sentence` is read by the person who grants it; `level` is the level of division it is held in,
    None for a role that is not held in an area (an organiser's homes are named on the homes)."""

    key: str
    name: str
    sentence: str
    level: str | None = None


DISTRICT = Role("district", "区级工作人员", "管理全区的家、主题、设施和人员岗位，可以导入导出。", "district")
STREET = Role("street", "街道工作人员", "管理本街道各社区的家，可以导出本街道的表格。", "street")
COMMUNITY = Role("community", "社区工作人员", "管理本社区的家：开放时间、照片、设施和核实信息。", "community")
SECRETARY = Role(
    "secretary", "支部书记", "管理本支部的党员、党小组、中心户、结对和走访，可以导入导出本支部名册。", "branch"
)
ORGANISER = Role("organiser", "组织者", "照看自己负责的家：更新开放时间和照片。")
AUDITOR = Role("auditor", "审计员", "只读审计记录，看不到也改不了别的内容。")

ROLES = {role.key: role for role in (DISTRICT, STREET, COMMUNITY, SECRETARY, ORGANISER, AUDITOR)}

# {model: {role key: frozenset of actions}}, filled by each app's grants.py
GRANTS: dict[type[models.Model], dict[str, frozenset[Action]]] = {}


def grant(model, rules):
    """Declare what each role may do with `model`: `{Role: {Action, ...}}`. Roles left out may do nothing."""
    GRANTS[model] = {role.key: frozenset(actions) for role, actions in rules.items()}


def allowed(user, action, model):
    """Return whether one of the user's current postings (or being administrator) allows `action` on `model`."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    rules = GRANTS.get(model, {})
    return any(action in rules.get(posting.role, ()) for posting in user.current_postings)


EVERYTHING = ~Q(pk__in=[])  # the condition that every row meets, and that costs no join; an empty Q is not one under |


class Areas(frozenset):
    """The primary keys of the divisions of these postings. `everywhere`: nothing of the portal lies outside them."""

    def __new__(cls, postings):
        areas = super().__new__(cls, (posting.division_id for posting in postings if posting.division_id))
        areas.everywhere = any(posting.is_everywhere for posting in postings)
        return areas


@cache
def always_leads(model, path):
    """Whether this path of relations leads somewhere from every row."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if not field.concrete or field.null:
            return False
        model = field.related_model
    return True


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who is looking.

    Subclasses name the way to their division in `division_path` and, where a branch answers for the rows, the way to
    it in `branch_path`; both cross only to-one relations, so that rows never come twice.
    """

    division_path = "division"
    branch_path = None

    def visible_to(self, user, action=Action.VIEW):
        """Rows on which `user` may perform `action`; `.none()` where nothing is granted."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        rules = GRANTS.get(self.model, {})
        postings = [posting for posting in user.current_postings if action in rules.get(posting.role, ())]
        if not postings:
            return self.none()
        return self.filter(self.scope(user, postings))

    def where_granted(self, user, action, model):
        """Rows that lie where `user` may perform `action` on records of `model`: what such a record may be put in."""
        if user.is_superuser:
            return self
        rules = GRANTS.get(model, {})
        return self.filter(
            self.scope(user, [post for post in user.current_postings if action in rules.get(post.role, ())])
        )

    def scope(self, user, postings):
        """The condition for rows inside one of these postings: its area at any depth, or its branch."""
        condition = self.in_areas(Areas(postings))
        by_branch = [posting for posting in postings if posting.branch_id]
        return condition | self.of_branches(by_branch) if by_branch else condition

    def in_areas(self, divisions):
        """The condition for rows in these divisions (primary keys, or `Areas`) or anywhere below them.

        Whoever answers for all there is asks for no row's division: through three joins a list of 700,000 rows could
        not be read in its order.
        """
        if getattr(divisions, "everywhere", False) and always_leads(self.model, self.division_path):
            return EVERYTHING
        inside = Q(pk__in=[])
        for depth in ("", "__parent", "__parent__parent"):
            inside |= Q(**{f"{self.division_path}{depth}__in": divisions})
        return inside

    def of_branches(self, postings):
        """The condition for rows of the branches of these postings; none where rows have no branch."""
        if self.branch_path is None:
            return Q(pk__in=[])
        return Q(**{f"{self.branch_path}__in": {posting.branch_id for posting in postings}})


class ListQuerySet(ScopedQuerySet):
    """Rows of one list that the whole district chooses from."""

    def scope(self, user, postings):
        return Q()

    def in_use(self):
        return self.filter(is_archived=False)
