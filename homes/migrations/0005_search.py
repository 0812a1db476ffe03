"""The index of the search, and what finds few of its rows among many: FTS5 on SQLite, a GIN index on PostgreSQL.

A later migration that has SQLite make the table anew (any AlterField there) has to make the triggers again.
"""

from django.db import migrations, models

INTO = "INSERT INTO homes_search_tokens (rowid, tokens) VALUES (new.id, new.tokens)"
OUT_OF = "INSERT INTO homes_search_tokens (homes_search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens)"
FORWARDS = {
    "sqlite": [
        # the pieces are letters and digits, or beyond ASCII: this tokenizer takes none of them apart
        "CREATE VIRTUAL TABLE homes_search_tokens USING fts5 "
        "(tokens, content='homes_searchentry', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)",
        f"CREATE TRIGGER search_entry_in AFTER INSERT ON homes_searchentry BEGIN {INTO}; END",
        f"CREATE TRIGGER search_entry_out AFTER DELETE ON homes_searchentry BEGIN {OUT_OF}; END",
        "CREATE TRIGGER search_entry_changed AFTER UPDATE OF id, tokens ON homes_searchentry "
        f"BEGIN {OUT_OF}; {INTO}; END",
    ],
    "postgresql": [
        # what is long lies elsewhere, so that thousands of rows are put in order by reading few pages
        "ALTER TABLE homes_searchentry SET (toast_tuple_target = 512)",
        # stored, so that looking at a row again costs nothing; Django need not know of it
        "ALTER TABLE homes_searchentry ADD COLUMN pieces tsvector "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED",
        "CREATE INDEX search_entry_pieces ON homes_searchentry USING gin (pieces) WITH (fastupdate = off)",
    ],
}
BACKWARDS = {
    "sqlite": [
        *(f"DROP TRIGGER IF EXISTS search_entry_{event}" for event in ("in", "out", "changed")),
        "DROP TABLE IF EXISTS homes_search_tokens",
    ],
    "postgresql": ["ALTER TABLE homes_searchentry DROP COLUMN IF EXISTS pieces"],
}


def forwards(apps, schema_editor):
    for statement in FORWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("homes", "0004_circles"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12, verbose_name="种类")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="编号")),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("address", models.CharField(max_length=200, verbose_name="网址")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="在哪里")),
                ("note", models.CharField(blank=True, max_length=40, verbose_name="说明")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="开始")),
                ("over_at", models.DateTimeField(blank=True, null=True, verbose_name="从什么时候起算过去")),
                ("shown_until", models.DateTimeField(blank=True, null=True, verbose_name="从什么时候起不再公开")),
                ("is_sample", models.BooleanField(default=False, verbose_name="示例数据")),
                ("names", models.TextField()),
                ("pinyin", models.TextField()),
                ("initials", models.TextField()),
                ("body", models.TextField(blank=True, verbose_name="文字")),
                ("words", models.TextField()),
                ("sounds", models.TextField()),
                ("tokens", models.TextField()),
            ],
            options={
                "verbose_name": "搜索条目",
                "verbose_name_plural": "搜索条目",
                "ordering": ("order", "pk"),
                "constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="search_entry_once")],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
