"""What stands in the index. A `Source` says what of its model is public and what can be found of it by which words.

Whatever is saved or deleted is looked at again once that is safe, and so is what follows from it; bulk writes announce
nothing, so that whoever loads data calls `index_all`. An entry is written only where its source says that it is public.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import local

from django.db import connections, models, transaction
from django.db.models.signals import post_delete, post_save

from homes.models import SearchEntry
from homes.search import tokens
from homes.search.sounds import plain, syllables

AT_ONCE = 500
BODY_MOST = 6000  # characters of a text that are found again
HEARD = 80  # of its first characters it is also known how they sound
FOLLOWS = ("pinyin", "initials", "sounds", "tokens")  # from the rest
SAID = [
    field.name for field in SearchEntry._meta.concrete_fields if field.name not in ("id", "kind", "object_id", *FOLLOWS)
]

SOURCES = {}  # {kind: Source}
FIXED = {}  # {kind: (label, order, pages)}


@dataclass(frozen=True)
class Page:
    """What can be found: its title and address, the other names it goes by, its text, and when it is over."""

    title: str
    address: str
    names: tuple = ()
    body: str = ""
    place: str = ""
    note: str = ""
    starts_at: datetime | None = None
    over_at: datetime | None = None
    shown_until: datetime | None = None
    is_sample: bool = False


@dataclass(frozen=True)
class Source:
    """Rows that residents may find. `public()` are those they may read; `page(row)` says what is found of one.

    `follows`: (model, function from a record of it to the filter of the rows to look at again). `by_clock`: rows become
    public by themselves, when their time has come.
    """

    kind: str
    label: str
    order: int  # among what fits as well
    model: type[models.Model]
    public: Callable
    page: Callable
    follows: tuple = ()
    by_clock: bool = False


_waiting = local()  # what this thread has saved and not looked at yet: {(kind, filter)}


def waiting():
    if not hasattr(_waiting, "changes"):
        _waiting.changes = set()
    return _waiting.changes


def register(source):
    SOURCES[source.kind] = source
    _follow(source, source.model, lambda row: {"pk": row.pk})
    for model, rows_of in source.follows:
        _follow(source, model, rows_of)


def register_pages(kind, label, order, pages):
    """Pages that are no records: the same for everybody, always."""
    FIXED[kind] = (label, order, pages)


def labels():
    """{kind: its name}, in the order in which they are told."""
    found = [(source.order, kind, source.label) for kind, source in SOURCES.items()]
    found += [(order, kind, label) for kind, (label, order, _) in FIXED.items()]
    return {kind: label for _, kind, label in sorted(found)}


def _follow(source, model, rows_of):
    def changed(sender, instance, using, raw=False, **_signal):
        if not raw:
            waiting().add((source.kind, *rows_of(instance).items()))
            # robust: the record is saved whatever becomes of its entry; the log tells, and every night makes all anew
            transaction.on_commit(look_again, using=using, robust=True)

    for signal in (post_save, post_delete):
        signal.connect(changed, sender=model, weak=False, dispatch_uid=f"search-{source.kind}-{model.__name__}")


def look_again():
    """The first to be called sees to all that one transaction saved."""
    changes, found = list(waiting()), defaultdict(set)
    waiting().clear()
    for kind, (path, value) in changes:
        if path == "pk":
            found[kind].add(value)
        elif value is not None:
            found[kind].update(SOURCES[kind].model.objects.filter(**{path: value}).values_list("pk", flat=True))
    for kind, keys in found.items():
        index(SOURCES[kind], keys - {None})


def index(source, keys):
    """Have these rows stand in the index as they are now, or not at all; returns how many entries that changed."""
    keys, changed = sorted(keys), 0
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        with transaction.atomic():
            # whoever changes one of them meanwhile comes after: what is written is what was read
            list(source.model._base_manager.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
            pages = {row.pk: source.page(row) for row in source.public().filter(pk__in=some)}
            changed += _write(source.kind, source.order, pages)
            gone = SearchEntry.objects.filter(kind=source.kind, object_id__in=[key for key in some if key not in pages])
            changed += gone.delete()[0]
    return changed


def index_all():
    """Have the index say what is public now, whatever was written without announcing itself; returns what changed."""
    changed = 0
    for source in SOURCES.values():
        keys = list(source.public().order_by("pk").values_list("pk", flat=True))
        entries = SearchEntry.objects.filter(kind=source.kind)
        # not by the keys themselves: a database takes so many parameters
        gone = entries.exclude(object_id__in=source.public().order_by().values("pk"))
        changed += index(source, keys) + gone.delete()[0]
    for kind, (_, order, pages) in FIXED.items():
        changed += _write(kind, order, dict(enumerate(pages)))
        changed += SearchEntry.objects.filter(kind=kind, object_id__gte=len(pages)).delete()[0]
    unknown = SearchEntry.objects.exclude(kind__in=[*SOURCES, *FIXED])
    changed += unknown.delete()[0]
    tidy()
    return changed


def catch_up():
    """Take in what has become public by itself since somebody last looked."""
    for source in SOURCES.values():
        if source.by_clock:
            known = SearchEntry.objects.filter(kind=source.kind).values("object_id")
            index(source, set(source.public().exclude(pk__in=known).values_list("pk", flat=True)))


def tidy():
    """After many rows at once: the databases' own indexes as small as they can be, and known to the planner."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO homes_search_tokens (homes_search_tokens) VALUES ('optimize')")
        else:
            cursor.execute("ANALYZE homes_searchentry")


def _write(kind, order, pages):
    """Write those entries that say something else than before; returns how many.

    How a text sounds and its pieces follow from it: whoever changes how empties the table in a migration.
    """
    known = {row.object_id: row for row in SearchEntry.objects.filter(kind=kind, object_id__in=list(pages))}
    entries = [_said(kind, order, key, page) for key, page in pages.items()]
    new = [_with_pieces(entry) for entry in entries if not _same(entry, known.get(entry.object_id))]
    SearchEntry.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=[*SAID, *FOLLOWS], batch_size=100
    )
    return len(new)


def _same(entry, before):
    return before is not None and all(getattr(entry, name) == getattr(before, name) for name in SAID)


def _said(kind, order, key, page):
    """The entry of a page, without its pieces."""
    body = " ".join(page.body.split())[:BODY_MOST]
    names = [name for name in (plain(each).replace(" ", "") for each in (page.title, *page.names)) if name]
    return SearchEntry(
        kind=kind, object_id=key, order=order, title=page.title[:200], address=page.address, place=page.place[:200],
        note=page.note[:40], body=body, names=_lines(names), words=plain(body), starts_at=page.starts_at,
        over_at=page.over_at, shown_until=page.shown_until, is_sample=page.is_sample,
    )  # fmt: skip


def entry_of(kind, order, key, page):
    """The entry of a page, whole."""
    return _with_pieces(_said(kind, order, key, page))


def _with_pieces(entry):
    """The entry with how its words sound, and the pieces of all of them."""
    names = entry.names.split()
    heard = [syllables(name) for name in names]
    heard_text = syllables(entry.words[:HEARD].replace(" ", ""))
    initials = ["".join(each[0] for each in sounds) for sounds in heard]
    entry.pinyin, entry.sounds = _lines(map(_spoken, heard)), _spoken(heard_text)
    entry.initials = _lines(initials)
    pieces = set().union(
        *(tokens.of_text("n", name) for name in names),
        *(tokens.of_sounds("p", sounds) | tokens.of_likeness(sounds) for sounds in heard),
        *(tokens.of_initials(letters) for letters in initials),
        {tokens.of_kind(entry.kind)},
        tokens.of_text("b", entry.words),
        tokens.of_sounds("q", heard_text),
    )
    entry.tokens = " ".join(sorted(pieces))
    return entry


def _spoken(sounds):
    return "".join(f"|{each}" for each in sounds) + "|"


def _lines(lines):
    return "\n" + "".join(f"{line}\n" for line in lines)


def still_public(entries):
    """Of these entries those that residents may read at this moment, in one question whatever the index says."""
    by_kind = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append(entry.object_id)
    asked = [
        SOURCES[kind].public().order_by().filter(pk__in=keys)
        .values_list(models.Value(kind, output_field=models.CharField()), "pk")
        for kind, keys in sorted(by_kind.items()) if kind in SOURCES
    ]  # fmt: skip
    public = set(asked[0].union(*asked[1:], all=True).order_by()) if asked else set()
    return [entry for entry in entries if entry.kind in FIXED or (entry.kind, entry.object_id) in public]
