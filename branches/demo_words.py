"""What samples are called. 示例 is in every name; the telephone numbers look like numbers and belong to nobody."""

from re import findall

REASON = "示例数据"  # what the row history says of samples

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = findall(
    "..",
    "建国国强秀英桂兰玉珍志明淑华德福长生春生秋生冬梅雪梅腊梅菊香荷香水生火旺土根木林金山银山铁山"
    "石山泉水清水江水湖光月光星光晨光霞光红旗红星红军建军建设建华爱华爱民爱国爱平和平太平安平永平"
    "永红永福永寿长寿长福长青松青柏青竹青兰青梅芳兰芳桂芳菊芳荷芳莲芳友谊友爱友善友好勤俭勤劳勤奋"
    "勤学好学文学文化文华国华中华新华光华明华月华",
)
TRADES = findall(
    "..",
    "机床纺织轴承水泥造纸化工印刷电机橡胶玻璃仪表汽修砂轮电缆阀门水泵锅炉搪瓷灯泡皮革木器食品酿造"
    "茶叶毛巾针织单车钟表建材农机",
)
GARDENS = findall("..", "桂花银杏香樟枫林荷塘竹影梅岭兰亭松风柳岸")
NUMERALS = "一二三四五六七八九十"

ENTERPRISES = len(TRADES) * len(NUMERALS)  # the most that a block can name
MEMBERS = 9999  # the most that a block has telephone numbers for


def person(number):
    """A surname, 示例 and a given name: 张示例建国; different for 8,000 numbers in a row."""
    given = GIVEN[number // len(SURNAMES) % len(GIVEN)]
    return f"{SURNAMES[number % len(SURNAMES)]}示例{given}"


def telephone(block, number, *, of_contact=False):
    """Eleven digits beginning with 1000, which no mobile telephone does (nor any service number of an operator)."""
    return f"1000{(6_000_000 if of_contact else 3_000_000) + block * (MEMBERS + 1) + number}"


def enterprise(block, number):
    """示例机床一厂; the blocks count on."""
    ordinal = block * len(NUMERALS) + number // len(TRADES)
    spoken = NUMERALS[ordinal] if ordinal < len(NUMERALS) else ordinal + 1
    return f"示例{TRADES[number % len(TRADES)]}{spoken}厂"
