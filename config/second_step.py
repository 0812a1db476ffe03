"""Taking somebody's second log-in step off: the telephone is lost, or who had it has left."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from branches.audit import Action, record


@transaction.atomic
def take_off(user, *, by):
    """Remove the user's second step and recovery codes, and end all sessions: one may be open on the lost telephone.

    Return whether there was anything to remove. The next log-in asks for the password alone; where the role needs the
    second step, it leads to nothing but setting it up anew.
    """
    if not user.authenticator_set.exists():
        return False
    user.authenticator_set.all().delete()
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
    record(Action.SECURITY, by=by, subject=user, label=user.username, reason="由别人关掉了动态码")
    return True
