"""What can be found of homes and of what belongs to them: themes, streets, branches, projects, applications."""

from branches.models import Branch, Division
from homes.models import CommunityProject, Home, HomeApplication, HomeFacility, HostedBranch, Theme
from homes.search.index import Page, Source, register


def said(*words):
    """Texts as one, without those that nobody wrote."""
    return "\n".join(word for word in words if word)


def _public_homes():
    shown = Home.objects.public().select_related("theme", "division__parent")
    return shown.prefetch_related("home_facilities__facility", "branches")


def _home(home):
    theme = home.theme if home.theme and not home.theme.is_archived else None
    place = " · ".join(dict.fromkeys(part.short_name for part in (home.street, home.division) if home.street))
    offered = [part for part in home.home_facilities.all() if not part.facility.is_archived]
    return Page(
        title=home.name,
        address=home.get_absolute_url(),
        names=(
            theme.name if theme else "", home.division.short_name if home.division.level == "community" else "",
            *(part.facility.name for part in offered),
        ),
        body=said(
            home.lead, home.story, theme.lead if theme else "", place, home.address, home.directions, home.telephone,
            *(f"{part.facility.name} {part.note}" for part in offered),
            *(branch.name for branch in home.branches.all() if not branch.is_archived),
        ),
        place=place,
        note="暂停开放" if home.status == Home.Status.SUSPENDED else theme.name if theme else "",
        is_sample=home.is_sample,
    )  # fmt: skip


def _public_themes():
    return Theme.objects.filter(is_archived=False, pk__in=Home.objects.public().order_by().values("theme"))


def _theme(theme):
    body = said(theme.lead, theme.story)
    return Page(title=theme.name, address=theme.get_absolute_url(), body=body, is_sample=theme.is_sample)


def _street(street):
    return Page(title=street.name, address=f"/streets/{street.code}/", names=(street.short_name,))


def _branch(branch):
    place = branch.division.short_name
    return Page(
        title=branch.name, address=branch.get_absolute_url(), body=place, place=place, is_sample=branch.is_sample
    )


def _project(project):
    return Page(
        title=project.name,
        address=project.get_absolute_url(),
        body=said(project.lead, project.scope, project.plan, project.story, project.home.name),
        place=project.home.name,
        note=project.get_status_display(),
        starts_at=project.created_at,
        is_sample=project.is_sample,
    )


def _application(application):
    place = application.division.short_name
    return Page(
        title=application.name,
        address=application.get_absolute_url(),
        body=said(application.notice_words, place),
        place=place,
        note="公示中",
        is_sample=application.is_sample,
    )


def register_sources():
    """Called once the models are loaded."""
    of_home = ((HomeFacility, lambda part: {"pk": part.home_id}), (HostedBranch, lambda seat: {"pk": seat.home_id}),
               (Theme, lambda theme: {"theme": theme.pk}))  # fmt: skip
    register(Source("home", "家", 10, Home, _public_homes, _home, follows=of_home))
    register(
        Source("project", "共建项目", 60, CommunityProject,
               lambda: CommunityProject.objects.public().select_related("home"), _project,
               follows=((Home, lambda home: {"home": home.pk}),))
    )  # fmt: skip
    of_theme = ((Home, lambda home: {"pk": home.theme_id}),)
    register(Source("theme", "主题", 80, Theme, _public_themes, _theme, follows=of_theme))
    register(Source("branch", "支部", 84, Branch, lambda: Branch.objects.active().select_related("division"), _branch))
    register(Source("street", "街道", 86, Division, Division.objects.streets, _street))
    register(
        Source("application", "新家公示", 44, HomeApplication,
               lambda: HomeApplication.objects.in_notice().select_related("division"), _application)
    )  # fmt: skip
