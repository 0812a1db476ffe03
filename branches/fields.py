"""Fields that forms have in common: a telephone, words, a time of day, a place."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Division
from branches.names import tidy

CALLABLE = re.compile(r"1[0-9]{10}|0[0-9]{9,11}")
AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
TEN_THOUSAND = re.compile(r"([0-9]+(?:\.[0-9]{1,4})?)万")
DEAREST = Decimal("9999999999.99")  # yuan


def telephone_of(text):
    """A telephone as eleven or so ASCII digits, however it was typed: full-width, with blanks, with +86. Else None."""
    digits = "".join(str(unicodedata.digit(each, "")) for each in unicodedata.normalize("NFKC", text))
    digits = digits.removeprefix("00")
    if len(digits) > len("13800000000") and digits.startswith("86"):
        digits = digits.removeprefix("86")
        digits = digits if digits.startswith(("0", "1")) else f"0{digits}"  # from abroad, area codes lose their 0
    return digits if CALLABLE.fullmatch(digits) else None


class TelephoneField(forms.CharField):
    def __init__(self, *, missing="请写一个电话，有变动好告诉您。", **kwargs):
        super().__init__(
            max_length=30,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
            error_messages={"required": missing, "max_length": _("电话只写一个号码就行。")},
            **kwargs,
        )

    def clean(self, value):
        value = super().clean(value)
        if not value and not self.required:
            return ""
        number = telephone_of(value)
        if number is None:
            raise forms.ValidationError(_("这个电话看着不对：手机是11位，座机请带区号。"))
        return number


class TimeOfDay(forms.TimeField):
    """A time, by the phone's own clock."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": "请写几点几分，例如 9:30。", "required": "请选几点。"},
            **kwargs,
        )


class Several(forms.ModelMultipleChoiceField):
    """Some of a short list. What is not on it is refused before a database meets a number that is too large for it."""

    def clean(self, value):
        offered = {str(pk) for pk in self.queryset.values_list("pk", flat=True)}
        if any(str(each) not in offered for each in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class Words(forms.CharField):
    """One line of text, without what cannot be seen."""

    def __init__(self, *, missing="", rows=0, **kwargs):
        told = {"max_length": _("写得有点长，请留在%(limit_value)d个字以内，现在是%(show_value)d个字。")}
        told |= {"required": missing} if missing else {}
        self.rows = rows
        super().__init__(
            required=bool(missing), error_messages=told,
            widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput, **kwargs,
        )  # fmt: skip

    def to_python(self, value):
        text = super().to_python(value)
        return text if self.rows else tidy(text)


class LongWords(Words):
    """Words of several lines: a line ends in one character, so that it counts as one."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n").strip()


class DivisionField(forms.ModelChoiceField):
    """A place, named together with its street so that two communities of one name can be told apart."""

    def label_from_instance(self, division):
        return f"{division.parent} · {division}" if division.level == Division.Level.COMMUNITY else str(division)


class YuanField(forms.CharField):
    """A sum of money in yuan, to the fen; full-width digits, commas and 元 are understood. Its value is a Decimal."""

    def __init__(self, *, missing="请写多少钱。", **kwargs):
        kwargs.setdefault("help_text", "写数字，单位是元，例如 120000 或 1234.56。")
        super().__init__(
            max_length=30,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"required": missing, "max_length": "这个金额太长了，只写数字。"},
            **kwargs,
        )

    def prepare_value(self, value):
        return f"{value:.2f}" if isinstance(value, Decimal) else value

    def clean(self, value):
        text = "".join(unicodedata.normalize("NFKC", super().clean(value)).split())
        text = text.removeprefix("¥").removesuffix("元")
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        if found := TEN_THOUSAND.fullmatch(text):
            raise forms.ValidationError(f"请用元来写：{text}就写{int(Decimal(found[1]) * 10000):,}。")
        if not text.isascii() or not AMOUNT.fullmatch(text):
            raise forms.ValidationError("这个金额读不懂。只写数字，单位是元，例如 120000 或 1234.56。")
        amount = Decimal(text.replace(",", ""))
        if amount > DEAREST:  # first: of more than 28 digits none can be rounded
            raise forms.ValidationError("这个金额太大了，请看看是不是多写了几个0。")
        if amount != round(amount, 2):
            raise forms.ValidationError("最多写到分，也就是小数点后两位。")
        if not amount:
            raise forms.ValidationError("金额要大于0。")
        return amount.quantize(Decimal("0.01"))
