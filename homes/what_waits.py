"""What waits to be completed about the homes."""

from django.urls import reverse
from django.utils.http import urlencode

from branches.access import Action, allowed
from branches.waiting import Line, add_waiting
from homes.models import Home

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


def register():
    add_waiting(homes)
