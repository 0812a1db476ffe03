"""Teams, and the people in them, as Excel tables: one row a team, one row a person and team.

* A blank cell says nothing and changes nothing.
* People come in and leave by the verbs of teams.py, with their history and their events; what is told only
  （只供查看） is never taken.
* Every message names its row and column; one bad row and nothing is written.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.widgets import Widget

from branches.access import Action
from branches.fields import telephone_of
from branches.masking import mask_name, mask_telephone
from branches.names import person_key, plain_name, tidy
from branches.transitions import IllegalTransition
from homes.cells import YES_NO, OneOf, told
from homes.models import Home
from homes.table import Table
from volunteers import teams as verbs
from volunteers.models import Skill, Team, TeamKind, TeamMembership, Volunteer

SEPARATORS = re.compile(r"[、,，;；\n]")
ASIDE = "（只供查看）"
MASK = "*"


class Day(Widget):
    """2026-03-01; what Excel says of a day, too."""

    def clean(self, value, row=None, **kwargs):
        try:
            return date.fromisoformat(value[:10].replace("/", "-"))
        except ValueError:
            raise ValueError("日期要写成 2026-03-01 这样。") from None

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class Telephone(Widget):
    def clean(self, value, row=None, **kwargs):
        if MASK in value:
            raise ValueError("带 * 的是遮住的内容，不能导入。")
        number = telephone_of(value)
        if number is None:
            raise ValueError("这个电话看着不对：手机是11位，座机请带区号。")
        return number

    def render(self, value, obj=None, **kwargs):
        return value or ""


class Several(Widget):
    """Some of a list by name: 修水电、理发."""

    def __init__(self, known, what):
        super().__init__()
        self.known, self.what = known, what

    def clean(self, value, row=None, **kwargs):
        names = [name.strip() for name in SEPARATORS.split(value) if name.strip()]
        if unknown := [name for name in names if name not in self.known]:
            raise ValueError(f"没有“{unknown[0]}”这样{self.what}，请照“填写说明”里的写。")
        return sorted({self.known[name] for name in names}, key=lambda each: (each.order, each.pk))

    def render(self, value, obj=None, **kwargs):
        return "、".join(map(str, value or ()))


class TeamSheet(Table):
    """The table of teams."""

    max_rows = 1_000
    about_new = "新增的队伍，居民马上看得到。"

    slug = told("slug", "网址代号")
    name = told("name", "队名")
    home = told("home", "家的网址代号")
    kind = told("kind", "种类")
    lead = told("lead", "一句话介绍")
    story = told("story", "故事")
    founded_on = told("founded_on", "成立日期", widget=Day())
    takes_people = told("takes_people", "欢迎报名", widget=OneOf(YES_NO, "答案（写“是”或“否”）"))
    home_name = Field(column_name=f"哪个家{ASIDE}", readonly=True)
    is_sample = Field(column_name=f"示例数据{ASIDE}", readonly=True)

    class Meta:
        model = Team
        fields = (
            *("slug", "name", "home", "kind", "lead", "story", "founded_on", "takes_people", "home_name", "is_sample"),
        )
        import_id_fields = ("slug",)
        clean_model_instances = True

    def __init__(self, user):
        super().__init__(user)
        homes = Home.objects.where_granted(user, Action.IMPORT, Team).exclude(status=Home.Status.CLOSED)
        self.homes = {home.slug: home for home in homes.order_by("slug")}
        self.kinds = {kind.name: kind for kind in TeamKind.objects.all()}
        self.fields["home"].widget = OneOf(self.homes, "家的网址代号（或者不归您管）")
        self.fields["kind"].widget = OneOf(self.kinds, "种类")
        self.teams = {}

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("home", "kind")

    def dehydrate_home(self, team):
        return team.home.slug

    def dehydrate_home_name(self, team):
        return team.home.name

    def dehydrate_is_sample(self, team):
        return "示例数据" if team.is_sample else ""

    def before_import(self, dataset, **kwargs):
        rows = Team.objects.visible_to(self.user, Action.IMPORT).filter(is_archived=False)
        self.teams = {team.slug: team for team in rows.select_related("home", "kind")}

    def get_instance(self, instance_loader, row):
        return self.teams.get(row.get("网址代号", ""))

    def texts(self, record):
        """A team that is new has no home and no kind yet, which their fields would ask for."""
        known = {"home": record.home_id, "kind": record.kind_id}
        return {
            field.column_name: "" if not known.get(field.attribute, True) else field.export(record)
            for field in self.get_import_fields()
        }

    def import_instance(self, instance, row, **kwargs):
        errors = {}
        if first := self.seen_before(row.get("网址代号", ""), row):
            errors["slug"] = [ValidationError(f"和第 {first} 行的网址代号一样。")]
        if instance.pk is None:
            for attribute in ("slug", "name", "home", "kind"):
                if not row.get(self.fields[attribute].column_name):
                    errors[attribute] = [ValidationError("新的队伍必须填这一格。")]
        elif row.get("家的网址代号") and row["家的网址代号"] != instance.home.slug:
            errors["home"] = [ValidationError("队伍不能在表里换家。")]
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as problem:
            errors |= problem.error_dict
        if errors:
            raise ValidationError(errors)

    def notes(self):
        """What the sheet 填写说明 says, as rows of cells."""
        return [
            ("列", "怎么填"),
            (
                "（总的）",
                "每行一支队伍。空着的格子不会改动原来的内容；要清空某一项，请到网页上改。不写服务对象的姓名住址。",
            ),
            ("网址代号", "小写字母、数字和短横线。系统靠它认出是哪支队伍；写一个新的代号，就是新增一支。"),
            ("家的网址代号", "见下面。已经有的队伍不能换家。"),
            ("种类", "可以写：" + "、".join(self.kinds)),
            ("成立日期", "2026-03-01 这样。"),
            ("欢迎报名", "写“是”或“否”。"),
            ("", ""),
            ("家的网址代号", "名称"),
            *((slug, home.name) for slug, home in self.homes.items()),
        ]


class PeopleSheet(Table):
    """The table of who is in which team. Names and telephones go out in full where the user may reveal them."""

    max_rows = 2_000
    about_new = "新增的人马上在队；先问过本人，同意了再登记。"

    team = told("sheet_team", "队伍的网址代号")
    name = told("sheet_name", "姓名")
    telephone = told("sheet_telephone", "电话", widget=Telephone())
    since = told("sheet_since", "从哪一天", widget=Day())
    until = told("sheet_until", "离队日期", widget=Day())
    skills = told("sheet_skills", "本领")
    team_name = Field(column_name=f"队名{ASIDE}", readonly=True)
    is_sample = Field(column_name=f"示例数据{ASIDE}", readonly=True)

    class Meta:
        model = TeamMembership
        fields = ("team", "name", "telephone", "since", "until", "skills", "team_name", "is_sample")
        import_id_fields = ("team", "name", "telephone")

    def __init__(self, user):
        super().__init__(user)
        own = Team.objects.where_granted(user, Action.IMPORT, TeamMembership).filter(is_archived=False)
        self.teams = {team.slug: team for team in own.select_related("home").order_by("slug")}
        self.known_skills = {skill.name: skill for skill in Skill.objects.in_use()}
        self.fields["team"].widget = OneOf(self.teams, "队伍（或者不归您管）")
        self.fields["skills"].widget = Several(self.known_skills, "本领")
        self.people, self.revealed = {}, None

    @staticmethod
    def unfold(membership):
        """Give the membership what the table tells of it."""
        volunteer = membership.volunteer if membership.pk else Volunteer()
        membership.sheet_team = membership.team if membership.pk else None
        membership.sheet_name, membership.sheet_telephone = volunteer.name, volunteer.telephone
        membership.sheet_since, membership.sheet_until = membership.since, membership.until
        membership.sheet_skills = list(volunteer.skills.all()) if membership.pk else []
        return membership

    @staticmethod
    def with_parts(rows):
        return rows.select_related("team", "volunteer").prefetch_related("volunteer__skills")

    # --- out
    def filter_export(self, queryset, **kwargs):
        seen = Volunteer.objects.visible_to(self.user, Action.REVEAL)
        self.revealed = set(seen.values_list("pk", flat=True))
        return self.with_parts(queryset)

    def export_resource(self, instance, selected_fields=None, **kwargs):
        self.unfold(instance)
        if instance.volunteer_id not in self.revealed:
            instance.sheet_name = mask_name(instance.sheet_name)
            instance.sheet_telephone = mask_telephone(instance.sheet_telephone)
        return super().export_resource(instance, selected_fields, **kwargs)

    def dehydrate_team(self, membership):
        return membership.team.slug

    def dehydrate_team_name(self, membership):
        return membership.team.name

    def dehydrate_is_sample(self, membership):
        return "示例数据" if membership.volunteer.is_sample else ""

    # --- in
    def before_import(self, dataset, **kwargs):
        rows = TeamMembership.objects.visible_to(self.user, Action.IMPORT).filter(status__in=TeamMembership.CURRENT)
        self.people = {(row.team.slug, row.volunteer.person_key): row for row in self.with_parts(rows)}

    def _key(self, row):
        number = telephone_of(row.get("电话", "")) or ""
        return row.get("队伍的网址代号", ""), person_key(row.get("姓名", ""), number)

    def get_instance(self, instance_loader, row):
        found = self.people.get(self._key(row))
        return self.unfold(found) if found is not None and found.status == TeamMembership.Status.ACTIVE else None

    def init_instance(self, row=None):
        return self.unfold(TeamMembership())

    def import_instance(self, instance, row, **kwargs):
        errors = {}
        if first := self.seen_before(self._key(row), row):
            errors["sheet_name"] = [ValidationError(f"和第 {first} 行是同一个人、同一支队伍。")]
        for attribute in ("team", "name", "telephone"):
            if not row.get(self.fields[attribute].column_name):
                errors[self.fields[attribute].attribute] = [ValidationError("这一格必须填。")]
        if MASK in row.get("姓名", "") or not plain_name(row.get("姓名", "")):
            errors["sheet_name"] = [ValidationError("请写全名；带 * 的是遮住的内容，不能导入。")]
        if len(row.get("姓名", "")) > Volunteer._meta.get_field("name").max_length:
            errors["sheet_name"] = [ValidationError("姓名太长了，请留在40个字以内。")]
        if instance.pk and row.get("从哪一天") and row["从哪一天"][:10] != instance.since.isoformat():
            errors["sheet_since"] = [ValidationError("已经在队的，不能在表里改日期。")]
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as problem:
            errors |= problem.error_dict
        instance.sheet_name = tidy(instance.sheet_name)
        if errors:
            raise ValidationError(errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """The verbs check what is written; here only what the cells said."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance, is_create, row, **kwargs):
        """Enter, describe, let go: by the verbs."""
        try:
            if is_create:
                entered = verbs.enter(
                    instance.sheet_team, by=self.user, name=instance.sheet_name, telephone=instance.sheet_telephone,
                    on=instance.sheet_since,
                )  # fmt: skip
                instance.pk, instance.team, instance.volunteer = entered.pk, entered.team, entered.volunteer
                instance.sheet_since = entered.since
            if row.get("本领"):
                volunteer = instance.volunteer
                verbs.describe(volunteer, skills=instance.sheet_skills, free_times=volunteer.free_times, by=self.user)
            if instance.sheet_until:
                verbs.let_go(
                    TeamMembership(pk=instance.pk, team=instance.team), by=self.user, on=instance.sheet_until,
                    reason="表格导入",
                )  # fmt: skip
        except IllegalTransition as refusal:
            raise ValidationError({"sheet_team": [str(refusal)]}) from refusal

    def save_m2m(self, instance, row, **kwargs):
        """Written by the verbs already."""

    def notes(self):
        """What the sheet 填写说明 says, as rows of cells."""
        return [
            ("列", "怎么填"),
            (
                "（总的）",
                "每行一个人、一支队伍；一个人在两支队，写两行。先问过本人，同意了再登记。不要写身份证号和病情。",
            ),
            ("姓名、电话", "系统靠姓名和电话认人。带 * 的是遮住的内容，不会导入。"),
            ("从哪一天", "2026-03-01 这样；空着就是今天。已经在队的不能改。"),
            ("离队日期", "填了就是离队；在队的空着。"),
            ("本领", "用顿号隔开，可以写：" + "、".join(self.known_skills)),
            ("", ""),
            ("队伍的网址代号", "名称"),
            *((slug, f"{team.name}（{team.home.name}）") for slug, team in self.teams.items()),
        ]
