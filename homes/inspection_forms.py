"""The form of a visit with the checklist in hand."""

from crispy_forms_gds.layout import HTML, Field, Layout
from django import forms
from django.utils.html import escape

from branches.fields import LongWords, Words
from branches.forms import DayField, DeskForm
from homes.models import InspectionItem, Standard
from homes.photos import PhotoField

PHOTOS_MOST = 6
ALT_MOST = 80
Result = InspectionItem.Result
FOLD = '<details class="more"{}><summary>照片（可以不传，最多{}张）</summary>'


def by_section(rows):
    """Standards, or what was found of them, section by section in the order of the sections."""
    order = list(Standard.Section)
    return sorted(rows, key=lambda row: order.index(row.section))


class InspectionForm(DeskForm):
    """One row a standard: what was found, and where it falls short."""

    on = DayField(label="哪天去看的")
    words = LongWords(label="看到什么", max_length=600, rows=4, missing="请写一句看到了什么。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.standards = by_section(Standard.objects.in_use())
        for standard in self.standards:
            name = escape(standard)  # crispy writes labels and hints as they are
            self.fields[f"result_{standard.pk}"] = forms.ChoiceField(
                label=f"{name}（必须达标）" if standard.is_required else name, choices=Result.choices,
                widget=forms.RadioSelect, help_text=escape(standard.hint),
                error_messages={"required": f"“{standard}”还没有选。", "invalid_choice": "请从四样里选一样。"},
            )  # fmt: skip
            self.fields[f"note_{standard.pk}"] = Words(label=f"差在哪里：{name}", max_length=160)
        for number in range(1, PHOTOS_MOST + 1):
            self.fields[f"photo_{number}"] = PhotoField(label=f"第{number}张照片", required=False)
            self.fields[f"alt_{number}"] = Words(label=f"第{number}张照片里是什么", max_length=ALT_MOST)

    def lay_out(self):
        """Say how the page shows the fields; after validation, so that what is wrong is not hidden."""
        shown, section = ["on"], None
        for standard in self.standards:
            if standard.section != section:
                section = standard.section
                shown.append(HTML(f"<h2>{standard.get_section_display()}</h2>"))
            shown += [Field.radios(f"result_{standard.pk}", inline=True), f"note_{standard.pk}"]
        photos = [f"{of}_{number}" for number in range(1, PHOTOS_MOST + 1) for of in ("photo", "alt")]
        is_open = any(name in self.errors for name in photos)
        fold = FOLD.format(" open" if is_open else "", PHOTOS_MOST)
        shown += [HTML("<h2>总的来说</h2>"), "words", HTML(fold), *photos, HTML("</details>")]
        self.helper.layout = Layout(*shown)

    def clean(self):
        cleaned = super().clean()
        for standard in self.standards:
            short = cleaned.get(f"result_{standard.pk}") in InspectionItem.WITH_NOTE
            if short and not cleaned.get(f"note_{standard.pk}") and f"note_{standard.pk}" not in self.errors:
                self.add_error(f"note_{standard.pk}", f"“{standard}”没有全部达标，请写一句差在哪里。")
        for number in range(1, PHOTOS_MOST + 1):
            if cleaned.get(f"photo_{number}") and not cleaned.get(f"alt_{number}"):
                self.add_error(f"alt_{number}", f"第{number}张照片里是什么，请写几个字。")
        return cleaned

    def given(self):
        """What the verb of inspecting is told."""
        given = self.cleaned_data
        numbers = range(1, PHOTOS_MOST + 1)
        return {
            "on": given["on"],
            "words": given["words"],
            "results": {each: (given[f"result_{each.pk}"], given[f"note_{each.pk}"]) for each in self.standards},
            "photos": [(given[f"photo_{number}"][0], given[f"alt_{number}"]) for number in numbers
                       if given[f"photo_{number}"]],
        }  # fmt: skip
