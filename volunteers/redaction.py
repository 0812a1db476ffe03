"""What has to go from a letter before everybody may read it, and what was changed in it."""

import difflib

from branches.public_words import found_in


def faults(letter):
    """{field: what has to go} of the public texts of a letter; {} where they may be read by everybody."""
    names = [letter.proxy_name] if letter.name_consented else [letter.name, letter.proxy_name]
    texts = {name: getattr(letter, name) for name in ("public_subject", "public_body", "public_answer")}
    found = {name: found_in(text, names=names, email=letter.email) for name, text in texts.items()}
    return {name: words for name, words in found.items() if words}


def differences(before, after):
    """Two texts piece by piece: ([(piece, whether it is gone)], [(piece, whether it is new)])."""
    left, right = [], []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if i < j:
            left.append((before[i:j], kind != "equal"))
        if k < m:
            right.append((after[k:m], kind != "equal"))
    return left, right
