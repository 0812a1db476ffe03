"""The forms of residents and volunteers: open one's page, ask to join a team, say what one can do and when."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Layout
from django import forms

from branches.fields import Several, TelephoneField
from branches.names import plain_name, tidy
from config.lookup import LookupForm
from config.open_forms import OpenForm
from volunteers.models import Skill
from volunteers.models.team import DAYS, PARTS

CONSENT_VERSION = "2026-11"  # of the words beside the box; a new one where they change
FOLDED, FURTHER = ("skills", "free_times", "note"), "会做什么、什么时候有空（不填也行）"
WEEK = '{% include "volunteers/_week.html" with field=form.free_times only %}'


class FreeTimesField(forms.TypedMultipleChoiceField):
    """The parts of the week in which somebody is free: the bits of `Volunteer.free_times`. Shown by _week.html."""

    def __init__(self, **kwargs):
        choices = [
            (day * len(PARTS) + part, f"{name}{words}")
            for day, name in enumerate(DAYS)
            for part, words in enumerate(PARTS)
        ]
        super().__init__(
            choices=choices, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "请从表里选有空的时候。"}, **kwargs,
        )  # fmt: skip

    def prepare_value(self, value):
        """The numbers of the bits; what was typed comes as a list already."""
        if isinstance(value, int):
            return [str(number) for number, _ in self.choices if value & 1 << number]
        return value

    def clean(self, value):
        return sum(1 << number for number in set(super().clean(value)))


class SkillsField(Several):
    def __init__(self, **kwargs):
        super().__init__(
            Skill.objects.in_use(), required=False, widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "请从名单里选。", "invalid_pk_value": "请从名单里选。"}, **kwargs,
        )  # fmt: skip


class EnterForm(LookupForm):
    """The code and the last four digits of the telephone."""

    remember = forms.BooleanField(
        label="记住这部手机",
        help_text="30天里不用再写。别人也用的手机，不要勾。",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code, last_four = self.fields["code"], self.fields["last_four"]
        code.label, code.help_text = "志愿者码", "8位数字，队长或者社区给您的。"
        last_four.help_text = "您登记的那个电话，写最后四个数字。"


class JoinForm(OpenForm):
    """A name and a telephone; what one can do and when, behind a fold."""

    name = forms.CharField(
        label="姓名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "请写您的姓名。", "max_length": "名字太长了，请留在40个字以内。"},
    )
    telephone = TelephoneField(label="电话", missing="请写一个电话，队长好联系您。", help_text="队长打这个电话联系您。")
    skills = SkillsField(label="会做什么")
    free_times = FreeTimesField(label="什么时候有空")
    note = forms.CharField(
        label="有什么要说的",
        help_text="可以不写。例如不爬楼。不写病情。",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "写得有点长，请留在200个字以内。"},
    )
    consent = forms.BooleanField(
        label="我同意把上面写的交给队长、社区和支部，用来联系我、排班派活",
        help_text="不公开。没有收下的，半年后删掉；离队两年后删掉。不想留了，打电话说一声。",
        error_messages={"required": "要勾上同意，队长才能联系您。不想勾，也可以打电话报名。"},
    )

    def fold(self):
        """Show what most people leave empty only to those who open it."""
        self.order_fields(["name", "telephone", *FOLDED, "consent"])
        rest = [name for name in self.fields if name not in ("name", "telephone", "consent", *FOLDED)]
        is_open = any(self[name].errors or self[name].value() for name in FOLDED)
        self.helper.layout = Layout(
            "name",
            "telephone",
            HTML(f'<details class="filter further"{" open" if is_open else ""}><summary>{FURTHER}</summary>'),
            *(("skills",) if self.fields["skills"].queryset else ()),
            HTML(WEEK),
            "note",
            HTML("</details>"),
            "consent",
            *rest,
        )

    def clean_name(self):
        if not plain_name(self.cleaned_data["name"]):
            raise forms.ValidationError("请写您的姓名。")
        return tidy(self.cleaned_data["name"])

    def given(self):
        """What the verb of asking wants to know."""
        names = ("name", "telephone", "note", "skills", "free_times")
        return {name: self.cleaned_data[name] for name in names} | {"consent_version": CONSENT_VERSION}


class DescribeForm(forms.Form):
    """What a volunteer can do, and when they are free."""

    skills = SkillsField(label="会做什么")
    free_times = FreeTimesField(label="什么时候有空")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(("skills",) if self.fields["skills"].queryset else ()), HTML(WEEK))


class DeclineForm(forms.Form):
    """Why somebody is not taken in."""

    reason = forms.CharField(
        label="为什么不收",
        help_text="例如住得太远、人手够了。社区和支部看得到。",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因。", "max_length": "原因请留在300个字以内。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
