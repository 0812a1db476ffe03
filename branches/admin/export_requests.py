"""The staff pages of what was asked to be exported: the one who asked follows and fetches, a second person decides."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone

from branches import register_requests
from branches.admin.members import ReadOnlyByVerbs
from branches.admin.register_export import for_the_trail, sheet
from branches.models import Event, ExportRequest, Member
from branches.transitions import IllegalTransition
from branches.what_waits import EXPORTS
from config.login import prove_again, second_step_is_fresh

Status = ExportRequest.Status
EVENTS = {"ask": "提出申请", "approve": "批准", "decline": "没有批准", "withdraw": "撤回", "fetch": "下载"}
NAMED = 5  # colleagues


class Turn(admin.SimpleListFilter):
    """What the first page counts."""

    title = "轮到谁"
    parameter_name = "turn"

    def lookups(self, request, model_admin):
        return [(turn, label) for turn, (label, _hint) in EXPORTS.items()]

    def queryset(self, request, queryset):
        if self.value() not in EXPORTS:
            return queryset
        return queryset.filter(pk__in=getattr(ExportRequest.objects, self.value())(request.user).values("pk"))


@admin.register(ExportRequest)
class ExportRequestAdmin(ReadOnlyByVerbs):
    menu_order = 45
    list_display = ("asked_at", "asked_by", "place", "rows", "standing")
    list_display_links = ("asked_at",)
    list_filter = (Turn, "status")
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
