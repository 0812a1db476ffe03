"""The samples of a demo: homes, themes and log-ins that are plainly invented, so that the portal has its real size.

What a sample says depends on its number, and on the day it is loaded; a sample that is there already is left as it is.
So a second run changes nothing, and a larger scale only adds. Nothing is ever added to a home that is not a sample.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from branches.coordinates import inside
from branches.data_folder import DataError
from branches.loading import valid
from branches.models import Division
from homes import founding
from homes.demo_founding import load_founding
from homes.demo_people import load_people
from homes.demo_photos import sample_photos
from homes.demo_register import load_register
from homes.loading import HOME_COLUMNS, THEME_COLUMNS, THEME_TEXTS, by_slug, home_values, position_values, theme_values
from homes.models import Demonstration, Facility, Home, HomeFacility, OpeningException, OpeningHours, Theme

REASON = "示例数据"
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14), time(17, 30))
HOURS = (  # (days from Monday = 0, intervals)
    (range(5), (MORNING, AFTERNOON)),
    (range(6), ((time(9), time(11, 30)), (time(14, 30), time(17)))),
    (range(5), (MORNING,)),
    (range(5), (AFTERNOON,)),
    ((0, 2, 4), ((time(8), time(20)),)),
)
ON_SUNDAY_TOO = (range(1, 7), ((time(9), time(17)),))
HOLIDAYS = ((1, 1, "元旦休息"), (5, 1, "劳动节休息"), (10, 1, "国庆节休息"))
DEMONSTRATION_DAYS = (date(2022, 6, 30), date(2022, 12, 20))

# The samples that show something special, by their turn among the 29 homes of the district's real size.
OTHER_TODAY, ON_SUNDAY, HOLIDAY_AHEAD, LONG_TEXTS, NO_ADDRESS, NO_HOURS, NO_THEME = 3, 5, 7, 8, 11, 13, 20
LONG_NAME, NO_POSITION = 21, 26  # at a larger scale only
ROUND = 29

STORY = """这是示例数据，用来试看网页：地址、电话和开放时间都是编的，请不要照着去找。

真正的家建好以后，工作人员会把真实的情况写在这里。"""
LONG_ADDRESS = "示例路8号示例花园小区第三期12栋一楼架空层，从东门进，过了报刊栏和两棵银杏树，看见红色大门就是"
DIRECTIONS = "坐公交车到示例路口站，下车往前走100米，看见一棵大树，往右手边拐就到了。（示例）"
SCATTER = 0.006  # degrees, some 600 m


@dataclass
class Sample:
    """A sample home on its way in, with its number (from 1) and its own dice."""

    number: int
    home: Home
    is_demonstration: bool

    @property
    def turn(self):
        return (self.number - 1) % ROUND + 1

    def dice(self, what):
        return Random(f"{self.home.slug} {what}")  # noqa: S311 - samples, not secrets


def load_samples(folder, arrivals, *, scale, logins, register):
    """Bring the samples of `samples/` in `folder` into the database, and numbered ones up to `scale` times the size.

    `logins` is {user name: (role key or None for the administrator, password)}; `register` is the Size of the register.
    """
    if Division.objects.district() is None:
        raise DataError(["还没有区划数据，请先运行 load_district。"])
    themes = _load_themes(folder, arrivals)
    listed = _listed(folder, arrivals)
    known = by_slug(Home)
    numbered = _numbered(listed, scale)
    new = [sample for sample in [*listed, *numbered] if sample.home.slug not in known]
    for sample in new:
        _describe(sample, themes)
    founding.found([sample.home for sample in new], by=None, status=Home.Status.OPEN, reason=REASON)
    if new:
        arrivals.created[Home._meta.verbose_name] += len(new)
    if "sample-draft" not in known:
        _found_draft(listed[0].home.division)
        arrivals.created["草稿"] += 1
    for model, rows in (
        (OpeningHours, [row for sample in new for row in _hours(sample)]),
        (OpeningException, [row for sample in new for row in _exceptions(sample)]),
        (HomeFacility, _facilities(new)),
        (Demonstration, [_demonstration(sample) for sample in new if sample.is_demonstration]),
    ):
        _add(arrivals, model, rows)
    photos = sample_photos(new)
    if photos:
        _add(arrivals, type(photos[0]), photos)
    homes = [[sample.home for sample in samples] for samples in (listed, numbered)]
    load_register(folder, arrivals, *homes, scale=scale, size=register)
    load_people(logins, arrivals)
    load_founding(arrivals, *homes, scale=scale, logins=logins)


def _add(arrivals, model, rows):
    if rows:
        bulk_create_with_history(rows, model, batch_size=500, default_change_reason=REASON)
        arrivals.created[model._meta.verbose_name] += len(rows)


def _load_themes(folder, arrivals):
    """[(sample theme, lead of its homes)]."""
    known, themes = by_slug(Theme), []
    columns = (*THEME_TEXTS, "order", "home_lead")
    for record in folder.toml("samples/themes.toml", "theme", THEME_COLUMNS, columns, key="slug"):
        theme = known.get(record.text("slug"))
        if theme is None:
            theme = arrivals.bring(record, Theme, None, theme_values(record) | {"is_sample": True})
        themes.append((theme, record.text("home_lead")))
    folder.stop_on_problems()
    return themes


def _listed(folder, arrivals):
    """The samples that the folder names, unsaved."""
    divisions = {division.code: division for division in Division.objects.select_related("parent")}
    outline = Division.objects.district().outline
    columns = (*HOME_COLUMNS, "longitude", "latitude", "datum", "telephone")
    records = folder.csv("samples/homes.csv", columns, key=("slug",))
    shown = _spread(round(len(records) * 13 / 20), len(records))
    samples = []
    for number, record in enumerate(records, start=1):
        values = home_values(record, divisions)
        values |= position_values(folder, record, values["name"], outline, arrivals)
        samples.append(Sample(number, Home(**values, is_sample=True), number - 1 in shown))
    if not records:
        folder.problems.append("samples/homes.csv：一个示例的家也没有。")
    folder.stop_on_problems()
    known = by_slug(Home)
    for sample, record in zip(samples, records, strict=True):
        if sample.home.slug not in known:
            valid(record, sample.home)
    folder.stop_on_problems()
    return samples


def _spread(count, total):
    """`count` of the numbers below `total`, evenly spaced."""
    return {index * total // count for index in range(count)} if count else set()


def _numbered(listed, scale):
    """The samples beyond those listed: so many that the district's homes come to `scale` times what they are."""
    block = len(listed) + Home.objects.public().filter(is_sample=False).count()
    shown = _spread(sum(sample.is_demonstration for sample in listed), block)
    places = _Places(listed)
    prefix = next((sample.home.telephone[:-4] for sample in listed if sample.home.telephone), "0000-0000 ")
    samples = []
    for index in range(block * (scale - 1)):
        number = len(listed) + 1 + index
        division = places.divisions[index % len(places.divisions)]
        name = f"{division.short_name}老党员之家（示例{number}）"
        if index % ROUND == LONG_NAME - 1:
            name = f"{division.street}{division.short_name}邻里中心二楼东侧老党员之家（示例{number}，名称特别长）"
        home = Home(
            slug=f"sample-{number:02d}",
            name=name,
            division=division,
            telephone=f"{prefix}{number:04d}",
            is_sample=True,
        )
        sample = Sample(number, home, index % block in shown)
        if index % ROUND != NO_POSITION - 1:
            places.put(sample)
        samples.append(sample)
    return samples


class _Places:
    """Where numbered samples can stand: near the listed homes of their street, inside the outline."""

    def __init__(self, listed):
        district = Division.objects.district()
        self.outline = district.outline
        communities = Division.objects.filter(level="community").select_related("parent")
        self.divisions = list(communities) or [district]
        self.near = {}
        for sample in listed:
            home = sample.home
            if home.is_located:
                point = float(home.longitude), float(home.latitude)
                self.near.setdefault(home.street, []).append(point)
                self.near.setdefault(None, []).append(point)

    def put(self, sample):
        """Give the home a position, if any is known to be near."""
        home, dice = sample.home, sample.dice("position")
        points = self.near.get(home.street) or self.near.get(None)
        if not points:
            return
        point = dice.choice(points)
        for _ in range(30):
            longitude, latitude = dice.gauss(point[0], SCATTER), dice.gauss(point[1], SCATTER)
            if self.outline is None or inside(self.outline, longitude, latitude):
                break
        else:
            longitude, latitude = point
        home.longitude, home.latitude = f"{longitude:.6f}", f"{latitude:.6f}"
        home.location_precision = Home.Precision.HAND_PLACED


def _describe(sample, themes):
    """Fill in what a sample home says about itself."""
    home, number, dice = sample.home, sample.number, sample.dice("facts")
    home.theme, home.lead = themes[(number - 1) % len(themes)] if themes else (None, "")
    home.story, home.source = STORY, REASON
    home.address = f"示例路{number}号"
    if sample.turn == LONG_TEXTS:
        home.address, home.directions = LONG_ADDRESS, DIRECTIONS * 3
    elif sample.turn == NO_ADDRESS:
        home.address = ""
    elif sample.turn == NO_THEME:
        home.theme = None
    if number % 2:
        home.directions = home.directions or DIRECTIONS
    for name in Home.ACCESSIBILITY:
        setattr(home, name, dice.choice((True, True, False, False, None)))
    # a quarter never confirmed, a quarter too long ago
    days = (None, dice.randint(1, 20), dice.randint(30, 80), dice.randint(95, 200))[number % 4]
    home.verified_on = days and timezone.localdate() - timedelta(days=days)


def _found_draft(division):
    draft = Home(
        slug="sample-draft",
        name="示例社区邻里中心二楼东侧老党员之家（筹建中，名称还没有定）",
        division=division,
        lead="还在筹备，工作人员看得到，居民看不到。",
        source=REASON,
        is_sample=True,
    )
    founding.found([draft], by=None, status=Home.Status.PREPARING, reason=REASON)


def _hours(sample):
    if sample.turn == NO_HOURS:
        return []
    days, intervals = ON_SUNDAY_TOO if sample.turn == ON_SUNDAY else HOURS[sample.number % len(HOURS)]
    return [
        OpeningHours(home=sample.home, weekday=day, opens=opens, closes=closes)
        for day in days
        for opens, closes in intervals
    ]


def _exceptions(sample):
    today = timezone.localdate()
    if sample.turn == OTHER_TODAY:
        yield OpeningException(
            home=sample.home,
            first_day=today,
            last_day=today + timedelta(days=2),
            opens=time(9),
            closes=time(11, 30),
            reason="检修空调，这几天只开上午（示例）",
        )
    if sample.turn == HOLIDAY_AHEAD:
        years = (today.year, today.year + 1)
        days = [(date(year, month, day), why) for year in years for month, day, why in HOLIDAYS]
        day, why = min(holiday for holiday in days if holiday[0] > today)
        yield OpeningException(home=sample.home, first_day=day, last_day=day, reason=f"{why}（示例）")


def _facilities(samples):
    words = list(Facility.objects.filter(is_archived=False))
    rows = []
    for sample in samples:
        dice = sample.dice("facilities")
        offered = dice.sample(words, min(len(words), dice.randint(2, 5)))
        rows.extend(HomeFacility(home=sample.home, facility=facility) for facility in offered)
    return rows


def _demonstration(sample):
    day = DEMONSTRATION_DAYS[sample.number % len(DEMONSTRATION_DAYS)]
    return Demonstration(home=sample.home, granted_on=day, is_sample=True)
