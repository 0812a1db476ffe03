"""The index of the search: a row for each thing that residents may find, in words that both databases compare alike."""

from contextlib import contextmanager

from django.db import connection, models, transaction

TEXTS_MOST = 500  # of those that have the words in their texts alone, the newest: so many are put in order

# the index of `tokens`: SQLite's own table, which triggers keep; a GIN index over PostgreSQL's
# column `pieces` (+ 0: the planner would rather read the whole table from its end, row by row)
BY_INDEX = (
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; "
    "SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"
)
SQLITE = "SELECT rowid FROM homes_search_tokens WHERE homes_search_tokens MATCH %s"
POSTGRESQL = "pieces @@ %s::tsquery"
IDS_OF_POSTGRESQL = "SELECT id FROM homes_searchentry WHERE pieces @@ %s::tsquery"


@contextmanager
def by_index():
    """Have what is asked meanwhile answered from the index.

    PostgreSQL's planner does not count what it costs to unpack the pieces of a row, or to look for words in its text,
    and would rather do it with all rows than with the few that the index names: ten times as long.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        yield


class SearchEntry(models.Model):
    """One page that can be found. Written only by homes/search/index.py, made anew by `manage.py index_search`.

    `names`, `pinyin` and `initials` have a line for each name, `words` and `sounds` are of the text; `tokens` are the
    pieces of all of them (homes/search/tokens.py) by which few rows are found among many.
    """

    kind = models.CharField("种类", max_length=12)
    object_id = models.PositiveBigIntegerField("编号")
    order = models.PositiveSmallIntegerField("顺序")  # of its kind
    title = models.CharField("名称", max_length=200)
    address = models.CharField("网址", max_length=200)
    place = models.CharField("在哪里", max_length=200, blank=True)
    note = models.CharField("说明", max_length=40, blank=True)
    starts_at = models.DateTimeField("开始", null=True, blank=True)
    over_at = models.DateTimeField("从什么时候起算过去", null=True, blank=True)
    shown_until = models.DateTimeField("从什么时候起不再公开", null=True, blank=True)
    is_sample = models.BooleanField("示例数据", default=False)
    names = models.TextField()
    pinyin = models.TextField()
    initials = models.TextField()
    # last what is long: the databases read a row from its beginning, and order thousands without these
    body = models.TextField("文字", blank=True)
    words = models.TextField()
    sounds = models.TextField()
    tokens = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = "搜索条目"
        ordering = ("order", "pk")
        constraints = [models.UniqueConstraint(fields=("kind", "object_id"), name="search_entry_once")]

    def __str__(self):
        return self.title


@models.TextField.register_lookup
class Written(models.Lookup):
    """`tokens__written=` an expression of homes/search/tokens.py, answered by the database's own index."""

    lookup_name = "written"
    prepare_rhs = False
    sqlite, postgresql = f"{{table}}.id IN ({SQLITE})", f"{{table}}.{POSTGRESQL}"

    def as_sql(self, compiler, connection):
        return self._on_table(self.sqlite, compiler), [self.rhs.for_sqlite()]

    def as_postgresql(self, compiler, connection):
        return self._on_table(self.postgresql, compiler), [self.rhs.for_postgresql()]

    def _on_table(self, condition, compiler):
        column, _ = compiler.compile(self.lhs)
        return condition.format(table=column.rpartition(".")[0])


@models.TextField.register_lookup
class NewestWritten(Written):
    """`tokens__newest_written=`: no more than the newest `TEXTS_MOST` of them."""

    lookup_name = "newest_written"
    sqlite = f"{{table}}.id IN ({SQLITE} ORDER BY rowid DESC LIMIT {TEXTS_MOST})"
    postgresql = f"{{table}}.id IN ({IDS_OF_POSTGRESQL} ORDER BY id + 0 DESC LIMIT {TEXTS_MOST})"


@models.TextField.register_lookup
class Like(models.Lookup):
    """`pinyin__like=` a pattern with % of its own: how a word sounds whose syllables are not all written out."""

    lookup_name = "like"

    def as_sql(self, compiler, connection):
        column, parameters = self.process_lhs(compiler, connection)
        pattern, given = self.process_rhs(compiler, connection)
        return f"{column} LIKE {pattern}", [*parameters, *given]
