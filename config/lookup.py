"""/lookup/: whoever was given a code finds again what it stands for, with the last four digits of their telephone.

An app adds what it gives codes for to `KINDS` (its views do, by `register`). All kinds are asked each time: two of
them may have given the same code, and how long it takes says nothing about which codes there are.
"""

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.conf import settings
from django.db.models import Model
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from branches.sealing import seal, unseal
from branches.telephones import digits
from config import english
from config.client_address import client_address, neighbourhood
from config.limits import Limit, LimitedForm, limited_page
from config.personal import open_to, personal

TRIES = Limit("tries to look something up", 6, 15 * 60)  # from one address, and for one code
WRONG = _("没有找到。请核对码和电话的后四位；找不到码，请打电话问一问。")
PAUSED = _("试了好几次都不对，先停15分钟。急用请打电话问一问。")
HINT = _("当时留的那个电话，写最后四个数字。")
KINDS = []


def of_telephone(record):
    return digits(record.telephone)[-4:]


class Kind(NamedTuple):
    """What there is a code for: a model with a `code`, and what it takes to open one of its records."""

    model: type[Model]
    doing: str  # what somebody was doing when they got the code: 报名
    page: Callable  # the address of a record's page
    contact: tuple[str, ...] = ("telephone",)  # the sealed fields that the last four are taken from
    last_four: Callable = of_telephone  # in small letters; "" where nobody can know them
    hint: str = ""  # what else the last four may be, where they are not those of a telephone


def register(kind):
    """Let what this kind has given codes for be found. Returns the kind."""
    KINDS.append(kind)
    return kind


class LookupForm(LimitedForm):
    """The code and the last four digits of the telephone."""

    code = forms.CharField(
        label=_("您的码"),
        help_text=_("8位数字，例如报名码。"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("请写8位数字的码。"), "max_length": _("码是8位数字。")},
    )
    last_four = forms.CharField(
        label=_("电话的后四位"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写当时留的电话的后四位。"), "max_length": _("只写后四位。")},
    )

    def __init__(self, *args, kinds=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = KINDS if kinds is None else kinds
        hints = [kind.hint for kind in self.kinds if kind.hint]
        self.fields["last_four"].help_text = "".join([str(HINT), *([] if english.is_on() else hints)])
        self.fields["last_four"].widget.attrs["inputmode"] = "text" if hints else "numeric"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_code(self):
        code = digits(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(self.fields["code"].error_messages["required"])
        return code

    def clean_last_four(self):
        plain = unicodedata.normalize("NFKC", self.cleaned_data["last_four"]).casefold()
        return "".join(each for each in plain if each.isprintable() and not each.isspace())

    def found(self, request):
        """[(kind, record)] of what was sent; a refusal is said on the form.

        One answer for a wrong pair and for none at all. Only wrong tries count; a right one does not make the wrong
        ones from its address undone, or whoever has one code could guess for ever.
        """
        if not self.is_valid():
            return []
        code = self.cleaned_data["code"]
        keys = (f"from {neighbourhood(client_address(request))}", f"for {code}")
        taken = [TRIES.take(key) for key in keys]  # both, also where the first is refused
        if not all(taken):
            self.refuse(PAUSED, TRIES)
            return []
        found = [(kind, _record(kind, code, self.cleaned_data["last_four"])) for kind in self.kinds]
        found = [(kind, record) for kind, record in found if record is not None]
        if not found:
            self.add_error(None, WRONG)
        for key in keys if found else ():
            TRIES.give_back(key)
        return found


def _record(kind, code, last_four):
    """The record that a code and four digits open, or None: one question and as much unsealing either way."""
    record = kind.model.objects.filter(code=code).only("code", *kind.contact).first()
    if record is None:
        for _contact in kind.contact:
            unseal(_decoy(tuple(settings.FIELD_KEYS)))
    known = kind.last_four(record) if record is not None else ""
    is_right = constant_time_compare(known, last_four)
    return record if is_right and known else None


@cache
def _decoy(_keys):
    """Something to unseal where there is no record, as long as these keys hold."""
    return seal("0" * 11)


@personal("GET", "HEAD", "POST")
def lookup(request):
    """Find again what there is a code for. Where the same pair opens two things, both are named."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    found = form.found(request) if request.method == "POST" else []
    for _kind, record in found:
        open_to(request, record)
    pages = [(kind.doing, english.address(kind.page(record))) for kind, record in found]
    if len(pages) == 1:
        return redirect(pages[0][1])
    doing = "、".join(kind.doing for kind in KINDS)
    return limited_page(request, english.template("pages/lookup.html"), {"form": form, "doing": doing, "pages": pages})
