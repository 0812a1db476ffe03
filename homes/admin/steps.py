"""The steps of a home's life as buttons: a page that asks, one verb of homes/founding.py that does, an answer."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from branches.access import COMMUNITY, DISTRICT, ORGANISER, STREET
from branches.scoped_admin import roles_at
from branches.transitions import IllegalTransition
from homes import founding
from homes.admin.forms import ReasonForm
from homes.models import Home
from homes.views.pages import preview

RUNNING = (DISTRICT, STREET, COMMUNITY)
EVERYBODY = (*RUNNING, ORGANISER)


@dataclass(frozen=True)
class Step:
    """One button: `verb` is called with `by=`, and `reason=` where `asks_why`, from one of `states`."""

    key: str
    name: str
    verb: callable
    states: frozenset
    roles: tuple
    explanation: str
    done: str
    asks_why: bool = False


def _from(event):
    return frozenset(founding.TRANSITIONS[event][0])


STEPS = {
    step.key: step
    for step in (
        Step(
            "confirm",
            "信息仍然正确",
            founding.confirm_facts,
            frozenset(Home.PUBLIC),
            EVERYBODY,
            "请确认：地址、电话、开放时间和设施，您都核对过，没有变化。今天的日期会写成“信息核实日期”，居民看得到。",
            "已记下：今天核实过，信息仍然正确。",
        ),
        Step(
            "publish",
            "发布",
            founding.publish,
            _from("publish"),
            RUNNING,
            "发布以后，居民马上就能在网站上看到这个家。",
            "已发布，居民现在看得到了。",
        ),
        Step(
            "suspend",
            "暂停开放",
            founding.suspend,
            _from("suspend"),
            EVERYBODY,
            "页面还在，居民会看到“暂停开放”和您写的原因。",
            "已暂停开放，原因写在页面上了。",
            asks_why=True,
        ),
        Step(
            "reopen",
            "恢复开放",
            founding.reopen,
            _from("reopen"),
            EVERYBODY,
            "居民会重新看到正常的开放时间。",
            "已恢复开放。",
        ),
        Step(
            "archive",
            "归档",
            founding.archive,
            _from("archive"),
            (DISTRICT, STREET),
            "归档以后居民看不到这个家，资料、照片和修改记录都会留着，以后可以重新发布。",
            "已归档，资料都留着。",
            asks_why=True,
        ),
    )
}


def next_steps(request, home):
    """The steps that this user may take from the state the home is in now."""
    roles = roles_at(request, home)
    return [step for step in STEPS.values() if home.status in step.states and roles & {role.key for role in step.roles}]


class TakesSteps:
    """For the admin class of homes: a page for every step, and the preview of a draft."""

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path(f"<path:object_id>/{key}/", view(partial(self.step_view, step=step)), name=f"homes_home_{key}")
            for key, step in STEPS.items()
        ]
        own.append(path("<path:object_id>/preview/", view(self.preview_view), name="homes_home_preview"))
        return own + super().get_urls()

    def step_view(self, request, object_id, step):
        """Ask on GET, do on POST. A step that somebody else has taken meanwhile is explained, not forced."""
        home = self.get_object(request, object_id)
        if home is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, home):
            raise PermissionDenied
        if not roles_at(request, home) & {role.key for role in step.roles}:
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:homes_home_change", args=[home.pk]))
        if home.status not in step.states:
            messages.warning(
                request, f"“{home}”现在是“{home.get_status_display()}”，不用再“{step.name}”。可能同事刚刚处理过。"
            )
            return back
        form = ReasonForm(request.POST or None) if step.asks_why else None
        if request.method == "POST" and (form is None or form.is_valid()):
            try:
                step.verb(home, by=request.user, **(form.cleaned_data if form else {}))
            except IllegalTransition as refusal:
                messages.error(request, str(refusal))
            else:
                self.log_change(request, home, step.name)
                messages.success(request, f"“{home}”{step.done}")
            return back
        return TemplateResponse(
            request,
            "admin/homes/home/step.html",
            {
                **self.admin_site.each_context(request),
                "title": f"{step.name}：{home}",
                "step": step,
                "home": home,
                "form": form,
                "missing": founding.missing_facts(home) if step.key in ("publish", "confirm") else [],
                "opts": self.opts,
            },
        )

    def preview_view(self, request, object_id):
        """The home's page as residents will see it, for staff alone."""
        home = self.get_object(request, object_id)
        if home is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return preview(request, home.pk)
