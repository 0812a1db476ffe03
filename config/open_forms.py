"""What every form that anybody may send has in common: no robot, no flood, no double, and nothing typed is lost.

A form carries the moment it was made, signed. Sent within three seconds it was no person; sent after two hours it is
shown once more, filled in as it was. A field that people cannot see stays empty unless a robot fills it in. A random
key goes with each form, so that a double tap is one sending: the verbs keep it.

While somebody fills it in, their device does a little work for it (`proof_of_work.py`). A form without that is accepted
all the same, but fewer of them from one address; where somebody looks at what was sent, `proven` says which it is.
"""

import secrets

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.sealing import keyed_hash
from config import proof_of_work
from config.client_address import client_address, is_trusted, neighbourhood
from config.limits import Limit, LimitedForm, take_all

FASTEST, OLDEST = 3, 2 * 60 * 60  # seconds between the making of a form and its coming back
SALT = "open form"
BURST = Limit("open forms from an address, all kinds", 60, 60)
# of one kind of form
PER_ADDRESS = Limit("open forms from an address", 20, 60 * 60)
UNPROVEN = Limit("open forms from an address, without a proof of work", 6, 60 * 60)
TRUSTED = Limit("open forms from a trusted address", 300, 60 * 60)
PER_TELEPHONE = Limit("open forms with a telephone", 5, 24 * 60 * 60)

TOO_FAST = _("请再看一遍填的内容，然后再按一次。")
TOO_OLD = _("这一页放得久了些。填的内容都还在，请再按一次。")
NOT_A_PERSON = _("没有收下。如果您是自己填的，请打电话报给我们。")
TOO_MANY_AT_ONCE = _("这里一下子交了很多次，请过一分钟再按一次。")
TOO_MANY = _("这里刚刚交了很多次，请过一个小时再试，或者打电话报给我们。")


class OpenForm(LimitedForm):
    """A form for anybody. Give it the request; its page shows `form.helper` by crispy and writes <form> itself."""

    proven = False  # whether the work was done for this sending; known once it was asked whether it counts
    too_often = _("这个电话今天已经交了好几次，请明天再来，或者打电话给我们。")

    made_at = forms.CharField(widget=forms.HiddenInput, required=False)
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    proof = forms.Field(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)
    website = forms.CharField(
        label=_("这一格请空着"),
        required=False,
        widget=forms.TextInput(attrs={"class": "for-robots", "tabindex": "-1", "autocomplete": "off"}),
    )

    class Media:
        js = (forms.Script("js/proof-of-work.js", type="module"),)

    def __init__(self, data=None, *, request, **kwargs):
        super().__init__(data, **kwargs)
        self.request = request
        self.fields["made_at"].initial = signing.dumps(int(timezone.now().timestamp()), salt=SALT)
        self.fields["form_key"].initial = secrets.token_hex(16)
        self.fields["proof"].widget.attrs["data-bits"] = proof_of_work.BITS
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

    def counts(self, *, again=False):
        """Whether this sending is still within what one address and one telephone may send; asked once, when all else
        is right. `again`: it is the same as one that was taken, as after a double tap, whose proof is spent.
        """
        self.proven = self._spend_proof()
        refused_by = take_all([*self._limits(client_address(self.request), again=again)])
        if refused_by is PER_TELEPHONE:
            self.refuse(self.too_often, PER_TELEPHONE, field="telephone")
        elif refused_by is not None:
            self.refuse(TOO_MANY_AT_ONCE if refused_by is BURST else TOO_MANY, refused_by)
        return refused_by is None

    def _limits(self, address, *, again):
        machine, kind = neighbourhood(address), type(self).__name__
        yield BURST, machine
        if again:
            return
        if is_trusted(address):
            yield TRUSTED, f"{kind}:{machine}"
        else:
            if not self.proven:
                yield UNPROVEN, f"{kind}:{machine}"
            yield PER_ADDRESS, f"{kind}:{machine}"
        if telephone := self.cleaned_data.get("telephone"):
            yield PER_TELEPHONE, f"{kind}:{keyed_hash(telephone, 'limit')}"

    def _spend_proof(self):
        """Whether the work was done. The page that is shown once more, if any, asks for it anew: it counts once."""
        given = self.cleaned_data
        challenge = f"{given['made_at']}:{given['form_key']}"
        proof = given["proof"] or ""
        self._fill_in(proof="")
        return proof_of_work.spend(challenge, proof, OLDEST)

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
        self._fill_in(made_at=self.fields["made_at"].initial, proof="")

    def _fill_in(self, **hidden):
        self.data = self.data.copy()
        for name, value in hidden.items():
            self.data[self.add_prefix(name)] = value
