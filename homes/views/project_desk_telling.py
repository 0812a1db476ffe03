"""The steps of the work, the news and the photographs of a project, as pages of the desk."""

from homes import project_news as verbs
from homes.models import Milestone, ProjectPhoto, ProjectUpdate
from homes.project_forms import (
    DoneForm,
    MilestoneForm,
    ProjectPhotoForm,
    PublicReasonForm,
    ReviseForm,
    StepForm,
    TellForm,
)
from homes.views.project_desk import own_part, own_project, project_page
from homes.views.project_desk_steps import step_page


@project_page()
def plan_step(request, pk):
    return step_page(
        request, own_project(request, pk), MilestoneForm, verbs.plan_step, title="加一步", button="加上",
        done="加上了。", lead="把要办的事一步一步排好，人人都看得到。进度按办完的步骤算。",
    )  # fmt: skip


def _of_part(verb, part):
    """The verb, told of a row of the project; which version of the project it was made from does not matter."""
    return lambda _project, *, version, **given: verb(part, **given)


@project_page()
def finish_step(request, pk):
    row = own_part(request, Milestone, pk)
    return step_page(
        request, row.project, DoneForm, _of_part(verbs.finish_step, row), title=f"办完了：{row}", button="办完了",
        done="记下了。",
    )  # fmt: skip


@project_page()
def waive_step(request, pk):
    row = own_part(request, Milestone, pk)
    return step_page(
        request, row.project, PublicReasonForm, _of_part(verbs.waive_step, row), title=f"不做了：{row}",
        button="不做了", done="记下了，原因居民看得到。", kind="act",
    )  # fmt: skip


@project_page()
def tell(request, pk):
    return step_page(
        request, own_project(request, pk), TellForm, verbs.tell, title="写进展", button="发出去", done="发出去了。",
        lead="人人都看得到：不写哪一户、不写电话。",
    )  # fmt: skip


@project_page()
def revise(request, pk):
    row = own_part(request, ProjectUpdate, pk)

    def make(*args, **kwargs):
        return ReviseForm(*args, initial={"words": row.words}, **kwargs)

    return step_page(
        request, row.project, make, _of_part(verbs.revise, row), title="改这条进展", button="改好了",
        done="改好了，网页上写着修订的日子。", lead="改了以后，网页上会写明“修订于”哪天。",
    )  # fmt: skip


@project_page()
def show_photo(request, pk):
    def verb(project, *, photo, **given):
        large, small = photo
        return verbs.show_photo(project, large=large, small=small, **given)

    return step_page(
        request, own_project(request, pk), ProjectPhotoForm, verb, title="加照片", button="加上", done="照片加上了。",
        upload=True,
    )  # fmt: skip


@project_page()
def put_photo_away(request, pk):
    row = own_part(request, ProjectPhoto, pk)
    return step_page(
        request, row.project, StepForm, _of_part(verbs.put_photo_away, row), title=f"收起照片：{row}", button="收起",
        done="收起来了，居民看不到了。",
    )  # fmt: skip
