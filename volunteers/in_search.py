"""What can be found of teams and of letters that are public."""

from homes.in_search import said
from homes.models import Home
from homes.search.index import Page, Source, register
from volunteers.models import Letter, Team


def _team(team):
    return Page(
        title=team.name,
        address=team.get_absolute_url(),
        body=said(team.lead, team.story, team.kind.name, team.home.name),
        place=team.home.name,
        is_sample=team.is_sample,
    )


def _letter(letter):
    """Its public words alone."""
    office = letter.office.name
    return Page(
        title=letter.public_subject,
        address=letter.get_absolute_url(),
        body=said(letter.public_body, letter.public_answer, office),
        place=office,
        starts_at=letter.published_at,
        is_sample=letter.is_sample,
    )


def register_sources():
    """Called once the models are loaded."""
    register(
        Source("team", "志愿服务队", 50, Team, lambda: Team.objects.public().select_related("home", "kind"), _team,
               follows=((Home, lambda home: {"home": home.pk}),))
    )  # fmt: skip
    register(Source("letter", "来信", 72, Letter, lambda: Letter.objects.public().select_related("office"), _letter))
