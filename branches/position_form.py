"""A position as people copy it from a map: degrees, and which map they are from; kept in WGS-84."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from branches.coordinates import CHINA, Datum, in_china, inside, to_wgs84
from branches.map import draw
from branches.models import Division

SIX_PLACES = Decimal("0.000001")  # a tenth of a metre, what the database keeps
OUTSIDE = "这个点不在{place}的轮廓里面。请核对经纬度和坐标来源；确实没有错，就勾选下面一格再保存。"
SWAPPED = "经度和纬度好像写反了。是不是经度{}、纬度{}？对调一下再保存。"
FIELDS = (("longitude", "latitude"), "datum", "outside_is_right")  # as they stand on a form
ABOUT = "保存着的数字是 WGS-84 坐标。要改，就填地图上抄来的经纬度，再选它是哪个地图的。"


def coordinate(label, placeholder):
    """A field for degrees, however many decimals the map gave."""
    return forms.DecimalField(
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": placeholder, "autocomplete": "off"}),
        error_messages={"invalid": f"{label}要写成数字，例如 {placeholder}。"},
    )


def shown_on_map(title, longitude, latitude):
    """The outline of the district with a position on it, to be pressed where there are scripts."""
    saved = None if longitude is None else (longitude, latitude)
    drawn = draw(Division.objects.district(), [(*saved, {"label": title})] if saved else [], title)
    return render_to_string("branches/position.html", {"map": drawn, "title": title, "saved": saved})


class PositionFields(forms.Form):
    """Coordinates are typed in the datum of the map they came from and kept in WGS-84."""

    longitude = coordinate("经度", "112.987654")
    latitude = coordinate("纬度", "28.123456")
    datum = forms.ChoiceField(
        label="坐标来源",
        required=False,
        choices=[("", "— 改了经纬度，这里必须选 —"), *((datum, f"{datum.hint}（{datum}）") for datum in Datum)],
        help_text="同一个地方，不同地图给的数字不一样，差几百米到一公里多。选对来源，系统会换算好再保存。",
    )
    outside_is_right = forms.BooleanField(
        label="我核对过了，这个点就在本区轮廓外面", required=False, widget=forms.HiddenInput
    )

    class Media:
        css = {"all": ["css/position.css"]}
        js = (forms.Script("js/admin-position.js", type="module"),)

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
            return
        if not {"longitude", "latitude"} & set(self.changed_data):
            return
        if not in_china(*typed):
            self.add_error(*_why_not(*typed))
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


def _why_not(longitude, latitude):
    """(field, what is wrong with it) of degrees that are nowhere in China."""
    if in_china(latitude, longitude):
        return "latitude", ValidationError(SWAPPED.format(latitude, longitude), code="swapped")
    (low, high), field, label = next(
        each for each in zip(CHINA, ("longitude", "latitude"), ("经度", "纬度"), strict=True)
        if not each[0][0] <= {"longitude": longitude, "latitude": latitude}[each[1]] <= each[0][1]
    )  # fmt: skip
    return field, ValidationError(
        f"这个点不在中国：{label}应当在{low}到{high}之间。请对着地图再抄一遍。", code="abroad"
    )


class PositionForm(PositionFields, forms.ModelForm):
    """The form of a record that has a position."""
