"""What the forms of the desk for putting things on are made of: when, where, what is told, and which version of it.

Day and time are the phone's own fields. What is offered is what the reader may put things on in.
"""

import re
import unicodedata
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from activities.models import Activity, ActivityKind
from activities.planning import moment
from branches.access import Action
from branches.fields import TimeOfDay, Words
from branches.forms import DayField, VersionedForm
from branches.models import Branch, CentreHousehold
from homes.models import Facility, Home

TELEPHONE = re.compile(r"[0-9][0-9 \-]{4,18}[0-9]")
AHEAD_MOST = timedelta(days=730)
SEATS_MOST = 2000
SEATS_LEAST = "名额至少是1；不限就留空。"


class Seats(forms.IntegerField):
    def __init__(self, **kwargs):
        wrong = {"min_value": SEATS_LEAST, "max_value": f"最多写{SEATS_MOST}。", "invalid": "请只写数字，例如 20。"}
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        super().__init__(
            min_value=1, max_value=SEATS_MOST, required=False, error_messages=wrong, widget=widget, **kwargs
        )


class When(forms.Form):
    """A day, from when and until when; each told beside its own field."""

    day = DayField(label="哪一天", initial=None)
    begins = TimeOfDay(label="几点开始")
    ends = TimeOfDay(label="几点结束", required=False, help_text="留空就按通常的长度。")

    usual_minutes = 90

    def clean(self):
        cleaned = super().clean()
        day, begins = cleaned.get("day"), cleaned.get("begins")
        if day is None or begins is None:
            return cleaned
        starts_at = moment(day, begins)
        if starts_at <= timezone.now():
            self.add_error("day", "这个时间已经过了，请看看日期和钟点。")
        elif starts_at > timezone.now() + AHEAD_MOST:
            self.add_error("day", "这个日子太远了，请看看年份对不对。")
        if cleaned.get("ends") is not None:
            ends_at = moment(day, cleaned["ends"])
        else:
            ends_at = starts_at + timedelta(minutes=self.minutes(cleaned))
        if "ends" not in self.fields and timezone.localdate(ends_at) != day:
            self.add_error("begins", "和上次一样长就要过夜了，请早一点开始。")
        elif timezone.localdate(ends_at) != day and "ends" not in self.errors:
            self.add_error("ends", "按通常的长度要过夜了，请写几点结束。")
        elif ends_at <= starts_at:
            self.add_error("ends", "结束时间要晚于开始时间。")
        self.starts_at, self.ends_at = starts_at, ends_at
        return cleaned

    def minutes(self, cleaned):
        return self.usual_minutes


class Place(forms.Form):
    """Who puts it on and where, of what this user may put things on in."""

    home = forms.ModelChoiceField(
        label="哪个家办", queryset=Home.objects.none(), required=False, empty_label="不在家里办",
        error_messages={"invalid_choice": "请从名单里选一个家。"},
    )  # fmt: skip
    branch = forms.ModelChoiceField(
        label="哪个支部办", queryset=Branch.objects.none(), required=False, empty_label="不写支部",
        error_messages={"invalid_choice": "请从名单里选一个支部。"},
    )  # fmt: skip
    setting = forms.ChoiceField(
        label="在什么地方", choices=Activity.Setting.choices, initial=Activity.Setting.HOME, required=False
    )
    household = forms.ModelChoiceField(
        label="哪个中心户", queryset=CentreHousehold.objects.none(), required=False, empty_label="不选",
        help_text="户主同意公开的才在名单里。", error_messages={"invalid_choice": "请从名单里选一个中心户。"},
    )  # fmt: skip
    place = Words(label="具体地点", max_length=80, help_text="例如二楼活动室，或者哪条巷子、哪个院子。")
    room = forms.ModelChoiceField(
        label="用哪间屋", queryset=Facility.objects.none(), required=False, empty_label="不写",
        error_messages={"invalid_choice": "请从名单里选一间。"},
    )  # fmt: skip

    def offer_places(self, user, known=None):
        """Fill in what can be chosen; leave out what there is nothing to choose for. `known` keeps its home."""
        own = Home.objects.exclude(status=Home.Status.CLOSED).where_granted(user, Action.ADD, Activity)
        branches = Branch.objects.active().where_granted(user, Action.ADD, Activity)
        self.own_homes, self.own_branches = own, branches
        reached = Home.objects.exclude(status=Home.Status.CLOSED).filter(
            Q(pk__in=own.values("pk")) | Q(hosted_branches__branch__in=branches.values("pk"))
        )
        kept = known.home_id if known is not None else None
        homes = Home.objects.filter(Q(pk__in=reached.values("pk")) | Q(pk=kept)).order_by("name")
        households = CentreHousehold.objects.current().consented().filter(
            Q(group__branch__in=branches.values("pk")) | Q(group__branch__seat__home__in=own.values("pk"))
        ).select_related("group")  # fmt: skip
        self.fields["home"].queryset = homes
        self.fields["branch"].queryset = branches.order_by("name")
        self.fields["household"].queryset = households
        self.fields["room"].queryset = Facility.objects.filter(homes__in=homes.values("pk")).distinct()
        for name in ("branch", "household", "room"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]
        if "branch" not in self.fields:
            self.fields["home"].empty_label = "请选一个家"

    def clean(self):
        cleaned = super().clean()
        home, branch = cleaned.get("home"), cleaned.get("branch")
        setting = cleaned.get("setting") or Activity.Setting.HOME
        cleaned["setting"] = setting
        if {"home", "branch"} & self.errors.keys():
            return cleaned
        if home is None and branch is None:
            both = "branch" in self.fields
            self.add_error("home", "请选哪个家或者哪个支部办。" if both else "请选哪个家办。")
        elif branch is None and not self.own_homes.filter(pk=home.pk).exists():
            self.add_error("branch", "用这个家的地方，请写上是您的哪个支部办。")
        if setting == Activity.Setting.HOME and home is None and not self.errors:
            self.add_error("setting", "没有选家，请选是在什么地方。")
        if setting != Activity.Setting.HOME and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", "不在家里办，请写清楚在哪里。")
        if cleaned.get("household") and setting != Activity.Setting.LIVING_ROOM:
            self.add_error("setting", "选了中心户，地方就是“客厅”。")
        room = cleaned.get("room")
        if room and (
            home is None or setting != Activity.Setting.HOME or not home.facilities.filter(pk=room.pk).exists()
        ):
            self.add_error("room", "这个家没有登记这间屋，请另选，或者不写。")
        return cleaned


def kinds_in_use(known=None):
    """The kinds that can be chosen; one that is used already stays."""
    rows = ActivityKind.objects.in_use()
    return rows if known is None else ActivityKind.objects.filter(Q(is_archived=False) | Q(pk=known.kind_id))


def kind_field():
    return forms.ModelChoiceField(
        label="种类", queryset=ActivityKind.objects.none(), empty_label="请选一样",
        error_messages={"required": "请选一样种类。", "invalid_choice": "请从名单里选一样。"},
    )  # fmt: skip


class Told(forms.Form):
    """What residents read besides time and place, and the rules of signing up."""

    title = Words(label="名称", max_length=60, missing="请写名称，例如“重阳节诗会”。")
    kind = kind_field()
    description = Words(label="介绍", max_length=2000, rows=5, help_text="讲什么、做什么，平常怎么说就怎么写。")
    bring = Words(label="要带什么", max_length=120)
    telephone = Words(label="电话", max_length=20, help_text="留空就用家的电话。")
    takes_sign_up = forms.BooleanField(label="要报名", required=False, initial=True, help_text="不勾就是直接来。")
    close_day = DayField(label="报名截止：哪一天", required=False, initial=None, help_text="留空就是开始前两小时。")
    close_time = TimeOfDay(label="报名截止：几点", required=False)
    room_limit = Seats(label="屋里最多坐多少人", help_text="临时来的人也算在里面。不限就留空。")
    remind_hours = forms.TypedChoiceField(
        label="提前多久提醒", choices=Activity.remind_hours.field.choices, coerce=int, initial=24, required=False,
        empty_value=24,
    )  # fmt: skip

    def clean_telephone(self):
        number = unicodedata.normalize("NFKC", self.cleaned_data["telephone"])
        if number and not TELEPHONE.fullmatch(number):
            raise forms.ValidationError("电话只写数字、空格和短横线，例如 0731-8888 8888。")
        return number

    def closing(self, starts_at):
        """The moment after which nobody signs up by themselves; None for two hours before the start."""
        day, clock, kind = (self.cleaned_data.get(name) for name in ("close_day", "close_time", "kind"))
        if {"close_day", "close_time"} & self.errors.keys():
            return None
        if bool(day) != bool(clock):
            self.add_error("close_time" if day else "close_day", "报名截止的日子和钟点，要么都写，要么都不写。")
            return None
        if day:
            closes = moment(day, clock)
            if closes > starts_at:
                self.add_error("close_day", "报名截止不能晚于活动开始。")
            elif closes <= timezone.now() and not (self.record and self.record.sign_up_until == closes):
                self.add_error("close_day", "报名截止的时间已经过了，这样谁也报不上名。请改晚一点，或者空着。")
            return closes
        if kind and kind.day_before_at:
            return moment(timezone.localdate(starts_at) - timedelta(days=1), kind.day_before_at)
        return None


class PublishAt(VersionedForm):
    """Now, or at a moment."""

    day = DayField(label="哪一天发布", required=False, initial=None, help_text="现在就发布，两格都空着。")
    clock = TimeOfDay(label="几点发布", required=False)

    def clean(self):
        cleaned = super().clean()
        day, clock = cleaned.get("day"), cleaned.get("clock")
        self.at = None
        if {"day", "clock"} & self.errors.keys():
            return cleaned
        if bool(day) != bool(clock):
            self.add_error("clock" if day else "day", "日子和钟点，要么都写，要么都不写。")
        elif day:
            self.at = moment(day, clock)
            if self.at <= timezone.now():
                self.add_error("day", "这个时间已经过了。现在就发布，请把两格都空着。")
        return cleaned
