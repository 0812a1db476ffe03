"""/desk/letters/: what waits for whoever is logged in, the overdue first; one letter, and a letter taken down."""

from secrets import token_hex

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from branches.access import Action, allowed
from branches.forms import DeskForm, SearchForm, WhyField
from branches.masking import mask_name, mask_telephone
from branches.models import Event
from branches.sealing import telephone_index
from branches.steps import corrects
from branches.telephones import digits
from branches.transitions import IllegalTransition
from branches.views.desk import SHOWN, Section, add_section, way_in
from branches.views.desk_posting import form_page, kept_page, may, open_form, own
from branches.waiting import part_named
from homes.models import HomeApplication
from volunteers import mailbox, opening
from volunteers.letter_forms import ByTelephoneForm
from volunteers.models import Letter
from volunteers.what_waits import letter_parts

Status, Publication = Letter.Status, Letter.Publication
TOLD = ("office", "home", "division")  # in a line of a list
NUMBER_MOST = 9  # digits of the number of a letter; a code has eight
add_section(Section("民声邮筒", "letters:desk", Letter, "收信，写答复，审核，公开。"))
EVENTS = {
    "send": "收到", "accept": "受理", "assign": "换了答复单位", "decline": "不予受理", "merge": "合并办理",
    "draft": "写了答复", "send_back": "退回重写", "answer": "审核通过，答复了", "extend": "延期",
    "ask_again": "写信人追问", "archive": "归档", "correct": "更正，退回上一步", "consent": "同意公开",
    "redact": "脱敏", "publish": "公开", "unpublish": "撤下", "withdraw": "收回同意", "take_back": "收回同意，撤下",
    "renew": "文字改了，要重新脱敏", "overtake": "文字改了，撤下", "enter": "录入",
}  # fmt: skip


def letter_page(action=Action.CHANGE, **kwargs):
    return kept_page(action, Letter, **kwargs)


def crumbs(request, found=None):
    """The way to a page of the desk: [(label, url)], through the letter's page where it is about one."""
    way = way_in(request.user)
    way.append(("民声邮筒", reverse("letters:desk")))
    if found is not None:
        way.append((f"第{found.pk}号信", reverse("letters:desk_letter", args=[found.pk])))
    return way


def listed(rows, today):
    """What a line of the list says: masked, and no subject that holds what a letter is opened for."""
    told = []
    for row in rows:
        row.about = opening.about(row)
        row.writer = mask_name(row.name)
        row.is_late = row.is_open and row.due_on is not None and row.due_on < today
        told.append(row)
    return told


def to_do(parts, today):
    """[(heading, what to do, its letters, how many more)], the overdue first; empty ones left out."""
    found = ((part, listed(part.rows.select_related(*TOLD)[: SHOWN + 1], today)) for part in parts)
    return [(part.heading, part.what, rows[:SHOWN], len(rows) > SHOWN) for part, rows in found if rows]


@letter_page(Action.VIEW)
def letters(request):
    """What waits, or one part of it; all of them; or, posted, those of a telephone, a code, a number."""
    today = timezone.localdate()
    rows = Letter.objects.visible_to(request.user).select_related(*TOLD)
    parts = letter_parts(request.user, today)
    part = part_named(parts, request.GET.get("part"))
    context = {
        "crumbs": crumbs(request)[:-1],
        "may_write": allowed(request.user, Action.ADD, Letter),
        "all": request.GET.get("all") == "1",
    }
    if request.method == "POST":
        form = SearchForm(request.POST)
        asked = form.cleaned_data["q"] if form.is_valid() else ""
        context |= {"searched": True, "rows": listed(rows.filter(_known_by(asked))[:SHOWN], today)}
    elif context["all"] or part:
        page = Paginator(part.rows.select_related(*TOLD) if part else rows, SHOWN).get_page(request.GET.get("page"))
        context |= {"page": page, "part": part, "rows": listed(page.object_list, today)}
    else:
        context["to_do"] = to_do(parts, today)
    return render(request, "desk/letters/list.html", context)


def _known_by(asked):
    number = digits(asked)
    if not number:
        return Q(pk__in=[])
    condition = Q(telephone_index=telephone_index(number)) | Q(code=number)
    return condition | Q(pk=int(number)) if len(number) <= NUMBER_MOST else condition


def own_letter(request, pk, action=Action.CHANGE):
    rows = Letter.objects.select_related(
        "office", "home", "division__parent", "application", "taken_by", "drafted_by", "checked_by", "merged_into",
        "redacted_by",
    )  # fmt: skip
    return own(request, Letter, pk, action, rows)


def steps_of(letter, user):
    """[(words, name of the address, kind of button)] that this user may take now, the main one first."""
    drafted = letter.drafted_by_id == user.pk
    steps = []
    match letter.status:
        case Status.RECEIVED:
            steps = [
                ("受理，交给单位", "accept", ""),
                ("和另一封合并", "merge", "quiet"),
                ("不予受理", "decline", "act"),
            ]
        case Status.ACCEPTED:
            steps = [("写答复", "draft", ""), ("换个单位", "assign", "quiet"), ("和另一封合并", "merge", "quiet")]
        case Status.DRAFTED if not drafted:
            steps = [("审核，答复", "answer", ""), ("退回重写", "send_back", "quiet")]
    if letter.status in (Status.ACCEPTED, Status.DRAFTED) and not letter.extended:
        steps.append(("延期", "extend", "quiet"))
    if letter.status in Letter.ANSWERED:
        steps += _publication_steps(letter, drafted or letter.redacted_by_id == user.pk)
    if letter.status != Status.RECEIVED and corrects(user):
        steps.append(("更正，退回上一步", "correct", "quiet"))
    return steps


def _publication_steps(letter, is_own):
    agreed = letter.consented_on is not None
    steps = []
    match letter.publication:
        case Publication.REDACTED if not is_own:
            steps = [("公开", "publish", ""), ("重新脱敏", "redact", "quiet")]
        case Publication.REDACTED:
            steps = [("重新脱敏", "redact", "quiet")]
        case Publication.CONSENTED:
            steps = [("脱敏，准备公开", "redact", "")]
        case Publication.UNPUBLISHED if agreed:
            steps = [("改一改，再公开", "redact", "quiet")]
        case Publication.PUBLIC:
            steps = [("撤下，不公开", "unpublish", "act")]
    return [*steps, ("对方收回同意", "withdrawn", "quiet") if agreed else ("对方同意公开", "agreed", "quiet")]


@letter_page(Action.VIEW, methods=("GET", "HEAD"))
def letter(request, pk):
    """One letter. That it was opened, by whom and when, stands in the audit trail."""
    found = own_letter(request, pk, Action.VIEW)
    with transaction.atomic():
        opened = opening.open_letter(found, by=request.user)
    steps = steps_of(found, request.user) if may(request, found) else []
    events = Event.objects.filter(subject=found._meta.label_lower, subject_pk=pk)
    context = {
        "letter": found,
        "title": f"第{pk}号信",
        "opened": opened,
        "writer": found.name if opened else mask_name(found.name),
        "telephone": mask_telephone(found.telephone),
        "steps": [(words, reverse(f"letters:{name}", args=[pk]), kind) for words, name, kind in steps],
        "own_draft": found.status == Status.DRAFTED and found.drafted_by_id == request.user.pk,
        "is_late": found.is_open and found.due_on is not None and found.due_on < timezone.localdate(),
        "events": [(event, EVENTS.get(event.event, event.event)) for event in events],
        "merged": [row.pk for row in Letter.objects.visible_to(request.user).filter(merged_into=found)],
        "is_public": found.publication == Publication.PUBLIC,
        "may_see_application": HomeApplication.objects.visible_to(request.user)
        .filter(pk=found.application_id)
        .exists(),
        "crumbs": crumbs(request),
    }
    return render(request, "desk/letters/letter.html", context)


class WhyForm(DeskForm):
    reason = WhyField(such_as="打电话问清楚是哪栋楼")


@letter_page(Action.REVEAL)
def who(request, pk):
    """How the author is reached: asked for with a reason, shown once in the answer to it."""
    found = own_letter(request, pk, Action.REVEAL)
    form, _ = open_form(request, WhyForm)
    if request.method == "POST" and form.is_valid():
        try:
            facts = opening.reveal_contact(found, by=request.user, reason=form.cleaned_data["reason"])
        except Letter.DoesNotExist as error:
            raise Http404 from error
        return render(
            request, "desk/letters/who.html", {"letter": found, "facts": facts, "crumbs": crumbs(request, found)}
        )
    back = reverse("letters:desk_letter", args=[pk])
    return form_page(request, form, "看电话和邮箱", "看一次", back=back, way=crumbs(request, found))


@letter_page(Action.ADD)
def by_telephone(request):
    """Write down what somebody says on the telephone: their name and that of the colleague who writes."""
    form, refilled = open_form(request, ByTelephoneForm, user=request.user, initial={"form_key": token_hex(16)})
    if request.method == "POST" and form.is_valid():
        try:
            kept = mailbox.send(by=request.user, **form.letter())
        except IllegalTransition as refusal:
            form.add_error(None, str(refusal))
        else:
            code = f"{kept.code[:4]} {kept.code[4:]}"
            messages.success(request, f"登记好了。请把查询码念给对方：{code}，凭它和电话后四位查答复。")
            return redirect("letters:desk_letter", pk=kept.pk)
    back, way = reverse("letters:desk"), crumbs(request)
    return form_page(request, form, "替人登记一封信", "登记", back=back, way=way, refilled=refilled)
