"""The verbs of an application for a home (states.md 3.1): write, submit, return, pass, notice, approve, reject.

Only this module writes `HomeApplication.status`. Who may take which step is said in homes/reviewing.py.
"""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone

from branches import steps
from branches.models import CalendarDay, Division
from branches.public_words import NAME_FOUND, found_in
from branches.steps import correction, held, move, standing_steps, take
from branches.transitions import IllegalTransition, record_event, record_known, record_past, step, told
from homes import founding
from homes.models import ApplicationDocument, Home, HomeApplication, HostedBranch
from homes.models.application import address_key
from homes.public_facts import names_household
from homes.reviewing import (
    APPLICANT,
    DISTRICT,
    EDITABLE,
    LEADER,
    STREET,
    acting,
    check_reviewer,
    check_writer,
    level_of,
)

Status = HomeApplication.Status

# event: (states it may start from, state it ends in). `start_notice` begins at `submitted` where streets do not review.
TRANSITIONS = {
    "begin": ({""}, Status.DRAFT),
    "submit": ({Status.DRAFT, Status.RETURNED}, Status.SUBMITTED),
    "return": ({Status.SUBMITTED, Status.STREET_OK}, Status.RETURNED),
    "street_pass": ({Status.SUBMITTED}, Status.STREET_OK),
    "start_notice": ({Status.SUBMITTED, Status.STREET_OK}, Status.PUBLIC_NOTICE),
    "approve": ({Status.PUBLIC_NOTICE}, Status.APPROVED),
    "reject": ({Status.SUBMITTED, Status.RETURNED, Status.STREET_OK, Status.PUBLIC_NOTICE}, Status.REJECTED),
    "withdraw": (
        {Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.STREET_OK, Status.PUBLIC_NOTICE}, Status.WITHDRAWN,
    ),
}  # fmt: skip
VISITED = (Status.SUBMITTED, Status.STREET_OK)
CORRECTABLE = (Status.STREET_OK, Status.PUBLIC_NOTICE, Status.RETURNED, Status.REJECTED)
NEEDED = {  # what has to be written before it is handed in
    "name": "名称", "address": "地址", "branch_words": "支部的情况", "place_words": "场所的情况", "area": "面积",
    "tenure": "场所从哪里来",
    "team_words": "队伍的情况", "team_size": "志愿者人数", "plan_words": "打算办些什么",
}  # fmt: skip
OBJECTIONS = []  # functions (application) -> number of objections not answered yet; apps to the right add theirs
ON_PAGE = []  # functions (application, user) -> [(label, address)] of what other apps have about it, for that reader


@transaction.atomic
def begin(*, by, **fields):
    """A new draft, read by nobody above the community."""
    application = HomeApplication(applicant=by, status="", **fields)
    return move(application, "begin", Status.DRAFT, by=by, data=acting(APPLICANT, by))


@transaction.atomic
def write(application, *, by, version=None, **fields):
    """Change a draft, or put right one that was returned."""
    application = _open(application, version, by)
    for name, value in fields.items():
        setattr(application, name, value)
    if application.status == Status.RETURNED:
        _alone_at_its_address(application)
    return move(application, "write", application.status, by=by, data=acting(APPLICANT, by))


@transaction.atomic
def add_document(application, *, by, condition, title, file, kind, version=None):
    """Evidence for a condition: `file` and `kind` are what homes/documents.py found it to be."""
    application = _open(application, version, by)
    document = ApplicationDocument.objects.create(
        application=application, condition=condition, title=title, file=file, kind=kind, added_by=by
    )
    move(application, "attach", application.status, by=by, data=acting(APPLICANT, by) | {"document": document.pk})
    return document


@transaction.atomic
def exchange_document(document, *, by, title, file, kind, version=None):
    """Another file in place of this one, which is put aside."""
    kept = add_document(
        document.application, by=by, condition=document.condition, title=title, file=file, kind=kind, version=version
    )
    drop_document(document, by=by)
    return kept


@transaction.atomic
def drop_document(document, *, by, version=None):
    """Put a document aside; it stays in the file of the application."""
    application = _open(document.application, version, by)
    document = application.documents.get(pk=document.pk)
    if document.is_archived:
        raise IllegalTransition("这份材料已经拿掉了。")
    document.is_archived = True
    document.save(update_fields=["is_archived"])
    move(application, "detach", application.status, by=by, data=acting(APPLICANT, by) | {"document": document.pk})
    return document


def missing(application):
    """What has to be there before it can be handed in, in words; [] when all is."""
    words = [name for field, name in NEEDED.items() if not getattr(application, field)]
    there = set(application.documents.filter(is_archived=False).values_list("condition", flat=True))
    proofs = [f"“{each.label}”的证明材料" for each in ApplicationDocument.REQUIRED if each not in there]
    return words + proofs


@transaction.atomic
def submit(application, *, by, version=None, on=None):
    """Hand it in, for the first time with a number; after a return the clock goes on where it stood."""
    on = on or timezone.localdate()
    application = _begin("submit", application, version)
    check_writer(by, application)
    if lacking := missing(application):
        raise IllegalTransition(f"还缺：{'、'.join(lacking)}。补齐了再交。")
    _alone_at_its_address(application)
    calendar = CalendarDay.objects
    if application.number is None:
        application.number, application.submitted_on = _next_number(on), on
        application.due_on = calendar.working_day_after(on, _days(Status.SUBMITTED))
    else:
        application.due_on = calendar.working_day_after(on, max(application.days_left or 0, 1))
    return take(
        TRANSITIONS, "submit", application, by=by, data=acting(APPLICANT, by),
        days_left=None, verdict="", returned_fields={},
    )  # fmt: skip


@transaction.atomic
def return_(application, *, by, reason, fields, version=None, on=None):
    """Back to the applicant: `fields` is {field of RETURNABLE: what is wrong with it}. The clock stands still."""
    application, reason = _begin("return", application, version), told(reason)
    fields = {name: words.strip() for name, words in fields.items() if words.strip()}
    if not fields or not set(fields) <= set(HomeApplication.RETURNABLE):
        raise IllegalTransition("请写明哪几处要补正，各差在哪里。")
    level = level_of(application)
    check_reviewer(by, application, level)
    left = CalendarDay.objects.working_days_between(on or timezone.localdate(), application.due_on)
    return take(
        TRANSITIONS, "return", application, by=by, reason=reason,
        data=acting(level, by) | {"fields": fields, "left": left}, verdict=reason, returned_fields=fields,
        days_left=left, returned_at_street=level == STREET,
    )  # fmt: skip


@transaction.atomic
def street_pass(application, *, by, version=None, on=None):
    """The street has been there and finds the three conditions met."""
    application = _begin("street_pass", application, version)
    if not settings.STREETS_REVIEW:
        raise IllegalTransition("本区由区里直接审，没有街道初审这一关。")
    check_reviewer(by, application, STREET)
    if not application.inspections.exists():
        raise IllegalTransition("还没有去现场看过。请先记一次现场检查，再通过。")
    due = CalendarDay.objects.working_day_after(on or timezone.localdate(), _days(Status.STREET_OK))
    return take(TRANSITIONS, "street_pass", application, by=by, data=acting(STREET, by), due_on=due)


@transaction.atomic
def start_notice(application, *, by, words, version=None, on=None):
    """Show it to everybody for some working days: `words` are public and name nobody."""
    on, application, words = on or timezone.localdate(), _begin("start_notice", application, version), words.strip()
    if settings.STREETS_REVIEW and application.status == Status.SUBMITTED:
        raise IllegalTransition("街道还没有初审，不能公示。")
    check_reviewer(by, application, DISTRICT)
    if not words:
        raise IllegalTransition("请写公示的内容。")
    if found := unfit_for_notice(application, words):
        raise IllegalTransition(f"公示的内容里有{'、'.join(found)}，人人都看得到，请去掉。")
    if found := unfit_for_notice(application, f"{application.name}\n{application.address}"):
        raise IllegalTransition(f"家的名称或者地址里有{'、'.join(found)}，公示出去人人都看得到，请退回补正。")
    until = CalendarDay.objects.working_day_after(on, settings.NOTICE_DAYS)
    return take(
        TRANSITIONS, "start_notice", application, by=by, data=acting(DISTRICT, by), notice_words=words, notice_from=on,
        notice_until=until, due_on=None,
    )  # fmt: skip


@transaction.atomic
def approve(application, *, by, slug, ceiling, version=None, on=None):
    """Found the home, exactly one, as a draft; `ceiling`: yuan that its grants may come to."""
    on, application = on or timezone.localdate(), _begin("approve", application, version)
    check_reviewer(by, application, LEADER)
    Division.objects.select_for_update().get(pk=Division.objects.district().pk)  # a slug is taken once
    if on <= application.notice_until:
        raise IllegalTransition(f"公示到{application.notice_until:%Y年%m月%d日}为止，期满以后才能批准。")
    if waiting := objections(application):
        raise IllegalTransition(f"还有{waiting}封公示期间的来信没有答复，答复了再批准。")
    if Home.objects.filter(slug=slug).exists():
        raise IllegalTransition("已经有一个家用了这个网址代号，请换一个。")
    if ceiling < 0:
        raise IllegalTransition("经费上限不能是负数。")
    return take(
        TRANSITIONS, "approve", application, by=by, data=acting(LEADER, by), ceiling=ceiling, decided_on=on,
        home=_found(application, slug, by),
    )  # fmt: skip


@transaction.atomic
def reject(application, *, by, category, reason, version=None, on=None):
    """An end, by the level whose turn it is, or who waits for the applicant. The applicant reads the reason."""
    application, reason = _begin("reject", application, version), told(reason)
    level = level_of(application)
    check_reviewer(by, application, level)
    return take(
        TRANSITIONS, "reject", application, by=by, reason=reason, data=acting(level, by),
        rejection=HomeApplication.Rejection(category).value, verdict=reason, decided_on=on or timezone.localdate(),
        days_left=None, due_on=None,
    )  # fmt: skip


@transaction.atomic
def withdraw(application, *, by, reason="", version=None):
    """The applicant's community takes it back."""
    application = _begin("withdraw", application, version)
    check_writer(by, application)
    data = acting(APPLICANT, by)
    return take(
        TRANSITIONS, "withdraw", application, by=by, reason=reason, data=data, due_on=None, days_left=None, verdict="",
        returned_fields={},
    )  # fmt: skip


@transaction.atomic
def correct(application, *, by, reason, version=None, on=None):
    """Take the last step of a review back, because it was a mistake; not an approval, which has founded a home."""
    reason, application = correction(by, reason), held(application, version)
    if application.status not in CORRECTABLE:
        raise IllegalTransition(f"“{application.get_status_display()}”不能更正。")
    steps = standing_steps(application)
    if len(steps) < 2:  # entered in this state: nobody took a step here
        raise IllegalTransition("这份申报是照着纸面录入的，没有可以退回的上一步。")
    on, last = on or timezone.localdate(), steps[-1]
    if application.status == Status.REJECTED:
        _alone_at_its_address(application)
    fields = {"verdict": "", "rejection": "", "decided_on": None, "days_left": None, "returned_fields": {}}
    if last.before in (Status.SUBMITTED, Status.STREET_OK):
        days = max(application.days_left, 1) if application.status == Status.RETURNED else _days(last.before)
        fields["due_on"] = CalendarDay.objects.working_day_after(on, days)
        fields |= {"notice_from": None, "notice_until": None}
    if last.before == Status.RETURNED:
        # what had to be put right stands in the event of the return
        returned = steps[-2]
        fields |= {"verdict": returned.reason, "returned_fields": returned.data["fields"]}
        fields["days_left"] = returned.data["left"]
    if last.before == Status.PUBLIC_NOTICE:
        # nobody could read it while it was rejected: the days that were left are given back
        left = CalendarDay.objects.working_days_between(application.decided_on, application.notice_until)
        fields |= {"notice_until": CalendarDay.objects.working_day_after(on, left)} if left else {}
    return move(application, "correct", last.before, by=by, reason=reason, data={"undone": last.event}, **fields)


@transaction.atomic
def visited(application, *, by):
    """Somebody went to look at the place: it stands among the steps, and counts for the four eyes. Returns it, held."""
    application = held(application)
    if application.status not in VISITED:
        raise IllegalTransition(f"这份申报现在是“{application.get_status_display()}”，不用现场检查。")
    level = level_of(application)
    check_reviewer(by, application, level)
    state = application.status
    record_event(application, "visit", by=by, before=state, after=state, **acting(level, by))
    return application


def enter(applications, past=(), *, by, reason):
    """Enter unsaved applications (samples) with what happened to each, which says its state; for the loading of data.

    `past` is [(application, event, level, who, at, why, data)], the steps of one application in their order. Of which
    nothing is told is entered in the state it is in.
    """
    steps_taken, told_of = [], {id(application) for application, *_ in past}
    for application, event, level, who, at, why, data in past:
        before = "" if event == "begin" else application.status
        application.status = TRANSITIONS[event][1] if event in TRANSITIONS else before
        words = {"by": who, "before": before, "after": application.status, "reason": why}
        steps_taken.append((application, event, words | {"data": acting(level, who) | data}, at))
    for application in applications:
        application.address_key = address_key(application.address)
    steps.remember(applications, by=by, reason=reason)
    record_past(steps_taken)
    record_known([each for each in applications if id(each) not in told_of], by=by, reason=reason)
    return applications


def objections(application):
    """How many letters against it wait for an answer."""
    return sum(count(application) for count in OBJECTIONS)


def unfit_for_notice(application, words):
    """What of these words has to go before everybody may read them, in words; the door of the place may stay."""
    found = [
        "申报人的名字" if each == NAME_FOUND else each for each in found_in(words, names=[str(application.applicant)])
    ]
    own = names_household(application.address)
    flat = names_household(words.replace(own, "") if own else words)
    return [*found, f"“{flat}”"] if flat else found


def _begin(event, application, version):
    """The application as it is now, held; IllegalTransition where it moved on, or the event does not fit."""
    application = held(application, version)
    step(TRANSITIONS, event, application)
    return application


def _open(application, version, by):
    application = held(application, version)
    if application.status not in EDITABLE:
        raise IllegalTransition("这份申报已经交上去了，不能再改。退回补正以后才能改。")
    check_writer(by, application)
    return application


def _alone_at_its_address(application):
    """Refuse a second live application for one address. The district is held until all is written: of two at once one
    comes first, and numbers follow one another.
    """
    Division.objects.select_for_update().get(pk=Division.objects.district().pk)
    same = HomeApplication.objects.live().filter(
        division=application.division, address_key=address_key(application.address)
    )
    if other := same.exclude(pk=application.pk).first():
        raise IllegalTransition(f"这个地址已经有一份申报在办（{other.number}），不能再报一份。")


def _days(status):
    """Working days that the level has for an application in this state."""
    at_street = status == Status.SUBMITTED and settings.STREETS_REVIEW
    return settings.STREET_REVIEW_DAYS if at_street else settings.DISTRICT_REVIEW_DAYS


def _next_number(on):
    """The year and a count, 2026-0007: the whole district's, so the caller holds the district."""
    return f"{on.year}-{next_count(on.year):04}"


def next_count(year):
    """The count that the next application of this year gets."""
    of_year = HomeApplication.objects.filter(number__startswith=f"{year}-")
    last = of_year.order_by(Length("number").desc(), "-number").first()
    return int(last.number[5:]) + 1 if last else 1


def home_of(application, slug):
    """The home that an application becomes, unsaved."""
    return Home(
        name=application.name, slug=slug, host=application.host, division=application.division,
        address=application.address, longitude=application.longitude, latitude=application.latitude,
        location_precision=Home.Precision.HAND_PLACED if application.longitude is not None else "",
        source=f"申报 {application.number}", is_sample=application.is_sample,
    )  # fmt: skip


def _found(application, slug, by):
    home = home_of(application, slug)
    founding.found([home], by=by, status=Home.Status.PREPARING, reason=f"申报 {application.number} 批准")
    if application.branch and not HostedBranch.objects.filter(branch=application.branch).exists():
        seat = HostedBranch(home=home, branch=application.branch)
        seat._history_user = by
        seat.save()
    application.inspections.update(home=home)
    return home
