"""Writing a letter without an account."""

from django.shortcuts import redirect

from branches.models import Division
from branches.sealing import keyed_hash
from branches.transitions import IllegalTransition
from config.limits import Limit, limited_page
from config.open_forms import PER_ADDRESS
from config.personal import open_to, personal
from homes.models import Home
from volunteers import mailbox
from volunteers.letter_forms import LetterForm

CONFLICT = 409
PER_PERSON = Limit("letters of a telephone or an address of mail", 5, 24 * 60 * 60)
SLUG_MOST = 60


@personal("GET", "HEAD", "POST")
def write(request):
    """Write to the mailbox: of the home that the address names, or of the district."""
    slug = request.GET.get("home", "")[:SLUG_MOST].replace("\0", "")
    form = LetterForm(request.POST if request.method == "POST" else None, request=request, home_slug=slug)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.letter()
        sent_before = mailbox.sent_before(**given)
        if not form.counts():
            form.wait = PER_ADDRESS.seconds
        elif not (sent_before or PER_PERSON.take(keyed_hash(given["telephone"] or given["email"].casefold(), "limit"))):
            form.refuse("今天已经收到您好几封信了，明天再写，或者打电话说。", PER_PERSON, "contact")
        else:
            try:
                letter = mailbox.send(**given, division=Division.objects.district())
            except IllegalTransition as refusal:
                form.add_error(None, str(refusal))
                status = CONFLICT
            else:
                open_to(request, letter)
                return redirect("letters:own", pk=letter.pk)
    form.fold()
    home = Home.objects.public().filter(slug=slug).first() if slug else None
    return limited_page(request, "letters/write.html", {"form": form, "home": home}, status)
