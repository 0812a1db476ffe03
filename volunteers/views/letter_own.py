"""The author's own page, by the code: what happened, what comes next and by when, and what they may still do."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from branches.models import Event
from branches.public_words import found_in
from branches.transitions import IllegalTransition
from config.lookup import Kind, register
from config.personal import opened_page
from volunteers import mailbox, publication
from volunteers.letter_forms import NAMED, AskAgainForm, ConsentForm, StepForm
from volunteers.models import Letter

Status, Publication = Letter.Status, Letter.Publication
CONFLICT = 409
NO_TELEPHONE = "写信时只留了邮箱的，写邮箱里@前面的最后四个字母或数字。"


def last_four(letter):
    """Of the telephone; of somebody who left none, of the name of their mailbox."""
    return (letter.telephone or letter.email.partition("@")[0]).casefold()[-4:]


register(
    Kind(
        Letter,
        "写信",
        lambda record: reverse("letters:own", args=[record.pk]),
        contact=("telephone", "email"),
        last_four=last_four,
        hint=NO_TELEPHONE,
    )
)
SAID = {  # what happened, in the author's words
    "send": "信收到了",
    "enter": "信收到了",
    "accept": "受理了，交给{office}答复",
    "assign": "改由{office}答复",
    "decline": "不予受理：{reason}",
    "merge": "和另一封信说的是同一件事，合在一起办",
    "draft": "答复写好了，正在审核",
    "send_back": "答复还要再改改",
    "answer": "答复了",
    "extend": "要多花几天：{reason}",
    "ask_again": "您追问了一次",
    "archive": "归档了",
    "correct": "更正了一步，原因：{reason}",
    "consent": "您同意公开",
    "redact": "为了公开，去掉了认得出人的话",
    "publish": "公开了",
    "unpublish": "不再公开：{reason}",
    "withdraw": "您收回了同意，不公开",
    "take_back": "您收回了同意，已经不公开了",
    "overtake": "先不公开了：{reason}",
}


def happened(letter):
    """[(moment, what, why)] of the letter, the first first; who of the staff did it is not told."""
    told = []
    for event in Event.objects.filter(subject=letter._meta.label_lower, subject_pk=letter.pk):
        if words := SAID.get(event.event):
            said = words.format(office=event.data.get("office", ""), reason=event.reason)
            at = letter.created_at if event.event == "enter" else event.at
            told.append((at, said, event.reason if event.event == "redact" else ""))
    return told


def comes_next(letter):
    """(a heading in a word, what comes next and by when)."""
    due = letter.due_on and date_format(letter.due_on, "n月j日")
    match letter.status:
        case Status.RECEIVED:
            return "信收到了", f"{due}以前会有人受理，定下由哪个单位答复。"
        case Status.ACCEPTED | Status.DRAFTED:
            return "正在办", f"由{letter.office}答复，最晚{due}。"
        case Status.ANSWERED if may_ask_again(letter, timezone.now()):
            last = date_format(timezone.localtime(letter.answered_at + mailbox.ASK_AGAIN_WITHIN), "n月j日")
            return "答复了", f"没说清楚的，{last}以前可以追问一次。"
        case Status.ANSWERED | Status.CLOSED:
            return "答复了", "这封信办完了。还有话要说，请再写一封。"
        case Status.DECLINED:
            return "不予受理", "这封信不再办了。下面写了为什么，还可以找谁。"
    return "合在一起办", "另一封信先说了这件事，那封信的答复也就是给您的答复。"


def may_ask_again(letter, now):
    return (
        letter.status == Status.ANSWERED
        and letter.asked_again_at is None
        and now <= letter.answered_at + mailbox.ASK_AGAIN_WITHIN
    )


def answer_of(letter):
    """The answer the author may read: of a merged letter that of the other, without what points at its author."""
    other = letter
    while other.merged_into_id:
        other = other.merged_into
    if other == letter or not other.answer:
        return other, letter.answer if other == letter else ""
    if other.publication in (Publication.REDACTED, Publication.PUBLIC):
        return other, other.public_answer
    clean = not found_in(other.answer, names=(other.name, other.proxy_name), email=other.email)
    return other, other.answer if clean else ""


@opened_page(Letter, "GET", "HEAD")
def own(request, found):
    heading, further = comes_next(found)
    answered, answer = answer_of(found)
    waits = found.status == Status.MERGED and not answered.answered_at and answered.status in Letter.OPEN
    if waits and answered.due_on:
        further += f"最晚{date_format(answered.due_on, 'n月j日')}答复。"
    if found.status == Status.MERGED and answered.answered_at and not answer:
        further += "已经答复了，请打电话来问。"
    shut = found.status in (Status.DECLINED, Status.MERGED)
    context = {
        "letter": found,
        "heading": heading,
        "further": further,
        "happened": happened(found),
        "answer": answer,
        "answered": answered,
        "may_ask_again": may_ask_again(found, timezone.now()),
        "may_consent": found.consented_on is None and not shut,
        "may_withdraw": found.consented_on is not None,
        "is_public": found.publication == Publication.PUBLIC,
    }
    return render(request, "letters/own.html", context)


def _step(request, found, form, verb, page, done, **given):
    """The page of a step: 409 where the verb refused it."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verb(found, version=form.cleaned_data["version"], **given)
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
            form.catch_up(Letter.objects.values_list("version", flat=True).get(pk=found.pk))
            status = CONFLICT
        else:
            messages.success(request, done)
            return redirect("letters:own", pk=found.pk)
    return render(request, "letters/step.html", {"letter": found, "form": form, **page}, status=status)


def _form(request, make, found):
    return make(request.POST if request.method == "POST" else None, record=found)


@opened_page(Letter, "GET", "HEAD", "POST")
def ask_again(request, found):
    form = _form(request, AskAgainForm, found)
    reason = form.cleaned_data.get("reason", "") if form.is_bound and form.is_valid() else ""
    page = {
        "title": "追问一次",
        "button": "追问",
        "lead": "只能追问一次。原来的答复还留着，新的答复三个工作日以内给您。",
    }
    return _step(request, found, form, mailbox.ask_again, page, "追问收到了。", reason=reason)


@opened_page(Letter, "GET", "HEAD", "POST")
def consent(request, found):
    form = _form(request, ConsentForm, found)
    named = form.is_bound and form.is_valid() and form.cleaned_data["publicness"] == NAMED
    page = {
        "title": "同意公开",
        "button": "同意公开",
        "lead": "公开以前，工作人员会去掉电话、身份证号和认得出人的话，由另一位同事看过再公开。以后随时可以收回。",
    }
    return _step(request, found, form, publication.consent, page, "记下了：您同意公开。", with_name=named)


@opened_page(Letter, "GET", "HEAD", "POST")
def withdraw(request, found):
    form = _form(request, StepForm, found)
    page = {
        "title": "收回同意，不公开",
        "button": "是的，不公开",
        "kind": "act",
        "lead": "收回以后，别人马上就看不到了。信还照样办，答复照样给您。",
    }
    return _step(request, found, form, publication.withdraw, page, "收回了，别人看不到这封信了。")
