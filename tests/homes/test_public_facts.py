"""P-I2: no public text names a household, however it is spelled; and what is harmless is not refused."""

from homes.public_facts import names_household, refused

FLATS = (
    "3单元501", "三单元五〇一", "三单元五零一室", "501室", "五〇一室", "502号房", "3栋501", "３栋５０１", "3号楼501",
    "3幢一二〇二", "A座1202", "12栋3单元5楼502", "3-2-501", "3—2—501", "3/2/501", "3-501", "3#501", "3单元8号",
    "五楼东户",
    "3栋2单元五楼东户", "3\u200b-5\u200b01",
)  # fmt: skip
TELEPHONES = ("13812345678", "一三八 1234 5678", "0731-8888 7777", "430103194901010017")
HARMLESS = (
    "956户", "22部", "3号楼", "2栋电梯", "5,340,000.00", "2022-04-01", "1单元20户", "二单元三十户", "3号楼18层",
    "三单元一起动手", "三单元一楼大厅", "22部电梯每部240000元", "3栋120平方米", "3号楼2022年4月开工",
    "3号楼2022-04-01开工",
    "3栋1200多户", "一共5,340,000.00元", "81,234.56 平方米", "8:30-11:30", "24-36个月", "一楼到十二楼", "12号楼1室2厅",
    "956户里有812户同意", "每部载重1000公斤，速度1.75米每秒",
)  # fmt: skip


def test_a_flat_is_found_in_any_spelling_and_nothing_else():
    assert [text for text in FLATS if not names_household(f"多谢{text}的邻居")] == []
    assert [text for text in TELEPHONES if not refused(f"请打{text}问")] == []
    assert {text: refused(text) for text in HARMLESS if refused(text)} == {}
    assert refused("谢谢3栋501的邻居") == "这里人人都能看，不能写“3栋501”。请写到小区或楼栋为止。"
