"""What no person sends, to forms of a running portal: part of `make drill-fuzz` (`python -m tests.drills.too_much`).

Bytes that are no text, fields of a megabyte, 5,000 fields, 200 files, as a stranger and as the district, through
gunicorn as in production, on SQLite and on a PostgreSQL of its own. Each is refused or shown again, and the memory of
all processes together stays what it was after the same forms were read and sent as people do. Prints the statuses and
the memory; ends with 1 where something broke or it grew by 100 MB.
"""

import sys
import time
from collections import Counter
from urllib.parse import quote
from uuid import uuid4

from tests.drills.crowd import BEHIND_NGINX, TOKEN, somewhere
from tests.drills.inside import ask
from tests.drills.portal import on_both, run, say
from tests.drills.server import Server
from tests.whole_site.hostile import BROKEN

MOST_GROWTH = 100  # MB
WARMING, ROUNDS = 10, 2
URLENCODED = "application/x-www-form-urlencoded"
OK = {200, 302, 400, 403, 405, 413, 429}
FOR_ALL = {
    "/letters/write/": ("title", "body", "name", "telephone"), "/help/ask/": ("what", "name", "place", "telephone"),
    "/lookup/": ("code", "digits"), "/near/": ("q",), "/display/": ("size",), "/account/login/": ("login", "password"),
}  # fmt: skip
FOR_STAFF = {
    "/desk/activities/new/": ("title", "summary"), "/admin/homes/home/add/": ("name", "address"),
    "/admin/branches/member/import/": ("reason",), "/account/password/": ("oldpassword", "password1"),
}  # fmt: skip


def in_parts(fields, files=()):
    """(body, its kind) as browsers send forms with files."""
    border = uuid4().hex
    parts = [f'name="{name}"\r\n\r\n'.encode() + value for name, value in fields]
    parts += [f'name="{name}"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'.encode() + value
              for name, value in files]  # fmt: skip
    begin = f"--{border}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(begin + part + b"\r\n" for part in parts) + f"--{border}--\r\n".encode()
    return body, f"multipart/form-data; boundary={border}"


def too_much(names):
    """(what it is, body, its kind)."""
    token = ("csrfmiddlewaretoken", TOKEN.encode())
    begin, long = f"csrfmiddlewaretoken={TOKEN}&".encode(), "长".encode() * 350_000
    for piece in (*BROKEN, b"\0", b"\xff\xfe"):
        yield f"{piece}", begin + b"&".join(name.encode() + b"=" + piece for name in names), URLENCODED
        yield f"{piece} in parts", *in_parts([token, *((name, piece) for name in names)])
    for name in names:
        yield f"a megabyte in {name}", begin + f"{name}=".encode() + quote(long[: len(long) // 3]).encode(), URLENCODED
    yield (
        "a megabyte of markup in each",
        begin + b"&".join(n.encode() + b"=" + b"<" * 1_000_000 for n in names),
        URLENCODED,
    )
    yield "a megabyte in each, in parts", *in_parts([token, *((name, long) for name in names)])
    yield "5,000 fields", begin + b"&".join(b"f%d=x" % number for number in range(5000)), URLENCODED
    yield "5,000 fields in parts", *in_parts([token, *((f"f{number}", b"x") for number in range(5000))])
    yield "200 files", *in_parts([token], [(f"f{number}", b"x" * 1000) for number in range(200)])
    yield "99 files of half a megabyte", *in_parts([token], [("photos", b"x" * 500_000)] * 99)


def send(server, session):
    """Everything to every form; {status: how often}, the seconds of the slowest answer, and what is wrong."""
    statuses, slowest, wrong = Counter(), 0, []
    for path, names in (FOR_STAFF if session else FOR_ALL).items():
        for what, body, kind in too_much(names):
            cookies = "; ".join(filter(None, (f"csrftoken={TOKEN}", session)))
            began = time.monotonic()
            answer = server.ask(path, body, Content_Type=kind, Cookie=cookies, X_Forwarded_For=somewhere())
            slowest = max(slowest, time.monotonic() - began)
            statuses[answer.status] += 1
            if answer.status not in OK:
                wrong.append(f"{what} to {path}: {answer.status}")
    return statuses, slowest, wrong


def drill(name, portal):
    portal.migrate()
    portal.manage("collectstatic", "--noinput", "--verbosity=0")
    staff = ask(portal, "make", 0)["staff"]
    with Server(portal) as server:
        for _ in range(WARMING):
            for path, names in (FOR_ALL | FOR_STAFF).items():
                server.ask(path, Cookie=staff)
                filled = dict.fromkeys(names, "好") | {"csrfmiddlewaretoken": TOKEN}
                server.ask(path, filled, Cookie=f"csrftoken={TOKEN}; {staff}", X_Forwarded_For=somewhere())
        seen, slow, wrong = [server.memory()], [], []
        for _ in range(ROUNDS):
            for session in ("", staff):
                statuses, slowest, found = send(server, session)
                wrong += found
                slow.append(slowest)
                seen.append(server.memory())
    told = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
    say(
        f"{name}: {told} (staff); slowest {max(slow):.1f} s; "
        f"memory {' → '.join(f'{each:.0f}' for each in seen)} MB, {seen[-1] - seen[0]:+.0f} MB"
    )
    if max(seen) - seen[0] >= MOST_GROWTH:
        wrong.append(f"{name}: {max(seen) - seen[0]:.0f} MB more are kept (< {MOST_GROWTH}).")
    return wrong


def main(*databases):
    wrong = [each for found in on_both(drill, databases, **BEHIND_NGINX) for each in found]
    assert not wrong, "; ".join(wrong[:20])


if __name__ == "__main__":
    run(main, *sys.argv[1:])
