"""The pictures of the manual, in the order of its pages."""

from tests.journeys.manual_pictures import Picture

ROW = ("#result_list tbody a",)
HOME = ("#result_list th.field-name a",)
ALL, FORM, STEPS = "main h1, main h1 ~ *", "main h1, main form", "main h1, main h1 ~ .buttons"
FIRST = ("main .desk-list a",)
COMING = ('section[aria-labelledby="next"] .desk-list a >> 太极拳队',)
OVER = ('section[aria-labelledby="next"] .desk-list a >> 诗词班',)
ORDER = ('main .desk-list a[href^="/desk/orders/"]',)
GRANT = ('main :is(td, th, .desk-list) a[href^="/desk/grants/"]',)
TEAM = ('main .desk-list a[href^="/desk/teams/"]',)

PICTURES = {
    "log-in": Picture("visitor", "/account/login/", FORM, press="main form button"),
    "password": Picture("secretary", "/account/password/", FORM, tall=520, wide=1240),
    "second-step": Picture("secretary", "/account/second-step/", "main h1, main .buttons", press="main .govuk-button"),
    "today-phone": Picture("organiser", "/desk/", "main h1, main .to-do", tall=640),
    "today-desk": Picture("community", "/admin/", "main h1, main .to-do", tall=420),
    "records-list": Picture("district", "/admin/homes/home/", "main h1, #changelist", tall=420, wide=1280),
    "records-save": Picture("community", "/admin/homes/home/", ".submit-row", follow=HOME),
    "records-history": Picture(
        "community",
        "/admin/homes/home/",
        ".titles-and-tools",
        press='.object-tools a[href*="history"]',
        follow=HOME,
        wide=1280,
    ),
    "post-1": Picture("organiser", "/desk/activities/", STEPS, press='main a[href="/desk/activities/new/"]'),
    "post-2": Picture("organiser", "/desk/activities/new/?kind=arts", FORM, tall=740),
    "post-3": Picture(
        "organiser",
        "/desk/activities/?part=drafts",
        STEPS,
        press='main a[href$="/publish/"]',
        follow=FIRST,
    ),
    "again-1": Picture("organiser", "/desk/activities/new/", ALL, press='main a[href$="/copy/"]', tall=400),
    "again-2": Picture(
        "organiser",
        "/desk/activities/new/",
        FORM,
        press="main form .govuk-button",
        follow=('main a[href$="/copy/"]',),
    ),
    "again-3": Picture("organiser", "/desk/activities/courses/new/", FORM, tall=800),
    "change-1": Picture(
        "organiser", "/desk/activities/", STEPS, press='main a[href$="/reschedule/"]', follow=COMING, tall=700
    ),
    "change-2": Picture(
        "organiser",
        "/desk/activities/",
        FORM,
        press="main form .govuk-button",
        follow=(*COMING, 'main a[href$="/cancel/"]'),
        tall=640,
    ),
    "door-1": Picture(
        "organiser",
        "/desk/activities/",
        ALL,
        follow=(*COMING, 'main a[href$="/people/"]'),
        tall=640,
    ),
    "door-2": Picture(
        "organiser",
        "/desk/activities/?past=1",
        'section[aria-labelledby="coming"], section[aria-labelledby="walk-in"]',
        follow=(*OVER, 'main a[href$="/people/"]'),
        tall=740,
    ),
    "paper-1": Picture(
        "organiser", "/desk/activities/", "main .buttons:last-of-type", press='main a[href$="/poster/"]', follow=COMING
    ),
    "paper-2": Picture(
        "organiser",
        "/desk/activities/",
        "main",
        follow=(*COMING, 'main a[href$="/paper/"]'),
        tall=520,
    ),
    "recap-1": Picture(
        "organiser", "/desk/activities/?part=recap", "main h1, #div_id_words, #div_id_others", follow=FIRST, tall=620
    ),
    "recap-2": Picture(
        "organiser",
        "/desk/activities/?part=recap",
        "#div_id_consent, #div_id_photo_1, #div_id_alt_1",
        follow=FIRST,
        tall=800,
    ),
    "notice-1": Picture("organiser", "/desk/notices/", ALL, press='main a[href="/desk/notices/new/"]'),
    "notice-2": Picture("organiser", "/desk/notices/new/", FORM, tall=800),
    "hours-1": Picture("community", "/admin/homes/home/", "#hours-group", follow=HOME, tall=480, wide=1280),
    "hours-2": Picture(
        "community",
        "/admin/homes/home/",
        "main h1, .steps",
        press='.steps a[href*="confirm"]',
        follow=HOME,
    ),
    "closed-1": Picture("community", "/admin/homes/home/", "#exceptions-group", follow=HOME, wide=1280),
    "closed-2": Picture("district", "/admin/homes/home/", "#changelist .actions", press=".actions button"),
    "import-1": Picture(
        "secretary", "/admin/branches/member/", ".titles-and-tools", press='.object-tools a[href*="import"]', wide=1280
    ),
    "import-2": Picture(
        "secretary", "/admin/branches/member/import/", "main h1, main form, main ol", press="main form button"
    ),
    "export-1": Picture("secretary", "/admin/branches/member/export/", FORM, press="main form button"),
    "export-2": Picture("district", "/admin/branches/exportrequest/", "#changelist-filter", tall=480),
    "report-1": Picture("secretary", "/desk/report/", FORM, press="main form button"),
    "report-2": Picture(
        "secretary",
        "/desk/memberships/",
        "main h1, main .desk-list > li:first-child",
        press='main a[href$="/confirm/"]',
    ),
    "care-1": Picture(
        "secretary",
        "/desk/members/",
        'main section:has(a[href$="/pair/"])',
        press='main a[href$="/pair/"]',
        follow=("main .person-name a",),
    ),
    "care-2": Picture("secretary", "/desk/", "#due, #due ~ .desk-list", press='main a[href$="/visit/"]', tall=420),
    "care-3": Picture("secretary", "/desk/", FORM, follow=('main a[href$="/visit/"]',), tall=720),
    "order-1": Picture(
        "community",
        "/desk/orders/?state=submitted",
        "main h1, main h1 ~ .buttons, main dl",
        press='main a[href$="/offer/"]',
        follow=ORDER,
        tall=520,
    ),
    "order-2": Picture("community", "/desk/orders/?state=submitted", FORM, follow=(*ORDER, 'main a[href$="/offer/"]')),
    "order-3": Picture("community", "/desk/orders/", "main h1 ~ section", tall=640),
    "rota-1": Picture(
        "community",
        "/desk/teams/",
        FORM,
        tall=720,
        follow=(*TEAM, 'main a[href$="/duties/new/"]'),
    ),
    "rota-2": Picture(
        "community",
        "/desk/teams/",
        STEPS,
        press='main a[href$="/week/"]',
        follow=TEAM,
    ),
    "letter-1": Picture("district", "/desk/letters/", "main h1 ~ section", tall=560),
    "letter-2": Picture(
        "district",
        "/desk/letters/",
        FORM,
        follow=('main [aria-labelledby] a[href$="/draft/"], main .desk-list a', 'main a[href$="/draft/"]'),
    ),
    "letter-3": Picture("district", "/desk/letters/", STEPS, follow=FIRST),
    "application-1": Picture("community", "/desk/applications/new/", FORM, tall=640),
    "application-2": Picture(
        "community",
        "/desk/applications/?part=returned",
        ALL,
        follow=FIRST,
        tall=480,
        press='main a[href$="/edit/"]',
    ),
    "application-3": Picture(
        "street",
        "/desk/applications/",
        ALL,
        follow=FIRST,
        tall=480,
        press='main a[href$="/visit/"]',
    ),
    "inspection-1": Picture("community", "/desk/inspections/", "main h1, main .desk-list > li:first-child"),
    "inspection-2": Picture(
        "street",
        "/desk/applications/",
        FORM,
        tall=720,
        follow=(*FIRST, 'main a[href$="/visit/"]'),
    ),
    "project-1": Picture("community", "/desk/projects/", STEPS, follow=FIRST),
    "project-2": Picture(
        "community",
        "/desk/projects/",
        ALL,
        tall=520,
        press='main a[href$="/pay/"]',
        follow=(*FIRST, 'main a[href$="/ledger/"]'),
    ),
    "project-3": Picture(
        "community",
        "/desk/projects/",
        FORM,
        tall=800,
        follow=(*FIRST, 'main a[href$="/ledger/"]', 'main a[href$="/pay/"]'),
    ),
    "grant-1": Picture("district", "/desk/grants/new/", FORM, tall=800),
    "grant-2": Picture(
        "leader",
        "/desk/grants/?part=approve",
        "main h1, main h1 ~ .buttons, main dl",
        press='main a[href$="/approve/"]',
        follow=GRANT,
        tall=480,
    ),
    "figures-1": Picture("district", "/desk/figures/", ALL, tall=720),
    "figures-2": Picture("district", "/desk/figures/publish/", ALL, tall=480, wide=640),
    "postings-1": Picture("district", "/admin/branches/user/add/", FORM, tall=560),
    "postings-2": Picture(
        "district", "/admin/branches/user/", "#postings-group table", follow=ROW, tall=300, wide=1240
    ),
    "hand-over-1": Picture("secretary", "/admin/", "main h1, main .to-do", tall=420),
    "hand-over-2": Picture("district", "/admin/branches/user/", "#user_form fieldset:nth-of-type(2)", follow=ROW),
    "audit-1": Picture("auditor", "/admin/branches/auditentry/", "main h1, #changelist", tall=420, wide=1280),
    "audit-2": Picture(
        "auditor", "/admin/branches/auditentry/", "#changelist-search", press="#changelist-search button", wide=1240
    ),
}
