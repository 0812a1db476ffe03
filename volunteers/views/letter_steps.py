"""The steps of a letter as pages of the desk: accept, decline, merge, draft, check, answer, extend, correct."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse

from branches.access import Action
from branches.steps import REASON_LEAST
from branches.views.desk_posting import attempt, form_page, open_form
from volunteers import mailbox, opening
from volunteers.letter_forms import DeclineForm, DraftForm, MergeForm, OfficeForm, ReasonForm, StepForm
from volunteers.models import Letter
from volunteers.views.letter_desk import crumbs, letter_page, own_letter

CHOICES = 60  # letters that another may be merged into, the newest first
PLAIN, WITH_LETTER = "desk/kept_form.html", "desk/letters/with_letter.html"


def step_page(request, pk, make, verb, *, title, button, done, template=PLAIN, given=(), initial=None, **context):
    """A step of one letter: `given` are the fields of the form that the verb is told, besides the version.

    Where the page shows the letter, it is opened once more, and that is written down.
    """
    found = own_letter(request, pk)
    form, refilled = open_form(request, make(found), record=found, **({"initial": initial(found)} if initial else {}))
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in (*given, "version")}
        if attempt(request, form, verb, found, **told) is not None:
            messages.success(request, done)
            return redirect("letters:desk_letter", pk=pk)
    return page_of(request, found, form, title, button, template=template, refilled=refilled, **context)


def page_of(request, found, form, title, button, **context):
    """The page of a step; with the letter on it, unless it says nothing."""
    if context.get("template", PLAIN) != PLAIN:
        with transaction.atomic():
            context["opened"] = opening.open_letter(found, by=request.user)
    back, way = reverse("letters:desk_letter", args=[found.pk]), crumbs(request, found)
    return form_page(request, form, title, button, back=back, way=way, letter=found, **context)


def _of(form, **given):
    """The form as `step_page` makes it: the same for every letter."""
    return lambda found: lambda *args, **kwargs: form(*args, **given, **kwargs)


@letter_page()
def accept(request, pk):
    return step_page(
        request, pk, _of(OfficeForm, user=request.user), mailbox.accept, given=("office", "division"),
        title="受理，交给单位", button="受理", done="受理了，三个工作日以内答复。", template=WITH_LETTER,
    )  # fmt: skip


@letter_page()
def assign(request, pk):
    return step_page(
        request, pk, _of(OfficeForm, user=request.user), mailbox.assign, given=("office", "division"),
        title="换个单位答复", button="换好了", done="换好了。答复的期限不变。",
    )  # fmt: skip


@letter_page()
def decline(request, pk):
    return step_page(
        request, pk, _of(DeclineForm), mailbox.decline, given=("reason", "words"), template=WITH_LETTER,
        title="不予受理", button="不予受理", kind="act", done="办好了，写信人凭查询码看得到原因。",
    )  # fmt: skip


@letter_page()
def merge(request, pk):
    def choices(found):
        others = Letter.objects.visible_to(request.user, Action.CHANGE).exclude(pk=found.pk)
        others = others.exclude(status__in=(Letter.Status.DECLINED, Letter.Status.MERGED))
        newest = list(others.values_list("pk", flat=True)[:CHOICES])
        return lambda *args, **kwargs: MergeForm(*args, letters=others.filter(pk__in=newest), **kwargs)

    return step_page(
        request, pk, choices, mailbox.merge, given=("into",), title="和另一封合并", button="合并",
        done="合并了。写信人看得到那封信的答复，看不到那封信。",
        lead="说的是同一件事，才合并。那封信的答复，也就是给这封信的答复。",
    )  # fmt: skip


@letter_page()
def draft(request, pk):
    return step_page(
        request, pk, _of(DraftForm), mailbox.draft, given=("text",), template=WITH_LETTER,
        initial=lambda found: {"text": found.draft}, title="写答复", button="写好了，交去审核",
        done="交上去了，等另一位同事审核。",
    )  # fmt: skip


@letter_page()
def send_back(request, pk):
    return step_page(
        request, pk, _of(ReasonForm, hint="写给起草的同事看，例如：没写什么时候修好。"), mailbox.send_back,
        given=("reason",), title="退回重写", button="退回", done="退回了，原因写在办理经过里。", template=WITH_LETTER,
    )  # fmt: skip


@letter_page()
def answer(request, pk):
    return step_page(
        request, pk, _of(StepForm), mailbox.answer, title="审核，答复", button="看过了，答复", template=WITH_LETTER,
        done="答复了，写信人凭查询码看得到。留了电话的，打个电话告诉一声。",
    )  # fmt: skip


@letter_page()
def extend(request, pk):
    lead = f"只能延一次，多给{mailbox.LONGER}个工作日。原因写信人看得到。"
    return step_page(
        request, pk, _of(ReasonForm, hint="例如：要等配件到了才能修。"), mailbox.extend, given=("reason",),
        title="延期", button="延期", done="延好了，新的期限写信人看得到。", lead=lead,
    )  # fmt: skip


@letter_page()
def correct(request, pk):
    return step_page(
        request, pk, _of(ReasonForm, hint=f"至少{REASON_LEAST}个字。写信人看得到，例如：点错了，不是这封信。"),
        mailbox.correct, given=("reason",), title="更正，退回上一步", button="退回上一步", kind="act",
        done="更正了，退回到上一步。", lead="点错了才用。退回去以前写的答复会收回，要重新办。",
    )  # fmt: skip
