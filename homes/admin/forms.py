"""The form of a home: facts as people know them, turned into what the database holds."""

from django import forms

from branches.fields import DivisionField
from branches.position_form import PositionForm
from homes.models import Home, OpeningException

ANSWERS = [("", "还不知道"), (True, "是"), (False, "否")]


class HomeForm(PositionForm):
    """A position says, too, how it was found."""

    class Meta:
        model = Home
        fields = (
            *("name", "slug", "host", "division", "theme", "lead", "story", "source"),
            *("address", "telephone", "directions", "longitude", "latitude", "location_precision"),
            *Home.ACCESSIBILITY,
            *("organisers", "is_sample"),
        )
        field_classes = {"division": DivisionField}
        widgets = {name: forms.RadioSelect(choices=ANSWERS) for name in Home.ACCESSIBILITY} | {
            "lead": forms.TextInput(attrs={"class": "vTextField"}),
            "story": forms.Textarea(attrs={"rows": 8}),
            "directions": forms.Textarea(attrs={"rows": 3}),
            "organisers": forms.CheckboxSelectMultiple,
        }

    def clean_organisers(self):
        """The people ticked, and those whom this member of staff may not see: they are not theirs to remove."""
        ticked = self.cleaned_data["organisers"]
        unseen = self.instance.organisers.exclude(pk__in=self.fields["organisers"].queryset) if self.instance.pk else ()
        return [*ticked, *unseen]

    def _clean_position(self, cleaned):
        degrees = [cleaned.get("longitude"), cleaned.get("latitude")]
        if degrees == [None, None] and cleaned.get("location_precision"):
            self.add_error("location_precision", "没有填经纬度，位置精度请选空白。")
        if None not in degrees and not cleaned.get("location_precision"):
            self.add_error("location_precision", "填了经纬度，请说明是怎么定的位。")
        super()._clean_position(cleaned)


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(
        label="原因",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="居民会在页面上看到，也会记在修改记录里。例如：换空调，12月1日恢复。",
        error_messages={"required": "请写明原因。", "max_length": "原因请写在100个字以内。"},
    )


class RowForm(forms.ModelForm):
    def _get_validation_exclusions(self):
        """Leave uniqueness within the home to the formset: rows may swap, and a removed one makes room."""
        return super()._get_validation_exclusions() | {"home"}


class TimesForm(RowForm):
    """Two times of which the second must be later; the message stands at the second."""

    def clean(self):
        cleaned = super().clean()
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", "关门时间要晚于开门时间。")
        return cleaned


class ExceptionForm(TimesForm):
    """A special arrangement: days in order, and both times or neither."""

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "结束那天不能早于开始那天。")
        if bool(cleaned.get("opens")) != bool(cleaned.get("closes")) and not {"opens", "closes"} & self.errors.keys():
            missing = "closes" if cleaned.get("opens") else "opens"
            self.add_error(missing, "开门、关门要么都填，要么都不填（不开放）。")
        return cleaned


class HolidayForm(ExceptionForm):
    """One special arrangement for several homes at once."""

    class Meta:
        model = OpeningException
        fields = ("first_day", "last_day", "opens", "closes", "reason")
        widgets = {
            "first_day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "last_day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "opens": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "closes": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }
