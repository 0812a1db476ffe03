"""The staff pages of what was asked to be exported: the one who asked follows and fetches, a second person decides."""

from datetime import timedelta

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from branches import register_requests
from branches.access import Action
from branches.admin.members import ReadOnlyByVerbs
from branches.admin.register_export import for_the_trail, sheet
from branches.models import Event, ExportRequest, Member
from branches.transitions import IllegalTransition
from config.login import prove_again, second_step_is_fresh

Status = ExportRequest.Status
EVENTS = {"ask": "提出申请", "approve": "批准", "decline": "没有批准", "withdraw": "撤回", "fetch": "下载"}
NAMED = 5  # colleagues
TOLD_DAYS = 7  # that an answer stays on the first page


@admin.register(ExportRequest)
class ExportRequestAdmin(ReadOnlyByVerbs):
    menu_order = 45
    list_display = ("asked_at", "asked_by", "place", "rows", "standing")
    list_display_links = ("asked_at",)
    list_filter = ("status",)
    list_select_related = ("asked_by", "branch", "division")
    ordering = ("-asked_at", "-pk")
    fields = ("asked_by",)  # its page tells the rest in sentences

    def get_urls(self):
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/step/", view, name="branches_exportrequest_step"), *super().get_urls()]

    @admin.display(description="范围")
    def place(self, asked):
        return str(asked.branch or asked.division)

    @admin.display(description="状态", ordering="status")
    def standing(self, asked):
        if asked.status != Status.APPROVED:
            return asked.get_status_display()
        if self._over(asked):
            return "批准过，已经过了下载时间"
        until = timezone.localtime(asked.expires_at)
        return f"已批准，{until.month}月{until.day}日 {until:%H:%M} 以前可以下载"

    @staticmethod
    def _over(asked):
        return asked.status == Status.APPROVED and asked.expires_at <= timezone.now()

    # --- one request
    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        own = obj.asked_by_id == request.user.pk
        _members, told = self._members(request, obj)
        context |= {
            "filters": told,
            "standing": self.standing(obj),
            "may_decide": obj.status == Status.WAITING and not own and self.may_step(request, obj),
            "may_withdraw": obj.status == Status.WAITING and own,
            "may_fetch": obj.status == Status.APPROVED and own and not self._over(obj),
            "colleagues": register_requests.deciders(obj).order_by("pk")[:NAMED] if own else (),
            "timeline": [
                (EVENTS.get(event.event, event.event), event)
                for event in Event.objects.filter(subject=self.opts.label_lower, subject_pk=obj.pk)
            ],
            "step_url": reverse("admin:branches_exportrequest_step", args=[obj.pk]),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _members(self, request, asked):
        return self.admin_site.get_model_admin(Member).members_asked(request, asked.asked_by, asked.query)

    def step_view(self, request, object_id):
        asked = self.get_object(request, object_id)
        if asked is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse("admin:branches_exportrequest_change", args=[asked.pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        if not second_step_is_fresh(request):
            return prove_again(request, back)
        try:
            return self._step(request, asked) or HttpResponseRedirect(back)
        except IllegalTransition as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(back)

    def _step(self, request, asked):
        """Take the step; the sheet, where it is to be fetched."""
        match request.POST.get("step"):
            case "approve":
                register_requests.approve(asked, self._members(request, asked)[0], by=request.user)
                messages.success(request, f"批准了。{asked.asked_by}可以在24小时以内下载。")
            case "decline":
                register_requests.decline(asked, by=request.user, reason=request.POST.get("reason", ""))
                messages.success(request, f"没有批准，{asked.asked_by}会看到您写的原因。")
            case "withdraw":
                register_requests.withdraw(asked, by=request.user)
                messages.success(request, "撤回了。")
            case "fetch":
                members, told = self._members(request, asked)[0], for_the_trail(asked.query)
                return sheet(request.user, register_requests.fetch(asked, members, by=request.user, asked=told), "导出")
        return None

    # --- the first page
    def to_do(self, request):
        user = request.user
        if not self.may(request, Action.VIEW):
            return []
        own = ExportRequest.objects.filter(asked_by=user)
        answered = own.filter(decided_at__gt=timezone.now() - timedelta(days=TOLD_DAYS))
        ready = own.filter(status=Status.APPROVED, expires_at__gt=timezone.now(), fetched_at=None)
        lines = (
            (
                "导出申请等您看一看",
                ExportRequest.objects.waiting_for(user),
                "看看谁要、为什么要，再决定。",
            ),
            ("导出批准了，等您下载", ready, "批准后24小时以内下载。"),
            ("导出还等着同事批准", own.filter(status=Status.WAITING), "您提出的。急用的话，给同事打个电话。"),
            ("导出没有批准", answered.filter(status=Status.DECLINED), "点开看看原因。"),
        )
        return [
            {"label": label, "unit": "份", "count": rows.count(), "hint": hint, "url": self._where(rows)}
            for label, rows, hint in lines
        ]

    def _where(self, rows):
        """The address of the only one, or of the list."""
        keys = list(rows.values_list("pk", flat=True)[:2])
        if len(keys) == 1:
            return reverse("admin:branches_exportrequest_change", args=keys)
        return reverse("admin:branches_exportrequest_changelist")
