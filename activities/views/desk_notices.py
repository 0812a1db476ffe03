"""Notices on the desk: write, attach files, publish now or at a moment, pin, withdraw."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from activities import notices
from activities.desk_fields import PublishAt
from activities.desk_forms import StepForm, StepReasonForm
from activities.models import Notice
from activities.notice_forms import NoticeFileForm, NoticeForm
from activities.views.desk_pages import Action, attempt, crumbs, form_page, may, open_form, own, posting_page
from activities.what_waits import notice_parts
from branches.access import allowed
from branches.views.desk import Section, add_section
from branches.waiting import part_named

PAGE_SIZE = 30
Status = Notice.Status
add_section(Section("通知公告", "activities:desk_notices", Notice, "写通知，定时发布，置顶，撤回。"))


@posting_page(Action.VIEW, Notice, methods=("GET", "HEAD"))
def listing(request):
    """All notices, or one part of what is to be done about them."""
    now = timezone.now()
    part = part_named(notice_parts(request.user), request.GET.get("part"))
    rows = part.rows if part else Notice.objects.visible_to(request.user).order_by("-pinned", "-created_at", "-pk")
    page = Paginator(rows.select_related("home", "branch", "division"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "part": part,
        "page": page,
        "rows": [(notice, notices.state_of(notice, now)) for notice in page.object_list],
        "may_write": allowed(request.user, Action.ADD, Notice),
        "crumbs": crumbs(request, notices=True)[:-1],
    }
    return render(request, "desk/activities/notices.html", context)


@posting_page(Action.ADD, Notice)
def new(request):
    form, refilled = open_form(request, NoticeForm, user=request.user)
    if request.method == "POST" and form.is_valid():
        kept = attempt(request, form, notices.write, form.write_on(Notice()))
        if kept is not None:
            messages.success(request, "存好了，现在是草稿。有附件就加上，再点“发布”。")
            return redirect("activities:desk_notice", pk=kept.pk)
    way = crumbs(request, notices=True)
    return form_page(request, form, "写一条通知", "先存成草稿", back="/desk/notices/", way=way, refilled=refilled)


@posting_page(Action.VIEW, Notice, methods=("GET", "HEAD"))
def notice(request, pk):
    found = own(request, Notice, pk, Action.VIEW, Notice.objects.select_related("home", "branch", "division"))
    now = timezone.now()
    steps = []
    if may(request, found):
        match found.status:
            case Status.DRAFT:
                steps = [("发布", "desk_notice_publish", ""), ("改一改", "desk_notice_edit", "quiet")]
            case Status.PUBLISHED:
                steps = [("改一改", "desk_notice_edit", "quiet")]
                pinned = ("取消置顶", "desk_notice_unpin") if found.pinned else ("置顶", "desk_notice_pin")
                steps += [(*pinned, "quiet"), ("撤回", "desk_notice_withdraw", "act")]
    context = {
        "notice": found,
        "state": notices.state_of(found, now),
        "files": found.files.all(),
        "may_attach": bool(steps),
        "steps": [(words, reverse(f"activities:{name}", args=[pk]), kind) for words, name, kind in steps],
        "crumbs": crumbs(request, notices=True),
        "is_public": found.status != Status.DRAFT and found.publish_at <= now,
    }
    return render(request, "desk/activities/notice.html", context)


def _page(request, found, form, title, button, **context):
    back = f"/desk/notices/{found.pk}/"
    way = crumbs(request, (found.title, back), notices=True)
    return form_page(request, form, title, button, back=back, way=way, **context)


def _back(pk):
    return redirect("activities:desk_notice", pk=pk)


@posting_page(Action.CHANGE, Notice)
def edit(request, pk):
    found = own(request, Notice, pk, rows=Notice.objects.select_related("home", "branch", "division"))
    names = ("title", "body", "source", "expires_on")
    shown = {name: getattr(found, name) for name in names} | {"home": found.home_id, "branch": found.branch_id}
    shown["division"] = None if found.home_id or found.branch_id else found.division_id
    form, refilled = open_form(request, NoticeForm, user=request.user, notice=found, initial=shown)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(request, form, notices.write, form.write_on(found), version=version) is not None:
            messages.success(request, "改好了。")
            return _back(pk)
    return _page(request, found, form, "改通知", "存好", refilled=refilled)


@posting_page(Action.CHANGE, Notice)
def publish(request, pk):
    found = own(request, Notice, pk)
    form, refilled = open_form(request, PublishAt, record=found)
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, notices.publish, found, version=form.cleaned_data["version"], at=form.at)
        if done is not None:
            messages.success(request, "发布了，居民现在看得到。" if form.at is None else "定好了，到时候自动发布。")
            return _back(pk)
    return _page(request, found, form, "发布", "发布", lead=f"“{found.title}”", refilled=refilled)


@posting_page(Action.CHANGE, Notice)
def withdraw(request, pk):
    found = own(request, Notice, pk)
    hint = "居民看得到，例如：停水改到下周，请看新的通知。"
    form, refilled = open_form(request, StepReasonForm, record=found, hint=hint)
    sent = request.method == "POST" and form.is_valid()
    if sent and attempt(request, form, notices.withdraw, found, **form.cleaned_data) is not None:
        messages.success(request, "撤回了。网址还在，上面写着“已撤回”和原因。")
        return _back(pk)
    lead = f"“{found.title}”撤回以后，正文和附件都看不到了，只留下撤回的原因。"
    return _page(request, found, form, "撤回通知", "撤回", kind="act", lead=lead, refilled=refilled)


@posting_page(Action.CHANGE, Notice)
def pin(request, pk):
    lead = f"放在列表最上面。一个地方最多{notices.PINNED_MOST}条。"
    return _simple(request, pk, notices.pin, title="置顶", button="置顶", lead=lead, done="置顶了。")


@posting_page(Action.CHANGE, Notice)
def unpin(request, pk):
    return _simple(request, pk, notices.unpin, title="取消置顶", button="取消置顶", lead="", done="不置顶了。")


def _simple(request, pk, verb, *, title, button, lead, done):
    found = own(request, Notice, pk)
    form, _ = open_form(request, StepForm, record=found)
    sent = request.method == "POST" and form.is_valid()
    if sent and attempt(request, form, verb, found, version=form.cleaned_data["version"]) is not None:
        messages.success(request, done)
        return _back(pk)
    return _page(request, found, form, title, button, lead=lead)


@posting_page(Action.CHANGE, Notice)
def attach(request, pk):
    found = own(request, Notice, pk)
    form, refilled = open_form(request, NoticeFileForm, record=found)
    if request.method == "POST" and form.is_valid():
        try:
            title = form.cleaned_data["title"]
            kept = attempt(request, form, notices.attach, found, uploaded=form.cleaned_data["file"], title=title)
        except ValidationError as refusal:
            form.add_error("file", refusal)
            kept = None
        if kept is not None:
            messages.success(request, "附件加上了。")
            return _back(pk)
    return _page(request, found, form, "加附件", "上传", upload=True, refilled=refilled)


@posting_page(Action.CHANGE, Notice)
def detach(request, pk, file_pk):
    found = own(request, Notice, pk)
    row = found.files.filter(pk=file_pk).first()
    if row is None:
        raise Http404
    form, _ = open_form(request, StepForm, record=found)
    if request.method == "POST" and form.is_valid():
        notices.detach(row, by=request.user)
        messages.success(request, "附件拿掉了。")
        return _back(pk)
    return _page(request, found, form, "拿掉附件", "拿掉", kind="act", lead=f"“{row.title}”拿掉以后就没有了。")
