"""The forms of a report made for somebody (代报到): look the telephone up, say who it is, and where they report."""

from django import forms

from branches.forms import DeskForm
from branches.models import Branch, ResidentCompound
from branches.register_cells import EARLIEST_YEAR, LATEST_YEAR, CellError, squeeze
from branches.register_cells import telephone as read_telephone
from branches.telephones import LEAST, MOBILE, digits


class TelephoneField(forms.CharField):
    """One number, kept as its digits where it is a mobile's, as it was written elsewhere."""

    def __init__(self, **kwargs):
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}), **kwargs)

    def clean(self, value):
        value = super().clean(value)
        try:
            value = read_telephone(squeeze(value))
        except CellError as wrong:
            raise forms.ValidationError(str(wrong)) from None
        number = digits(value)
        if len(number) < LEAST:
            raise forms.ValidationError("电话要写全：手机11位，座机带区号。")
        return number if len(number) == MOBILE and number.startswith("1") else value


class LookForm(DeskForm):
    """The first step of a report made for somebody: is there a member of this telephone already?"""

    telephone = TelephoneField(
        label="本人的电话",
        help_text="先查一查登记过没有，免得同一个人登记两次。本人没有电话，写家里人的。",
        error_messages={"required": "请写下电话。"},
    )


class WhoForm(DeskForm):
    """The second: which of those with this telephone it is. `known` are the choices, (key, words)."""

    NEW = "new"

    telephone = forms.CharField(widget=forms.HiddenInput)
    asked = forms.CharField(widget=forms.HiddenInput, initial="1")
    who = forms.ChoiceField(
        label="是哪一位",
        widget=forms.RadioSelect,
        error_messages={"required": "请选是哪一位。", "invalid_choice": "请从名单里选是哪一位。"},
    )

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [*known, (self.NEW, "都不是，是一位还没登记的党员")]


class BranchField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            label="报到的支部",
            queryset=Branch.objects.none(),
            empty_label="请选一个",
            error_messages={"required": "请选一个支部。", "invalid_choice": "请从名单里选一个支部。"},
            **kwargs,
        )


class CompoundField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            queryset=ResidentCompound.objects.none(),
            required=False,
            error_messages={"invalid_choice": "请从名单里选一个小区。"},
            **kwargs,
        )

    def label_from_instance(self, compound):
        return f"{compound.name}（{compound.division.short_name}）"


def short_text(label, most, **kwargs):
    """A line of text without anything that cannot be seen."""
    kwargs.setdefault("required", False)
    messages = {"required": f"请写明{label}。", "max_length": f"{label}请留在{most}个字以内。"}
    return LineField(label=label, max_length=most, error_messages=messages, **kwargs)


class LineField(forms.CharField):
    def to_python(self, value):
        return squeeze(super().to_python(value))


class ReportForm(DeskForm):
    """The last step, for a member of the register: where to, where they live now, where the formal relation is."""

    telephone = forms.CharField(widget=forms.HiddenInput)
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    who = forms.CharField(required=False, widget=forms.HiddenInput)
    branch = BranchField()
    lives_in = CompoundField(label="搬到哪个小区了", help_text="没有搬家就不用选。", empty_label="没有搬家")
    home_unit = short_text(
        "组织关系在哪个单位", 80, required=True, help_text="照本人说的写。组织关系还在那里，报到不动它。"
    )
    note = short_text("说明", 200, help_text="可以不写。")

    def __init__(self, *args, branches, compounds, **kwargs):
        """`branches` are the reader's own; where there is one alone, it is not asked for."""
        super().__init__(*args, **kwargs)
        self.only = branches[0] if len(branches) == 1 else None
        if self.only:
            del self.fields["branch"]
        else:
            self.fields["branch"].queryset = branches
        for name in ("lives_in", "compound"):
            if name in self.fields:
                self.fields[name].queryset = compounds

    def clean(self):
        cleaned = super().clean()
        return cleaned | {"branch": self.only} if self.only else cleaned


class NewReportForm(ReportForm):
    """The last step, for somebody who is not in the register yet."""

    name = short_text("姓名", 40, required=True)
    birth_year = forms.IntegerField(
        label="出生年份",
        required=False,
        min_value=EARLIEST_YEAR,
        max_value=LATEST_YEAR,
        help_text="可以不写。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "出生年份写四位数字，例如1948。"),
    )
    lives_in = None
    compound = CompoundField(label="住在哪个小区", help_text="名单里没有，就先空着。", empty_label="请选一个")
    address = short_text("门牌", 120, help_text="几栋几单元几号。可以不写。")

    field_order = ("name", "birth_year", "branch", "compound", "address", "home_unit", "note")
