"""What of a letter everybody may read: redacted beside the original, published by somebody else, taken down."""

from django.contrib import messages
from django.shortcuts import redirect

from branches.sealing import keyed_hash
from branches.views.desk_posting import attempt, open_form
from volunteers import publication
from volunteers.letter_forms import NAMED, ConsentForm, ReasonForm, RedactForm, StepForm
from volunteers.redaction import differences
from volunteers.views.letter_desk import letter_page, own_letter
from volunteers.views.letter_steps import _of, page_of, step_page

TEXTS = (("标题", "subject", "public_subject"), ("信", "body", "public_body"), ("答复", "answer", "public_answer"))
BESIDE = "desk/letters/beside.html"


def beside(letter, public):
    """[(what it is, its pieces as they were, its pieces for everybody)]; `public` are the words by field."""
    return [(what, *differences(getattr(letter, own), public[name])) for what, own, name in TEXTS]


def _digest(public):
    return keyed_hash("\x1f".join(public[name] for _, _, name in TEXTS), "preview")


@letter_page()
def redact(request, pk):
    """Write the words for everybody; they are kept once they have been seen beside the original."""
    found = own_letter(request, pk)
    initial = {name: getattr(found, name) or getattr(found, own) for _, own, name in TEXTS}
    form, refilled = open_form(request, RedactForm, record=found, initial=initial)
    shown = []
    if request.method == "POST" and form.is_valid():
        public = {name: form.cleaned_data[name] for _, _, name in TEXTS}
        if form.cleaned_data["seen"] == _digest(public):
            given = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"]}
            if attempt(request, form, publication.redact, found, **public, **given) is not None:
                messages.success(request, "存好了。请另一位同事看过再公开。")
                return redirect("letters:desk_letter", pk=pk)
        form.data = form.data.copy()
        form.data["seen"] = ""
        if not form.errors:
            shown, form.data["seen"] = beside(found, public), _digest(public)
    button = "两边都看过了，存好" if shown else "看看两边有什么不同"
    lead = "去掉电话、门牌号、名字和认得出人的话，意思不要变。改动划出来给您看，看过才存。"
    return page_of(
        request, found, form, "脱敏，准备公开", button, template=BESIDE, shown=shown, lead=lead, refilled=refilled
    )


@letter_page()
def publish(request, pk):
    found = own_letter(request, pk)
    form, _ = open_form(request, StepForm, record=found)
    sent = request.method == "POST" and form.is_valid()
    if sent and attempt(request, form, publication.publish, found, version=form.cleaned_data["version"]) is not None:
        messages.success(request, "公开了，谁都看得到。")
        return redirect("letters:desk_letter", pk=pk)
    shown = beside(found, {name: getattr(found, name) for _, _, name in TEXTS})
    lead = "先看原来的，再看公开的：还有没有电话、名字和认得出人的话。"
    return page_of(request, found, form, "公开", "公开", template=BESIDE, shown=shown, lead=lead)


@letter_page()
def unpublish(request, pk):
    return step_page(
        request, pk, _of(ReasonForm, hint="写信人看得到，例如：里面的话认得出是哪一家。"), publication.unpublish,
        given=("reason",), title="撤下，不公开", button="撤下", kind="act", done="撤下了，别人看不到了。",
    )  # fmt: skip


@letter_page()
def agreed(request, pk):
    """The author said on the telephone that it may be public."""

    def consent(letter, *, by, publicness, version):
        return publication.consent(letter, by=by, with_name=publicness == NAMED, version=version)

    return step_page(
        request, pk, _of(ConsentForm), consent, given=("publicness",), title="对方同意公开", button="记下",
        done="记下了。", lead="打电话问过，对方同意，才记在这里。",
    )  # fmt: skip


@letter_page()
def withdrawn(request, pk):
    """The author said on the telephone that it may not be public any more."""
    return step_page(
        request, pk, _of(StepForm), publication.withdraw, title="对方收回同意", button="收回，不公开", kind="act",
        done="收回了，别人看不到了。",
    )  # fmt: skip
