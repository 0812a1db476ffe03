"""Sample letters in every state, most of them answered and public, over the last half year."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.demo_words import REASON, person
from branches.models import CalendarDay, Division, User
from homes.models import Home, HomeApplication
from volunteers import mailbox
from volunteers.models import Letter, Office

Status, Publication = Letter.Status, Letter.Publication
OFFICES = ("示例社区居委会", "示例街道办事处", "示例小区物业协调组")
CODES, TELEPHONE, NUMBERS = 30_000_000, "1000{:07}", 5_000_000
# (what about, the letter, the answer)
MATTERS = (
    ("楼道的灯坏了", "我们单元三楼的灯坏了半个月，晚上上楼看不清台阶。",
     "灯已经换好，还把同一单元的另外两盏也换了。以后再坏，请打物业的电话，当天会有人来看。"),
    ("想添一张长椅", "从菜场回来要走一段上坡，路上没有能坐下歇脚的地方。",
     "在坡的中段添了一张带扶手的长椅。坡顶那边地方窄，放不下，请您谅解。"),
    ("活动室周末能不能开", "周末孩子们都回来，老人想去活动室，门却是锁的。",
     "从下个月起，星期六上午开门，由两位值班的老党员照看。星期天先不开，人手够了再说。"),
    ("垃圾桶的位置", "垃圾桶放在一楼窗户底下，天热的时候味道很重。",
     "垃圾桶已经移到院门东侧，离住户的窗户有十多米。清运也从一天一次加到两次。"),
    ("过街的红灯太短", "从院门口过马路，绿灯只有十几秒，走得慢的人走不完。",
     "信号灯不归社区管，我们已经转给管路口的部门。他们来看过，答应把绿灯延长，调好以后会贴通知。"),
    ("电梯停了两天", "电梯停了两天，八十岁的邻居下不了楼。",
     "电梯换了一个零件，已经恢复。停梯的时候，志愿者给两户老人送了饭菜。以后停梯超过半天会提前告知。"),
    ("想学用手机挂号", "医院现在都要用手机挂号，我学了几次都记不住。",
     "手机班每个星期都有一节专门讲挂号，一对一地教。不方便出门的，也可以求助，请人上门教。"),
    ("健身器材松了", "院子里的健身器材有一处螺丝松了，怕摔着人。",
     "器材已经紧固，另外两处也检查过了。以后每个月检查一次，看到松动也请随时告诉我们。"),
    ("夜里太吵", "楼下的店晚上十一点还在放音乐，睡不着。",
     "已经和店主说好，晚上十点以后不再放音乐。要是又吵，请记下时间告诉我们。"),
    ("花坛里种了菜", "有人在公共花坛里种菜浇肥，路过的人都捂鼻子。",
     "和种菜的邻居谈过，肥已经清走，这一季收完以后改种花。想种菜的，可以到农场去认一块地。"),
)  # fmt: skip
ABOUT_NOTICE = 900  # the numbers of letters about applications begin here
OBJECTIONS = (
    ("这间屋子的楼上住着人，晚上唱歌跳舞会吵。能不能写明晚上几点关门？", ""),
    ("门口那条路晚上没有灯，老人走着不放心。灯装好了再开门行不行？",
     "路灯已经报给管路的部门，装好以前，晚上不办活动。"),
)  # fmt: skip
IN_HAND = (Status.RECEIVED, Status.RECEIVED, Status.ACCEPTED, Status.ACCEPTED, Status.DRAFTED, Status.DECLINED)


def load_letters(arrivals, *, number):
    """Bring in so many sample letters, once."""
    if Letter.history.filter(is_sample=True).exists() or not number:
        return
    offices = [Office(name=name, order=50, is_sample=True) for name in OFFICES]
    bulk_create_with_history(offices, Office, default_change_reason=REASON)
    staff = list(User.objects.filter(postings__role__in=("community", "street")).distinct().order_by("pk")[:2])
    homes = list(Home.objects.public().select_related("division").order_by("pk"))
    now, dice = timezone.now(), Random("letters")  # noqa: S311 - samples, not secrets
    letters = [_letter(turn, homes, offices, staff, now, dice) for turn in range(number)]
    mailbox.enter(letters, by=None, reason=REASON)
    for rows in (offices, letters):
        arrivals.created[rows[0]._meta.verbose_name] += len(rows)


def load_objections(arrivals):
    """Two letters about applications in their public notice, once: one was answered, one holds an approval up."""
    if Letter.history.filter(is_sample=True, application__isnull=False).exists():
        return
    about = list(HomeApplication.objects.in_notice().filter(is_sample=True).order_by("notice_until", "pk"))
    offices = list(Office.objects.filter(is_sample=True).order_by("pk"))
    if not (about and offices):
        return
    clerks = User.objects.filter(postings__role="district").distinct().order_by("pk")[:2]
    waiting, answered = (
        _objection(turn, application, status, offices[1], clerks)
        for turn, (application, status) in enumerate(((about[0], Status.ACCEPTED), (about[-1], Status.ANSWERED)))
    )
    mailbox.enter([waiting, answered], by=None, reason=REASON)
    arrivals.created[Letter._meta.verbose_name] += 2


def _objection(turn, application, status, office, clerks):
    created = timezone.make_aware(datetime.combine(application.notice_from, time(20, turn)))
    created = min(created, timezone.now() - timedelta(hours=3))
    body, answer = OBJECTIONS[turn]
    letter = Letter(
        code=f"{CODES + ABOUT_NOTICE + turn}", subject=f"关于公示：{application}"[:60], body=body,
        name=person(turn + 6900), telephone=TELEPHONE.format(NUMBERS + ABOUT_NOTICE + turn), application=application,
        division=Division.objects.district(), office=office, status=status, is_sample=True, created_at=created,
        text_changed_at=created, due_on=CalendarDay.objects.working_day_after(timezone.localdate(created), 3),
    )  # fmt: skip
    if status == Status.ANSWERED:
        letter.answer, letter.answered_at = answer, created + timedelta(hours=2)
        letter.drafted_by, letter.checked_by = (*clerks, None, None)[:2]
        letter.text_changed_at = letter.answered_at
    return letter


def _letter(turn, homes, offices, staff, now, dice):
    """The first ones are in hand; all that follow are answered, and most of these public."""
    status = IN_HAND[turn] if turn < len(IN_HAND) else Status.ANSWERED if turn % 4 == 0 else Status.CLOSED
    subject, body, answer = MATTERS[turn % len(MATTERS)]
    home = homes[turn * 5 % len(homes)]
    days = {Status.CLOSED: dice.randrange(20, 180), Status.ANSWERED: dice.randrange(4, 12)}.get(status, turn % 3)
    created = now - timedelta(days=days, hours=turn % 9)
    letter = Letter(
        code=f"{CODES + turn}", subject=subject, body=body, name=person(turn + 6500),
        telephone=TELEPHONE.format(NUMBERS + turn), home=home, division=home.division, status=status, is_sample=True,
        created_at=created, text_changed_at=created, consented_at=created,
        due_on=CalendarDay.objects.working_day_after(timezone.localdate(created), 3),
    )  # fmt: skip
    if status not in (Status.RECEIVED, Status.DECLINED):
        letter.office = offices[turn % len(offices)]
    if status == Status.DECLINED:
        letter.decline_reason, letter.decline_words = Letter.DeclineReason.OUTSIDE, "这件事请打12345政务服务便民热线。"
    if status == Status.DRAFTED:
        letter.draft, letter.drafted_by = answer, staff[0] if staff else None
    if status in Letter.ANSWERED:
        letter.answer, letter.answered_at = answer, created + timedelta(days=1 + turn % 4)
        letter.drafted_by, letter.checked_by = (*staff, None, None)[:2]
        letter.text_changed_at = letter.answered_at
        if turn % 5:
            _publish(letter, letter.answered_at + timedelta(days=1))
    return letter


def _publish(letter, at):
    letter.publication, letter.consented_on = Publication.PUBLIC, timezone.localdate(letter.created_at)
    letter.public_subject, letter.public_body, letter.public_answer = letter.subject, letter.body, letter.answer
    letter.redacted_at = letter.published_at = at
