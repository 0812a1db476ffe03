"""The register coming in as an Excel sheet, for the members' admin class: template, preview, import.

What was uploaded waits, sealed, in the shared cache for the person who sent it. The import itself is told while it
runs: the answer is sent piece by piece, so it needs neither script nor queue, and a worker that dies, or a reader who
goes away, leaves nothing half written, for all of it is one transaction.
"""

import json
import secrets

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse

from branches import register_export
from branches.access import Action
from branches.admin.register_export import RegisterExport, sheet
from branches.audit import request_origin
from branches.register_scope import Register
from branches.register_sheet import MAX_ROWS, SheetError, plan
from branches.register_writing import Stale, write
from branches.sealing import seal, unseal
from config.spreadsheet import WorkbookError, read_rows
from config.spreadsheet_admin import KEEP_SECONDS, SHOWN, SpreadsheetAdmin, UploadForm

CUT = "[[cut]]"  # where the page is cut: for the lines of progress, and for the result
GONE = "预览已经过了半小时，或者已经导入过了。没有重复写入；需要的话请重新上传。"


class RegisterSheetAdmin(RegisterExport, SpreadsheetAdmin):
    """For the `ScopedAdmin` of members: /import/, /import/template/ and /export/ beside the list."""

    def template_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        return sheet(request.user, [register_export.EXAMPLE_ROW], "模板")

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
