"""Rows of another table in one text of a row: asked in the same query, taken apart in Python.

A subquery for each thing that is wanted of them costs more in writing the SQL than all of them in answering it.
"""

import json

from django.db import models
from django.db.models import Func, StringAgg, Subquery, Value


class Line(Func):
    """Columns as a list in JSON, which holds whatever somebody typed, and writes days and times in one way."""

    function = "JSON_ARRAY"
    output_field = models.TextField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="JSONB_BUILD_ARRAY(%(expressions)s)::text", **context)


def lines_of(rows, owner, *columns):
    """A column with the `columns` of all these rows, a line each, or None; `owner` is what the rows have in common."""
    texts = rows.order_by().values(owner).annotate(lines=StringAgg(Line(*columns), Value(",")))
    return Subquery(texts.values("lines"))


def read(text):
    """The lines of such a text: [[value, ...]], in any order; days and times as they are written."""
    return json.loads(f"[{text}]") if text else []
