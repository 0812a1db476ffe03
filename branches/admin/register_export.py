"""The register going out, for the members' admin class: asks why, then hands the sheet out or asks a second person.

The second step of the log-in has to be fresh wherever rows leave, or are let go: config/login.py.
"""

import copy

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone

from branches import register_export, register_requests
from branches.access import Action
from branches.admin.revealing import WHY_WIDGET
from branches.forms import WhyField
from branches.register_scope import COLUMNS
from branches.reveal import MOST
from branches.scoped_admin import LIST_PARAMETERS
from config.login import prove_again, second_step_is_fresh
from config.spreadsheet import download, workbook

ORDER = "o"
SEARCH = "q"
TYPED = "export_reason"  # in the session: a reason that was typed before the second step was asked for


class ReasonForm(forms.Form):
    reason = WhyField(
        label="为什么要导出",
        such_as="年终核对名册",
        kept="不要写姓名和电话。会和导出的位数、时间一起记下来备查。",
        widget=WHY_WIDGET,
    )


def for_the_trail(query):
    """What was asked, without what was searched for: it may be a name or a number."""
    return {name: "（有）" if name == SEARCH else values for name, values in QueryDict(query).lists()}


def sheet(user, rows, kind):
    """Rows of cells as a workbook to download."""
    content = workbook("党员名册", COLUMNS, rows, register_export.notes(user))
    return download(content, f"党员名册{kind}-{timezone.localdate():%Y%m%d}.xlsx")


class RegisterExport:
    """/export/ beside the list of members."""

    def changelist_view(self, request, extra_context=None):
        """The export is a page that asks why first, not a download."""
        return super().changelist_view(request, {"export_asks": True} | (extra_context or {}))

    def export_view(self, request):
        """What the list shows, as filtered and ordered there."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        if not second_step_is_fresh(request):
            if request.method == "POST":
                request.session[TYPED] = request.POST.get("reason", "")[:MOST]
            return prove_again(request, request.get_full_path())
        query = self._query(request)
        members, told = self.members_asked(request, request.user, query)
        count = members.count()
        typed = request.session.pop(TYPED, "") if request.method == "GET" else ""
        form = ReasonForm(request.POST if request.method == "POST" else None, initial={"reason": typed})
        if request.method == "POST" and count and form.is_valid():
            why = {"by": request.user, "reason": form.cleaned_data["reason"], "asked": for_the_trail(query)}
            if count <= register_requests.ALONE:
                return sheet(request.user, register_requests.take(members, **why), "导出")
            asked = register_requests.ask(members, query=query, **why)
            messages.success(request, "申请提出了。同事批准以后，在这一页下载。")
            return HttpResponseRedirect(reverse("admin:branches_exportrequest_change", args=[asked.pk]))
        context = {"form": form, "count": count, "alone": register_requests.ALONE, "told": told}
        return self._page(request, "export", context | {"title": f"导出{self.opts.verbose_name_plural}"})

    def _query(self, request):
        """What of the list's address narrows or orders its rows."""
        kept = request.GET.copy()
        for name, values in request.GET.lists():
            narrows = name in (ORDER, SEARCH) or name not in LIST_PARAMETERS
            if not narrows or name not in self.list_parameters(request) or any("\0" in value for value in values):
                del kept[name]
        return kept.urlencode()

    def members_asked(self, request, user, query):
        """(members, words): those that the list with this query shows to `user` now and that they may export; and what
        it is narrowed to, as the side bar says it. Of a search only that there was one.
        """
        asking = copy.copy(request)
        asking.user, asking.GET, asking.method = user, QueryDict(query), "GET"
        try:
            found = self.get_changelist_instance(asking)
            members = found.get_queryset(asking)
        except IncorrectLookupParameters:
            return self.model.objects.none(), []
        told = ["按姓名或电话搜过"] if asking.GET.get(SEARCH, "").strip() else []
        for spec in found.filter_specs:
            _all, *rest = spec.choices(found)
            told += [f"{spec.title}：{choice['display']}" for choice in rest if choice["selected"]]
        return members.filter(pk__in=self.model.objects.visible_to(user, Action.EXPORT).values("pk")), told
