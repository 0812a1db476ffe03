"""What every form that anybody may send has in common: no robot, no flood, no double, and nothing typed is lost.

A form carries the moment it was made, signed. Sent within three seconds it was no person; sent after two hours it is
shown once more, filled in as it was. A field that people cannot see stays empty unless a robot fills it in. A random
key goes with each form, so that a double tap is one sending: the verbs keep it.
"""

import secrets

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.core import signing
from django.utils import timezone

from config.client_address import client_address, neighbourhood
from config.limits import Limit

FASTEST, OLDEST = 3, 2 * 60 * 60  # seconds between the making of a form and its coming back
SALT = "open form"
PER_ADDRESS = Limit("open forms from an address", 20, 60 * 60)  # of one kind of form
BURST = Limit("open forms from an address, all kinds", 60, 60)

TOO_FAST = "请再看一遍填的内容，然后再按一次。"
TOO_OLD = "这一页放得久了些。填的内容都还在，请再按一次。"
NOT_A_PERSON = "没有收下。如果您是自己填的，请打电话报给我们。"
TOO_MANY = "这里刚刚交了很多次，请过一个小时再试，或者打电话报给我们。"


class OpenForm(forms.Form):
    """A form for anybody. Give it the request; its page shows `form.helper` by crispy and writes <form> itself."""

    made_at = forms.CharField(widget=forms.HiddenInput, required=False)
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    website = forms.CharField(
        label="这一格请空着",
        required=False,
        widget=forms.TextInput(attrs={"class": "for-robots", "tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data=None, *, request, **kwargs):
        super().__init__(data, **kwargs)
        self.request = request
        self.fields["made_at"].initial = signing.dumps(int(timezone.now().timestamp()), salt=SALT)
        self.fields["form_key"].initial = secrets.token_hex(16)
        self.order_fields([*(name for name in self.fields if name not in OpenForm.base_fields), *OpenForm.base_fields])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("website"):
            raise forms.ValidationError(NOT_A_PERSON)
        if not self.errors and (refusal := self.refusal_by_time()):
            self._make_anew()
            raise forms.ValidationError(refusal)
        return cleaned

    def counts(self):
        """Whether this sending is still within what one address may send; asked once, when all else is right."""
        address = neighbourhood(client_address(self.request))
        within = BURST.take(address) and PER_ADDRESS.take(f"{type(self).__name__}:{address}")
        if not within:
            self.add_error(None, TOO_MANY)
        return within

    def refusal_by_time(self):
        """What is said where it came back too fast or too late; None where it did not."""
        try:
            made_at = signing.loads(self.cleaned_data.get("made_at") or "", salt=SALT)
        except signing.BadSignature:
            return TOO_OLD
        age = timezone.now().timestamp() - made_at
        if age > OLDEST:
            return TOO_OLD
        return TOO_FAST if age < FASTEST else None

    def _make_anew(self):
        """Let the page that is shown once more carry the present moment."""
        self.data = self.data.copy()
        self.data[self.add_prefix("made_at")] = self.fields["made_at"].initial
