"""What waits about the homes: to be completed, approved, paid, decided, renewed, written up."""

from django.urls import reverse
from django.utils.http import urlencode

from branches.access import COMMUNITY, DISTRICT, SECRETARY, STREET, Action, allowed
from branches.waiting import Line, add_waiting
from homes import application_worklist, grant_sums, project_waits
from homes.models import Demonstration, Grant, Home, HomeApplication, ObservationVisit

# what staff should see to: {value: (words, the queryset method that finds it, what to do about it)}; the list of the
# staff pages is narrowed by the same
TO_DO = {
    "unverified": ("90天没有核实", "unverified", "打个电话问一问，信息没变就点“信息仍然正确”。"),
    "photo": ("没有照片", "without_photo", "门口和活动室各拍一张就很好。"),
    "location": ("没有位置", "without_location", "在地图上找到门口，把坐标填进来。"),
    "hours": ("没有开放时间", "without_hours", "问一问几点开门，填进来，居民才不会白跑。"),
    "drafts": ("筹建中，还没发布", "drafts", "补齐地址、电话和开放时间，就可以发布了。"),
}


def homes(user):
    if allowed(user, Action.CHANGE, Home):
        rows, address = Home.objects.visible_to(user), reverse("admin:homes_home_changelist")
        for value, (words, method, hint) in TO_DO.items():
            found = getattr(rows, method)()
            yield Line(found, "个家", words, hint, f"{address}?{urlencode({'todo': value})}", upkeep=True)


def applications(user):
    if allowed(user, Action.CHANGE, HomeApplication):
        for part in application_worklist.application_parts(user):
            yield part.line("份申报", reverse("applications:desk"))


def money(user):
    if allowed(user, Action.CHANGE, Grant):
        rows, address = Grant.objects.visible_to(user, Action.CHANGE), reverse("grants:desk")
        plans, idle = grant_sums.to_approve(user, rows), grant_sums.idle(rows)
        yield Line(plans, "笔", "经费等着批准", "不是您提的，看一看，批不批。", f"{address}?part=approve")
        yield Line(
            idle, "笔", "批了一个月还没拨的经费", "问一问财务，拨了就记下来。", f"{address}?part=idle", overdue=True
        )


def recognition(user):
    rows, address = Demonstration.objects.visible_to(user), reverse("demonstrations:desk")
    if allowed(user, Action.CHANGE, Demonstration):
        yield Line(rows.nominated(), "个家", "提名了示范阵地", "看一看，授不授予。", f"{address}?part=nominated")
    if allowed(user, Action.ADD, Demonstration):
        what = "六十天以内到期。办得好的，再提名一次。"
        yield Line(rows.ending(), "个家", "示范阵地快到期了", what, f"{address}?part=ending", upkeep=True)


def visits(user):
    if allowed(user, Action.CHANGE, ObservationVisit):
        rows = ObservationVisit.objects.visible_to(user).without_takeaways()
        address = f"{reverse('observations:desk')}?part=takeaways"
        yield Line(rows, "次", "观摩还没写带走了什么", "打个电话问问，补上。", address, upkeep=True)


def projects(user):
    for part in project_waits.parts(user):
        yield part.line("个", reverse("projects:desk"))


def register():
    add_waiting(homes)
    add_waiting(applications, COMMUNITY, STREET, DISTRICT)
    add_waiting(money, DISTRICT)
    add_waiting(recognition, DISTRICT, STREET)
    add_waiting(visits)
    add_waiting(projects, SECRETARY)
