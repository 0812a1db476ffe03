"""The forms of whoever asks for help: ask, say how it was done, have it done again."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from branches.fields import TelephoneField, Words
from branches.names import plain_name, tidy
from config import english
from config.open_forms import OpenForm
from homes.photos import renditions
from volunteers.models import OrderCategory, ServiceOrder
from volunteers.ordering import PHOTOS_MOST, RATINGS

CONSENT_VERSION = "2026-11"  # of the words beside the box; a new one where they change
PHOTO_LABELS = (_("照片一"), _("照片二"), _("照片三"))
PHOTOS = tuple(f"photo_{number}" for number in range(1, PHOTOS_MOST + 1))
EMPTY = _("这个文件是空的。请重新选一次，或者不放照片。")


class CategorySelect(forms.Select):
    """Says of a choice that it is Chinese, where the page is not."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        option["attrs"] |= {"lang": "zh-CN"} if english.is_on() and english.is_chinese(str(label)) else {}
        return option


class CategoryField(forms.ModelChoiceField):
    widget = CategorySelect(attrs={"class": "govuk-select"})  # crispy knows no kind of it but Django's own

    def label_from_instance(self, category):
        return english.plain_word(category.name)


class HelpForm(OpenForm):
    """What, where, and whom to ring. At the door of a home its place and the kind of help are filled in."""

    too_often = _("这个电话今天已经求助了好几次。请打电话，我们替您登记。")

    category = CategoryField(
        OrderCategory.objects.none(),
        label=_("哪一类的事"),
        empty_label=_("请选一类"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选是哪一类的事。")),
    )
    what = Words(
        label=_("什么事"), missing=_("请写一两句：什么事要人帮忙。"),
        help_text=_("一两句话就行。不用写身份证号，也不用写病情。"), rows=3, max_length=500,
    )  # fmt: skip
    place = Words(
        label=_("在哪里"), missing=_("请写在哪里，去的人好找。"),
        help_text=_("例如哪个小区、几栋几号。"), max_length=120,
    )  # fmt: skip
    name = Words(label=_("怎么称呼您"), missing=_("请写怎么称呼您。"), max_length=40)
    telephone = TelephoneField(
        label=_("电话"), help_text=_("去之前先打这个电话。"), missing=_("请写一个电话，去的人好找到您。")
    )
    proxy = Words(
        label=_("您是替别人求助吗？"),
        help_text=_("是的话，这里写您的姓名，上面写要帮忙的人；不是就空着。"),
        max_length=40,
    )
    wish = Words(label=_("希望什么时候来"), help_text=_("可以不写。例如：星期三下午都在家。"), max_length=80)
    consent = forms.BooleanField(
        label=_("我同意把上面写的交给支部和去办事的志愿者，用来办这件事"),
        help_text=_("只用来联系您、办这件事。志愿者接了单才看得到，办完两年后删掉。"),
        error_messages={"required": _("要勾上同意，才能替您登记。不想勾，也可以打电话。")},
    )

    def __init__(self, *args, home=None, division=None, category=None, at_door=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.home, self.at_door, self.pictures = home, at_door, []
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["category"].queryset = OrderCategory.objects.in_use()
        self.fields["category"].initial = category
        place = self.fields["place"]
        place.widget.attrs["list"] = "places"
        if home:
            place.required, place.initial = False, home.name
            place.widget = forms.Textarea(attrs={"rows": 2})  # names of homes are long
        elif division:
            place.initial = division.short_name
        if english.is_on() and place.initial:
            place.widget.attrs["lang"] = "zh-CN"
        for number, name in enumerate(PHOTOS, start=1):
            self.fields[name] = forms.FileField(
                label=PHOTO_LABELS[number - 1],
                required=False,
                help_text=_("可以不放。拍坏了的东西，不拍人。") if number == 1 else "",
                widget=forms.FileInput(
                    attrs={"accept": "image/jpeg,image/png,image/webp", "class": "govuk-file-upload"}
                ),
                error_messages={"empty": EMPTY, "invalid": EMPTY},
            )

    def fold(self):
        """Show what most people leave empty only to those who open it: three things to fill in, and a tick."""
        folded, further = ("proxy", "wish", *PHOTOS), gettext("替别人求助，约个时间，放照片（不填也行）")
        shown = ["category", "what", "place", "name", "telephone"]
        if self.at_door:
            folded, further = ("category", "place", *folded), gettext("换一类事，换个地方，") + further
            shown = ["what", "name", "telephone"]
        own = {*HelpForm.base_fields, *PHOTOS} - set(OpenForm.base_fields)
        is_open = any(self[name].errors or (self.is_bound and self._is_told(name)) for name in folded)
        self.helper.layout = Layout(
            *shown,
            HTML(f'<details class="filter further"{" open" if is_open else ""}><summary>{further}</summary>'),
            *folded,
            HTML("</details>"),
            "consent",
            *(name for name in self.fields if name not in own),
        )

    def _is_told(self, name):
        """Whether something else stands in the field than what was filled in already."""
        filled_in = self.fields[name].initial
        return bool(self[name].value()) and str(self[name].value()) != str(getattr(filled_in, "pk", filled_in))

    @property
    def forgot_photos(self):
        """Whether photographs were chosen that the page shown once more cannot hold."""
        return bool(self.errors and any(self.files.values()))

    def clean_what(self):
        return self._seen("what").strip()

    def clean_name(self):
        return self._seen("name")

    def clean_place(self):
        if self.home and not plain_name(self.cleaned_data["place"]):
            return self.home.name
        return tidy(self._seen("place"))

    def _seen(self, name):
        """What was typed; what nobody can see is nothing."""
        if not plain_name(self.cleaned_data[name]):
            raise forms.ValidationError(self.fields[name].error_messages["required"])
        return self.cleaned_data[name]

    def clean(self):
        cleaned = super().clean()
        if not self.errors:  # decoding takes a while: only for what would be accepted
            self.pictures = [self._picture(name) for name in PHOTOS if cleaned.get(name)]
        return cleaned

    def _picture(self, name):
        try:
            return renditions(self.cleaned_data[name])[0]
        except forms.ValidationError as refusal:
            self.add_error(name, refusal)

    def asked(self):
        """What the verb wants to know."""
        given = self.cleaned_data
        same = ("category", "what", "place", "name", "telephone", "wish", "form_key")
        return {name: given[name] for name in same} | {
            "proxy_name": given["proxy"],
            "photos": self.pictures,
            "consent_version": CONSENT_VERSION,
        }


class StepForm(forms.Form):
    """Something that whoever asked for help says about it afterwards."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class RatingForm(StepForm):
    rating = forms.ChoiceField(
        label="办得怎么样？",
        choices=[(each.value, each.label) for each in RATINGS],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选满意、基本满意或者不满意。"),
    )
    words = Words(
        label="还有什么要说的", help_text="可以不写。", rows=2,
        max_length=ServiceOrder._meta.get_field("rating_words").max_length,
    )  # fmt: skip


class ReopenForm(StepForm):
    reason = Words(
        label="哪里还没解决", missing="请写一句：哪里还没解决。", help_text="去的人看得到。", rows=2, max_length=200
    )

    def clean_reason(self):
        reason = tidy(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(self.fields["reason"].error_messages["required"])
        return reason
