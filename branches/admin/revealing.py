"""A page behind a question: what is sealed is shown in the answer to a reason, once, and the reason is kept.

Nothing is remembered between two requests: looking again is asking again. What is shown can be changed in the same
answer, by those who may change it; without it a form does not even hold the sealed fields, so that no mask is ever
written over what it stands for.
"""

import copy

from django import forms
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path

from branches.access import Action
from branches.forms import WhyField

WHY_WIDGET = forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"})


class WhyForm(forms.Form):
    reason = WhyField(such_as="约星期三上门的时间", widget=WHY_WIDGET)


class Reveals:
    """For an admin class. `record_reveal(request, obj, reason)` writes the audit entry; `revealed(request)` is asked by
    the form's declarations; `sealed_facts` says in words what will be seen."""

    change_form_template = "admin/branches/masked_change_form.html"
    sealed_facts = ""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_reveal"
        view = self.admin_site.admin_view(self.reveal_view)
        return [path("<path:object_id>/reveal/", view, name=name), *super().get_urls()]

    @staticmethod
    def revealed(request):
        return getattr(request, "_revealed", False)

    def may_reveal(self, request, obj):
        return self.may(request, Action.REVEAL, obj)

    def reveal_view(self, request, object_id):
        """Ask why on GET; on POST show everything, or save what was changed in what was shown."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.may_reveal(request, obj):
            raise PermissionDenied
        if request.method == "POST" and "_save" in request.POST:
            return self._everything(request, object_id)
        form = WhyForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self.record_reveal(request, obj, form.cleaned_data["reason"])
            reading = copy.copy(request)  # the answer is the form as reading would have given it
            reading.method = "GET"
            return self._everything(reading, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"看 {obj} 的{self.sealed_facts}",
            "form": form,
            "object": obj,
            "sealed_facts": self.sealed_facts,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/branches/why.html", context)

    def _everything(self, request, object_id):
        request._revealed = True
        return self.changeform_view(request, object_id, extra_context={"show_save_and_continue": False})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["revealed"] = self.revealed(request)
        context["sealed_facts"] = self.sealed_facts
        context["may_reveal"] = obj is not None and not context["revealed"] and self.may_reveal(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)
