"""allauth's forms in our words and in the look of the site's other forms."""

import unicodedata

from allauth.account import forms as account_forms
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from crispy_forms_gds.helper import FormHelper
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.cache import cache
from django.core.exceptions import ValidationError

from config import password_rules

AVOID = "不要用常见的密码，不要只有数字。"  # Django's own rules, in one sentence
# How long a code would be taken: its own period and the neighbouring ones that are allowed for slow clocks
CODE_SECONDS = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)


class InOurWords:
    """`words` is {field: (label, hint, what is said where it is left empty)}."""

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, hint, missing) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = missing
            field.widget.attrs.pop("placeholder", None)
        self.helper = FormHelper()
        # the page writes <form> and the token itself
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class LogInForm(InOurWords, account_forms.LoginForm):
    words = {"login": ("用户名", "", "请输入用户名。"), "password": ("密码", "", "请输入密码。")}


class PasswordAgainForm(InOurWords, account_forms.ReauthenticateForm):
    words = {"password": ("密码", "", "请输入密码。")}


class ChangePasswordForm(InOurWords, account_forms.ChangePasswordForm):
    words = {
        "oldpassword": ("现在的密码", "", "请输入现在的密码。"),
        "password1": ("新密码", "", "请输入新密码。"),
        "password2": ("再输一遍新密码", "", "请把新密码再输一遍。"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = [rule for rule in get_default_password_validators() if type(rule).__module__ == password_rules.__name__]
        self.fields["password1"].help_text = "".join(rule.get_help_text() for rule in own) + AVOID

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise ValidationError("新密码不能和现在的一样。", code="same_as_current")
        return password


class _Code(InOurWords):
    """A code from the phone: full-width digits are taken too, and no code is taken twice while it is valid."""

    hint = "打开手机上的动态码应用，看6个数字。手机不在手边，可以输一个备用码。"
    words = {"code": ("动态码", hint, "请输入动态码。")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}

    def clean_code(self):
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        code = super().clean_code()
        # allauth remembers a code for one period only, and not at all the one that began it
        if not cache.add(f"code-used:{self.user.pk}:{normalize_user_code(code)}", 1, CODE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Code, code_forms.AuthenticateForm):
    pass


class CodeAgainForm(_Code, code_forms.ReauthenticateForm):
    pass


class ActivateForm(_Code, totp_forms.ActivateTOTPForm):
    words = {"code": ("动态码", "输入手机上现在显示的6个数字。", "请输入动态码。")}
