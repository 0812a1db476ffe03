"""The forms of residents and volunteers: open one's page, ask to join a team, say when one is free."""

from crispy_forms_gds.helper import FormHelper
from django import forms

from branches import telephones


class OwnForm(forms.Form):
    """A form as crispy lays it out; the page writes <form> and the token itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class EnterForm(OwnForm):
    """The code and the last four digits of the telephone."""

    code = forms.CharField(
        label="志愿者码",
        help_text="8位数字，队长或者社区给您的。",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请写志愿者码，是8位数字。", "max_length": "志愿者码是8位数字。"},
    )
    last_four = forms.CharField(
        label="电话的后四位",
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请写您登记的电话的后四位。", "max_length": "只写后四位。"},
    )
    remember = forms.BooleanField(
        label="记住这部手机",
        help_text="30天里不用再写。别人也用的手机，不要勾。",
        required=False,
    )

    def clean_code(self):
        return telephones.digits(self.cleaned_data["code"])

    def clean_last_four(self):
        return telephones.digits(self.cleaned_data["last_four"])
