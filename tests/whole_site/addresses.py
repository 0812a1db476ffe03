"""Every address of the site, as the URL configuration has it."""

import re
from typing import NamedTuple

from django.contrib import admin
from django.urls import get_resolver

from branches.access import Action

# What reading an admin page asks for, by the end of its name. A new kind of page has to be entered before it goes out.
ADMIN_ACTIONS = {
    "changelist": Action.VIEW,
    "add": Action.ADD,
    "change": Action.VIEW,
    "history": Action.VIEW,
    "delete": None,  # nobody: records are archived
    "import": Action.IMPORT,
    "import_template": Action.IMPORT,
    "export": Action.EXPORT,
    "preview": Action.VIEW,
    "confirm": Action.CHANGE,
    "publish": Action.CHANGE,
    "suspend": Action.CHANGE,
    "reopen": Action.CHANGE,
    "archive": Action.CHANGE,
    "password_change": Action.CHANGE,
    "reveal": Action.REVEAL,
    "step": Action.VIEW,  # posted to: which steps somebody may take is for branches/register_requests.py to say
    "": Action.VIEW,  # the short address of a row, which leads to its change page
}
POSTING_ACTIONS = ADMIN_ACTIONS | {"change": Action.CHANGE}
# Steps that some who may change a record may still not take: homes/admin/steps.py says who
NARROWER = {"publish", "suspend", "reopen", "archive"}
# Written by load_district, or by the audit trail, alone
READ_ONLY = {"branches.division", "branches.publishedfigure", "branches.auditentry"}
# Written by verbs that have pages of their own: nobody adds or changes one by a form
BY_VERBS = {
    "branches.communitymembership", "branches.pairing", "branches.carevisit", "branches.exportrequest",
    "activities.activity", "activities.recap", "activities.signup", "activities.booking", "activities.message",
    "activities.notice", "activities.homedelivery", "volunteers.letter", "volunteers.serviceorder",
    "volunteers.assignment", "volunteers.volunteer", "volunteers.teammembership", "homes.demonstration", "homes.grant",
    "homes.instalment", "homes.homeapplication", "homes.inspection", "homes.communityproject", "homes.ledgerline",
}  # fmt: skip
# Added by verbs, and changed by a form
ADDED_BY_VERBS = {"activities.course"}
# Admin pages that are about no model: open to all staff, showing each what is theirs.
STAFF_PAGES = {
    "admin/": "/admin/",
    "admin/logout/": "/admin/logout/",
    "admin/password_change/": "/admin/password_change/",
    "admin/password_change/done/": "/admin/password_change/done/",
    "admin/autocomplete/": "/admin/autocomplete/",
    "admin/jsi18n/": "/admin/jsi18n/",
    "admin/(?P<url>.*)$": "/admin/nowhere",
}


class Route(NamedTuple):
    """A pattern of the URL configuration: `route` as written there, the last part of its name, and its view."""

    route: str
    name: str
    view: object


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, prefix + str(pattern.pattern))
        else:
            yield Route((prefix + str(pattern.pattern)).replace("^", ""), pattern.name or "", pattern.callback)


def public_routes():
    """Those for everybody. Pages about one's own account are in tests/config/test_second_step.py, those of the desk in
    tests/branches/test_desk.py.
    """
    return [route for route in routes() if not route.route.startswith(("account/", "admin/", "desk/"))]


class AdminPage(NamedTuple):
    """An admin page about a model, the actions that reading it and posting to it need (None: nobody has them)."""

    route: str
    model: type
    kind: str
    reading: Action | None
    posting: Action | None

    @property
    def about_a_row(self):
        return "<" in self.route

    def address(self, row=None):
        return "/" + re.sub(r"<[^>]+>", str(row.pk) if row else "", self.route)


def admin_pages():
    """The pages about models. LookupError for one that says neither here nor in STAFF_PAGES what it needs."""
    models = {model._meta.label_lower.replace(".", "/"): model for model in admin.site._registry}
    for route in routes():
        parts = route.route.split("/")
        if parts[0] != "admin" or route.route in STAFF_PAGES or route.name in {"login", "app_list"}:
            continue
        model = models.get("/".join(parts[1:3]))
        kind = route.name.split("_", 2)[-1] if route.name else ""
        if model is None or kind not in ADMIN_ACTIONS:
            raise LookupError(f"Say in tests/whole_site/addresses.py what {route.route} ({route.name}) needs.")
        reading, posting = ADMIN_ACTIONS[kind], POSTING_ACTIONS[kind]
        if model._meta.label_lower in READ_ONLY:
            reading = reading if reading == Action.VIEW else None
            posting = None if kind == "change" else reading
        if model._meta.label_lower in BY_VERBS and kind in ("add", "change"):
            reading, posting = (None if kind == "add" else reading), None
        if model._meta.label_lower in ADDED_BY_VERBS and kind == "add":
            reading = posting = None
        yield AdminPage(route.route, model, kind, reading, posting)


def row_actions(model, user, action):
    """The rows of `model` on which `user` may perform `action`."""
    return model._default_manager.none() if action is None else model._default_manager.visible_to(user, action)
