"""The grade that MDN Observatory gives an answer by its headers: its rules and points of 2026, in our words."""

import re

LEAST_FOR_A_PLUS, BEFORE_BONUS = 100, 90
HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def points(headers, cookies=()):
    """(score, what cost points) of an answer over https; `headers` by their names in small letters."""
    found = {
        "no policy of contents": -25 * ("content-security-policy" not in headers),
        "unsafe policy of contents": -20 * _is_unsafe(_policy(headers)),
        "https is not for ever": -20 * (_seconds(headers) < HALF_A_YEAR),
        "types are guessed": -5 * (headers.get("x-content-type-options") != "nosniff"),
        "may be framed": -20 * (headers.get("x-frame-options") not in {"DENY", "SAMEORIGIN"}),
        "referrer": -5 * (headers.get("referrer-policy", "same-origin") not in PRIVATE),
        "others may read it as somebody": -50 * ("access-control-allow-credentials" in headers),
        "cookies": -40 * any(not _is_safe(cookie) for cookie in cookies),
    }
    score = 100 + sum(found.values())
    if score >= BEFORE_BONUS:
        score += 10 * (headers.get("cross-origin-resource-policy") in {"same-origin", "same-site"})
        score += 5 * ("'none'" in _policy(headers).get("frame-ancestors", []))
        score += 5 * (headers.get("referrer-policy") in PRIVATE)
        score += 5 * ("content-security-policy" in headers)
    return score, [fault for fault, lost in found.items() if lost]


def _policy(headers):
    directives = (each.split() for each in headers.get("content-security-policy", "").split(";") if each.strip())
    return {name: sources for name, *sources in directives}


def _is_unsafe(policy):
    """Whether scripts, styles or plug-ins may come from anywhere, or stand in the page."""
    for kind in ("script-src", "style-src", "object-src"):
        sources = policy.get(kind, policy.get("default-src", ["*"]))
        if {"'unsafe-inline'", "'unsafe-eval'", "data:", "*", "http:", "https:"} & set(sources):
            return True
    return False


def _seconds(headers):
    found = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    return int(found[1]) if found else 0


def _is_safe(cookie):
    """Whether a Set-Cookie line is for https alone, out of reach of scripts and of other sites; or takes one away."""
    _name, *marks = (part.strip().lower() for part in cookie.split(";"))
    return "max-age=0" in marks or (
        {"secure", "httponly"} <= set(marks) and bool({"samesite=lax", "samesite=strict"} & set(marks))
    )
