"""Names stand where one looks for them: by the sound of the surname."""

import pytest

from activities.surnames import by_sound

SOUNDS = {
    "单国庆": "shan", "解晓东": "xie", "仇英": "qiu", "区小明": "ou", "曾玉兰": "zeng", "查良": "zha", "朴正": "piao",
    "盖叫": "ge", "翟志": "zhai", "覃建": "qin", "卜算": "bu", "张伟": "zhang", "安平": "an",
    "欧阳修文": "ouyang", "单于丹青": "chanyu", "尉迟恭敬": "yuchi", "万俟清": "moqi", "长孙无": "zhangsun",
}  # fmt: skip


@pytest.mark.parametrize(("name", "sound"), SOUNDS.items())
def test_a_surname_sounds_as_a_surname(name, sound):
    assert by_sound(name)[0] == sound


def test_a_list_is_in_the_order_in_which_one_looks_for_a_name():
    names = ["张伟", "曾玉兰", "单国庆", "区小明", "安平", "章子", "Ａda", "张安", "查良", "仇英", "解晓东"]
    ordered = ["Ａda", "安平", "区小明", "仇英", "单国庆", "解晓东", "曾玉兰", "查良", "张安", "张伟", "章子"]
    assert sorted(names, key=by_sound) == ordered


def test_those_of_one_surname_stand_together_though_another_sounds_the_same():
    names = ["章安", "张伟", "章子", "张安"]
    assert [name[0] for name in sorted(names, key=by_sound)] == ["张", "张", "章", "章"]


@pytest.mark.parametrize("name", ["", " ", "阿卜杜·热合曼", "O'Neil", "𠮷野", "一"])
def test_any_name_has_a_place(name):
    assert sorted([name, "张伟"], key=by_sound)
