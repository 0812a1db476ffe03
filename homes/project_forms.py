"""The forms of community projects at the desk. What they take is public: a flat or a telephone is refused there."""

import unicodedata

from django import forms

from branches.fields import Words, YuanField
from branches.forms import DayField, VersionedForm
from branches.steps import REASON_LEAST
from homes import documents
from homes.models import CommunityProject, FundingSource, Home
from homes.models.project import WORDS_MOST
from homes.money import MOST
from homes.photos import PhotoField
from homes.project_story import SIDES
from homes.public_facts import refused

CHOOSE = {"required": "请选一样。", "invalid_choice": "请从名单里选一样。"}


class PublicWords(Words):
    """Words that everybody may read: refused where they name a flat, a telephone, an ID number."""

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    def validate(self, value):
        super().validate(value)
        if why := refused(value):
            raise forms.ValidationError(why, code="household")


class MeasureField(forms.DecimalField):
    """Yuan that were promised, or square metres: to two places, and 0 as well."""

    def __init__(self, *, missing, **kwargs):
        wrong = "写数字，最多两位小数，例如 1200.50。"
        told = dict.fromkeys(("invalid", "max_decimal_places", "max_digits", "max_whole_digits"), wrong)
        told |= {"required": missing, "min_value": "不能是负数。", "max_value": "太大了，请看看是不是多写了几个零。"}
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(min_value=0, max_value=MOST, decimal_places=2, widget=widget, error_messages=told, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(unicodedata.normalize("NFKC", value).split()).replace(",", "").removesuffix("元")
        return super().to_python(value)


class CountField(forms.IntegerField):
    """How many of something; whole."""

    def __init__(self, *, least=1, most=1_000_000, **kwargs):
        wrong = f"请填{least}到{most}之间的整数。"
        super().__init__(
            min_value=least, max_value=most,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong), **kwargs,
        )  # fmt: skip


class ProjectForm(VersionedForm):
    """What it is about. After the neighbours were asked, what they were asked about stays."""

    name = PublicWords(label="项目名称", max_length=60, missing="请写项目的名称。", help_text="例如：小区电梯更新。")
    lead = PublicWords(label="一句话介绍", max_length=80)
    scope = PublicWords(label="做什么", max_length=WORDS_MOST, rows=4, help_text="例如：更新22部用了20年的电梯。")
    plan = PublicWords(label="怎么做", max_length=WORDS_MOST, rows=4, help_text="分几批、大约多久、谁来监督。")
    cost_low = YuanField(label="大约要多少钱，最少（元）", required=False)
    cost_high = YuanField(label="最多（元）", required=False)
    consult_until = DayField(label="意见收到哪天为止", required=False, initial=None)
    households = CountField(label="多少户用得上", required=False)
    leading_members = CountField(label="多少名党员带头", required=False, help_text="只写人数，不写名字。")
    unit_count = CountField(label="要做的数量", required=False, help_text="例如更新电梯22部，写22。")
    unit_name = PublicWords(label="数的是什么", max_length=12, help_text="例如：部电梯。")
    story = PublicWords(
        label="这件事的来历", max_length=4000, rows=8, help_text="为什么要办、怎么想到的、大家怎么出力。不写谁家。"
    )

    FIELDS = (
        "name", "lead", "scope", "plan", "cost_low", "cost_high", "consult_until", "households", "leading_members",
        "unit_count", "unit_name", "story",
    )  # fmt: skip
    ASKED = ("scope", "cost_low", "cost_high", "consult_until")

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            for name in self.FIELDS:
                self.fields[name].initial = getattr(record, name)
            if record.status != CommunityProject.Status.PROPOSED:
                for name in self.ASKED:
                    del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("cost_low"), cleaned.get("cost_high")
        if low is not None and high is not None and high < low:
            self.add_error("cost_high", "最多要的钱不能比最少的还少。")
        return cleaned

    def told(self):
        """What the verb is told of it."""
        return {name: self.cleaned_data[name] for name in self.FIELDS if name in self.cleaned_data}


class ProposeForm(ProjectForm):
    home = forms.ModelChoiceField(
        label="哪个家的项目", queryset=Home.objects.none(), empty_label="请选一个家",
        error_messages={"required": "请选是哪个家的项目。", "invalid_choice": "请从名单里选一个家。"},
    )  # fmt: skip
    FIELDS = ("home", *ProjectForm.FIELDS)

    def __init__(self, *args, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = homes
        self.order_fields(["home"])
        if len(homes) == 1:
            self.fields["home"].initial = homes[0]


class StepForm(VersionedForm):
    """A step that asks for nothing."""


class PublicReasonForm(VersionedForm):
    reason = PublicWords(label="原因", max_length=160, rows=3, missing="请写明原因。", help_text="人人都看得到。")


class AskCancelForm(VersionedForm):
    reason = Words(label="原因", max_length=300, rows=3, missing="请写明原因。", help_text="写给区里的同事看。")


class KeepForm(VersionedForm):
    reason = Words(label="说明", max_length=300, rows=3, help_text="可以不写。")


class CancelForm(VersionedForm):
    reason = PublicWords(label="原因", max_length=90, rows=3, missing="请写明原因。", help_text="人人都看得到。")
    money_back = PublicWords(
        label="钱是怎么退的",
        max_length=100,
        rows=3,
        help_text="收到过钱的一定要写：怎么退的、余下的怎么办。",
    )


class CorrectForm(VersionedForm):
    reason = Words(
        label="为什么更正", max_length=300, rows=3, missing="请写明为什么更正。", help_text=f"至少{REASON_LEAST}个字。"
    )


class ResultForm(VersionedForm):
    """The paper vote, as it was counted."""

    agreed = forms.ChoiceField(
        label="结果", choices=(("yes", "通过了"), ("no", "没有通过")), widget=forms.RadioSelect,
        help_text="照纸上的结果选；合不合规矩，由大家和主管部门定。", error_messages=CHOOSE,
    )  # fmt: skip
    scan = forms.FileField(
        label="征询表的扫描件或照片", help_text="只有工作人员看得到。PDF或照片，10 MB以内。",
        error_messages={"required": "请附上征询表的扫描件或照片。", "empty": documents.EMPTY,
                        "invalid": documents.BROKEN, "missing": documents.BROKEN},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for side, label in SIDES:
            self.fields[f"{side}_households"] = CountField(label=f"{label}，户数", least=0)
            self.fields[f"{side}_area"] = MeasureField(label=f"{label}，面积（平方米）", missing="请写面积。")
        self.order_fields([name for name in self.fields if name not in ("agreed", "scan")])

    def clean_scan(self):
        return documents.checked(self.cleaned_data["scan"])[0]

    def told(self):
        given = self.cleaned_data
        votes = {side: {"households": given[f"{side}_households"], "area": given[f"{side}_area"]} for side, _ in SIDES}
        return {"votes": votes, "agreed": given["agreed"] == "yes", "scan": given["scan"]}


class StartForm(VersionedForm):
    contractor = PublicWords(label="施工单位", max_length=80, missing="请写明施工单位。")
    short_of_budget = PublicWords(
        label="钱没筹够，为什么先开工", max_length=200, rows=3, help_text="筹够了不用写。人人都看得到。"
    )


class AcceptForm(VersionedForm):
    on = DayField(label="哪天验收的")
    words = PublicWords(
        label="谁来验收的，结果怎样", max_length=WORDS_MOST, rows=4, missing="请写谁来验收的、结果怎样。",
        help_text="写单位和人数，不写名字。",
    )  # fmt: skip
    final_cost = YuanField(label="决算（元）", missing="请写一共花了多少钱。")


class MilestoneForm(VersionedForm):
    name = PublicWords(label="这一步做什么", max_length=60, missing="请写这一步做什么。")
    planned_on = DayField(label="计划哪天完成")
    weight = CountField(label="占多少分量", initial=1, most=100, help_text="一样重的都写1；顶两步的写2。进度按它算。")


class DoneForm(VersionedForm):
    on = DayField(label="哪天完成的")


class TellForm(VersionedForm):
    on = DayField(label="哪天的事")
    words = PublicWords(label="进展", max_length=WORDS_MOST, rows=5, missing="请写有什么进展。")


class ReviseForm(VersionedForm):
    words = PublicWords(label="进展", max_length=WORDS_MOST, rows=5, missing="请写有什么进展。")


class ProjectPhotoForm(VersionedForm):
    photo = PhotoField(label="照片", error_messages={"required": "请选一张照片。"}, help_text="不要拍到门牌和人脸。")
    alt = PublicWords(label="照片上是什么", max_length=80, missing="请写照片上是什么，看不见的人靠它知道。")
    taken_on = DayField(label="哪天拍的", required=False)
    milestone = forms.ModelChoiceField(
        label="哪一步", queryset=None, required=False, empty_label="不属于哪一步", error_messages=CHOOSE
    )

    def __init__(self, *args, record, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["milestone"].queryset = record.milestones.all()


class BudgetForm(VersionedForm):
    name = PublicWords(label="用在哪里", max_length=60, missing="请写用在哪里。")
    amount = YuanField(label="预算（元）", help_text="同一项再写一次，以后写的为准。")


class CommitForm(VersionedForm):
    kind = forms.ChoiceField(
        label="钱从哪里来", choices=FundingSource.Kind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    name = PublicWords(label="写明是哪一笔", max_length=60, help_text="可以不写。居民出的只写合计，不写哪一户。")
    committed = MeasureField(
        label="认定出多少（元）", missing="请写认定出多少。", help_text="同一个来源再写一次，以后写的为准。"
    )


class LineForm(VersionedForm):
    """A line of the ledger; of `of`, the sources or the lines of the budget."""

    of = forms.ModelChoiceField(label="", queryset=None, empty_label="请选一样", error_messages=CHOOSE)
    amount = YuanField(label="金额（元）")
    on = DayField(label="哪一天")
    words = PublicWords(
        label="摘要", max_length=120, missing="请写一句是什么钱。", help_text="人人都看得到，不写哪一户。"
    )
    voucher = Words(label="凭证号", max_length=40, help_text="可以不写，只有工作人员看得到。")

    def __init__(self, *args, label, of, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].label, self.fields["of"].queryset = label, of
        if len(of) == 1:
            self.fields["of"].initial = of[0]


class ReverseForm(VersionedForm):
    reason = PublicWords(
        label="为什么冲销", max_length=100, rows=2, missing="请写明为什么冲销。", help_text="人人都看得到。"
    )
