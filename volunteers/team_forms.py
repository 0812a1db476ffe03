"""The forms of the desk for teams: enter somebody, let go, a duty, who stands in, who came."""

from django import forms

from branches.fields import TelephoneField, TimeOfDay, Words
from branches.forms import REASON, DayField, DeskForm, WhyField
from branches.masking import mask_telephone
from branches.names import plain_name, tidy
from volunteers.models import Volunteer
from volunteers.models.duty import MINUTES_MOST, PEOPLE_MOST
from volunteers.models.team import DAYS

WORDS_MOST = 120
PICK = "请从名单里选。"


class VolunteerField(forms.ModelChoiceField):
    """Volunteers as the desk names them: 张* · 138****5678."""

    def label_from_instance(self, volunteer):
        return " · ".join(part for part in (str(volunteer), mask_telephone(volunteer.telephone)) if part)


class EnterForm(DeskForm):
    """Somebody who is to be in the team from a day on."""

    name = Words(label="姓名", max_length=40, missing="请写姓名。")
    telephone = TelephoneField(label="电话", missing="请写电话，排班派活要打。")
    on = DayField(label="从哪一天起在队")

    def clean_name(self):
        if not plain_name(self.cleaned_data["name"]):
            raise forms.ValidationError("请写姓名。")
        return tidy(self.cleaned_data["name"])


class SinceForm(DeskForm):
    on = DayField(label="从哪一天起在队")


class LetGoForm(DeskForm):
    on = DayField(label="到哪一天为止")
    reason = REASON


class ReasonForm(DeskForm):
    reason = REASON


class ShiftReasonForm(DeskForm):
    reason = Words(
        label="为什么取消",
        max_length=WORDS_MOST,
        rows=2,
        missing="请写明原因。",
        help_text="报了名的人在自己的页上看得到。",
    )


class FullForm(DeskForm):
    reason = WhyField(such_as="通知明天换班", widget=forms.Textarea(attrs={"rows": 2}))


class PaperForm(DeskForm):
    reason = WhyField(
        label="为什么要印名字", such_as="贴在家里的墙上，大家好找", kept="谁、什么时候、为什么印的，都会记下来备查。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class CaptainForm(DeskForm):
    captain = VolunteerField(
        label="队长", queryset=Volunteer.objects.none(), empty_label="暂时没有队长", required=False,
        error_messages={"invalid_choice": PICK},
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["captain"].queryset = people


class StandInForm(DeskForm):
    volunteer = VolunteerField(
        label="谁来", queryset=Volunteer.objects.none(), empty_label="请选一位",
        error_messages={"required": "请选一位。", "invalid_choice": PICK},
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["volunteer"].queryset = people


class DutyForm(DeskForm):
    """What is done on which weekdays, from an hour to an hour, by how many."""

    name = Words(label="叫什么", max_length=40, missing="请写这项勤务叫什么。", help_text="例如早上护学。")
    place = Words(label="在哪里", max_length=60, help_text="例如东校门。不写谁家。")
    weekdays = forms.TypedMultipleChoiceField(
        label="星期几", choices=list(enumerate(DAYS)), coerce=int, initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个星期几。", "invalid_choice": PICK},
    )  # fmt: skip
    working_days = forms.BooleanField(
        label="只在上班上学的日子", help_text="放假不排，调休上班的周末照排。", initial=True, required=False
    )
    begins = TimeOfDay(label="几点开始")
    ends = TimeOfDay(label="几点结束")
    needed = forms.IntegerField(
        label="每班几个人", initial=2, min_value=1, max_value=PEOPLE_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"请填1到{PEOPLE_MOST}之间的数。"
        ),
    )  # fmt: skip
    since = DayField(label="从哪一天")
    until = DayField(label="到哪一天", help_text="留空就一直排下去。", required=False, initial=None)

    def clean_weekdays(self):
        return sum(1 << day for day in set(self.cleaned_data["weekdays"]))

    def clean(self):
        given = super().clean()
        if given.get("begins") and given.get("ends") and given["ends"] <= given["begins"]:
            self.add_error("ends", "结束要晚于开始。过夜的班，请分成两项。")
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", "最后一天不能早于第一天。")
        return given

    @staticmethod
    def of(duty):
        """What the form shows of a duty."""
        names = ("name", "place", "working_days", "begins", "ends", "needed", "since", "until")
        days = [day for day in range(len(DAYS)) if duty.weekdays & 1 << day]
        return {name: getattr(duty, name) for name in names} | {"weekdays": days}

    def duty(self, duty):
        """The duty as it is filled in; not saved."""
        for name, value in self.cleaned_data.items():
            setattr(duty, name, value)
        return duty


class TicksForm(forms.Form):
    """Who came and for how long: a box and a number for each place of a shift."""

    rest_absent = forms.BooleanField(required=False)

    def __init__(self, data=None, *, places, length, **kwargs):
        super().__init__(data, **kwargs)
        self.places = places
        for place in places:
            self.fields[f"here-{place.pk}"] = forms.BooleanField(required=False)
            self.fields[f"seen-{place.pk}"] = forms.CharField(required=False, max_length=20)
            self.fields[f"minutes-{place.pk}"] = forms.IntegerField(
                required=False, min_value=1, max_value=MINUTES_MOST,
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value"), f"服务时间请写1到{MINUTES_MOST}分钟。"
                ),
            )  # fmt: skip
        self.length = length

    def given(self):
        """What the verb wants: `seen` and `minutes`."""
        cleaned, seen, minutes = self.cleaned_data, {}, {}
        for place in self.places:
            status, _, was = cleaned[f"seen-{place.pk}"].partition(" ")
            seen[place.pk] = (status, int(was) if was.isdecimal() else None)
            if cleaned[f"here-{place.pk}"]:
                minutes[place.pk] = cleaned[f"minutes-{place.pk}"] or self.length
        return {"seen": seen, "minutes": minutes, "rest_absent": cleaned["rest_absent"]}
