"""The forms of the desk for orders: enter one for a caller, and each step of one."""

import secrets
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from branches.fields import Several, TelephoneField, TimeOfDay, Words
from branches.forms import DayField, DeskForm, VersionedForm, WhyField
from branches.masking import mask_telephone
from branches.models import Division
from branches.names import plain_name
from branches.steps import REASON_LEAST
from homes.models import Home
from volunteers.help_forms import CONSENT_VERSION
from volunteers.models import OrderCategory, ServiceOrder, Team, Volunteer
from volunteers.models.duty import MINUTES_MOST
from volunteers.models.order import NEEDED_MOST
from volunteers.order_forms import DeclineFields, DoneFields, FailFields
from volunteers.ordering import RATINGS

REASON_MOST = 300
AHEAD_MOST = timedelta(days=90)
PICK = "请从名单里选。"


def moment(day, clock):
    return timezone.make_aware(timezone.datetime.combine(day, clock))


class StepForm(VersionedForm):
    """A step that asks for nothing."""


class StepReasonForm(VersionedForm):
    """A step that wants a reason."""

    reason = Words(label="原因", max_length=REASON_MOST, rows=3, missing="请写明原因。")

    def __init__(self, *args, hint="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class CorrectForm(StepReasonForm):
    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < REASON_LEAST:
            raise forms.ValidationError(f"请写明原因，至少{REASON_LEAST}个字。")
        return reason


class OpenForm(DeskForm):
    """Why somebody wants to see name, telephone and place."""

    reason = WhyField(such_as="打电话问清楚是哪一户", widget=forms.Textarea(attrs={"rows": 2}))


class RouteForm(VersionedForm):
    branch = forms.ModelChoiceField(
        label="哪个支部", queryset=None, empty_label="请选一个支部",
        error_messages={"required": "请选一个支部。", "invalid_choice": PICK},
    )  # fmt: skip

    def __init__(self, *args, branches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches


class DuplicateForm(VersionedForm):
    """The other order: one of those that look alike, or by its number."""

    likely = forms.ModelChoiceField(
        label="和哪一单是一回事", queryset=None, required=False, empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": PICK},
    )  # fmt: skip
    number = forms.IntegerField(
        label="或者写那一单的号", required=False, min_value=1, max_value=10**12,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "号是数字，写在那一单的标题上。"),
    )  # fmt: skip

    def __init__(self, *args, likely, others, **kwargs):
        """`likely` are shown; of `others` one may name the number."""
        super().__init__(*args, **kwargs)
        self.others = others
        self.fields["likely"].queryset = likely
        self.fields["likely"].label_from_instance = likely_label
        if not likely.exists():
            del self.fields["likely"]
            self.fields["number"].label = "那一单的号"

    def clean(self):
        cleaned = super().clean()
        self.original, number = cleaned.get("likely"), cleaned.get("number")
        if number:
            self.original = self.others.filter(pk=number).first()
            if self.original is None:
                self.add_error("number", "没有找到这一单。号写在那一单的标题上。")
        elif self.original is None and not self.errors:
            self.add_error("likely" if "likely" in self.fields else "number", "请选一单，或者写那一单的号。")
        return cleaned


def likely_label(order):
    at = timezone.localtime(order.created_at)
    came = f"{at.month}月{at.day}日来的"
    return " · ".join((f"{order.pk}号", str(order.category), order.where, came, order.get_status_display()))


class VisitForm(DeskForm):
    """When somebody should go, and for about how long. Sent by its address: it says nothing of anybody."""

    day = DayField(label="哪一天去")
    begins = TimeOfDay(label="几点")
    minutes = forms.IntegerField(
        label="大约多少分钟", min_value=1, max_value=MINUTES_MOST,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "请填1到720之间的数。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("day") and cleaned.get("begins"):
            self.visit_at = moment(cleaned["day"], cleaned["begins"])
            if self.visit_at < timezone.now():
                self.add_error("day", "这个时间已经过了，请看看日期和钟点。")
            elif self.visit_at > timezone.now() + AHEAD_MOST:
                self.add_error("day", "这个日子太远了，请看看年份对不对。")
        return cleaned


class OfferForm(VersionedForm):
    """Whom to ask, of those the page lists and those who were searched for."""

    volunteer = forms.ModelChoiceField(
        label="请谁去", queryset=Volunteer.objects.none(), empty_label=None,
        error_messages={"required": "请选一位。", "invalid_choice": "这一位现在请不了，请另选一位。"},
    )  # fmt: skip
    override = Words(
        label="没有登记这样本领、但是确实会，写明怎么知道的", max_length=REASON_MOST, help_text="平常不用写。"
    )

    def __init__(self, *args, reachable, needs_skill, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = reachable
        if not needs_skill:
            del self.fields["override"]


class FindForm(forms.Form):
    """A name or a telephone. It is posted: neither belongs into an address or a log."""

    q = forms.CharField(max_length=40, required=False)


class CallForm(VersionedForm):
    teams = Several(
        label="请哪些队伍", queryset=Team.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一支队伍。", "invalid_choice": PICK},
    )  # fmt: skip

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = teams
        self.fields["teams"].label_from_instance = lambda team: f"{team.name}（{team.home}，{team.people}人）"


class AnswerForm(DeclineFields, VersionedForm):
    """What somebody said on the telephone."""

    said = forms.ChoiceField(
        label="他怎么说", choices=[("yes", "去"), ("no", "去不了")], widget=forms.RadioSelect,
        error_messages={"required": "请选他怎么说的。", "invalid_choice": PICK},
    )  # fmt: skip
    override = Words(
        label="时间和别的事撞了、还是要去，写明原因", max_length=REASON_MOST, help_text="平常不用写。会记下来。"
    )
    field_order = ("said", "reason", "override")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "去不了的原因"


class TakeForm(VersionedForm):
    """Who of the called teams rang and said yes."""

    volunteer = forms.ModelChoiceField(
        label="是哪一位", queryset=Volunteer.objects.none(), empty_label="请选一位",
        error_messages={"required": "请选一位。", "invalid_choice": PICK},
    )  # fmt: skip
    override = Words(
        label="时间和别的事撞了、还是要去，写明原因", max_length=REASON_MOST, help_text="平常不用写。会记下来。"
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = people
        self.fields["volunteer"].label_from_instance = masked_label


def masked_label(volunteer):
    """张* · 红马甲 · 138****5678; `volunteer` is of candidates.for_list."""
    teams = "、".join(membership.team.name for membership in volunteer.in_teams)
    return " · ".join(part for part in (str(volunteer), teams, mask_telephone(volunteer.telephone)) if part)


class DoneForm(DoneFields, VersionedForm):
    pass


class FailForm(FailFields, VersionedForm):
    pass


class RateForm(VersionedForm):
    """What the resident said on the telephone."""

    rating = forms.ChoiceField(
        label="办得怎么样", choices=[(each.value, each.label) for each in RATINGS], widget=forms.RadioSelect,
        error_messages={"required": "请选一样。", "invalid_choice": PICK},
    )  # fmt: skip
    words = Words(label="还说了什么", max_length=200, rows=2, help_text="可以不写。")

    @property
    def said(self):
        return {name: self.cleaned_data[name].strip() for name in ("rating", "words")}


class NewOrderForm(DeskForm):
    """An order for somebody who rings, or stands there."""

    via = forms.ChoiceField(
        label="怎么来的", initial=ServiceOrder.Via.TELEPHONE, widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (ServiceOrder.Via.TELEPHONE, ServiceOrder.Via.DESK)],
        error_messages={"required": "请选一样。", "invalid_choice": PICK},
    )  # fmt: skip
    category = forms.ModelChoiceField(
        label="哪一类", queryset=OrderCategory.objects.none(), empty_label="请选一样",
        error_messages={"required": "请选一类。", "invalid_choice": PICK},
    )  # fmt: skip
    what = Words(
        label="什么事", max_length=500, rows=3, missing="请写是什么事，例如：厨房的水管漏水。",
        help_text="照他说的写。不写病情。",
    )  # fmt: skip
    name = Words(label="谁要帮忙", max_length=40, missing="请写要帮忙的人怎么称呼。")
    telephone = TelephoneField(
        label="打哪个电话", help_text="念一遍，请对方听一听对不对。", missing="请写一个电话，去之前要打。"
    )
    caller = Words(label="谁打来的", max_length=40, help_text="替别人打来的，写打电话的人的姓名；本人打来的就空着。")
    place = Words(label="在哪里", max_length=120, missing="请写在哪里，写到门牌。")
    division = forms.ModelChoiceField(
        label="哪个社区", queryset=Division.objects.none(), required=False, empty_label="不知道，按上面写的地点找",
        error_messages={"invalid_choice": PICK},
    )  # fmt: skip
    home = forms.ModelChoiceField(
        label="从哪个家来的", queryset=Home.objects.none(), required=False, empty_label="不写",
        help_text="在家里登记的，选上这个家。", error_messages={"invalid_choice": PICK},
    )  # fmt: skip
    wish = Words(label="希望什么时候去", max_length=80, help_text="可以不写。")
    needed = forms.IntegerField(
        label="要几个人去", min_value=1, max_value=NEEDED_MOST, initial=1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"请填1到{NEEDED_MOST}之间的数。"
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label="念给对方听了，对方同意：写下姓名、电话和地点，交给上门的人，办完两年后删掉",
        error_messages={"required": "要先念给对方听，对方同意了再勾上。"},
    )
    form_key = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = secrets.token_hex(16)
        self.fields["category"].queryset = OrderCategory.objects.in_use()
        communities = Q(level=Division.Level.COMMUNITY)
        self.fields["division"].queryset = Division.objects.filter(communities).order_by("code")
        self.fields["home"].queryset = homes
        if not homes.exists():
            del self.fields["home"]

    def clean_what(self):
        return self._seen("what").strip()

    def clean_name(self):
        return self._seen("name")

    def clean_place(self):
        return self._seen("place")

    def _seen(self, name):
        """What was typed; what nobody can see is nothing."""
        if not plain_name(self.cleaned_data[name]):
            raise forms.ValidationError(self.fields[name].error_messages["required"])
        return self.cleaned_data[name]

    def order(self):
        """What ordering.place wants to know."""
        given = self.cleaned_data
        names = ("category", "what", "name", "telephone", "place", "wish", "needed", "via", "division", "form_key")
        told = {name: given[name] for name in names}
        return told | {"home": given.get("home"), "proxy_name": given["caller"], "consent_version": CONSENT_VERSION}


READY = ("请人去，打电话问", "有人去了，打电话告诉居民", "不用去了，打电话说一声", "打电话问办得好不好")


class WhyRingForm(DeskForm):
    """Why somebody wants to see the telephones of the call list: one of the usual reasons, or in their own words."""

    ready = forms.ChoiceField(
        label="为什么要看", choices=[(each, each) for each in READY], required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": "请从名单里选，或者自己写。"},
    )  # fmt: skip
    reason = WhyField(label="别的原因，自己写", such_as="问一问走哪条路", required=False)

    def clean(self):
        """`reason` is all that was said."""
        cleaned = super().clean()
        if not self.errors:
            cleaned["reason"] = "；".join(each for each in (cleaned["ready"], cleaned["reason"]) if each)
            if not cleaned["reason"]:
                self.add_error("ready", "请选一个原因，或者自己写。")
        return cleaned


class FilterForm(forms.Form):
    """What the list is narrowed to, by its address. What is not known there is as if it were not said."""

    PRESSING = [("overdue", "过了期限的"), ("flagged", "去了三次没办成的")]  # methods of the rows

    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "等着办的"), *PRESSING, *ServiceOrder.Status.choices]
    )
    branch = forms.ChoiceField(label="支部", required=False)

    def __init__(self, *args, branches, **kwargs):
        super().__init__(*args, **kwargs)
        own = [(str(branch.pk), branch.name) for branch in branches]
        self.fields["branch"].choices = [("", "所有的"), ("none", "还没有支部负责的"), *own]

    @property
    def told(self):
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
