"""The log-ins of a demo. `load_demo` creates them, `show_demo_logins` prints them; neither runs outside demo mode.

`{user name: (role key, password)}`; the role of the technician, who may do everything, is None.
"""

DEMO_LOGINS = {
    "admin": (None, "demo-jishu-2026"),
    "district": ("district", "demo-quji-2026"),
    "leader": ("district", "demo-lingdao-2026"),  # the second pair of eyes: approves what `district` reviewed
    "street": ("street", "demo-jiedao-2026"),
    "community": ("community", "demo-shequ-2026"),
    "secretary": ("secretary", "demo-shuji-2026"),
    "organiser": ("organiser", "demo-zuzhi-2026"),
    "auditor": ("auditor", "demo-shenji-2026"),
}
