"""The public pages of branches: where one meets, how to call. Never a member; counts below three are not told."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from branches.counted import number_of
from branches.models import Branch, CentreHousehold, CommunityMembership, PartyGroup
from config.caching import public_page

PAGE_SIZE = 30
FEWEST = 3
NEXT = 5  # activities shown of those that come next


def in_words(count, unit):
    """A count for the public: 12名; below three, how many is nobody's business: 少于3名."""
    return f"{count}{unit}" if count >= FEWEST else f"少于{FEWEST}{unit}"


@require_safe
@public_page
def branches(request):
    """All branches, by the official order of their areas."""
    rows = Branch.objects.active().select_related("division__parent", "seat__home")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "branches/list.html", {"page": page, "branches": page.object_list})


@require_safe
@public_page
def branch(request, slug):
    rows = (
        Branch.objects.active()
        .select_related("division__parent")
        .annotate(
            member_count=number_of(CommunityMembership.objects.active(), "branch"),
            household_count=number_of(CentreHousehold.objects.current().consented(), "group__branch"),
            **{
                f"{kind}_groups": number_of(PartyGroup.objects.filter(is_archived=False, kind=kind), "branch")
                for kind in PartyGroup.Kind
            },
        )
    )
    found = get_object_or_404(rows, slug=slug)
    return render(
        request,
        "branches/branch.html",
        {
            "branch": found,
            "compounds": list(found.compounds.filter(is_archived=False)),
            "home": found.homes.public().for_cards().first(),
            "next": found.activities.upcoming().for_cards()[:NEXT],
            "counts": [
                ("在册的党员", in_words(found.member_count, "名")),
                *(
                    (f"按{kind.label}分的党小组", in_words(getattr(found, f"{kind}_groups"), "个"))
                    for kind in PartyGroup.Kind
                ),
                ("同意公开的党员中心户", in_words(found.household_count, "户")),
            ],
        },
    )
