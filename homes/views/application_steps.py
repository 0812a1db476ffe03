"""The steps of the review as pages of the desk: return, pass, notice, approve, reject, correct."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect

from branches.sealing import keyed_hash
from branches.steps import REASON_LEAST
from branches.views.desk_posting import attempt, form_page, open_form
from homes import applying
from homes.application_forms import ApproveForm, CorrectForm, NoticeForm, RejectForm, ReturnForm, StepForm
from homes.views.application_desk import address, application_page, crumbs, documents_of, facts_of, own_application

PAGE = "desk/applications/step.html"
NOTICE = "desk/applications/notice.html"


def page_of(request, found, form, title, button, *, template=PAGE, **context):
    """The page of a step, with the application to read again."""
    context |= {"application": found, "parts": facts_of(found), "documents": documents_of(found)}
    back, way = address(found), crumbs(request, found)
    return form_page(request, form, title, button, back=back, way=way, template=template, **context)


def back_to(found):
    return redirect("applications:desk_application", pk=found.pk)


def step(request, pk, make, verb, *, title, button, done, told, initial=None, **context):
    """A step of one application: `told(form)` is what the verb is told besides the version."""
    found = own_application(request, pk)
    form, refilled = open_form(request, make, record=found, **({"initial": initial(found)} if initial else {}))
    if request.method == "POST" and form.is_valid():
        given = told(form) | {"version": form.cleaned_data["version"]}
        if attempt(request, form, verb, found, **given) is not None:
            messages.success(request, done)
            return back_to(found)
    return page_of(request, found, form, title, button, refilled=refilled, **context)


def _said(*names):
    return lambda form: {name: form.cleaned_data[name] for name in names}


@application_page()
def return_(request, pk):
    return step(
        request, pk, ReturnForm, applying.return_, title="退回补正", button="退回", done="退回了，社区看得到要补什么。",
        told=lambda form: {"reason": form.cleaned_data["reason"], "fields": form.wrong()},
        lead="审的天数先停下，补好交回来再接着算。",
    )  # fmt: skip


@application_page()
def street_pass(request, pk):
    return step(
        request, pk, StepForm, applying.street_pass, title="初审通过", button="三个条件都具备，初审通过",
        done="初审通过了，交到区里。", told=_said(),
        lead=f"区里{settings.DISTRICT_REVIEW_DAYS}个工作日以内审。您审过这一关，后面的关就不能再审。",
    )  # fmt: skip


@application_page()
def start_notice(request, pk):
    """The words for everybody; the notice begins once they have been seen as everybody will see them."""
    found = own_application(request, pk)
    form, refilled = open_form(
        request, NoticeForm, record=found, initial={"words": found.notice_words or drafted(found)}
    )
    preview = ""
    if request.method == "POST" and form.is_valid():
        words, version = form.cleaned_data["words"], form.cleaned_data["version"]
        digest = keyed_hash(words, "preview")
        if form.cleaned_data["seen"] == digest:
            if attempt(request, form, applying.start_notice, found, words=words, version=version) is not None:
                messages.success(request, "开始公示了，谁都看得到。")
                return back_to(found)
        elif unfit := applying.unfit_for_notice(found, words):
            form.add_error("words", f"里面有{'、'.join(unfit)}，人人都看得到，请去掉。")
        form.data = form.data.copy()
        form.data["seen"] = "" if form.errors else digest
        preview = "" if form.errors else words
    button = "看过了，开始公示" if preview else "看看公示出来的样子"
    lead = f"公示{settings.NOTICE_DAYS}个工作日，大家可以写信、打电话来说。期满由区里另一位同事决定。"
    return page_of(request, found, form, "公示", button, template=NOTICE, preview=preview, lead=lead, refilled=refilled)


def drafted(found):
    """A beginning for the public words: what the application says of the place, without what names people."""
    said = [f"{found.division.short_name}申报建一个老党员之家。"]
    if found.area:
        said.append(f"场所{found.area}平方米，{found.get_tenure_display()}。")
    if found.team_size:
        said.append(f"志愿者{found.team_size}人。")
    return "".join(said)


@application_page()
def approve(request, pk):
    return step(
        request, pk, ApproveForm, applying.approve, title="批准", button="批准",
        done="批准了。新的家已经建好档案，现在是“筹建”，补齐资料以后再发布。", told=_said("slug", "ceiling"),
        initial=lambda found: {"ceiling": found.asked}, lead="批准以后建成一个家，不能再退回。",
    )  # fmt: skip


@application_page()
def reject(request, pk):
    return step(
        request, pk, RejectForm, applying.reject, title="不予通过", button="不予通过", kind="act",
        done="办好了，社区看得到原因。", told=_said("category", "reason"),
        lead="这份申报就结束了。只是差一些的，请用“退回补正”。",
    )  # fmt: skip


@application_page()
def correct(request, pk):
    def make(*args, **kwargs):
        return CorrectForm(*args, hint=f"至少{REASON_LEAST}个字，社区看得到，例如：点错了，不是这一份。", **kwargs)

    return step(
        request, pk, make, applying.correct, title="更正，退回上一步", button="退回上一步", kind="act",
        done="更正了，退回到上一步。", told=_said("reason"), lead="点错了才用。",
    )  # fmt: skip
