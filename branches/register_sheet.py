"""The register as one Excel sheet, a row a member: read, compared with what is there, told row by row.

* A row with a 登记号 is that member; without one, whoever has the same name and telephone in the reader's own register;
  otherwise somebody new, who is taken into the branch that the row names.
* A blank cell and a missing column say nothing and change nothing. What was masked in an export is never taken back.
* Nobody is moved: another branch is 转入, another home unit is the member's own report. Both are refused here.
* Nothing is written where one cell is wrong: branches/register_writing.py takes a plan without problems.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

from branches import register_cells as cells
from branches.membership import answers_for
from branches.models import Branch, CommunityMembership, Member, PartyGroup
from branches.register_cells import CellError, squeeze
from branches.register_scope import (
    ADDRESS,
    BORN,
    BRANCH,
    BUILDING,
    CARE,
    COLUMNS,
    COMPOUND,
    CONTACT,
    ENTERPRISE,
    GROUP,
    HOME_UNIT,
    JOINED,
    NAME,
    NUMBER,
    TELEPHONE,
    VISITS,
    hide,
)
from branches.sealing import telephone_index

MAX_ROWS = 10_000
EXAMPLE = "示例"  # how the 登记号 of a row begins that only shows how to fill in
NEEDED = (NAME, BRANCH, HOME_UNIT)  # by somebody new
PLAIN = {  # column: (field, reader)
    NAME: ("name", cells.text_of("name")),
    BORN: ("birth_year", cells.year),
    JOINED: ("joined_on", cells.day),
    TELEPHONE: ("telephone", cells.telephone),
    ADDRESS: ("address", cells.text_of("address")),
    CONTACT: ("contact", cells.text_of("contact")),
    VISITS: ("needs_home_visit", cells.yes_or_no),
}
MASKABLE = (NAME, TELEPHONE, ADDRESS, CONTACT)
HOME_UNIT_MOST = CommunityMembership._meta.get_field("home_unit").max_length


class SheetError(Exception):
    """The sheet as a whole is none of ours. The text is meant for the person who sent it."""


@dataclass
class Line:
    """A row that says something new: the member with the new facts, and the branch and the group to be placed in.

    `changes` are (column, old text, new text), masked; `fields` the member's fields that are to be written.
    """

    number: int
    member: Member
    branch: Branch | None  # None for a member who is in no branch now
    home_unit: str = ""
    group: PartyGroup | None = None
    changes: list = field(default_factory=list)
    fields: set = field(default_factory=set)
    fingerprint: list = field(default_factory=list)

    @property
    def is_new(self):
        return self.member.pk is None


@dataclass
class Plan:
    """What an import would do. `problems` are (row number, column, sentence)."""

    problems: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    unchanged: int = 0
    unknown: list = field(default_factory=list)  # headings that are not ours

    @property
    def new(self):
        return [line for line in self.lines if line.is_new]

    @property
    def changed(self):
        return [line for line in self.lines if not line.is_new]

    def digest(self):
        """Equal for plans that would write the same; tells nothing of what that is."""
        told = [(line.number, line.member.pk, str(line.branch), line.fingerprint) for line in self.lines]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def plan(register, rows):
    """Compare `rows`, (number in Excel, [text of a cell, …]) with the headings first, with a `Register`.

    SheetError where the headings are not those of the template or nothing stands below them.
    """
    return _Planning(register).plan(rows)


def _canonical(column, text):
    """A year, a day or a number as it is kept, however it was typed; what cannot be read as it is, to be told of."""
    if column not in (BORN, JOINED, TELEPHONE):
        return text
    try:
        return str(PLAIN[column][1](text))
    except CellError:
        return text


class _Planning:
    def __init__(self, register):
        self.register = register
        self.by_name = defaultdict(list)
        for member in register.members.values():
            self.by_name[squeeze(member.name)].append(member)
        self.compounds = self._by_name(register.compounds.values())
        self.buildings = {(each.compound_id, each.name): each for each in self._in_use(register.buildings.values())}
        self.enterprises = {each.name: each for each in self._in_use(register.enterprises.values())}
        self.care_classes = {each.name: each for each in self._in_use(register.care_classes.values())}
        self.seen, self.newcomers = {}, {}

    @staticmethod
    def _in_use(rows):
        return [row for row in rows if not row.is_archived]

    def _by_name(self, rows):
        found = defaultdict(list)
        for row in self._in_use(rows):
            found[row.name].append(row)
        return found

    def plan(self, rows):
        if not rows:
            raise SheetError("表格是空的。请下载模板，照着填。")
        headings = [squeeze(heading) for heading in rows[0][1]]
        named = [heading for heading in headings if heading]
        if len(set(named)) != len(named):
            raise SheetError("有两列的列名一样，请删掉一列。")
        if not {NUMBER, NAME} & set(named):
            raise SheetError("第一行应当是列名，和模板里的一样。请下载模板，照着填。")
        self.result = Plan(unknown=[heading for heading in named if heading not in COLUMNS])
        for number, texts in rows[1:]:
            told = {name: squeeze(text) for name, text in zip(headings, texts, strict=False) if name in COLUMNS}
            told = {name: _canonical(name, text) for name, text in told.items() if text}
            if told and not told.get(NUMBER, "").startswith(EXAMPLE):
                self._row(number, told)
        if not (self.result.lines or self.result.unchanged or self.result.problems):
            raise SheetError("只有列名，没有内容。示例那一行不会导入，请从它下面一行写起。")
        return self.result

    def _row(self, number, told):
        self.problems = []
        member = self._try(NUMBER, self._whose, number, told)
        line = None
        if not self.problems:
            line = self._changed(number, member, told) if member else self._new(number, told)
        self.result.problems += [(number, column, sentence) for column, sentence in self.problems]
        if not self.problems:
            if line.changes:
                self.result.lines.append(line)
            else:
                self.result.unchanged += 1

    def _try(self, column, read, *arguments):
        """What `read` makes of it; None, and a problem of this row, where it cannot."""
        try:
            return read(*arguments)
        except CellError as problem:
            self.problems.append((column, str(problem)))

    # --- who it is
    def _whose(self, number, told):
        """The member this row is about, None for somebody new."""
        member = self._numbered(told[NUMBER]) if NUMBER in told else self._namesake(told)
        if member is not None:
            if member.pk in self.seen:
                raise CellError(f"和第 {self.seen[member.pk]} 行是同一个人，请删掉一行。")
            self.seen[member.pk] = number
        return member

    def _numbered(self, text):
        member = self.register.members.get(int(text)) if text.isascii() and text.isdigit() else None
        if member is None:
            raise CellError("没有这个登记号，或者不归您管。新党员这一格空着。")
        return member

    def _namesake(self, told):
        """Whoever has this name, this telephone and no other year of birth; without a telephone, in this branch."""
        calls = telephone_index(told.get(TELEPHONE, ""))
        born = told.get(BORN, "")
        alike = [
            member
            for member in self.by_name.get(told.get(NAME, ""), ())
            if not (born and member.birth_year and str(member.birth_year) != born)
        ]
        if calls:
            alike = [member for member in alike if member.telephone_index == calls]
        else:
            alike = [member for member in alike if self._branch_name(member) == told.get(BRANCH)]
        if len(alike) > 1 or (
            alike and not calls and (alike[0].telephone_index or str(alike[0].birth_year or "") != born)
        ):
            numbers = "、".join(str(member.pk) for member in alike[:3])
            raise CellError(f"名册里有同名的党员（登记号 {numbers}）。是同一个人，请填上登记号；不是，请填上电话。")
        return alike[0] if alike else None

    def _branch_name(self, member):
        membership = self.register.memberships.get(member.pk)
        return membership.branch.name if membership else None

    # --- somebody known
    def _changed(self, number, member, told):
        membership = self.register.memberships.get(member.pk)
        line = Line(number, member, membership.branch if membership else None)
        now = {column: squeeze(text) for column, text in self.register.texts(member).items()}
        told = {column: text for column, text in told.items() if text != now[column] and column != NUMBER}
        masked = self.register.masked(member)
        for column in MASKABLE:
            if told.get(column) in (masked[column], hide(column, now[column])):
                del told[column]  # as an export or a preview shows it: says nothing
            elif "*" in told.get(column, ""):
                del told[column]
                self.problems.append((column, "这里有遮住的内容（*），不能导入。请填完整的，或者空着。"))
        if BRANCH in told:
            here = f"这位党员在“{now[BRANCH]}”" if membership else "这位党员现在不在册"
            self.problems.append((BRANCH, f"{here}，表格不能换支部。换支部请用“转入”，不在册的请先办报到。"))
        if HOME_UNIT in told:
            self.problems.append((HOME_UNIT, "组织关系在哪里以本人报到时说的为准，表格里不能改。"))
        if GROUP in told:
            line.group = self._try(GROUP, self._group_of, membership, told[GROUP])
        self._take(line, told, now)
        return line

    def _group_of(self, membership, name):
        if membership is None or membership.status != CommunityMembership.Status.ACTIVE:
            raise CellError("只有在册的党员才能分党小组。请先确认报到。")
        return self._group(membership.branch, name)

    # --- somebody new
    def _new(self, number, told):
        for column in NEEDED:
            if column not in told:
                self.problems.append((column, "新党员必须填这一格。"))
        for column in MASKABLE:
            if "*" in told.get(column, ""):
                self.problems.append((column, "这里有遮住的内容（*），不能导入。请填完整的，或者空着。"))
        same = tuple(told.get(column, "") for column in (NAME, TELEPHONE, BORN, BRANCH))
        if same in self.newcomers:
            self.problems.append((NAME, f"和第 {self.newcomers[same]} 行像是同一个人，请删掉一行，或者填上电话。"))
        self.newcomers.setdefault(same, number)
        branch = self._try(BRANCH, self._branch, told[BRANCH]) if BRANCH in told else None
        line = Line(number, Member(), branch, told.get(HOME_UNIT, ""))
        if len(line.home_unit) > HOME_UNIT_MOST:
            self.problems.append((HOME_UNIT, f"写得太长了，请留在{HOME_UNIT_MOST}个字以内。"))
        if GROUP in told and branch:
            line.group = self._try(GROUP, self._group, branch, told[GROUP])
        self._take(line, told, dict.fromkeys(COLUMNS, ""))
        return line

    def _branch(self, name):
        branch = self.register.branches.get(name)
        if branch is None:
            raise CellError(f"没有“{name}”这个支部，或者不归您管。")
        return branch

    # --- what it says
    def _group(self, branch, name):
        group = self.register.groups.get((branch.pk, name))
        if group is None or group.is_archived:
            raise CellError(f"“{branch}”没有“{name}”这个党小组。")
        return group

    def _take(self, line, told, now):
        """Put what the row says into the member, and note what changes."""
        before = line.member.compound_id
        for column, (name, read) in PLAIN.items():
            if column in told:
                self._put(line, name, self._try(column, read, told[column]))
        for column, name, read in (
            (ENTERPRISE, "enterprise_id", self._enterprise),
            (CARE, "care_class", self._care_class),
        ):
            if column in told:
                self._put(line, name, self._try(column, read, told[column]))
        if COMPOUND in told:
            compound = self._try(COMPOUND, self._compound, line.branch, told[COMPOUND])
            self._put(line, "compound_id", compound)
            if compound is None:
                told.pop(BUILDING, None)  # which building it is cannot be said; one complaint is enough
            elif BUILDING not in told and line.member.building_id and before != compound:
                told[BUILDING] = ""  # the building of another compound says nothing any more
        if told.get(BUILDING):
            self._put(line, "building_id", self._try(BUILDING, self._building, line.member, told[BUILDING]))
        elif BUILDING in told:
            self._put(line, "building_id", None)
        self._joined_after_birth(line.member, told)
        columns = [column for column in COLUMNS if column in told]
        line.changes = [(column, hide(column, now[column]), hide(column, told[column])) for column in columns]
        line.fingerprint = [(column, now[column], told[column]) for column in columns]

    @staticmethod
    def _put(line, name, value):
        setattr(line.member, name, "" if value is None and name == "care_class" else value)
        line.fields.add(name.removesuffix("_id"))

    def _joined_after_birth(self, member, told):
        born, joined = member.birth_year, member.joined_on
        if {BORN, JOINED} & set(told) and born and joined and joined.year <= born:
            self.problems.append((JOINED, "入党日期比出生还早，请核对。"))

    def _enterprise(self, name):
        if name not in self.enterprises:
            raise CellError(f"没有“{name}”这家企业，请照“填写说明”里的写，或者先在“移交企业”里加上。")
        return self.enterprises[name].pk

    def _care_class(self, name):
        if name not in self.care_classes:
            raise CellError(f"没有“{name}”这个分类，请照“填写说明”里的写。")
        return self.care_classes[name].slug

    def _compound(self, branch, name):
        known = self.compounds.get(name, ())
        if not known:
            raise CellError(f"没有“{name}”这个小区，请先在“小区”里加上。")
        own = self.register.own_compounds[branch.pk] if branch else ()
        near = [each for each in known if branch is None or answers_for(branch, each, own)]
        if not near:
            raise CellError(f"“{name}”不归“{branch}”管。请看看小区填对没有。")
        if len(near) > 1:
            raise CellError(f"有{len(near)}个小区都叫“{name}”，表格分不清，请在网页上改。")
        return near[0].pk

    def _building(self, member, name):
        if not member.compound_id:
            raise CellError("填了楼栋，也要填小区。")
        building = self.buildings.get((member.compound_id, name))
        if building is None:
            raise CellError(f"这个小区没有“{name}”这个楼栋，请先在“楼栋”里加上。")
        return building.pk
