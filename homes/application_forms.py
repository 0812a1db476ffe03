"""The forms of an application for a home: what the community writes, and what each step of the review asks."""

from crispy_forms_gds.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from branches.access import Action
from branches.fields import DivisionField, LongWords, Words, YuanField
from branches.forms import VersionedForm
from branches.models import Branch, Division
from branches.position_form import PositionFields, shown_on_map
from branches.steps import REASON_LEAST
from homes import documents
from homes.models import ApplicationDocument, Home, HomeApplication
from homes.models.application import WORDS_MOST

SLUG_MOST = 60
LARGEST = 100_000  # square metres, volunteers: more is a slip of the finger
REASON_MOST = 300
POSITION = ("longitude", "latitude", "datum", "outside_is_right")
PARTS = (  # as they stand on the form: heading, fields
    ("要建在哪里", ("name", "division", "host", "address")),
    ("一、有支部", ("branch", "branch_words")),
    ("二、有阵地", ("place_words", "area", "tenure")),
    ("三、有志愿服务团队", ("team_words", "team_size")),
    ("建成以后", ("plan_words", "asked")),
)
WRITTEN = tuple(name for _, names in PARTS for name in names)
FOLD = '<details class="more"{}><summary>地图上的位置（可以不填）</summary>'


def number(label, *, unit, **kwargs):
    """A whole number, typed on a phone's keys for numbers."""
    told = dict.fromkeys(("invalid", "min_value", "max_value"), f"{label}请填1到{LARGEST}之间的整数。")
    return forms.IntegerField(
        label=f"{label}（{unit}）", required=False, min_value=1, max_value=LARGEST, error_messages=told,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs,
    )  # fmt: skip


def written(label, hint):
    return LongWords(label=label, max_length=WORDS_MOST, rows=5, help_text=f"{hint}最多{WORDS_MOST}个字。")


class ApplicationForm(PositionFields, VersionedForm):
    """All that is written; only a name and a community are needed for a draft."""

    name = Words(label="打算叫什么", max_length=60, missing="请写打算叫什么。", help_text="例如：某某社区老党员之家。")
    division = DivisionField(
        label="哪个社区", queryset=Division.objects.none(), empty_label=None,
        error_messages={"required": "请选哪个社区。", "invalid_choice": "请从名单里选一个社区。"},
    )  # fmt: skip
    host = forms.ChoiceField(
        label="设在", choices=Home.Host.choices, initial=Home.Host.COMMUNITY,
        error_messages={"required": "请选设在哪里。", "invalid_choice": "请从名单里选设在哪里。"},
    )  # fmt: skip
    address = Words(label="地址", max_length=120, help_text="写到门牌号。公示的时候大家看得到。")
    branch = forms.ModelChoiceField(
        label="哪个支部", queryset=Branch.objects.none(), required=False, empty_label="名单里没有，写在下面",
        error_messages={"invalid_choice": "请从名单里选一个支部。"},
    )  # fmt: skip
    branch_words = written("支部的情况", "有多少党员，书记是做什么的，平时怎么活动。不写身份证号和电话。")
    place_words = written("场所的情况", "几间屋，现在做什么用，老人进出方不方便。")
    area = number("面积", unit="平方米")
    tenure = forms.ChoiceField(
        label="场所从哪里来", choices=[("", "还没有定"), *HomeApplication.Tenure.choices], required=False,
        error_messages={"invalid_choice": "请从名单里选场所从哪里来。"},
    )  # fmt: skip
    team_words = written("队伍的情况", "有哪些人愿意来，平时做些什么。")
    team_size = number("志愿者人数", unit="人")
    plan_words = written("打算办些什么", "一个星期开几天，办哪些活动。")
    asked = YuanField(label="申请经费（元）", required=False, help_text="写数字。不申请就空着。")

    def __init__(self, *args, user, application=None, **kwargs):
        super().__init__(*args, record=application, **kwargs)
        of = application or HomeApplication()
        self.saved = of.longitude, of.latitude
        communities = Division.objects.where_granted(user, Action.ADD, HomeApplication)
        branches = Branch.objects.active().where_granted(user, Action.ADD, HomeApplication)
        own = Division.objects.filter(pk=of.division_id)  # it stays where it is also for who may not choose it anew
        communities = communities.filter(level=Division.Level.COMMUNITY) | own
        self.fields["division"].queryset = communities.select_related("parent").order_by("code")
        self.fields["division"].initial = self.fields["division"].queryset.first()
        self.fields["branch"].queryset = (branches | Branch.objects.filter(pk=of.branch_id)).order_by("name")
        for name, words in of.returned_fields.items():
            if name in self.fields:
                field = self.fields[name]
                field.help_text = format_html('<b class="put-right">要补正：{}</b> {}', words, field.help_text)

    def lay_out(self):
        """Say how the page shows the fields; after validation, so that what is wrong is not hidden."""
        shown = [HTML("</details>")]
        where = shown_on_map("打算建在哪里", *self.saved)
        for heading, names in reversed(PARTS):
            shown = [HTML(f"<h2>{heading}</h2>"), *names, *shown]
            if heading == PARTS[1][0]:
                is_open = any(name in self.errors for name in POSITION) or self["longitude"].value()
                shown = [
                    HTML(FOLD.format(" open" if is_open else "")),
                    *POSITION,
                    HTML(where),
                    HTML("</details>"),
                    *shown,
                ]
        self.helper.layout = Layout(*shown[:-1], "version")

    def given(self):
        """What the verb of writing is told."""
        return {name: self.cleaned_data[name] for name in (*WRITTEN, "longitude", "latitude")}


class DocumentForm(VersionedForm):
    """One document: what it proves, what it is called."""

    condition = forms.ChoiceField(
        label="证明什么", choices=ApplicationDocument.Condition.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选这份材料证明什么。", "invalid_choice": "请从名单里选这份材料证明什么。"},
    )  # fmt: skip
    title = Words(
        label="材料名称", max_length=60, missing="请写材料的名称。", help_text="例如：支部成立的批复、场所的平面图。"
    )
    file = forms.FileField(
        label="选一个文件", help_text=f"{documents.WHAT}，不超过10 MB。身份证照片不要传。",
        error_messages={
            "required": "请选一个文件。", "empty": documents.EMPTY, "missing": "请选一个文件。",
            "invalid": "文件没有传上来，请再选一次。",
        },
    )  # fmt: skip

    def clean_file(self):
        """(the file under a drawn name, its kind)"""
        return documents.checked(self.cleaned_data["file"])


class ExchangeForm(DocumentForm):
    """Another file for the same condition."""

    condition = None


# --- the review
class StepForm(VersionedForm):
    """A step that asks for nothing."""


class ReasonForm(VersionedForm):
    """A step that wants a reason, or may have one."""

    reason = Words(label="原因", max_length=REASON_MOST, rows=3, missing="请写明原因。")

    def __init__(self, *args, hint, needed=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text, self.fields["reason"].required = hint, needed


class CorrectForm(ReasonForm):
    def clean_reason(self):
        if len(self.cleaned_data["reason"]) < REASON_LEAST:
            raise ValidationError(f"请写明为什么更正，至少{REASON_LEAST}个字。")
        return self.cleaned_data["reason"]


def name_of(field):
    """What a field of the application is called where somebody says what is wrong with it."""
    return "材料" if field == "documents" else str(HomeApplication._meta.get_field(field).verbose_name)


class ReturnForm(ReasonForm):
    """Why it goes back, and a line for everything that may have to be put right; what stays empty is in order."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, hint="一两句话，申报的社区看得到。哪一处差什么，写在下面。", **kwargs)
        for name in HomeApplication.RETURNABLE:
            self.fields[f"of_{name}"] = Words(label=name_of(name), max_length=160)
        self.helper.layout = Layout(
            "reason",
            HTML("<h2>哪几处要补正，各差在哪里</h2><p>没有问题的就空着。</p>"),
            *(f"of_{name}" for name in HomeApplication.RETURNABLE),
            "version",
        )

    def wrong(self):
        """{field: what is wrong with it}"""
        given = {name: self.cleaned_data.get(f"of_{name}", "") for name in HomeApplication.RETURNABLE}
        return {name: words for name, words in given.items() if words}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.wrong():
            self.add_error("of_name", "至少写一处：哪里要补正，差在哪里。")
        return cleaned


class NoticeForm(VersionedForm):
    """The words for everybody. `seen` says which words the preview on the page was made of."""

    words = LongWords(
        label="公示的内容", max_length=WORDS_MOST, rows=8, missing="请写公示的内容。",
        help_text="人人都看得到：场所什么样，支部和队伍的情况，打算办什么。不写人名、电话和身份证号。",
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ApproveForm(VersionedForm):
    """What the home will be called in addresses, and what it may cost."""

    slug = forms.SlugField(
        label="网址代号", max_length=SLUG_MOST,
        help_text="小写拼音、数字和短横线，例如 jinpenling。以后印在海报上，定了就不改。",
        error_messages={
            "required": "请填网址代号。", "invalid": "网址代号只能用拼音字母、数字和短横线。",
            "max_length": f"网址代号请留在{SLUG_MOST}个字母以内。",
        },
    )  # fmt: skip
    ceiling = YuanField(
        label="经费上限（元）", required=False, help_text="写数字。以后给这个家的经费，加起来不能超过它。不给就空着。"
    )

    def clean_ceiling(self):
        return self.cleaned_data["ceiling"] or 0

    def clean_slug(self):
        slug = self.cleaned_data["slug"].lower()
        if Home.objects.filter(slug=slug).exists():
            raise ValidationError("已经有一个家用了这个网址代号，请换一个。")
        return slug


class RejectForm(VersionedForm):
    category = forms.ChoiceField(
        label="为什么不通过", choices=HomeApplication.Rejection.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选为什么不通过。", "invalid_choice": "请从名单里选为什么不通过。"},
    )  # fmt: skip
    reason = Words(
        label="写几句话说明", max_length=REASON_MOST, rows=4, missing="请写几句话说明。",
        help_text="申报的社区看得到。写明差在哪里，以后怎样可以再报。",
    )  # fmt: skip
