"""Addresses of letters: the public ones, the author's own by its code, and the desk's."""

from django.urls import path
from django.views.decorators.http import require_safe

from config.caching import public_page
from volunteers.feeds import LettersFeed
from volunteers.views import letter_desk, letter_own, letter_public, letter_steps, letter_write, letters

app_name = "letters"

urlpatterns = [
    path("letters/", letters.letters, name="list"),
    path("feeds/letters/", public_page(require_safe(LettersFeed())), name="feed"),
    path("letters/write/", letter_write.write, name="write"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("lookup/letter/<int:pk>/", letter_own.own, name="own"),
    path("lookup/letter/<int:pk>/ask-again/", letter_own.ask_again, name="ask_again"),
    path("lookup/letter/<int:pk>/consent/", letter_own.consent, name="consent"),
    path("lookup/letter/<int:pk>/withdraw/", letter_own.withdraw, name="withdraw"),
    path("desk/letters/", letter_desk.letters, name="desk"),
    path("desk/letters/by-telephone/", letter_desk.by_telephone, name="by_telephone"),
    path("desk/letters/<int:pk>/", letter_desk.letter, name="desk_letter"),
    path("desk/letters/<int:pk>/who/", letter_desk.who, name="who"),
    path("desk/letters/<int:pk>/accept/", letter_steps.accept, name="accept"),
    path("desk/letters/<int:pk>/assign/", letter_steps.assign, name="assign"),
    path("desk/letters/<int:pk>/decline/", letter_steps.decline, name="decline"),
    path("desk/letters/<int:pk>/merge/", letter_steps.merge, name="merge"),
    path("desk/letters/<int:pk>/draft/", letter_steps.draft, name="draft"),
    path("desk/letters/<int:pk>/send-back/", letter_steps.send_back, name="send_back"),
    path("desk/letters/<int:pk>/answer/", letter_steps.answer, name="answer"),
    path("desk/letters/<int:pk>/extend/", letter_steps.extend, name="extend"),
    path("desk/letters/<int:pk>/correct/", letter_steps.correct, name="correct"),
    path("desk/letters/<int:pk>/agreed/", letter_public.agreed, name="agreed"),
    path("desk/letters/<int:pk>/withdrawn/", letter_public.withdrawn, name="withdrawn"),
    path("desk/letters/<int:pk>/redact/", letter_public.redact, name="redact"),
    path("desk/letters/<int:pk>/publish/", letter_public.publish, name="publish"),
    path("desk/letters/<int:pk>/unpublish/", letter_public.unpublish, name="unpublish"),
]
