"""The form of a home: facts as people know them, turned into what the database holds."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from branches.coordinates import Datum, inside, to_wgs84
from branches.models import Division
from homes.models import Home, OpeningException

ANSWERS = [("", "还不知道"), (True, "是"), (False, "否")]
SIX_PLACES = Decimal("0.000001")  # a tenth of a metre, what the database keeps
OUTSIDE = "这个点不在{place}的轮廓里面。请核对经纬度和坐标来源；确实没有错，就勾选“我核对过了”再保存。"


class DivisionField(forms.ModelChoiceField):
    """A place, named together with its street so that two communities of one name can be told apart."""

    def label_from_instance(self, division):
        return f"{division.parent} · {division}" if division.level == Division.Level.COMMUNITY else str(division)


def coordinate(limit, label, placeholder):
    """A field for degrees between ±limit, however many decimals the map gave."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=-limit,
        max_value=limit,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": placeholder, "autocomplete": "off"}),
        error_messages={
            "invalid": f"{label}要写成数字，例如 {placeholder}。",
            "min_value": f"{label}在 -{limit} 到 {limit} 之间。经度和纬度是不是写反了？",
            "max_value": f"{label}在 -{limit} 到 {limit} 之间。经度和纬度是不是写反了？",
        },
    )


class HomeForm(forms.ModelForm):
    """Coordinates are typed in the datum of the map they came from and kept in WGS-84."""

    longitude = coordinate(180, "经度", "112.987654")
    latitude = coordinate(90, "纬度", "28.123456")
    datum = forms.ChoiceField(
        label="坐标来源",
        required=False,
        choices=[("", "— 改了经纬度，这里必须选 —"), *((datum, f"{datum.hint}（{datum}）") for datum in Datum)],
        help_text="同一个地方，不同地图给的数字不一样，差几百米到一公里多。选对来源，系统会换算好再保存。",
    )
    outside_is_right = forms.BooleanField(
        label="我核对过了，这个点就在本区轮廓外面", required=False, widget=forms.HiddenInput
    )

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

    def clean(self):
        cleaned = super().clean()
        if "longitude" in self.fields and not {"longitude", "latitude"} & self.errors.keys():
            self._clean_position(cleaned)
        return cleaned

    def _clean_position(self, cleaned):
        """Turn a new position into WGS-84; ask once more where it lies outside the district."""
        typed = (cleaned.get("longitude"), cleaned.get("latitude"))
        if None in typed:
            if typed != (None, None):
                missing = "longitude" if typed[0] is None else "latitude"
                self.add_error(missing, "经度和纬度要一起填，或者都不填。")
            elif cleaned.get("location_precision"):
                self.add_error("location_precision", "没有填经纬度，位置精度请选空白。")
            return
        if not cleaned.get("location_precision"):
            self.add_error("location_precision", "填了经纬度，请说明是怎么定的位。")
        if not {"longitude", "latitude"} & set(self.changed_data):
            return
        if not cleaned.get("datum"):
            self.add_error("datum", "改了经纬度，请选这组数字是从哪里来的，不然会差出几百米。")
            return
        point = [Decimal(degrees).quantize(SIX_PLACES) for degrees in to_wgs84(*typed, Datum(cleaned["datum"]))]
        cleaned["longitude"], cleaned["latitude"] = point
        district = Division.objects.district()
        if district and district.outline and not inside(district.outline, *point):
            self.fields["outside_is_right"].widget = forms.CheckboxInput()
            if not cleaned.get("outside_is_right"):
                self.add_error("outside_is_right", ValidationError(OUTSIDE.format(place=district), code="outside"))


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
