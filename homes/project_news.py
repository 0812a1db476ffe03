"""The steps of the work of a community project, and what is told of it: news, photographs. All of it is public."""

from django.db import transaction
from django.utils import timezone

from branches.steps import held, move, save_with_history
from branches.transitions import IllegalTransition, not_later_than_today, told
from homes.models import CommunityProject, Milestone, ProjectPhoto, ProjectUpdate
from homes.public_facts import refuse, told_in_public

Status = CommunityProject.Status
PLANNED_IN = (Status.PROPOSED, Status.CONSULTING, Status.AGREED, Status.FUNDING, Status.BUILDING)


@transaction.atomic
def plan_step(project, *, by, name, planned_on, weight=1, version=None):
    """One step of the work, to be done by a day; the heavier, the more of the progress it is."""
    project = held(project, version)
    if project.status not in PLANNED_IN:
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，不能再加步骤。")
    refuse(name)
    milestone = Milestone(
        project=project, name=name.strip(), planned_on=planned_on, weight=weight,
        order=10 * (project.milestones.count() + 1),
    )  # fmt: skip
    return _added(project, milestone, "plan_step", by)


@transaction.atomic
def finish_step(milestone, *, by, on=None):
    """It is done, on the day `on`."""
    on, milestone = not_later_than_today(on, "完成"), _open_step(milestone)
    milestone.done_on = on
    return save_with_history(milestone, "finish_step", by=by)


@transaction.atomic
def waive_step(milestone, *, by, reason):
    """It will not be done; the reason is public."""
    reason, milestone = told_in_public(reason), _open_step(milestone)
    milestone.waived = reason[:160]
    return save_with_history(milestone, "waive_step", by=by)


@transaction.atomic
def tell(project, *, by, words, on=None, version=None):
    """News of the project, for everybody."""
    on, project = not_later_than_today(on, "进展"), held(project, version)
    if project.status == Status.PROPOSED:
        raise IllegalTransition("还没有公开的项目，先征询再写进展。")
    refuse(words)
    return _added(project, ProjectUpdate(project=project, on=on, words=told(words), by=by), "tell", by)


@transaction.atomic
def revise(update, *, by, words):
    """Other words for news that were told; the page says when they were revised."""
    refuse(words)
    update = ProjectUpdate.objects.select_for_update().get(pk=update.pk)
    if told(words) == update.words:
        return update
    update.words, update.revised_at = told(words), timezone.now()
    return save_with_history(update, "revise", by=by)


@transaction.atomic
def show_photo(project, *, by, large, small, alt, milestone=None, taken_on=None, version=None):
    """A photograph of the work, as homes/photos.py made it."""
    project = held(project, version)
    refuse(alt)
    photo = ProjectPhoto(
        project=project, milestone=milestone, large=large, small=small, alt=told(alt), taken_on=taken_on,
        is_sample=project.is_sample,
    )  # fmt: skip
    return _added(project, photo, "show_photo", by)


@transaction.atomic
def put_photo_away(photo, *, by):
    """Not to be seen any more; its row stays."""
    photo.is_archived = True
    return save_with_history(photo, "put_photo_away", by=by)


def _open_step(milestone):
    project = held(milestone.project)
    milestone = Milestone.objects.get(pk=milestone.pk)
    if project.status not in (Status.FUNDING, Status.BUILDING):
        raise IllegalTransition(f"项目现在是“{project.get_status_display()}”，步骤不能改。")
    if milestone.done_on or milestone.waived:
        raise IllegalTransition("这一步已经办过了。刚刚可能有人处理过，请刷新看看。")
    return milestone


def _added(project, row, event, by):
    """The new row of a held project, and a new version of it: a form that is sent twice counts once."""
    save_with_history(row, event, by=by)
    move(project, event, project.status, by=by, data={"row": row.pk})
    return row
