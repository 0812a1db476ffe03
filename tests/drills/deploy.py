"""make drill-deploy: the portal in production behind nginx, by deploy/release.py into an empty folder, and then shaken.

Everything is of this machine and of this run: PostgreSQL (.ci/postgres), nginx, certificate, releases. Prints what it
saw; ends with 1 where something was not as it should be.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg

from tests.drills.cluster import ROOT
from tests.drills.deployment import TELEPHONE, Deployment, archive
from tests.drills.front import NAME, Front
from tests.drills.load import MARK, Load
from tests.whole_site.observatory import LEAST_FOR_A_PLUS, points

CANARY, NUMBER = "kanarienvogel", "13900001234"
TIMERS = ROOT / "deploy/systemd"
PASSWORD = "nur-fuer-diese-uebung"

wrong = []


def check(what, is_right, seen=""):
    print(f"  {'ok   ' if is_right else 'WRONG'} {what}{f': {seen}' if seen != '' else ''}", flush=True)
    if not is_right:
        wrong.append(what)


def under_load(front, what, do):
    with Load(front) as load:
        began = time.monotonic()
        outcome = do()
        seconds = time.monotonic() - began
    check(
        f"{what} under load: every request answered", load.answered > 20 and not load.failed,
        f"{load.answered} in {seconds:.0f} s, failed {len(load.failed)} {load.failed[:3] or ''}",
    )  # fmt: skip
    return outcome, load.releases


def grades(front, answers):
    for what, (status, headers, cookies, _) in answers.items():
        score, faults = points(headers, cookies)
        twice = [name for name, times in Counter(headers["(names)"]).items() if times > 1]
        check(
            f"A+ for {what}",
            score >= LEAST_FOR_A_PLUS and not faults and not twice,
            f"{status}, {score} {faults or ''}",
        )


def headers_and_doors(front):
    print("headers, by the rules of MDN Observatory")
    page = front.ask("/")
    check("the public page is there", page[0] == 200 and "老党员之家".encode() in page[3], f"{len(page[3])} bytes")
    style = re.search(r'rel="stylesheet" href="([^"]+)"', page[3].decode())[1]
    sheet = front.ask(style, Accept_Encoding="gzip")
    large = f"POST /letters/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {65 << 20}\r\n\r\n"
    answers = {
        "a public page": page,
        "a list": front.ask("/homes/"),
        "the log-in": front.ask("/account/login/"),
        "the staff pages": front.ask("/admin/"),
        "a style sheet": sheet,
        "open data": front.ask("/api/homes/"),
        "what is not there": front.ask("/nothing/"),
        "what nginx refuses": front.ask("/.git/config"),
        "a file that is not there": front.ask("/static/nothing.css"),
        "TRACE": front.ask("/", "TRACE"),
        "PUT": front.ask("/", "PUT"),
        "a body too large": front.send(large),
        "a broken request": front.send("NONSENSE\r\n\r\n"),
    }
    grades(front, answers)
    print("doors")
    expected = {"TRACE": 405, "PUT": 405, "a body too large": 413, "a broken request": 400, "what nginx refuses": 404}
    for what, status in expected.items():
        check(f"{what} is refused", answers[what][0] == status, answers[what][0])
    check("refusals are in Chinese", all(re.search("<h1[^>]*>[^<]*[一-鿿]", answers[w][3].decode()) for w in expected))
    unread = {front.ask("/homes/", "POST", b"x" * 25_000_000)[0] for _ in range(40)}
    check("25 MB that no page wants are refused by the portal", unread == {403}, unread)
    for path in ("/.git/config", "/.env", "/portal.sqlite3", "/static/../portal.env", "/static/", "/troubles/503.html"):
        check(f"{path} is not given out", front.ask(path)[0] in {400, 404}, front.ask(path)[0])
    check("a style sheet is compressed and kept", sheet[1].get("content-encoding") == "gzip"
          and "immutable" in sheet[1]["cache-control"], sheet[1]["cache-control"])  # fmt: skip
    status, moved, _, _ = front.ask_plainly("/homes/?open=1")
    check(
        "http leads to https", (status, moved["location"]) == (301, f"https://{NAME}/homes/?open=1"), moved["location"]
    )
    try:
        front.ask_plainly("/", host="evil.example")
        check("another name gets no answer", False)
    except OSError as error:
        check("another name gets no answer", True, type(error).__name__)
    return style


def lies_from_outside(front):
    print("what comes from outside is no evidence")
    told = [front.ask(f"/homes/directory.csv?q={n}", X_Forwarded_For=f"203.0.113.{n}")[0] for n in range(1, 15)]
    check("X-Forwarded-For does not get around a limit", told[0] == 200 and told[-1] == 429, told)
    status, _, _, text = front.ask("/", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example")
    check("X-Forwarded-Proto and -Host are not believed", status == 200 and b"evil.example" not in text)
    mine = front.ask("/nothing/", X_Request_ID="chosen-by-a-stranger")[1]["x-request-id"]
    check("the name of a request is nginx's", re.fullmatch(r"[0-9a-f]{32}", mine), mine)


def cookies(front, deployment):
    print("cookies")
    made = f"from branches.models import User; User.objects.create_superuser('technik', '{PASSWORD}', name='T')"
    deployment.manage("shell", "--verbosity", "0", "--command", made)
    _, _, first, page = front.ask("/account/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())[1]
    status, _, second, _ = front.ask(
        "/account/login/", "POST", f"login=technik&password={PASSWORD}&csrfmiddlewaretoken={token}",
        Content_Type="application/x-www-form-urlencoded", Cookie=first[0].split(";")[0], Referer=f"https://{NAME}/account/login/",
    )  # fmt: skip
    names = {cookie.split("=")[0] for cookie in first + second}
    check("a technician can log in", status == 302, status)
    check("cookies are of this host alone", {"__Host-csrf", "__Host-session"} <= names
          and all(name.startswith("__Host-") for name in names), sorted(names))  # fmt: skip
    check("cookies are safe", points(front.ask("/")[1], first + second)[1] == [])


def roles(deployment):
    print("the role of the portal, and the audit trail")
    portal = psycopg.connect(f"postgresql://portal@{deployment.address}/portal", autocommit=True)
    rows = portal.execute("SELECT count(*) FROM branches_auditentry").fetchone()[0]
    check("the trail has entries that could be changed", rows > 0, rows)
    for statement in (
        "UPDATE branches_auditentry SET label = ''", "DELETE FROM branches_auditentry", "TRUNCATE branches_auditentry",
        "ALTER TABLE branches_auditentry DISABLE TRIGGER ALL", "DROP TABLE branches_auditentry",
        "DROP FUNCTION audit_append_only() CASCADE", "GRANT UPDATE ON branches_auditentry TO portal",
        "DELETE FROM django_migrations", "CREATE TABLE mine (id int)", "SET ROLE portal_owner",
    ):  # fmt: skip
        try:
            portal.execute(statement)
            refused = (
                statement.startswith("GRANT")
                and not portal.execute("SELECT has_table_privilege('branches_auditentry', 'UPDATE')").fetchone()[0]
            )
        except psycopg.errors.InsufficientPrivilege:
            refused = True
        check(f"refused: {statement}", refused)
    for setting, value in (("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")):
        is_so = portal.execute("SELECT current_setting(%s)", [setting]).fetchone()[0]
        check(f"what fails is not written down: {setting}", is_so == value, is_so)
    portal.close()


def timed_commands(deployment):
    print("what the timers do, with the rights of the portal")
    for timer in sorted(TIMERS.glob("*.timer")):
        command = re.search(r"Unit=portal-run@(.+)\.service", timer.read_text())[1].replace(r"\x20", " ")
        if command == "check_columns":
            continue  # it answers 1 where a column is empty, as in a portal that is quite new
        ran = deployment.manage(*command.split(), check=False, capture_output=True, text=True)
        said = (ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1:]
        check(command, ran.returncode == 0 and "permission denied" not in ran.stderr, *said)

    ran = deployment.manage("doctor", check=False, capture_output=True, text=True)
    serious = re.findall(r"^\[要处理\] ([^：]+)：", ran.stdout, re.MULTILINE)
    check("the doctor finds no more than that the name leads nowhere here", serious == ["从外面打开"], serious)


def is_next(front):
    return MARK in front.ask("/nothing/")[3]


def changes(front, deployment, style):
    print("restart, upgrade and roll-back")
    end = "{% endblock content %}"
    new_page, new_sheet = (end, MARK.decode() + end), ("\n", "\n\n")
    second = archive(deployment.folder, "portal-2", {"templates/404.html": new_page, "static/css/page.css": new_sheet})
    unlocked = archive(deployment.folder, "portal-3", {"requirements.txt": ("\nasgiref==", "\nsix==1.17.0\nasgiref==")})
    under_load(front, "restart", lambda: deployment.release("restart"))
    _, seen = under_load(front, "upgrade", lambda: deployment.release("install", second))
    check(
        "both releases were met, then only the new one",
        set(seen) == {False, True} and is_next(front),
        f"{seen[False]} of the one, {seen[True]} of the other",
    )
    new = re.search(r'rel="stylesheet" href="([^"]+)"', front.ask("/")[3].decode())[1]
    check("pages of before keep their looks", new != style and front.ask(style)[0] == front.ask(new)[0] == 200)
    refused = deployment.release("install", unlocked, check=False, capture_output=True)
    check("a release with a package that is not locked is refused", refused.returncode and b"hashes" in refused.stderr)
    settings = deployment.portal / "portal.env"
    right = settings.read_text()
    # the one is read by the server alone, which then does not come up; the other is refused by the check before
    for what, line in {"a wrong setting": "WEB_CONCURRENCY=two", "an unsafe one": "STAFF_REQUIRE_MFA=0"}.items():
        settings.write_text(f"{right}{line}\n")
        ran, _ = under_load(front, f"restart with {what}",
                            lambda: deployment.release("restart", check=False, capture_output=True))  # fmt: skip
        check("it is not taken, what is in use goes on", ran.returncode == 1 and is_next(front))
    settings.write_text(right)
    under_load(front, "roll-back", lambda: deployment.release("rollback"))
    check("the release before is back", not is_next(front))
    check("and looks as before", style in front.ask("/")[3].decode() and front.ask(style)[0] == 200)


def away(front, deployment):
    print("the portal stopped, nginx alone")
    deployment.release("stop")
    page = front.ask(f"/homes/?q={CANARY}")
    text = page[3].decode()
    check("503 in Chinese", page[0] == 503 and "网站正在歇一歇" in text)
    check("with the telephone", TELEPHONE in text)
    check("and when to come back", page[1].get("retry-after"), page[1].get("retry-after"))
    posted = front.ask("/letters/", "POST", f"text={CANARY}", Content_Type="application/x-www-form-urlencoded")
    check("also to who sends a form", posted[0] == 503 and "网站正在歇一歇" in posted[3].decode())
    linked = [front.ask(path)[0] for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', text)]
    check("its style and scripts are there", linked and set(linked) == {200}, f"{len(linked)} files")
    grades(front, {"the page of trouble": page})
    deployment.release("start")
    check("started again, it answers", front.ask("/healthz")[0] == 200)


def logs(front):
    print("logs")
    front.ask(f"/search/?q={CANARY}", Referer=f"https://{NAME}/?{CANARY}", User_Agent=CANARY)
    for path in (f"/{NUMBER}/", f"/homes/x{NUMBER}", "/%E5%BC%A0%E4%B8%89/", "/homes/\x1b[2J", f"/:{CANARY}"):
        front.send(f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\n\r\n")
    lines = [json.loads(line) for line in (front.logs / "access.log").read_text().splitlines()]
    text = "".join(file.read_text() for file in front.logs.iterdir())
    check(
        "every line of the log can be read",
        all({"time", "id", "path", "status"} <= set(line) for line in lines),
        len(lines),
    )
    check("no query, browser or page before in it", CANARY not in text)
    check("of a path only what ours are made of", NUMBER not in text and not re.search(r"%E5|\\u001b", text)
          and any(line["path"] == "/homes/" for line in lines))  # fmt: skip
    check("no whole address in it", "127.0.0.1" not in text and {line["network"] for line in lines} == {"127.0.0.0"})


def drill(folder):
    deployment = Deployment(folder)
    front = Front(folder, deployment.portal)
    try:
        deployment.make_roles()
        print("deploying into an empty folder", flush=True)
        began = time.monotonic()
        deployment.release("install", archive(folder, "portal-1"))
        print(f"  deployed in {time.monotonic() - began:.0f} s")
        front.start()
        style = headers_and_doors(front)
        lies_from_outside(front)
        cookies(front, deployment)
        roles(deployment)
        timed_commands(deployment)
        changes(front, deployment, style)
        away(front, deployment)
        logs(front)
    finally:
        deployment.release("stop", check=False)
        front.stop()


def main():
    missing = [
        program
        for program in ("nginx", "openssl", "psql", "make")
        if not shutil.which(program, path="/usr/sbin:" + os.environ["PATH"])
    ]
    if missing:
        sys.exit(
            f"没有 {'、'.join(missing)}，请先安装：apt install nginx-light openssl postgresql make。Install them first."
        )
    folder = Path(tempfile.mkdtemp(prefix="drill-deploy-"))
    try:
        drill(folder)
    finally:
        shutil.rmtree(folder)
    print(f"{len(wrong)} wrong" + "".join(f"\n  {what}" for what in wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
