"""Loading the community projects of a district that are known; the rules are those of homes/loading.py."""

from decimal import Decimal

from branches.loading import REASON
from homes import projects
from homes.loading import by_slug
from homes.models import CommunityProject, Home

TEXTS = ("lead", "scope", "plan", "story", "source", "unit_name")
COUNTS = ("households", "leading_members", "unit_count")
COLUMNS = ("slug", "name", "home", "status")


def load_projects(folder, arrivals):
    """projects.toml, if the folder has one."""
    homes, known = by_slug(Home), by_slug(CommunityProject)
    optional = (*TEXTS, *COUNTS, "raised_at_least")
    for record in folder.toml("projects.toml", "project", COLUMNS, optional, key="slug"):
        found = known.get(record.text("slug"))
        values = {"slug": record.required("slug"), "name": record.required("name")}
        values["home"] = record.reference("home", homes, "家")
        if not record.text("home"):
            record.problem("home", "不能空着。")
        values |= {name: record.text(name) for name in TEXTS if record.has(name)}
        values |= {name: record.integer(name) for name in COUNTS if record.has(name)}
        if record.has("raised_at_least"):
            values["raised_at_least"] = Decimal(record.integer("raised_at_least"))
        status = record.one_of("status", CommunityProject.Status)
        if found is None:  # afterwards its state is staff's
            values["status"] = status
        if not folder.problems:
            arrivals.bring(record, CommunityProject, found, values, create=_entered)
    folder.stop_on_problems()


def _entered(project):
    projects.enter([project], by=None, reason=REASON)
