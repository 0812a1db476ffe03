"""What the samples of founding say: the checklist, applications, what reviewers found, money and visits."""

from homes.models import HomeApplication, Standard

Section, Rejection = Standard.Section, HomeApplication.Rejection

# (section, standard, hint, is required, what a note says where it is not quite met); after the three conditions
STANDARDS = (
    (Section.BRANCH, "支部每月过一次组织生活", "看三个月的记录。", False, "上个月的记录还没有补上。"),
    (Section.BRANCH, "按楼栋、片区分了党小组", "名单和片区图对得上。", False, "有两栋楼还没有分到小组。"),
    (Section.PLACE, "活动室不小于40平方米", "量一量能用的地方。", True, "隔断拆掉以后才够40平方米。"),
    (Section.PLACE, "桌椅够20个人坐", "", False, "还差六把带靠背的椅子。"),
    (Section.PLACE, "门口写明开放时间和电话", "字要大，站在门外看得清。", True, "电话写了，开放时间还没有写。"),
    (Section.PLACE, "有阅览的角落", "有书报，有好灯。", False, "书架有了，灯太暗。"),
    (Section.TEAM, "志愿者有花名册，每月更新", "名册锁在柜子里，不挂在墙上。", True, "名册上个季度没有更新。"),
    (Section.TEAM, "每天有人值班", "值班表排到下个月。", False, "星期三下午还没有排上人。"),
    (Section.LIFE, "每月办四次以上活动", "看签到表。", False, "最近一个月办了三次。"),
    (Section.LIFE, "活动提前三天告诉大家", "门口贴通知，网上也有。", False, "通知贴了，网上没有发。"),
    (Section.LIFE, "有来信、点单的登记", "", False, "点单记在本子上，还没有登到网上。"),
    (Section.SAFETY, "进门没有台阶，或者有坡道", "轮椅推得进来。", True, "坡道做好了，太陡，要改。"),
    (Section.SAFETY, "卫生间有扶手，地面防滑", "", False, "扶手装了一边。"),
    (Section.SAFETY, "有急救箱，药品没有过期", "至少两个人会用。", True, "急救箱里有一样药过期了。"),
    (Section.SAFETY, "灭火器有效，出口不堵", "一年查一次，有标签。", True, "后门口堆着纸箱，当场请人搬走了。"),
)  # fmt: skip
NOT_HERE_WORDS = "在一楼，用不上"
SEEN = (
    "上午去的，屋里亮堂，值班的两位老人在沏茶。",
    "和社区的同志一起看了每间屋，量了面积，试了灯和水。",
    "正碰上合唱班上课，二十来个人，坐得下。",
    "从公交站走过去七分钟，门口好找。",
)

BRANCH_WORDS = (
    "本社区有离退休党员{members}名，成立了银龄支部，选出了书记和两名委员，每月过一次组织生活。（示例）",
    "支部今年换过届，有党员{members}名，按楼栋分成三个党小组，书记是退休教师。（示例）",
)
PLACE_WORDS = (
    "社区服务中心一楼腾出{area}平方米，一间大活动室，一间小的读书看报，门口没有台阶。（示例）",
    "原来的车棚改建，{area}平方米，已经通了水电，冬天有暖气，旁边就是公交站。（示例）",
    "和老年食堂合用一栋楼，二楼{area}平方米归老党员用，有电梯。（示例）",
)
TEAM_WORDS = (
    "有一支{people}人的志愿服务队，值班、理发、修小家电都有人，排了值班表。（示例）",
    "楼栋长和退休工人一起组成的服务队，现有{people}人，每天上午下午各两个人值班。（示例）",
)
PLAN_WORDS = (
    "每周一次读书，两次唱歌，一次健康讲座；有人点单就上门。先把开放时间固定下来，再慢慢加内容。（示例）",
    "上午看报下棋，下午开班：书法、手机、二胡。每月过一次主题党日，逢年过节请独居老人来吃饭。（示例）",
)
NOTICE_WORDS = (
    "{community}申报建设老党员之家，地址在{address}，面积约{area}平方米。街道去现场看过，三个条件都具备。"
    "公示期间有意见，请写信到民声邮筒，我们会逐封答复。（示例）"
)

# (why, {field: what is wrong with it})
RETURNS = (
    ("场所的证明要换一份，队伍的人数对不上。",
     {"documents": "租房合同到明年三月为止，请补一份续租的。", "team_size": "写的是25人，名册上是19人。"}),
    ("面积要重新量一次。", {"area": "现场量的是52平方米，请按实际填写。"}),
    ("地址写得不够清楚。", {"address": "请写到门牌号和楼层，居民好找。", "place_words": "卫生间在哪里，请补一句。"}),
    ("经费要写明用在哪里。", {"asked": "请分开写装修和桌椅各要多少。", "plan_words": "开放时间请先定下来。"}),
)  # fmt: skip
# (why it was rejected, in words), by the turn of its script among those
REJECTIONS = (
    (Rejection.NEAR, "往东走三百米就有一个家，请先和那边合用，坐不下了再来申报。"),
    (Rejection.CONDITIONS, "志愿服务团队还没有组成，等队伍有了人再报，其他材料都可以再用。"),
    (Rejection.OBJECTION, "公示期间有居民来信说，这间屋子的产权还有争议，查实了。等理清以后可以再报。"),
)
WITHDRAWN = "社区改用另一处更大的场地，准备好了再报。"

PURPOSES = ("装修和改造坡道", "桌椅和书架", "冬天的取暖和灯", "活动经费", "急救和消防用品", "音响和投影")
CANCELLED = "这间屋子改由街道统一装修，这笔不用了。"
SAVED = "招标便宜了，剩下的不拨了。"
MISTAKEN = "金额录错了一位，冲销后重新登记。"

NOMINATED = "开放时间固定，值班从没有断过，周围几个社区都来取经。"
DECLINED = "办得好，只是还没有开满一年，明年再提名。"
REVOKED = "场地收回，一半的活动停了，先撤下示范阵地，恢复以后可以再提名。"
LATER_SITES = "第二批示范阵地，一年一评。"

# (where the guests came from, what they were shown, what they took away)
OBSERVED = (
    ("示例街道各支部", "值班表和点单登记", "回去先把值班表贴到门口，两个人一班，谁也不累。"),
    ("示例新区老干部服务中心", "活动室和有声图书馆", "录音角花钱不多，打算用一间空办公室试半年。"),
    ("示例机床厂退休支部", "求助单从登记到办结", "登记、派人、回话分给三个人做，事情就不会落下。"),
    ("示例学院离退休党委", "读书班和书画班", "课排在上午，接孩子的人下午也来得了，这一条最有用。"),
    ("示例湖社区联合支部", "急救箱和防滑的卫生间", "先改卫生间，再谈别的。扶手的高度也记下来了。"),
    ("示例河东片区支部书记培训班", "党员中心户的客厅课", "腿脚不便的老人，把课送到客厅里，回去找三户试一试。"),
    ("示例高新区银龄支部", "来信怎么答复、怎么公开", "答复要两个人看过才发，公开以前先把名字电话去掉。"),
)
