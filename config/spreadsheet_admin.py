"""Import and export pages for an admin class: a template to fill in, a preview of every change, then all or nothing.

The rows of an upload wait, sealed, in the shared cache for the person who sent them, so that what was previewed is what
is written, whichever worker answers.
"""

import json
import secrets

import tablib
from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify

from branches.sealing import seal, unseal
from config.spreadsheet import WorkbookError, download, read_rows, workbook

KEEP_SECONDS = 30 * 60
SHOWN = 200  # rows of a preview


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Excel 表格",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请先选一个 Excel 表格。", "empty": "这个文件是空的。"},
    )


class SpreadsheetAdmin:
    """For a `ScopedAdmin`.

    `sheet_class(user)` is an import-export resource with `headings`, `notes()` and `warnings`; the class says the
    `max_rows` of an import, what it is `about_new` rows that a reader should know, and the `row_column` that carries
    Excel's row numbers.
    """

    sheet_class = None
    change_list_template = "import_export/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view
        pages = {"import": self.import_view, "import/template": self.template_view, "export": self.export_view}
        return [
            path(f"{address}/", view(page), name=f"{self.sheet_name}_{address.replace('/', '_')}")
            for address, page in pages.items()
        ] + super().get_urls()

    @property
    def sheet_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def changelist_view(self, request, extra_context=None):
        extra = {
            "may_import": self.has_import_permission(request),
            "may_export": self.has_export_permission(request),
            "import_url": reverse(f"admin:{self.sheet_name}_import"),
            "export_url": f"{reverse(f'admin:{self.sheet_name}_export')}?{request.GET.urlencode()}",
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    # --- out
    def export_view(self, request):
        """The rows of the list, as filtered and ordered there, as a workbook that can be imported again."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        known = self.list_parameters(request)
        asked = request.GET.copy()
        for name, value in request.GET.items():
            if name not in known or "\0" in value:
                del asked[name]
        request.GET = asked
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{reverse(f'admin:{self.sheet_name}_changelist')}?e=1")
        sheet = self.sheet_class(request.user)
        return self._download(sheet, sheet.export(rows), "导出")

    def template_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        return self._download(self.sheet_class(request.user), (), "模板")

    def _download(self, sheet, rows, kind):
        name = f"{self.opts.verbose_name}{kind}-{timezone.localdate():%Y%m%d}.xlsx"
        content = workbook(str(self.opts.verbose_name_plural), sheet.headings, rows, sheet.notes())
        return download(content, name)

    # --- in
    def import_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if "ticket" in request.POST:
            return self._write(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        context = {}
        if request.method == "POST" and form.is_valid():
            try:
                rows = read_rows(form.cleaned_data["file"].read(), max_rows=self.sheet_class.max_rows)
                dataset = self._dataset(rows)
            except WorkbookError as refusal:
                form.add_error("file", str(refusal))
            else:
                context = self._preview(request, dataset)
                if not context["problems"]:
                    context["ticket"] = secrets.token_hex(16)
                    kept = seal(json.dumps([dataset.headers, list(dataset)], ensure_ascii=False))
                    cache.set(self._ticket(request, context["ticket"]), kept, KEEP_SECONDS)
        return self._answer(request, form, context)

    def _write(self, request):
        """Write what was previewed, or nothing."""
        ticket = self._ticket(request, request.POST["ticket"])
        kept = cache.get(ticket)
        if kept is None:
            messages.warning(request, "预览已经过了半小时，或者已经导入过了。没有重复写入；需要的话请重新上传。")
            return HttpResponseRedirect(request.path)
        headings, rows = json.loads(unseal(kept))
        dataset = tablib.Dataset(*rows, headers=headings)
        context = self._preview(request, dataset)
        if context["warnings"] and "looked" not in request.POST:
            context |= {"ticket": request.POST["ticket"], "look_again": True}
            return self._answer(request, UploadForm(), context)
        if context["problems"]:
            return self._answer(request, UploadForm(), context)
        cache.delete(ticket)
        result = self.sheet_class(request.user).import_data(
            dataset, use_transactions=True, rollback_on_validation_errors=True
        )
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, "刚才有同事改了同样的内容，这次没有写入。请重新上传，再看一遍预览。")
            return HttpResponseRedirect(request.path)
        totals = result.totals
        messages.success(
            request, f"导入完成：新增 {totals['new']} 行，修改 {totals['update']} 行，{totals['skip']} 行没有变化。"
        )
        return HttpResponseRedirect(reverse(f"admin:{self.sheet_name}_changelist"))

    def _ticket(self, request, ticket):
        return f"import:{self.sheet_name}:{request.user.pk}:{slugify(ticket)[:40]}"

    def _dataset(self, rows):
        """A table under its headings, each row with its number in Excel."""
        sheet_columns = {field.column_name for field in self.sheet_class.fields.values()}
        if not rows:
            raise WorkbookError("表格是空的。请下载模板，照着填。")
        headings = [heading for heading in rows[0].cells if heading]
        if len(set(headings)) != len(headings):
            raise WorkbookError("有两列的列名一样，请删掉一列。")
        if not sheet_columns & set(headings):
            raise WorkbookError("第一行应当是列名，和模板里的一样。请下载模板，照着填。")
        places = [place for place, heading in enumerate(rows[0].cells) if heading]
        dataset = tablib.Dataset(headers=[*headings, self.sheet_class.row_column])
        for row in rows[1:]:
            dataset.append([*(row.cells[place] if place < len(row.cells) else "" for place in places), row.number])
        if not len(dataset):
            raise WorkbookError("只有列名，没有内容。")
        return dataset

    def _preview(self, request, dataset):
        """Try the import and take it back: {problems, changes, warnings, unknown, totals}."""
        sheet = self.sheet_class(request.user)
        result = sheet.import_data(dataset, dry_run=True, use_transactions=True)
        numbers = dataset[self.sheet_class.row_column]
        columns = {field.attribute or name: field.column_name for name, field in sheet.fields.items()}
        problems = [
            (numbers[invalid.number - 1], columns.get(attribute, "整行"), message)
            for invalid in result.invalid_rows
            for attribute, found in invalid.error_dict.items()
            for message in found
        ]
        problems += [(numbers[row.number - 1], "整行", "这一行没法读懂，请检查内容。") for row in result.error_rows]
        if result.base_errors:
            needed = "、".join(f"“{sheet.fields[name].column_name}”" for name in sheet.get_import_id_fields())
            problems.append((1, "列名", f"缺少{needed}这一列。请用模板里的列名。"))
        known = {field.column_name for field in sheet.fields.values()} | {self.sheet_class.row_column}
        return {
            "problems": sorted(problems, key=lambda problem: problem[0])[:SHOWN],
            "changes": [
                {
                    "number": row.row_values[self.sheet_class.row_column],
                    "name": row.object_repr,
                    "is_new": row.is_new(),
                    "differences": row.diff,
                }
                for row in result.valid_rows()[:SHOWN]
            ],
            "totals": result.totals,
            "warnings": sheet.warnings,
            "unknown": [heading for heading in dataset.headers if heading not in known],
        }

    def _answer(self, request, form, context):
        return TemplateResponse(
            request,
            "import_export/import.html",
            {
                **self.admin_site.each_context(request),
                "title": f"导入{self.opts.verbose_name}",
                "opts": self.opts,
                "form": form,
                "template_url": reverse(f"admin:{self.sheet_name}_import_template"),
                "max_rows": self.sheet_class.max_rows,
                "about_new": self.sheet_class.about_new,
                **context,
            },
        )
