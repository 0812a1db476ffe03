"""The steps of a project as pages of the desk, from its first words to its acceptance or its end."""

from django.contrib import messages
from django.shortcuts import redirect

from branches.views.desk_posting import attempt, form_page, open_form
from homes import projects as verbs
from homes.models import CommunityProject
from homes.project_forms import (
    AcceptForm,
    AskCancelForm,
    CancelForm,
    CorrectForm,
    KeepForm,
    ProjectForm,
    PublicReasonForm,
    ResultForm,
    StartForm,
    StepForm,
)
from homes.views.project_desk import address, crumbs, own_project, project_page


def step_page(request, found, make, verb, *, title, button, done, to=None, **context):
    """A page of one form about a project: where it is sent and the verb agrees, back to the project, or to `to`.

    What the verb is told is the form's `told()` where it has one, else all its fields.
    """
    back = to or address(found)
    form, refilled = open_form(request, make, record=found)
    if request.method == "POST" and form.is_valid():
        told = form.told() if hasattr(form, "told") else dict(form.cleaned_data)
        told["version"] = form.cleaned_data["version"]
        if attempt(request, form, verb, found, **told) is not None:
            messages.success(request, done)
            return redirect(back)
    return form_page(
        request,
        form,
        title,
        button,
        back=back,
        way=crumbs(request, found),
        refilled=refilled,
        **context,
    )


def plain_step(make, verb, **context):
    """The view of a step that needs no more than its form and its verb."""

    @project_page()
    def view(request, pk):
        return step_page(request, own_project(request, pk), make, verb, **context)

    return view


@project_page()
def edit(request, pk):
    found = own_project(request, pk)
    asked = found.status != CommunityProject.Status.PROPOSED
    lead = "已经问过大家的“做什么、要多少钱、征询到哪天”不能再改。" if asked else ""
    return step_page(
        request, found, ProjectForm, verbs.write, title="改介绍", button="改好了", done="改好了。", lead=lead
    )


open_consult = plain_step(
    StepForm, verbs.open_consult, title="开始征询", button="开始征询", done="开始了，居民看得到这个项目了。",
    lead="从现在起人人都能看到做什么、怎么做、大约要多少钱。问过以后，这几样不能再改。",
)  # fmt: skip
record_result = plain_step(
    ResultForm, verbs.record_result, title="记下征询结果", button="记下来", done="记下了。", upload=True,
    lead="照纸上的票数填。只公开合计，哪一户怎么说的不公开；扫描件只有工作人员看得到。",
)  # fmt: skip
open_funding = plain_step(
    StepForm, verbs.open_funding, title="开始筹资", button="开始筹资", done="可以记账了。",
    lead="先写好预算（钱用在哪里）和资金来源（钱从哪里来）。网站只记账，不收钱。",
)  # fmt: skip
start = plain_step(StartForm, verbs.start, title="开工", button="开工", done="开工了。")
accept = plain_step(
    AcceptForm, verbs.accept, title="验收", button="验收好了", done="办成了，辛苦大家了。",
    lead="步骤都办完了，或者写明了为什么不做，才能验收。",
)  # fmt: skip
pause = plain_step(
    PublicReasonForm, verbs.pause, title="暂停", button="暂停", done="停下了，原因居民看得到。", kind="act"
)
resume = plain_step(StepForm, verbs.resume, title="继续办", button="继续办", done="接着办了。")
ask_cancel = plain_step(
    AskCancelForm, verbs.ask_cancel, title="申请终止", button="申请终止", done="申请了，等区里同意。", kind="act",
    lead="终止要区里同意。同意以前，项目照旧。",
)  # fmt: skip
keep = plain_step(KeepForm, verbs.keep, title="不终止了", button="接着办", done="好的，接着办。")
cancel = plain_step(
    CancelForm, verbs.cancel, title="同意终止", button="同意终止", done="终止了，原因居民看得到。", kind="act",
    lead="终止了就不能再办。原因和钱怎么退的，人人都看得到。",
)  # fmt: skip
correct = plain_step(
    CorrectForm, verbs.correct, title="更正，退回上一步", button="退回上一步", kind="act",
    done="更正了，退回到上一步。", lead="点错了才用。记过的账不动，账记错了请冲销。",
)  # fmt: skip
