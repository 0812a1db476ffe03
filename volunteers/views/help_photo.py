"""Photographs of what is to be mended: seen by who asked for help, by who has it in hand, by the staff of the place."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from branches.views.private_file import served
from config.personal import opened
from volunteers import contact
from volunteers.models import OrderPhoto
from volunteers.views import own_page


def may_see(request, photo):
    """Whether whoever is asking may see this photograph now."""
    if opened(request, photo.order) or OrderPhoto.objects.visible_to(request.user).filter(pk=photo.pk).exists():
        return True
    volunteer, _ = own_page.opened(request)
    return volunteer is not None and any(
        contact.is_open(each) for each in photo.order.assignments.filter(volunteer=volunteer)
    )


@require_safe
def photo(request, pk):
    """One photograph; the same answer for none and for one that is not for whoever asks."""
    stored = get_object_or_404(OrderPhoto.objects.select_related("order"), pk=pk)
    if not may_see(request, stored):
        raise Http404
    return served(stored.picture, "image/webp")
