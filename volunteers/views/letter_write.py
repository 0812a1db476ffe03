"""Writing a letter without an account."""

from django.shortcuts import redirect

from branches.models import Division
from branches.transitions import IllegalTransition
from config.limits import limited_page
from config.personal import open_to, personal
from homes.models import Home
from volunteers import mailbox
from volunteers.letter_forms import NUMBER_MOST, LetterForm, in_notice

CONFLICT = 409
SLUG_MOST = 60


@personal("GET", "HEAD", "POST")
def write(request):
    """Write to the mailbox: of the home that the address names, about the application it names, or to the district."""
    slug = request.GET.get("home", "")[:SLUG_MOST].replace("\0", "")
    application = in_notice(request.GET.get("application", "")[:NUMBER_MOST].replace("\0", ""))
    sent = request.POST if request.method == "POST" else None
    form = LetterForm(sent, request=request, home_slug=slug, application=application)
    status = 200
    if request.method == "POST" and form.is_valid():
        again = mailbox.sent_before(**form.letter()) is not None
        if form.counts(again=again):
            try:
                letter = mailbox.send(**form.letter(), division=Division.objects.district())
            except IllegalTransition as refusal:
                form.add_error(None, str(refusal))
                status = CONFLICT
            else:
                open_to(request, letter)
                return redirect("letters:own", pk=letter.pk)
    form.fold()
    home = Home.objects.public().filter(slug=slug).first() if slug else None
    return limited_page(request, "letters/write.html", {"form": form, "home": home, "application": application}, status)
