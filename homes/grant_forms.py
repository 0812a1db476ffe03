"""The forms of a grant: each asks for what one step needs."""

from django import forms
from django.utils import timezone

from branches.access import Action
from branches.fields import Words, YuanField
from branches.forms import DayField, DeskForm, VersionedForm
from homes.models import Grant, Home
from homes.public_facts import no_person

FIRST_YEAR, YEARS_AHEAD = 2010, 2
REASON_MOST = 200  # characters


class HomeField(forms.ModelChoiceField):
    """One of the homes told, each with its street."""

    def __init__(self, **kwargs):
        super().__init__(
            label="哪个家", queryset=Home.objects.none(), empty_label="请选一个家",
            error_messages={"required": "请选一个家。", "invalid_choice": "请从名单里选一个家。"}, **kwargs,
        )  # fmt: skip

    def label_from_instance(self, home):
        return f"{(home.street or home.division).name} · {home.name}"

    def offer(self, homes):
        self.queryset = homes.select_related("division__parent").order_by("division__code", "pk")


class PlanForm(DeskForm):
    """A sum for a home."""

    home = HomeField()
    year = forms.IntegerField(
        label="哪一年的经费", widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请写是哪一年的经费。", "invalid": "年份写四位数字，例如 2026。"},
    )  # fmt: skip
    purpose = Words(
        label="用在哪里", max_length=80, missing="请写这笔钱用在哪里。",
        help_text="例如：活动室添桌椅。不写人名和电话。", validators=[no_person],
    )  # fmt: skip
    planned = YuanField(label="计划多少钱")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        homes = Home.objects.where_granted(user, Action.ADD, Grant).exclude(status=Home.Status.CLOSED)
        self.fields["home"].offer(homes)
        self.fields["year"].initial = timezone.localdate().year

    def clean_year(self):
        year, last = self.cleaned_data["year"], timezone.localdate().year + YEARS_AHEAD
        if not FIRST_YEAR <= year <= last:
            raise forms.ValidationError(f"年份请填{FIRST_YEAR}到{last}之间的。")
        return year


class ApproveForm(VersionedForm):
    amount = YuanField(label="批准多少钱")
    on = DayField(label="哪天批准的")

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["amount"].initial = record.planned
        self.fields["amount"].help_text = f"计划是{record.planned:,.2f}元。可以批得少，不能批得多。"


class PayForm(VersionedForm):
    amount = YuanField(label="这一笔拨了多少钱")
    on = DayField(label="哪天拨的")
    voucher = Words(label="凭证号", max_length=40, missing="请写凭证号，财务要对账。", help_text="和财务账上的一样。")
    words = Words(label="说明", max_length=120, help_text="可以不写。", validators=[no_person])

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        self.fields["amount"].help_text = f"最多还能拨{record.left or 0:,.2f}元。只是记账，钱由财务另外拨。"


class ReverseForm(VersionedForm):
    reason = Words(
        label="为什么冲销", max_length=120, missing="请写为什么冲销。", validators=[no_person],
        help_text="例如：金额多打了一个0。原来那一笔会划掉，但还看得到。",
    )  # fmt: skip
    on = DayField(label="哪天冲销的")


class SettleForm(VersionedForm):
    words = Words(label="说明", max_length=REASON_MOST, rows=3, validators=[no_person])
    on = DayField(label="哪天结清的")

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, record=record, **kwargs)
        short = f"还有{record.left:,.2f}元没有拨，请写明为什么不拨了。" if record.left else "可以不写。"
        self.fields["words"].help_text = short


class ReasonForm(VersionedForm):
    reason = Words(
        label="原因", max_length=REASON_MOST, rows=3, missing="请写明原因。", help_text="同事都看得到。",
        validators=[no_person],
    )  # fmt: skip
