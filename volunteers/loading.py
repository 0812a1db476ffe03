"""Loading the words of a district for volunteers, and the teams it is known by. The rules are branches/loading.py's."""

from homes.loading import by_slug
from homes.models import Home
from volunteers.models import OrderCategory, Skill, Team, TeamKind

KINDS = ("slug", "name", "sentence", "order")
CATEGORIES = (
    "slug", "name", "sentence", "skill", "usual_minutes", "accept_days", "done_days", "elsewhere", "order",
)  # fmt: skip


def load_teams(folder, arrivals):
    """team_kinds.csv, skills.csv, order_categories.csv and teams.csv, as far as the folder has them."""
    _load(folder, arrivals, "team_kinds.csv", TeamKind, KINDS, _sentence)
    _load(folder, arrivals, "skills.csv", Skill, ("slug", "name", "order"), lambda record: {})
    _load(folder, arrivals, "order_categories.csv", OrderCategory, CATEGORIES, _category(by_slug(Skill)))
    _load_teams(folder, arrivals)


def _load(folder, arrivals, name, model, columns, further):
    if not folder.has(name):
        return
    known = by_slug(model)
    for record in folder.csv(name, columns, key=("slug",)):
        slug = record.required("slug")
        values = {"slug": slug, "name": record.required("name"), "order": record.integer("order", default=100)}
        arrivals.bring(record, model, known.get(slug), values | further(record))
    folder.stop_on_problems()


def _sentence(record):
    return {"sentence": record.text("sentence")} if record.has("sentence") else {}


def _category(skills):
    def values(record):
        found = _sentence(record) | {
            "usual_minutes": record.integer("usual_minutes", default=60),
            "accept_days": record.integer("accept_days", default=1),
            "done_days": record.integer("done_days", default=5),
        }
        if record.has("elsewhere"):
            found["elsewhere"] = record.text("elsewhere")
        if record.has("skill"):
            found["skill"] = skills.get(record.text("skill"))
            if found["skill"] is None:
                record.problem("skill", "skills.csv 里没有这个本领。")
        return found

    return values


def _load_teams(folder, arrivals):
    if not folder.has("teams.csv"):
        return
    homes, kinds, known = by_slug(Home), by_slug(TeamKind), by_slug(Team)
    for record in folder.csv("teams.csv", ("slug", "name", "home", "kind", "lead"), key=("slug",)):
        home, kind = homes.get(record.required("home")), kinds.get(record.required("kind"))
        if home is None:
            record.problem("home", "没有这个家。")
        if kind is None:
            record.problem("kind", "team_kinds.csv 里没有这个种类。")
        if home is None or kind is None:
            continue
        slug = record.required("slug")
        values = {"slug": slug, "name": record.required("name"), "home": home, "kind": kind}
        values |= {"lead": record.text("lead")} if record.has("lead") else {}
        arrivals.bring(record, Team, known.get(slug), values)
    folder.stop_on_problems()
