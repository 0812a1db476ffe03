"""The few kinds of JSON Schema that the description of /api/ is made of."""

MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d$"
CLOCK = r"^\d\d:\d\d$"


def string(told, **rules):
    return {"type": "string", "description": told, **rules}


def day(told):
    return string(told, format="date")


def moment(told):
    return string(told, format="date-time", pattern=MOMENT)


def clock(told):
    return string(told, pattern=CLOCK)


def address(told):
    return string(told, format="uri")


def whole(told, **rules):
    return {"type": "integer", "description": told, **rules}


def number(told, **rules):
    return {"type": "number", "description": told, **rules}


def yes_no(told):
    return {"type": "boolean", "description": told}


def listed(told, items):
    return {"type": "array", "description": told, "items": items}


def record(told, /, **fields):
    """An object with all of these fields and no others."""
    return {
        "type": "object",
        "description": told,
        "properties": fields,
        "required": [*fields],
        "additionalProperties": False,
    }


def maybe(shape):
    """The same, or null where nobody knows."""
    known = shape | {"type": [shape["type"], "null"]}
    return known | {"enum": [*shape["enum"], None]} if "enum" in shape else known


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def maybe_ref(name, told):
    return {"oneOf": [ref(name), {"type": "null"}], "description": told}
