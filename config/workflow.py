"""/about/workflow/: how each matter goes from one state to the next, who takes which step, and by when.

Drawn from the very tables that the verbs enforce; here stand only the words. A table that is not named here, a state
or an event without words, fails a test.
"""

from typing import NamedTuple

from django.shortcuts import render
from django.views.decorators.http import require_safe

from activities import notices, publishing
from activities.models import Activity, Notice
from branches import membership, register_requests
from branches.models import CommunityMembership, ExportRequest
from config.caching import public_page
from homes import applying, demonstrating, founding, granting, projects
from homes.models import CommunityProject, Demonstration, Grant, Home, HomeApplication
from volunteers import duties, mailbox, order_steps, ordering, publication, teams
from volunteers.models import Assignment, Letter, ServiceOrder, Shift, ShiftPlace, TeamMembership
from volunteers.order_words import ASSIGNMENT_STEPS, ORDER_STEPS

STAFF, BRANCH, DISTRICT, SYSTEM = "工作人员", "支部或社区", "区里", "到时间自动"
RESIDENT, CLERK, OTHER_CLERK = "居民", "管信箱的人", "另一位管信箱的人"
VOLUNTEER, CAPTAIN = "志愿者", "队长、社区或支部"
COMMUNITY, STREET, REVIEWER, LEADER = "申报的社区", "街道", "审到哪一级，就是哪一级", "区里另一位"
NOTHING = "一开始"


class Words(NamedTuple):
    """What a step is called, who takes it, and by when or under which condition."""

    name: str
    who: str
    when: str = ""


class Machine(NamedTuple):
    """A kind of matter: its table {event: (starts, end or ends; None: it stays)}, its states, words of its events."""

    key: str
    title: str
    about: str
    table: dict
    states: type
    events: dict


class Step(NamedTuple):
    """One step as the page tells it."""

    starts: list
    words: Words
    ends: list


class State(NamedTuple):
    """A state, and what may be done from it; nothing: the matter ends here."""

    name: str
    steps: list


def _named(names, people):
    """{event: Words} of what another module calls the events: `people` is {event: (who, when)}."""
    return {event: Words(names[event], *people[event]) for event in people}


MACHINES = (
    Machine(
        "order", "求助单", "您求助以后，这一单怎么走。", order_steps.ORDER, ServiceOrder.Status,
        _named(ORDER_STEPS, {
            "place": (f"{RESIDENT}，或者工作人员替您登记", "当场给查询码；写明最晚哪天有人接、哪天办完，按工作日算"),
            "route": (BRANCH, "先找负责那个地方的支部，找不到的由区里定"),
            "reject": (BRANCH, "要说明为什么、可以找谁"),
            "mark_duplicate": (BRANCH, "和另外一单是一回事，合在一起办"),
            "offer": (BRANCH, "在“最晚哪天有人接”以前"),
            "open_call": (BRANCH, "队里谁先说去就是谁"),
            "accept": (VOLUNTEER, "一天以内回话，也不晚于约好的时间"),
            "decline": (VOLUNTEER, "不用说原因，支部另外请人"),
            "expire": (SYSTEM, "过了回话时间"),
            "recall": (BRANCH, "要写明原因，告诉他不用去了"),
            "fail": (VOLUNTEER, "写一句怎么没办成；三次没办成，区里来看"),
            "complete": (f"{VOLUNTEER}，或者支部替他填", "在“最晚哪天办完”以前"),
            "rate": (f"{RESIDENT}，或者工作人员打电话问", f"{ordering.SILENT_DAYS}天以内"),
            "close": (SYSTEM, f"{ordering.SILENT_DAYS}天没有评价，算“未评价”，不算满意"),
            "reopen": (f"{RESIDENT}或支部", f"{ordering.REOPEN_DAYS}天以内，还是原来的查询码，排在最前面"),
            "cancel": (f"{RESIDENT}或支部", "支部撤的要写明原因，告诉您"),
            "correct": (DISTRICT, "点错了才用，要写明原因"),
        }),
    ),
    Machine(
        "assignment", "请一位志愿者去", "一单里请的每一位，怎么回话、怎么办完。", order_steps.ASSIGNMENT,
        Assignment.Status,
        _named(ASSIGNMENT_STEPS, {
            "offer": (BRANCH, "问一问，去不去由他"),
            "take_call": (VOLUNTEER, "请了全队的时候，先说去的人去"),
            "accept": (VOLUNTEER, "一天以内；和别的事撞了时间的不能接"),
            "decline": (VOLUNTEER, "一天以内"),
            "expire": (SYSTEM, "过了回话时间"),
            "recall": (BRANCH, "要写明原因"),
            "fail": (VOLUNTEER, "写一句怎么没办成"),
            "complete": (f"{VOLUNTEER}，或者支部替他填", "写办了什么、多少分钟"),
            "correct": (DISTRICT, "点错了才用，要写明原因"),
        }),
    ),
    Machine(
        "letter", "民声邮筒的信", "您写的信，谁受理、谁答复、谁审核。", mailbox.TRANSITIONS, Letter.Status,
        {
            "accept": Words("受理", CLERK, f"{mailbox.TAKEN_UP_WITHIN}个工作日以内，定好由哪个单位答复"),
            "assign": Words("换答复单位", CLERK),
            "decline": Words("不予受理", CLERK, "要说明为什么"),
            "merge": Words("并到另一封信", CLERK, "告诉您看那一封的答复"),
            "draft": Words("起草答复", CLERK, f"{mailbox.ANSWERED_WITHIN}个工作日以内"),
            "send_back": Words("退回重写", OTHER_CLERK, "要写明原因"),
            "answer": Words("审核、答复", OTHER_CLERK, "起草的人不能自己审核"),
            "extend": Words("延期", CLERK, f"只能一次，加{mailbox.LONGER}个工作日，告诉您为什么"),
            "ask_again": Words("追问", RESIDENT, f"答复以后{mailbox.ASK_AGAIN_WITHIN.days}天以内，一次"),
            "archive": Words("归档", SYSTEM, f"答复满{mailbox.ASK_AGAIN_WITHIN.days}天"),
        },
    ),
    Machine(
        "publication", "把信和答复公开", "公开要您同意，还要先去掉看得出是谁的话。", publication.TRANSITIONS,
        Letter.Publication,
        {
            "consent": Words("同意公开", RESIDENT),
            "redact": Words("去掉看得出是谁的话", CLERK),
            "publish": Words("公开", OTHER_CLERK, "答复了以后，两位看过才公开"),
            "unpublish": Words("撤下", OTHER_CLERK, "要写明原因"),
            "withdraw": Words("收回同意", RESIDENT, "还没公开的时候"),
            "take_back": Words("收回同意", RESIDENT, "公开以后也可以，马上撤下"),
            "renew": Words("信或答复改了", SYSTEM, "要重新看过"),
            "overtake": Words("信或答复改了", SYSTEM, "先撤下，重新看过"),
        },
    ),
    Machine(
        "team", "加入志愿服务队", "报名、确认、离队。", teams.TRANSITIONS, TeamMembership.Status,
        {
            "ask": Words("报名", RESIDENT),
            "enter": Words("登记入队", CAPTAIN),
            "take_in": Words("确认入队", CAPTAIN),
            "decline": Words("没有收下", CAPTAIN, "要写明原因"),
            "leave": Words("离队", VOLUNTEER, "随时"),
            "let_go": Words("请离队", CAPTAIN, "要写明原因"),
        },
    ),
    Machine(
        "shift", "值一次班", "护学、巡逻这些定好时间的班。", duties.TRANSITIONS, Shift.Status,
        {"cancel": Words("取消这次班", CAPTAIN, "要写明原因，告诉报了名的人")},
    ),
    Machine(
        "shift_place", "报名值班", "谁来值这一班。", duties.PLACES, ShiftPlace.Status,
        {
            "join": Words("报名值班", VOLUNTEER, "和别的事撞了时间的不能报"),
            "leave": Words("退出", VOLUNTEER, f"开始前{duties.ALONE_UNTIL.seconds // 3600}小时以内请打电话"),
            "ask_swap": Words("请人换班", VOLUNTEER),
            "keep": Words("不换了", VOLUNTEER),
            "take_over": Words("换给别人", VOLUNTEER),
            "served": Words("到了，打勾", CAPTAIN, f"结束以后{duties.TICKED_UNTIL.days}天以内"),
            "absent": Words("没有来", CAPTAIN, f"结束以后{duties.TICKED_UNTIL.days}天以内"),
        },
    ),
    Machine(
        "activity", "活动", "一次活动从准备到办完。", publishing.TRANSITIONS, Activity.Status,
        {
            "submit_review": Words("交去审核", STAFF),
            "publish": Words("发布", STAFF),
            "send_back": Words("退回去改", STAFF, "要写明原因"),
            "reschedule": Words("改时间或地点", STAFF, "报了名的一个个告诉到"),
            "cancel": Words("取消", STAFF, "要写明原因，报了名的一个个告诉到"),
            "finish": Words("办完", f"{STAFF}，或者{SYSTEM}", "过了结束时间"),
            "unpublish": Words("收回成草稿", STAFF, "没有人报过名的才可以"),
        },
    ),
    Machine(
        "notice", "通知公告", "一条通知从写好到撤下。", notices.TRANSITIONS, Notice.Status,
        {
            "publish": Words("发布", STAFF),
            "withdraw": Words("撤回", STAFF, "要写明原因"),
            "pin": Words("放到最上面", STAFF),
            "unpin": Words("不放最上面了", STAFF),
        },
    ),
    Machine(
        "home", "老党员之家", "一个家从筹建到开放。", founding.TRANSITIONS, Home.Status,
        {
            "publish": Words("公布、开放", STAFF),
            "suspend": Words("暂停开放", STAFF, "要写明原因"),
            "reopen": Words("恢复开放", STAFF),
            "archive": Words("归档", STAFF, "要写明原因"),
        },
    ),
    Machine(
        "application", "建“家”申报", "一个社区想建老党员之家，从申报到批准。每一级由不同的人审。", applying.TRANSITIONS,
        HomeApplication.Status,
        {
            "begin": Words("开始填写", COMMUNITY),
            "submit": Words("申报", COMMUNITY, "三个条件都有证明材料；补正以后接着原来的期限算"),
            "return": Words("退回补正", REVIEWER, "写明哪几处、差在哪里；退回的时间不算在期限里"),
            "street_pass": Words("街道初审通过", STREET, "去现场看过以后，在定好的工作日以内"),
            "start_notice": Words("公示", DISTRICT, "街道初审通过以后；有不同意见，写信来说"),
            "approve": Words("批准", LEADER, "公示期满，来信都答复了；建成正好一个家"),
            "reject": Words("不予通过", REVIEWER, "要写明原因"),
            "withdraw": Words("撤回", COMMUNITY),
        },
    ),
    Machine(
        "grant", "经费", "区里给家的钱，从计划到结清。拨的钱不会超过批的钱。", granting.TRANSITIONS, Grant.Status,
        {
            "plan": Words("列计划", DISTRICT),
            "approve": Words("批准", LEADER, "提的人不能自己批；可以批得少，不能批得多"),
            "pay": Words("拨一笔", DISTRICT, "可以分几次"),
            "reverse": Words("冲销一笔", DISTRICT, "记错了才用，要写明原因"),
            "settle": Words("结清", DISTRICT),
            "cancel": Words("取消", DISTRICT, "一笔也没拨的才可以，要写明原因"),
            "correct": Words("更正", DISTRICT, "点错了才用，要写明原因"),
        },
    ),
    Machine(
        "demonstration", "示范阵地", "办得好的家，怎么成为示范阵地。", demonstrating.TRANSITIONS, Demonstration.Status,
        {
            "nominate": Words("提名", "街道或区里"),
            "grant": Words("授予", DISTRICT, "提名的人不能自己授予"),
            "decline": Words("不授予", DISTRICT, "要写明原因"),
            "revoke": Words("撤销", DISTRICT, "要写明原因"),
            "expire": Words("到期", SYSTEM, "过了有效期"),
            "record": Words("补录", DISTRICT, "以前授予的，写明是哪个文件"),
            "amend": Words("改日期", DISTRICT, "写错了才改，要写明原因"),
            "correct": Words("更正", DISTRICT, "点错了才用，要写明原因"),
        },
    ),
    Machine(
        "project", "共建项目", "邻居们一起办的事，例如换电梯。", projects.TRANSITIONS, CommunityProject.Status,
        {
            "propose": Words("提议", BRANCH),
            "open_consult": Words("开始征询", BRANCH, "写明做什么、要多少钱、征询到哪天"),
            "record_result": Words("记下结果", BRANCH, "照纸上的票数记，附上扫描件"),
            "open_funding": Words("开始筹资", BRANCH, "写明钱用在哪里、从哪里来"),
            "start": Words("开工", BRANCH, "钱筹够了，或者写明为什么先开工"),
            "accept": Words("验收", BRANCH, "步骤都办完了，写明谁验收、花了多少钱"),
            "pause": Words("暂停", BRANCH, "原因人人看得到"),
            "resume": Words("继续", BRANCH),
            "ask_cancel": Words("申请终止", BRANCH, "要写明原因"),
            "keep": Words("不终止了", f"{BRANCH}，或者{DISTRICT}", "接着办"),
            "cancel": Words("同意终止", DISTRICT, "写明收到的钱怎么退"),
        },
    ),
    Machine(
        "membership", "党员到社区报到", "报到、确认、结束。组织关系不动。", membership.MACHINE,
        CommunityMembership.Status,
        {
            "confirm": Words("确认", "支部书记", "自己填的要另一位确认"),
            "reject": Words("不接收", "支部书记", "要写明原因"),
            "withdraw": Words("撤回", "报到的人"),
            "end": Words("结束", "支部书记", "搬走、本人要求等，写明原因"),
        },
    ),
    Machine(
        "export", "导出党员名册", "名册里的人多了，要另一位同事批准才能拿走。", register_requests.MACHINE,
        ExportRequest.Status,
        {
            "approve": Words("批准", "另一位同事"),
            "decline": Words("不批准", "另一位同事", "要写明原因"),
            "withdraw": Words("撤回", "申请的人"),
            "fetch": Words("取走", "申请的人", f"批准以后{register_requests.VALID.days * 24}小时以内，会记下来"),
        },
    ),
)  # fmt: skip


def state_names(machine):
    """{state: its name}, with what a matter is before it begins."""
    return {"": NOTHING} | dict(machine.states.choices)


def steps_of(machine):
    """The steps of a machine in the order of its table."""
    names, order = state_names(machine), ["", *machine.states.values]
    found = []
    for event, (begins, leads) in machine.table.items():
        starts = sorted(begins, key=order.index)
        ends = starts if leads is None else sorted({leads} if isinstance(leads, str) else leads, key=order.index)
        found.append(Step([names[each] for each in starts], machine.events[event], [names[each] for each in ends]))
    return found


def states_of(machine):
    """Every state with the steps that may be taken from it, and how a matter begins."""
    steps = steps_of(machine)
    begins = [NOTHING] if any(NOTHING in step.starts for step in steps) else []
    names = begins + [name for _state, name in machine.states.choices]
    return [State(name, [each for each in steps if name in each.starts]) for name in names]


@require_safe
@public_page
def workflow(request):
    sections = [(machine, states_of(machine), steps_of(machine)) for machine in MACHINES]
    return render(request, "pages/workflow.html", {"sections": sections})
