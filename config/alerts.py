"""Telling somebody of what is the matter: each thing once, and once more when it is over.

What was told is kept in a file of DATA_DIR, since the database may be what is the matter. Where the message gets
through neither way, nothing counts as told, and the next run tries again.
"""

import json
import urllib.request
from contextlib import suppress

from django.conf import settings
from django.core.mail import send_mail

from config.findings import CannotLookError, Level, findings, of_kind

SECONDS = 10  # for the webhook to answer
MOST_BYTES = 2048  # of a message: more 企业微信 refuses


class RefusedError(Exception):
    """The webhook took nothing."""


class NotToldError(Exception):
    """The message got through neither way."""


def news():
    """(what is the matter now and was not told, what was told and is over, what to remember as told)."""
    told, now, unknown = _told(), {}, set()
    for check in of_kind("alert"):
        try:
            now |= {found.key: found for found in findings(check) if found.level > Level.FINE}
        except CannotLookError:
            unknown.add(check.key)  # neither new nor over
    kept = {key: said for key, said in told.items() if key.split(":")[0] in unknown}
    fresh = [found for key, found in now.items() if key not in told]
    over = [said for key, said in told.items() if said and key not in now and key not in kept]
    # what only happened is remembered without words: it is never over
    return fresh, over, kept | {key: "" if found.event else f"{found.name}：{found.said}" for key, found in now.items()}


def words(fresh, over):
    lines = [f"{found.level.word}：{found.name}。{found.said}\n    怎么办：{found.todo}" for found in fresh]
    return "\n".join(lines + [f"已经好了：{said}" for said in over])


def tell(text, number):
    """Send it to the webhook and by e-mail, as far as either is set, whatever becomes of the other.

    Return which failed and how, in words; NotToldError with them where none got through.
    """
    ways = []
    if settings.ALERT_WEBHOOK:
        ways.append(("ALERT_WEBHOOK", lambda: _post(f"{settings.SITE_NAME}\n{text}")))
    if settings.ALERT_EMAIL and settings.SENDS_EMAIL:
        subject = f"{settings.SITE_NAME}：网站有{number}件事要看"
        ways.append(("ALERT_EMAIL", lambda: send_mail(subject, text, None, settings.ALERT_EMAIL)))
    failed = []
    for name, send in ways:
        try:
            send()
        except Exception as error:  # whatever a mail server or somebody else's webhook may do
            failed.append(f"{name}（{type(error).__name__}）")
    if failed and len(failed) == len(ways):
        raise NotToldError("、".join(failed))
    return "、".join(failed)


def remember(told):
    path = _path()
    path.parent.mkdir(exist_ok=True)
    half = path.with_suffix(".new")
    half.write_text(json.dumps(told, ensure_ascii=False))
    half.replace(path)


def _post(text):
    """As the robots of 企业微信 and 钉钉 take it, who answer 200 and an `errcode` to what they do not take."""
    content = text.encode()[:MOST_BYTES].decode(errors="ignore")
    request = urllib.request.Request(  # noqa: S310 - the settings let only http in
        settings.ALERT_WEBHOOK,
        json.dumps({"msgtype": "text", "text": {"content": content}}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        told = answer.read(MOST_BYTES)
    with suppress(ValueError):  # others need not answer anything
        told = json.loads(told)
        if isinstance(told, dict) and told.get("errcode"):
            raise RefusedError(told["errcode"])


def _told():
    try:
        return json.loads(_path().read_text())
    except (OSError, ValueError):
        return {}


def _path():
    return settings.DATA_DIR / "watching" / "alerts.json"
