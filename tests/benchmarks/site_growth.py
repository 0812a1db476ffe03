"""A hundred times the rows that the measured pages read: `python -m tests.benchmarks.site_growth TIMES`.

The whole demo at a hundred times its size would take an hour and gigabytes to invent (`load_demo --scale 10` alone
takes five minutes of the processor and 555 MB), so the rows of the tables in TABLES are copied inside the database. A
copy keeps all it says but its key and its unique words; what it refers to among these tables is the copy of that.
"""

import os
import sys

# the tables, parents first: {model: {column: what it says in a copy}}
TABLES = {
    "homes.Home": {},
    "homes.OpeningHours": {},
    "homes.OpeningException": {},
    "homes.HomeFacility": {},
    "homes.Demonstration": {},
    "activities.Activity": {"course": "NULL", "number": "NULL"},
    "activities.SignUp": {},
    "branches.Branch": {},
    "branches.PartyGroup": {},
    "branches.Member": {},
    "branches.CommunityMembership": {},
    "branches.GroupPlacement": {},
    "volunteers.ServiceOrder": {"form_key": "NULL"},
    "homes.SearchEntry": {"object_id": "{column} + {copy} * 10000000"},
}
COPY = """
    INSERT INTO {table} ({columns})
    WITH RECURSIVE copies(copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies WHERE copy < %s)
    SELECT {values} FROM {table}, copies
"""


def grow(times):
    """Let each of the tables have `times` its rows."""
    from django.apps import apps  # noqa: PLC0415 - once Django is set up
    from django.core.management.color import no_style  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.db.models import Max  # noqa: PLC0415

    models = {apps.get_model(label): said for label, said in TABLES.items()}
    steps = {model: (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1 for model in models}
    quote = connection.ops.quote_name
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
    with connection.cursor() as cursor, transaction.atomic():
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # no row's references are looked up
        for model, said in models.items():
            columns = {}
            for field in model._meta.concrete_fields:
                column, key = quote(field.column), quote(model._meta.pk.column)
                if field.name in said:
                    value = said[field.name].format(column=column, copy="copy")
                elif field.primary_key or field.related_model in steps:
                    value = f"{column} + copy * {steps[field.related_model or model]}"
                elif field.unique:
                    value = f"'c-' || ({key} + copy * {steps[model]})"  # the shortest has room for eight
                else:
                    value = column
                columns[column] = value
            table = quote(model._meta.db_table)
            copied = COPY.format(table=table, columns=", ".join(columns), values=", ".join(columns.values()))
            cursor.execute(copied, [times - 1])
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    grow(int(sys.argv[1]))
