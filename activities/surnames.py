"""The order of names on paper: by the sound of the surname, as one looks for one's own on a list."""

import unicodedata

from pypinyin import lazy_pinyin

from branches.names import surname_of

# pypinyin knows the usual reading of a character; as a surname these sound otherwise
AS_SURNAME = {
    "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "曾": "zeng", "查": "zha", "朴": "piao", "盖": "ge",
    "员": "yun", "贠": "yun", "种": "chong", "乐": "yue", "繁": "po", "缪": "miao", "翟": "zhai", "召": "shao",
    "秘": "bi", "黑": "he", "折": "she", "祭": "zhai", "都": "du", "么": "yao", "句": "gou", "覃": "qin", "洗": "xian",
    "藏": "zang", "阚": "kan", "佴": "nai", "重": "chong", "蕃": "bo", "郗": "chi", "乜": "nie", "卜": "bu",
}  # fmt: skip


def by_sound(name):
    """The key that sorts names by surname, then by given name: 安, 单 (shan), 曾 (zeng), 张.

    Those who share a surname stand together, also where another one sounds the same.
    """
    name = "".join(unicodedata.normalize("NFKC", name).split())
    surname = surname_of(name)
    sound = AS_SURNAME.get(surname) or "".join(lazy_pinyin(surname))
    return sound.casefold(), surname, "".join(lazy_pinyin(name[len(surname) :])).casefold(), name
