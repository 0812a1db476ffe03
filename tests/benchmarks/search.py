"""Whether a search answers within 50 ms among 50,000 entries: `make bench-search`, on the database at hand.

The entries are invented, put into the index within a transaction and taken back, so that nothing of the database is
changed. On PostgreSQL of its own: `.ci/postgres .venv/bin/python -m tests.benchmarks.search`. ENTRIES tells how many.
Each question is what the page asks: how many of each kind, and the first twenty. Ends with 1 where the target is missed.
"""

import os
import random
import sys
import time
from datetime import timedelta
from statistics import median, quantiles

TARGET = 50  # milliseconds, of the slowest twentieth
ENTRIES, TIMES, BATCH = 50_000, 15, 2000
PLACES = "金桂 银杏 香樟 芙蓉 湘水 书院 新塘 南门 长岭 白沙 石桥 杨柳 枫林 桃花 梅岭 东塘 西湖 北正 麻园 竹山".split()
THINGS = "合唱班 二胡班 书法班 花鼓戏班 太极拳队 诗词会 读报会 量血压 写春联 下棋半日 手机课 暖心午餐 座谈会 家常菜 老街故事 电话骗局 健康讲座".split()
WORDS = (
    "老师 邻居 早上 下午 水杯 毛笔 报名 直接来 二楼 活动室 社区 志愿者 茶水 免费 名额 老人 家里 院子 香樟树 故事 "
    "商量 停车 楼栋 电梯 医生 血压 菜谱 少油 少盐 学生 放学 护送 修水管 换灯泡 理发 借轮椅 看书 听戏 唱歌 跳舞 "
    "象棋 军棋 报纸 讲解 提问 下次 带伞 路口 公交站 对面 超市 门口 台阶 扶手 安静 热闹 高兴 辛苦 感谢 平安"
).split()
# what is typed, and what sort of question it is
QUESTIONS = {
    "二胡": "two characters", "书法班": "a name", "香樟树": "a text", "合唱班 银杏": "two words",
    "社区": "in every second text", "老党员之家": "in every name of a place", "茶": "one character",
    "erhu": "pinyin", "huaguxi": "pinyin", "hgxb": "initials", "shufb": "pinyin and initials", "jinguihechangban": "long pinyin",
    "二湖班": "mistyped, sounds the same", "银杏合唱班": "without a space", "没有这样的字": "nothing",
}  # fmt: skip


def invented(number, now, chance):
    """One entry as it might be after some years: mostly activities that are over."""
    from homes.search.index import Page, _said, _with_pieces  # noqa: PLC0415 - once Django is set up

    place, thing = chance.choice(PLACES), chance.choice(THINGS)
    starts = now + timedelta(days=chance.randint(-1500, 60))
    home = f"{place}{chance.randint(1, 40)}社区老党员之家"
    body = f"{''.join(chance.choices(WORDS, k=chance.choice((12, 30, 30, 60, 200))))}。{home}"
    kind = chance.choices(("activity", "notice", "letter", "team", "home"), (80, 8, 6, 3, 3))[0]
    title = home if kind == "home" else f"{place}{thing}" if chance.random() < 0.5 else thing
    page = Page(title, f"/invented/{number}/", body=body, place=home, starts_at=starts,
                over_at=starts + timedelta(hours=2) if kind == "activity" else None)  # fmt: skip
    return _with_pieces(_said(kind, 10, 10**9 + number, page))


def fill(number):
    from django.utils import timezone  # noqa: PLC0415

    from homes.models import SearchEntry  # noqa: PLC0415
    from homes.search.index import _tidy  # noqa: PLC0415

    chance, now = random.Random(7), timezone.now()  # noqa: S311 - the same entries every time
    for start in range(0, number, BATCH):
        SearchEntry.objects.bulk_create(
            invented(start + each, now, chance) for each in range(min(BATCH, number - start))
        )
    _tidy()


def asked(question):
    """(milliseconds, how many it found)."""
    from django.utils import timezone  # noqa: PLC0415

    from homes.search import asking  # noqa: PLC0415

    began = time.perf_counter()
    found = asking.find(question, timezone.now())
    found.entries(0, 20)
    return (time.perf_counter() - began) * 1000, sum(found.counts.values())


def main():
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    number = int(os.environ.get("ENTRIES", ENTRIES))
    slowest = []
    with transaction.atomic():
        began = time.perf_counter()
        fill(number)
        write(
            f"{connection.vendor}: {number} entries in {time.perf_counter() - began:.0f} s; target p95 ≤ {TARGET} ms\n\n"
        )
        write(f"{'question':<22}{'found':>8}{'p50':>8}{'p95':>8}   ratio to the target\n")
        for question, sort in QUESTIONS.items():
            asked(question)
            times = [asked(question) for _ in range(TIMES)]
            middle = median(each for each, _ in times)
            late = quantiles([each for each, _ in times], n=20)[-1]
            slowest.append(late)
            write(
                f"{question:<{22 - len([each for each in question if ord(each) > 255])}}{times[0][1]:>8}{middle:>8.1f}{late:>8.1f}{late / TARGET:>8.2f}   {sort}\n"
            )
        transaction.set_rollback(True)
    write(f"\nslowest p95 {max(slowest):.1f} ms, {max(slowest) / TARGET:.2f} of the target\n")
    return max(slowest) > TARGET


def write(words):
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
