"""The staff pages: Django's admin in the portal's own voice."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.i18n import JavaScriptCatalog

from branches.scoped_admin import ScopedAutocomplete
from branches.waiting import lines_for
from config.site import site


class PortalAdminSite(admin.AdminSite):
    site_header = "美在金秋 工作台"
    site_title = "工作台"
    index_title = "今天要做的事"
    empty_value_display = "待补充"
    enable_nav_sidebar = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._app_lists = {}
        self.disable_action("delete_selected")  # records are archived by their verbs

    def register(self, model_or_iterable, admin_class=None, **options):
        """Leave out the pages that allauth brings along: they do not ask who is looking."""
        if admin_class is None or not admin_class.__module__.startswith("allauth."):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view, cacheable=False):
        """Answer a forged number that no database can hold with 400, wherever it was put."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request, *args, **kwargs):
            try:
                return guarded(request, *args, **kwargs)
            except OverflowError as error:
                raise BadRequest("a number beyond any key") from error

        return answer

    def get_urls(self):
        """Without the redirect that tells any member of staff the address of any record by its number."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def login(self, request, extra_context=None):
        """The one door is /account/login/. Whoever is in already and still comes by here may not open that page."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        query = request.GET.urlencode()
        return HttpResponseRedirect(reverse("account_login") + (f"?{query}" if query else ""))

    def logout(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    def i18n_javascript(self, request, extra_context=None):
        """Django's own is deaf to locale/."""
        return JavaScriptCatalog.as_view()(request)

    def autocomplete_view(self, request):
        return ScopedAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """The sections by how often they are needed: admin classes say it in `menu_order`, the lowest first.

        Every page carries them. They follow from the reader's roles alone, so they are worked out once for each set.
        """
        user = request.user
        roles = "all" if user.is_superuser else frozenset(post.role for post in getattr(user, "current_postings", ()))
        asked = user.is_active, roles, app_label
        if asked not in self._app_lists:
            apps = super().get_app_list(request, app_label)
            for app in apps:
                app["models"].sort(key=lambda entry: self._menu_order(entry["model"]))
            apps.sort(key=lambda app: min(self._menu_order(entry["model"]) for entry in app["models"]))
            self._app_lists[asked] = apps
        return self._app_lists[asked]

    def _menu_order(self, model):
        return getattr(self._registry[model], "menu_order", 100)

    def each_context(self, request):
        context = super().each_context(request)
        return context | {
            "sections": context["available_apps"],
            "site_index": reverse("admin:index"),
            **site(request),  # Django's log-in page has a `site` of its own
        }

    def index(self, request, extra_context=None):
        """What waits for the reader, and what they may look at."""
        context = {"waiting": lines_for(request.user), "today": timezone.localdate()}
        return super().index(request, context | (extra_context or {}))
