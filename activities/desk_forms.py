"""The forms of the desk for putting things on: an activity, a course over a term, and the steps of both."""

from datetime import timedelta

from crispy_forms_gds.layout import HTML, Layout
from django import forms
from django.db.models import Q
from django.utils import timezone

from activities.desk_fields import Place, Seats, Told, When, kind_field, kinds_in_use
from activities.models import Activity
from activities.planning import moment
from branches.access import Action
from branches.fields import TimeOfDay, Words
from branches.forms import DayField, DeskForm, VersionedForm
from homes.models import Facility, Home
from homes.models.hours import Weekday

TERM_MOST = timedelta(days=400)
PLACE_FIELDS = ("home", "branch", "setting", "household", "place", "room")
MORE = ("branch", "setting", "household", "place", "room", "description", "bring", "telephone", "takes_sign_up")
MORE_STILL = ("close_day", "close_time", "room_limit", "remind_hours")

FOLD, FOLD_END = '<details class="more"{open}><summary>{title}</summary>', "</details>"


def folded(title, names, form):
    """Fields that are seldom needed, behind their heading; open where one of them is wrong or holds something."""
    names = [name for name in names if name in form.fields]
    wrong = form.is_bound and any(name in form.errors for name in names)
    return [HTML(FOLD.format(title=title, open=" open" if wrong else "")), *names, HTML(FOLD_END)]


class ActivityForm(When, Place, Told, VersionedForm):
    """Everything of an activity that is not published yet."""

    capacity = Seats(label="名额", help_text="不限就留空。")
    field_order = ("title", "kind", "home", "day", "begins", "ends", "capacity", *MORE, *MORE_STILL)

    def __init__(self, *args, user, activity=None, **kwargs):
        super().__init__(*args, record=activity, **kwargs)
        self.offer_places(user, activity)
        self.fields["kind"].queryset = kinds_in_use(activity)

    def lay_out(self):
        """Say how the page shows the fields; after validation, so that what is wrong is not hidden."""
        self.helper.layout = Layout(
            "title", "kind", "home", "day", "begins", "ends", "capacity",
            *folded("地点和别的内容（可以不写）", MORE, self),
            *folded("报名和提醒（可以不动）", MORE_STILL, self),
        )  # fmt: skip

    def minutes(self, cleaned):
        return cleaned["kind"].usual_minutes if cleaned.get("kind") else self.usual_minutes

    def clean(self):
        cleaned = super().clean()
        if hasattr(self, "starts_at"):
            self.sign_up_until = self.closing(self.starts_at)
        room, seats = cleaned.get("room_limit"), cleaned.get("capacity")
        if room and seats and room < seats:
            self.add_error("room_limit", f"名额有{seats}个，屋里至少要坐得下{seats}人。")
        return cleaned

    def write_on(self, activity):
        """Put what was typed on the activity; a verb keeps it."""
        given = self.cleaned_data
        for name in (*PLACE_FIELDS, "title", "kind", "description", "bring", "telephone"):
            if name in given:  # where there is nothing to choose, a field is not on the page
                setattr(activity, name, given[name])
        for name in ("takes_sign_up", "capacity", "room_limit", "remind_hours"):
            setattr(activity, name, given[name])
        activity.starts_at, activity.ends_at = self.starts_at, self.ends_at
        activity.sign_up_until = self.sign_up_until
        return activity


class CorrectForm(Told, VersionedForm):
    """What may be changed of a published activity without telling anybody."""

    field_order = ("title", "kind", "description", "bring", "telephone", "takes_sign_up", *MORE_STILL)

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, record=activity, **kwargs)
        self.fields["kind"].queryset = kinds_in_use(activity)

    def clean(self):
        cleaned = super().clean()
        self.sign_up_until = self.closing(self.record.starts_at)
        return cleaned

    def words(self):
        names = ("title", "kind", "description", "bring", "telephone", "takes_sign_up", "room_limit", "remind_hours")
        return {name: self.cleaned_data[name] for name in names} | {"sign_up_until": self.sign_up_until}


class CopyForm(When, DeskForm):
    """The same once more: only another day and time."""

    field_order = ("day", "begins")

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, **kwargs)
        self.usual_minutes = (activity.ends_at - activity.starts_at) // timedelta(minutes=1)
        del self.fields["ends"]


class RescheduleForm(When, VersionedForm):
    """Another time, another place; another home where this user may put things on in several."""

    home = Place.base_fields["home"]
    setting = Place.base_fields["setting"]
    place = Words(label="具体地点", max_length=80, help_text="例如二楼活动室，或者哪条巷子、哪个院子。")
    room = Place.base_fields["room"]
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # the warnings that were read
    field_order = ("day", "begins", "ends", "home", "setting", "place", "room")

    def __init__(self, *args, user, activity, **kwargs):
        super().__init__(*args, record=activity, **kwargs)
        self.usual_minutes = (activity.ends_at - activity.starts_at) // timedelta(minutes=1)
        self.fields["ends"].help_text = "留空就和原来一样长。"
        homes = self._homes(user)
        rooms = Facility.objects.filter(homes__in=homes).distinct()
        self.fields["home"].queryset, self.fields["room"].queryset = homes, rooms
        self.fields["home"].empty_label, self.fields["home"].required = None, True
        if len(homes) < 2:
            del self.fields["home"]
        if not rooms.exists():
            del self.fields["room"]

    def _homes(self, user):
        """Its own home, and those that residents see where this user may put things on; none for one without a home."""
        if self.record.home_id is None:
            return Home.objects.none()
        own = Home.objects.public().where_granted(user, Action.ADD, Activity)
        return Home.objects.filter(Q(pk=self.record.home_id) | Q(pk__in=own.values("pk"))).order_by("name")

    def clean(self):
        cleaned = super().clean()
        setting = cleaned.get("setting") or self.record.setting
        cleaned["setting"] = setting
        if setting == Activity.Setting.HOME and self.record.home is None:
            self.add_error("setting", "这不是哪个家办的，请选别的地方。")
        if setting != Activity.Setting.HOME and not cleaned.get("place"):
            self.add_error("place", "不在家里办，请写清楚在哪里。")
        room, home = cleaned.get("room"), cleaned.get("home") or self.record.home
        if setting != Activity.Setting.HOME:
            cleaned["room"] = None
        elif room and not home.facilities.filter(pk=room.pk).exists():
            self.add_error("room", "这个家没有登记这间屋，请另选，或者不写。")
        if self.record.household_id and setting != Activity.Setting.LIVING_ROOM:
            self.add_error("setting", "这是中心户家里的活动，地方就是“客厅”。")
        return cleaned

    def place_given(self):
        return {name: self.cleaned_data[name] for name in ("home", "setting", "place", "room") if name in self.fields}


class SeatsForm(VersionedForm):
    """How many seats, and whether those who have one stay."""

    capacity = Seats(label="名额", help_text="不限就留空。")
    keep = forms.BooleanField(
        label="已经报上的都留着",
        required=False,
        help_text="名额改得比已经报上的人少时要勾：他们都不动，以后空出来不再补。",
    )

    def __init__(self, *args, activity, seated, **kwargs):
        super().__init__(*args, record=activity, **kwargs)
        self.seated = seated
        self.fields["capacity"].initial = activity.capacity

    def clean(self):
        cleaned = super().clean()
        seats = cleaned.get("capacity")
        if seats is not None and seats < self.seated and not cleaned.get("keep"):
            self.add_error(
                "capacity",
                f"已经报上了{self.seated}位，名额不能少于{self.seated}。要少，请勾下面的“已经报上的都留着”。",
            )
        return cleaned


class StepForm(VersionedForm):
    """A step that asks for nothing."""


class StepReasonForm(VersionedForm):
    """A step that wants a reason."""

    reason = Words(label="原因", max_length=200, rows=3, missing="请写明原因。")

    def __init__(self, *args, hint, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = hint


class CourseForm(Place, VersionedForm):
    """A class or a troupe that meets every week over a term."""

    title = Words(label="课程名称", max_length=60, missing="请写课程的名称，例如“二胡班”。")
    kind = kind_field()
    first = DayField(label="第一次课", initial=None)
    last = DayField(label="最后一次课", initial=None, help_text="放假和家里不开门的日子会自动跳过。")
    weekdays = forms.TypedMultipleChoiceField(
        label="星期几上课", choices=Weekday.choices, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不选就跟第一次课同一天。星期一到五都选上，调休上班的周末也排。",
        error_messages={"invalid_choice": "请从名单里选。"},
    )  # fmt: skip
    begins = TimeOfDay(label="几点开始")
    ends = TimeOfDay(label="几点结束", required=False, help_text="留空就按通常的长度。")
    capacity = Seats(label="每次的名额", help_text="不限就留空。")
    teacher = Words(label="老师", max_length=40, help_text="公开显示，请先征得同意。")
    lead = Words(label="一句话介绍", max_length=120)
    description = Words(label="详细介绍", max_length=2000, rows=5)
    bring = Words(label="要带什么", max_length=120)
    takes_sign_up = forms.BooleanField(label="要报名", required=False, initial=True, help_text="不勾就是直接来。")
    field_order = ("title", "kind", "home", "first", "last", "weekdays", "begins", "ends", "capacity")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_places(user)
        self.fields["kind"].queryset = kinds_in_use()
        self.fields["home"].required = True
        self.fields["home"].empty_label = "请选一个家"
        self.fields["home"].error_messages["required"] = "请选在哪个家上课。"
        for name in ("setting", "household"):
            self.fields.pop(name, None)

    def lay_out(self):
        more = ("branch", "place", "room", "teacher", "lead", "description", "bring", "takes_sign_up")
        self.helper.layout = Layout(
            "title", "kind", "home", "first", "last", "weekdays", "begins", "ends", "capacity",
            *folded("老师、教室和别的内容（可以不写）", more, self),
        )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and first < timezone.localdate():
            self.add_error("first", "第一次课的日子已经过了，请重新选。")
        elif first and last and last < first:
            self.add_error("last", "最后一次课不能早于第一次课。")
        elif first and last and last - first > TERM_MOST:
            self.add_error("last", "一次最多排一年多的课，请看看年份对不对。")
        begins, kind = cleaned.get("begins"), cleaned.get("kind")
        if begins and first and kind and not self.errors:
            start = moment(first, begins)
            ends_at = (
                moment(first, cleaned["ends"]) if cleaned["ends"] else start + timedelta(minutes=kind.usual_minutes)
            )
            if ends_at <= start or timezone.localdate(ends_at) != first:
                self.add_error("ends", "结束时间要晚于开始时间，而且在同一天。")
            cleaned["ends"] = timezone.localtime(ends_at).time()
        if first and not cleaned.get("weekdays"):
            cleaned["weekdays"] = [first.weekday()]
        return cleaned

    def session(self):
        """What every meeting has besides its day, its time, and what it has from its course."""
        names = ("place", "room", "description", "bring", "takes_sign_up", "capacity")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
