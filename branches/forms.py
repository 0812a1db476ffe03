"""The forms of the desk. Each asks for what one verb needs; what it offers is what the reader may see."""

from uuid import uuid4

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.utils import timezone

from branches import reveal
from branches.care import LATEST, LONGEST, NOTE
from branches.masking import mask_telephone
from branches.membership import END_REASONS
from branches.models import CareVisit, CentreHousehold, Member, PartyGroup

REASON = forms.CharField(
    label="原因",
    max_length=300,
    widget=forms.Textarea(attrs={"rows": 3}),
    error_messages={"required": "请写明原因。", "max_length": "原因请留在300个字以内。"},
)

YEARS_MOST = 100  # from today, of a day that is typed


class WhyField(forms.CharField):
    """Why somebody wants to see, or take away, what is masked: long enough to mean something, kept in the trail."""

    def __init__(self, *, label="为什么要看", such_as, kept="谁、什么时候、为什么看的，都会记下来备查。", **kwargs):
        super().__init__(
            label=label,
            help_text=f"至少{reveal.LEAST}个字，例如：{such_as}。{kept}",
            min_length=reveal.LEAST,
            max_length=reveal.MOST,
            error_messages={
                "required": f"请写明{label}。",
                "min_length": f"请写明{label}，至少{reveal.LEAST}个字。",
                "max_length": f"理由请留在{reveal.MOST}个字以内。",
            },
            **kwargs,
        )


class DeskForm(forms.Form):
    """A form as crispy lays it out; the page writes <form> and the token itself."""

    template_name_div = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class StaleForm(DeskForm):
    """A form that knows what its page said when it was opened: `now` is what is true at present."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, now, words, **kwargs):
        super().__init__(*args, **kwargs)
        self.now, self.words = str(now), words
        self.fields["seen"].initial = self.now

    def clean(self):
        """Refuse what was filled in on a page from before; sent once more, it counts."""
        if self.cleaned_data.get("seen") != self.now:
            self.data = self.data.copy()
            self.data["seen"] = self.now
            raise forms.ValidationError(f"刚刚有人处理过：{self.words}。看一看，还要改就再交一次。")
        return super().clean()


class VersionedForm(DeskForm):
    """A form that knows which version of its record the page was made from."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["version"].initial = record.version if record is not None else 0
        self.helper.render_hidden_fields = True

    def clean_version(self):
        """What the page said; a page that says nothing is older than any record."""
        version = self.cleaned_data["version"]
        return -1 if version is None else version

    def catch_up(self, version):
        """Let what is typed count when it is sent once more, now that the reader has been told."""
        if self.cleaned_data.get("version") != version:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = version


def _of_our_time(day):
    """A slip of the finger may be a year that no calendar reckons with any more."""
    if abs(day.year - timezone.localdate().year) > YEARS_MOST:
        raise forms.ValidationError("这个日子太远了，请看看年份对不对。")


class DayField(forms.DateField):
    """A day, by the phone's own calendar."""

    def __init__(self, **kwargs):
        kwargs.setdefault("initial", timezone.localdate)
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": "这一天日历上没有，请重新选。", "required": "请选是哪一天。"},
            validators=[_of_our_time],
            **kwargs,
        )


class VisitForm(DeskForm):
    """What, which day, a note; `key` makes a double tap one visit."""

    kind = forms.ChoiceField(
        label="做了什么",
        choices=CareVisit.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一样：做了什么。", "invalid_choice": "请从名单里选做了什么。"},
    )
    visited_on = DayField(label="哪一天", help_text=f"今天的不用改；最多补记{LATEST}天以前的。")
    note = forms.CharField(
        label="记一笔",
        help_text="可以不写。送学上门，写上带去了什么、学了什么。不写病情。",
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": f"写得有点长，请留在{NOTE}个字以内，现在是%(show_value)d个字。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages={"invalid": "请重新打开这一页。"})


class RevealForm(DeskForm):
    """Which facts, and why."""

    fields_wanted = forms.MultipleChoiceField(
        label="要看什么",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选要看什么。", "invalid_choice": "请从名单里选要看什么。"},
    )
    reason = WhyField(such_as="约星期三上门的时间", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, fields, **kwargs):
        """`fields` are those of reveal.FIELDS that are open to the reader."""
        super().__init__(*args, **kwargs)
        self.fields["fields_wanted"].choices = [(name, reveal.FIELDS[name]) for name in fields]


class MaskedMemberField(forms.ModelChoiceField):
    """Members as the desk names them: 张* · 3栋 · 138****5678."""

    def label_from_instance(self, member):
        parts = (str(member), str(member.building or ""), mask_telephone(member.telephone))
        return " · ".join(part for part in parts if part)


class RhythmField(forms.IntegerField):
    def __init__(self, **kwargs):
        wrong = f"每隔多少天，请填1到{LONGEST}之间的数。"
        super().__init__(
            label="每隔多少天看望一次",
            min_value=1,
            max_value=LONGEST,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            **kwargs,
        )


class PairForm(DeskForm):
    """Who looks in, and how often."""

    carer = MaskedMemberField(
        label="请谁去看望",
        queryset=Member.objects.none(),
        empty_label="请选一位",
        error_messages={"required": "请选一位去看望的党员。", "invalid_choice": "请从名单里选一位。"},
    )
    every_days = RhythmField(initial=14)

    def __init__(self, *args, carers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carer"].queryset = carers


class RhythmForm(StaleForm):
    every_days = RhythmField()


class ReasonForm(DeskForm):
    reason = REASON


class ConfirmForm(DeskForm):
    on = DayField(label="从哪一天起在册")


class TransferForm(DeskForm):
    on = DayField(label="从哪一天起转入", help_text="那边的在册到这一天为止，中间不断开，也不重叠。")
    reason = forms.CharField(
        label="说明", help_text="可以不写。", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class EndForm(DeskForm):
    """Why and on which day; 其他 has to be explained."""

    end_reason = forms.ChoiceField(
        label="为什么结束",
        choices=[(reason.value, reason.label) for reason in END_REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选结束的原因。", "invalid_choice": "请从名单里选结束的原因。"},
    )
    on = DayField(label="到哪一天为止")
    reason = forms.CharField(
        label="说明",
        help_text="选“其他”要写明；别的可以不写。",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HouseholdField(forms.ModelChoiceField):
    def label_from_instance(self, household):
        return f"{household.group} · {household.host}家"


class PlaceForm(StaleForm):
    """Which group, which of its centre households, from which day."""

    group = forms.ModelChoiceField(
        label="党小组",
        queryset=PartyGroup.objects.none(),
        empty_label="请选一个",
        error_messages={"required": "请选一个党小组。", "invalid_choice": "请从名单里选一个党小组。"},
    )
    household = HouseholdField(
        label="由哪个中心户照看",
        help_text="可以不选。要选，就选同一个党小组的。",
        queryset=CentreHousehold.objects.none(),
        empty_label="不选",
        required=False,
        error_messages={"invalid_choice": "请从名单里选一个中心户。"},
    )
    on = DayField(label="从哪一天起")

    def __init__(self, *args, groups, households, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups
        self.fields["household"].queryset = households


class SearchForm(forms.Form):
    """A name or a telephone. It is posted: neither belongs into an address or a log."""

    q = forms.CharField(max_length=40, required=False)
