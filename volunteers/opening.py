"""Opening a letter: whoever answers has to read it, and each opening stands in the audit trail. Its telephone opens
only with a reason.
"""

from branches import audit
from branches.access import Action
from branches.public_words import found_in
from branches.reveal import enough
from volunteers.models import Letter

READ = ("subject", "body", "name")
CONTACT = {"telephone": "电话", "email": "邮箱", "proxy_name": "代写人"}
CLOSED = "内容打开才看得到"


def about(letter):
    """What a list says of it: the subject, unless that holds what a letter is opened for."""
    is_personal = found_in(letter.subject, names=(letter.name, letter.proxy_name), email=letter.email)
    return CLOSED if is_personal else letter.subject


def may_open(letter, by):
    return Letter.objects.filter(pk=letter.pk).visible_to(by, Action.REVEAL).exists()


def open_letter(letter, *, by):
    """Let them read it; False where they may not."""
    if not may_open(letter, by):
        return False
    audit.record(audit.Action.REVEAL, by=by, subject=letter, fields=READ)
    return True


def reveal_contact(letter, *, by, reason):
    """[(label, text)] of how the author is reached. Letter.DoesNotExist where they may not see it."""
    if not may_open(letter, by):
        raise Letter.DoesNotExist
    audit.record(audit.Action.REVEAL, by=by, subject=letter, reason=enough(reason), fields=list(CONTACT))
    return [(name, label, getattr(letter, name)) for name, label in CONTACT.items() if getattr(letter, name)]
