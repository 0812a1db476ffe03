"""The register as an Excel sheet, for the members' admin class: template, preview, import, export with a reason.

What was uploaded waits, sealed, in the shared cache for the person who sent it. The import itself is told while it
runs: the answer is sent piece by piece, so it needs neither script nor queue, and a worker that dies, or a reader who
goes away, leaves nothing half written, for all of it is one transaction.
"""

import json
import secrets

from django import forms
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from branches import audit, register_export
from branches.access import Action
from branches.audit import request_origin
from branches.register_scope import COLUMNS, Register
from branches.register_sheet import MAX_ROWS, SheetError, plan
from branches.register_writing import Stale, write
from branches.reveal import LEAST, MOST
from branches.sealing import seal, unseal
from config.spreadsheet import WorkbookError, read_rows, workbook
from config.spreadsheet_admin import KEEP_SECONDS, SHOWN, XLSX, SpreadsheetAdmin, UploadForm

CUT = "[[cut]]"  # where the page is cut: for the lines of progress, and for the result
GONE = "预览已经过了半小时，或者已经导入过了。没有重复写入；需要的话请重新上传。"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="为什么要导出",
        min_length=LEAST,
        max_length=MOST,
        help_text=f"至少{LEAST}个字，会和导出的行数、时间一起记下来备查。",
        error_messages={
            "required": f"请写明为什么要导出，至少{LEAST}个字。",
            "min_length": f"请写明为什么要导出，至少{LEAST}个字。",
            "max_length": f"理由请留在{MOST}个字以内。",
        },
    )


class RegisterSheetAdmin(SpreadsheetAdmin):
    """For the `ScopedAdmin` of members: /import/, /import/template/ and /export/ beside the list."""

    def changelist_view(self, request, extra_context=None):
        """The export is a page that asks why first, not a download."""
        return super().changelist_view(request, {"export_asks": True} | (extra_context or {}))

    # --- out
    def template_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        return self._workbook(request, [register_export.EXAMPLE_ROW], "模板")

    def export_view(self, request):
        """Ask why, then hand out the rows of the list, as filtered and ordered there; the trail keeps who and why."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        known = self.list_parameters(request)
        request.GET = request.GET.copy()
        for name in set(request.GET) - known:
            del request.GET[name]
        members = self.get_changelist_instance(request).get_queryset(request)
        members = members.filter(pk__in=self.model.objects.visible_to(request.user, Action.EXPORT).values("pk"))
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._export(request, members, form.cleaned_data["reason"])
        context = {"form": form, "count": members.count(), "title": f"导出{self.opts.verbose_name_plural}"}
        return self._page(request, "export", context)

    def _export(self, request, members, reason):
        rows, full = register_export.export(request.user, members)
        # what was searched for may be a name or a number: that there was a search is enough
        asked = {name: "（有）" if name == "q" else request.GET.getlist(name) for name in request.GET}
        audit.record(
            audit.Action.EXPORT,
            by=request.user,
            label="党员名册",
            reason=reason,
            rows=len(rows),
            in_full=full,
            filter=asked,
        )
        return self._workbook(request, rows, "导出")

    def _workbook(self, request, rows, kind):
        content = workbook("党员名册", COLUMNS, rows, register_export.notes(request.user))
        response = HttpResponse(content, content_type=XLSX)
        name = f"党员名册{kind}-{timezone.localdate():%Y%m%d}.xlsx"
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    # --- in
    def import_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if "ticket" in request.POST:
            return self._import(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        context = {"form": form}
        if request.method == "POST" and form.is_valid():
            try:
                rows = read_rows(form.cleaned_data["file"].read(), max_rows=MAX_ROWS)
                rows = [(row.number, row.cells) for row in rows]
                wanted = plan(Register(request.user, Action.IMPORT), rows)
            except (WorkbookError, SheetError) as refusal:
                form.add_error("file", str(refusal))
            else:
                context |= {"plan": wanted, "problems": wanted.problems[:SHOWN], "lines": wanted.lines[:SHOWN]}
                if wanted.lines and not wanted.problems:
                    context["ticket"] = secrets.token_urlsafe(16)
                    kept = seal(json.dumps([rows, wanted.digest()], ensure_ascii=False))
                    cache.set(self._ticket(request, context["ticket"]), kept, KEEP_SECONDS)
        return self._page(request, "import", context | {"title": "导入党员名册"})

    def _import(self, request):
        """Write what was previewed, telling how far it is."""
        ticket = self._ticket(request, request.POST["ticket"])
        kept = cache.get(ticket)
        cache.delete(ticket)
        page = self._page(request, "import_running", {"title": "正在导入党员名册", "cut": CUT}).render()
        page, answer = page.content.decode(), StreamingHttpResponse(content_type="text/html; charset=utf-8")
        steps = self._told(request.user, json.loads(unseal(kept)) if kept else None, page, request_origin.get())
        answer.streaming_content = steps
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Accel-Buffering"] = "no"  # a proxy that saves the page up would keep the words back
        return answer

    def _told(self, user, kept, page, origin):
        """The pieces of the page: all above the progress, a line for every step, the result, all below it."""
        above, between, below = page.split(CUT)
        yield above
        result = {"list_url": reverse(f"admin:{self.sheet_name}_changelist")}
        result["again_url"] = reverse(f"admin:{self.sheet_name}_import")
        if kept is None:
            result["refusal"] = GONE
        else:
            yield '<p class="progress-line">正在核对…</p>\n'
            try:
                for done, total in write(user, *kept, origin=origin):
                    result |= {"total": total}
                    yield f'<p class="progress-line">已写好 {done} 行，一共 {total} 行。请不要关这一页。</p>\n'
            except Stale as refusal:
                result["refusal"] = str(refusal)
        yield between
        yield render_to_string("admin/branches/member/import_result.html", result)
        yield below

    def _page(self, request, name, context):
        request.current_app = self.admin_site.name
        page = TemplateResponse(
            request,
            f"admin/branches/member/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "template_url": reverse(f"admin:{self.sheet_name}_import_template"),
                "max_rows": MAX_ROWS,
                **context,
            },
        )
        page.headers["Cache-Control"] = "private, no-store"
        return page
