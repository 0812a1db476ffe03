"""Every form that a person can be shown, found by following links, and sent with what nobody expects.

What is sent is taken back at once: each form meets the site as it was. `Fuzz.wrong` has what broke.
"""

import copy
import re
from collections import Counter
from urllib.parse import quote_plus, urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.urls import is_valid_path, resolve

from config.personal import OPENED
from tests.whole_site.forms import forms_in
from tests.whole_site.hostile import AS_WORDS, BROKEN, CANARY, ELSEWHERE, STORED, TEXTS, UNESCAPED
from tests.whole_site.pages import answers, text_of
from tests.whole_site.public_addresses import PUBLIC, at
from volunteers.views import own_page

STAFF_STARTS = ("/desk/", "/admin/", "/account/password/", "/account/again/", "/account/second-step/")
STAFF = ("desk/", "admin/", "account/")
OF_A_KIND = {"desk/": 6, "admin/": 1}  # pages that are read of one kind: those of the desk differ by their state
ENDS_THE_VISIT = ("account/logout/", "admin/logout/")
OK, MOVED, ANSWERS = 200, 302, {200, 302, 400, 403, 404, 405, 409, 413, 429}
DATES = {"date": "2026-12-01", "time": "10:00", "datetime-local": "2026-12-01T10:00", "month": "2026-12"}
BY_CLASS = {"vDateField": "2026-12-01", "vTimeField": "10:00", "vIntegerField": "1", "vBigIntegerField": "1"}
BY_NAME = {"telephone": "19900007654", "contact": "19900007654", "close_day": "2026-11-30", "ends": "18:00",
           "room_limit": "50", "longitude": "112.99", "latitude": "28.11", "email": "a@example.cn",
           "amount": "5", "year": "2026", "capacity": "9", "every_days": "14", "slug": "new-one"}  # fmt: skip
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
FILE_NAMES = (f"../../../{CANARY}.png", "长" * 300 + ".png", "a.php\0.png", "\u202egpj.exe", "CON.png", ".htaccess")


def route_of(address):
    path = urlsplit(address).path
    return resolve(path).route.replace("^", "") if is_valid_path(path) else ""


def resident_of(cast, client):
    """A visitor whose browser may see what they booked, asked for and wrote, and who serves in the team here."""
    records = [*cast.bookings.values(), *cast.orders.values(), *cast.letters.values()]
    session = client.session
    session[OPENED] = {f"{record._meta.label_lower} {record.pk}": 2**40 for record in records}
    session.save()
    client.cookies["sessionid"] = session.session_key
    response = HttpResponse()
    own_page.open_to(response, cast.volunteers["here"], remembered=True)
    client.cookies["volunteer"] = response.cookies["volunteer"].value
    return client, [at(written, cast) for written, _reading, _posting in PUBLIC.values() if not written.startswith("{")]


def pages_of(client, starts, *, staff, limit=900):
    """(address, answer) of some pages of every kind."""
    read = Counter()

    def follow(link):
        route = route_of(link)
        if not route or route.startswith(STAFF) != staff or route in ENDS_THE_VISIT:
            return False
        if route.startswith("admin/") and "?" in link:
            return False  # the same list in another order
        read[route] += 1
        return read[route] <= OF_A_KIND.get(route.split("/")[0] + "/", 2)

    return answers(client, starts, follow, limit)


def likely(one):
    """What a field would hold if it were filled in as it is meant to be; None where anything can be typed."""
    if one.sort in {"select", "radio", "checkbox"}:
        return [value for value in one.values if value] or [value for value in one.offered if value][:1]
    if one.sort == "hidden" or "for-robots" in one.classes:
        return one.values
    known = DATES.get(one.sort) or next((BY_CLASS[name] for name in BY_CLASS if name in one.classes), None)
    known = known or next((BY_NAME[name] for name in BY_NAME if name in one.name), None)
    if known is None and one.sort == "number":
        known = "1"
    if any(re.fullmatch(r"[\d.:/-]+", value) for value in one.values):
        return one.values
    return known and [known]


class Fuzz:
    """What one browser reads and sends. `accepted` has the addresses where something hostile was taken.

    `told` counts the pages that show the canary as words.
    """

    def __init__(self, client):
        self.client, self.wrong, self.accepted, self.told = client, {}, set(), 0

    def forms(self, starts, *, staff, limit=900):
        """{what it is: a form} of every form on some pages of every kind, which are looked at too; alike ones once."""
        found = {}
        for address, response in pages_of(self.client, starts, staff=staff, limit=limit):
            self.told += AS_WORDS in text_of(response)
            if markup := unescaped(response):
                self.wrong[address] = markup
            if response.status_code == OK and response.headers["Content-Type"].startswith("text/html"):
                for form in forms_in(address, text_of(response)):
                    kind = route_of(form.action)
                    names = frozenset(re.sub(r"\d+", "0", name) for name in (*form.fields, *dict(form.buttons)))
                    if kind not in ENDS_THE_VISIT:
                        found.setdefault((kind, form.method, names), form)
        return found

    def plausible(self, form, text, turn=0):
        """All that is free to type is `text`, all else as it should be: gets through to what stores it."""
        data = {one.name: likely(one) for one in form.fields.values() if one.sort != "file"}
        # not the same in two fields: nobody is two people
        data = {
            name: [f"{text}{number}"] if values is None else values
            for number, (name, values) in enumerate(data.items())
        }
        self.send(form, data, f"plausible {text[:12]!r}", turn, (FILE_NAMES[turn % len(FILE_NAMES)], PNG))

    def mixed(self, form, turn):
        """Another text in each field, also in those that only a machine fills in."""
        data = {
            name: [TEXTS[(turn + number * 7) % len(TEXTS)]]
            for number, name in enumerate(form.fields)
            if form.fields[name].sort != "file"
        }
        self.send(form, data, f"mixed {turn}", turn, ("x.png", SVG))

    def one_alone(self, form, name, text):
        data = {one.name: likely(one) or ["好"] for one in form.fields.values() if one.sort != "file"}
        self.send(form, data | {name: [text]}, f"{name}={text[:12]!r}")

    def broken(self, form, piece):
        """Bytes that are no text, in every field."""
        names = [quote_plus(name).encode() for name in form.fields] or [b"q"]
        body = b"&".join(name + b"=" + piece for name in names)
        if form.method == "get":
            self.judge(form, f"{piece!r}", lambda: self.client.get(f"{urlsplit(form.action).path}?{body.decode()}"))
        else:
            kind = "application/x-www-form-urlencoded"
            self.judge(form, f"{piece!r}", lambda: self.client.post(form.action, body, content_type=kind))

    def send(self, form, data, what, turn=0, file=None):
        if form.buttons:
            name, value = form.buttons[turn % len(form.buttons)]
            data |= {name: [value]}
        if form.method == "get":
            address = f"{urlsplit(form.action).path}?{urlencode(data, doseq=True)}"
            self.judge(form, what, lambda: self.client.get(address))
            return
        data |= {"next": [ELSEWHERE[turn % len(ELSEWHERE)]]}
        files = [one.name for one in form.fields.values() if one.sort == "file"] if file else []
        data |= {name: SimpleUploadedFile("x", file[1]) for name in files}
        for name in files:
            data[name].name = file[0]  # as it arrives, not as Django's own upload would clean it
        self.judge(form, what, lambda: self.client.post(form.action, data))

    def judge(self, form, what, ask):
        """Ask, look at the answer, and take back whatever it did."""
        cookies, place = copy.deepcopy(self.client.cookies), (form.page, form.method, form.action, what)
        try:
            with transaction.atomic():
                try:
                    response = ask()
                    text = text_of(response)
                finally:
                    transaction.set_rollback(True)
        except Exception as error:
            self.wrong[place] = f"{type(error).__name__}: {error}"[:300] + where(error)
            return
        finally:
            self.client.cookies = cookies
        if response.status_code not in ANSWERS or "Traceback (most" in text:
            self.wrong[place] = response.status_code
        if markup := unescaped(response):
            self.wrong[place] = markup
        location = response.headers.get("Location", "")
        if urlsplit(urljoin("http://testserver/", location)).netloc != "testserver" or "\\" in location:
            self.wrong[place] = location
        if response.status_code == MOVED and form.method == "post":
            self.accepted.add(route_of(form.action))


def unescaped(response):
    """The words around the canary, where an answer has it as markup; "" where it has not."""
    kind, text = response.headers.get("Content-Type", ""), text_of(response)
    looked_for = UNESCAPED if "html" in kind else UNESCAPED[:1] if "xml" in kind else ()
    at = max((text.find(piece) for piece in looked_for), default=-1)
    return text[max(at - 100, 0) : at + 100] if at >= 0 else ""


def where(error):
    """The last line of ours that an error came through."""
    lines, trace = "", error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if "site-packages" not in file and "/tests/" not in file and "/lib/" not in file:
            lines = f" ({file.rsplit('/', 3)[-2:]}:{trace.tb_lineno})"
        trace = trace.tb_next
    return lines


def few(form, fuzz, number):
    """What finds most for its time: nothing is the same from form to form."""
    fuzz.broken(form, BROKEN[number % len(BROKEN)])
    fuzz.mixed(form, number * 2)
    if form.method == "post" and not {"action", "_selected_action"} <= form.fields.keys():
        fuzz.plausible(form, CANARY, number)
        fuzz.plausible(form, STORED[number % len(STORED)], number + 1)


def every(form, fuzz):
    """Every field with every text, alone; and all that is broken."""
    for turn, text in enumerate(TEXTS):
        fuzz.plausible(form, text, turn)
        fuzz.mixed(form, turn)
        for name, one in form.fields.items():
            if one.sort != "file":
                fuzz.one_alone(form, name, text)
    for piece in BROKEN:
        fuzz.broken(form, piece)
