"""The base of records that are put on at the desk: read here, with the way to the page that does something."""

from django.urls import reverse

from branches.admin.members import ReadOnlyByVerbs
from branches.row_history import entries

STEPS = {
    "draft": "存草稿", "write": "写", "submit_review": "交审核", "publish": "发布", "schedule": "定时发布",
    "sent": "发出去了", "failed": "没发出去", "hold": "取消定时发布", "send_back": "退回", "correct": "改内容",
    "reschedule": "改时间或地点", "cancel": "取消", "finish": "结束", "unpublish": "收回成草稿",
    "withdraw": "撤回", "pin": "置顶", "unpin": "取消置顶", "join": "报名", "promote": "候补转为报上",
    "leave": "取消报名", "offer_late": "电话补上", "check_in": "凭报名码签到", "mark_attended": "到了",
    "mark_absent": "没到", "walk_in": "临时来的", "strike_out": "删去临时来的", "set_capacity": "改名额",
    "lay_out": "排课", "attach": "加附件", "detach": "拿掉附件", "send": "收到", "accept": "受理",
    "assign": "换答复单位", "decline": "不予受理", "merge": "合并办理", "answer": "答复", "extend": "延期",
    "ask_again": "追问", "archive": "归档", "consent": "同意公开", "redact": "脱敏", "take_back": "收回同意，撤下",
}  # fmt: skip


class OnTheDesk(ReadOnlyByVerbs):
    """`desk_address` names the page of the desk about such a record, "" where there is none; `step_words` say what
    the steps of its history are called.
    """

    change_form_template = "admin/branches/steps_change_form.html"
    empty_value_display = "—"  # nothing is missing: most of it is told only where there is something to tell
    desk_address = ""
    desk_words = "在工作台上办"
    step_words = STEPS

    def desk_key(self, obj):
        return obj.pk

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if self.desk_address and obj is not None:
            address = reverse(self.desk_address, args=[self.desk_key(obj)])
            context["steps"] = [(self.desk_words, address, False)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request, object_id, extra_context=None):
        """The history, its steps in words."""
        obj = self.get_object(request, object_id)
        told = []
        if obj is not None:
            told = entries(self.history_sources(obj), hidden=self.history_hidden, masked=self.history_masked)
        for entry in told:
            entry.reason = self.step_words.get(entry.reason, entry.reason)
        return super().history_view(request, object_id, {"entries": told} | (extra_context or {}))
