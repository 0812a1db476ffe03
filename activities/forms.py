"""The forms that residents fill in: sign up, and say that they are there."""

import re
import unicodedata

from crispy_forms_gds.layout import HTML, Layout
from django import forms

from activities.signup import MOST
from branches.fields import TelephoneField
from branches.names import plain_name, tidy
from config.lookup import LookupForm
from config.open_forms import OpenForm

CONSENT_VERSION = "2026-11"  # of the words beside the box; a new one where they change
FOLDED, FURTHER = ("others", "proxy", "note"), "几个人一起来，替别人报，或者有话要说（不填也行）"


def digits(text):
    """The digits in a text, full-width ones as plain ones."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))


class SignUpForm(OpenForm):
    """Up to four people and one telephone."""

    too_often = "这个电话今天已经报了好几次，明天再报，或者打电话给组织者。"

    name = forms.CharField(
        label="姓名",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "请写参加的人的姓名。", "max_length": "名字太长了，请留在40个字以内。"},
    )
    others = forms.CharField(
        label="还有谁一起来",
        help_text=f"可以不写。一行写一位，最多再写{MOST - 1}位。",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"只写姓名，一行一位，最多再写{MOST - 1}位。"},
    )
    telephone = TelephoneField(label="电话", help_text="改了时间、取消了，就打这个电话告诉您。")
    proxy = forms.CharField(
        label="您是替别人报名吗？",
        help_text="是的话，写您的姓名；不是就空着。",
        required=False,
        max_length=40,
        error_messages={"max_length": "名字太长了，请留在40个字以内。"},
    )
    note = forms.CharField(
        label="有什么要说的",
        help_text="可以不写。例如有忌口，或者要轮椅进出。只给组织者看，不写病情。",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "写得有点长，请留在200个字以内。"},
    )
    consent = forms.BooleanField(
        label="我同意把上面写的交给组织者，用来办这次报名",
        help_text="只用来联系您和点名，活动过后半年删掉。不想留了，凭报名码取消，或者打电话说一声。",
        error_messages={"required": "要勾上同意，才能替您登记。不想勾，也可以打电话报名。"},
    )

    def fold(self):
        """Show what most people leave empty only to those who open it: a name, a telephone and a tick are enough."""
        self.order_fields(["name", "telephone", *FOLDED, "consent"])
        rest = [name for name in self.fields if name not in ("name", "telephone", "consent", *FOLDED)]
        is_open = any(self[name].errors or self[name].value() for name in FOLDED)
        self.helper.layout = Layout(
            "name",
            "telephone",
            HTML(f'<details class="filter further"{" open" if is_open else ""}><summary>{FURTHER}</summary>'),
            *FOLDED,
            HTML("</details>"),
            "consent",
            *rest,
        )

    def clean_name(self):
        return self._person(self.cleaned_data["name"], "请写参加的人的姓名。")

    def clean_others(self):
        people = [tidy(line) for line in self.cleaned_data["others"].splitlines()]
        people = [line for line in people if plain_name(line)]
        if len(people) > MOST - 1:
            raise forms.ValidationError(f"一次最多报{MOST}位。多的请再报一次。")
        if any(len(person) > 40 for person in people):
            raise forms.ValidationError("名字太长了，一行只写一位，请留在40个字以内。")
        return people

    def clean_proxy(self):
        return tidy(self.cleaned_data["proxy"])

    def clean_note(self):
        return self.cleaned_data["note"].strip()

    def clean(self):
        cleaned = super().clean()
        names = [plain_name(each) for each in self.names] if "name" in cleaned and "others" in cleaned else []
        if len(set(names)) != len(names):
            self.add_error("others", "有两位写的是同一个名字，请只写一次。")
        return cleaned

    @property
    def names(self):
        return [self.cleaned_data["name"], *self.cleaned_data["others"]]

    def booking(self):
        """What the verbs of signing up want to know."""
        given = self.cleaned_data
        return {
            "names": self.names,
            "telephone": given["telephone"],
            "proxy": given["proxy"],
            "note": given["note"],
            "form_key": given["form_key"],
            "consent_version": CONSENT_VERSION,
        }

    @staticmethod
    def _person(text, sentence):
        if not plain_name(text):
            raise forms.ValidationError(sentence)
        return tidy(text)


class ArrivalForm(LookupForm):
    """The code of a booking and the last four digits, at the door."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label, self.fields["code"].help_text = "报名码", "8位数字。"
