"""The log-ins of a demo and their posts: one person for each role, all in and above one community."""

from branches.access import ROLES
from branches.models import Branch, Division, Posting, User
from homes.models import Home


def load_people(logins, arrivals):
    """Create the users of `logins` ({user name: (role key or None, password)}) that do not exist yet."""
    homes = Home.objects.public().filter(is_sample=True).order_by("pk")
    community = Division.objects.filter(level="community", homes__in=homes).order_by("code").first()
    areas = {}
    branch = Branch.objects.filter(is_sample=True, division=community).order_by("pk").first()
    while community is not None:
        areas[community.level], community = community, community.parent
    present = set(User.objects.filter(username__in=logins).values_list("username", flat=True))
    for username, (role_key, password) in logins.items():
        if username in present:
            continue
        arrivals.created[User._meta.verbose_name] += 1
        if role_key is None:
            User.objects.create_superuser(username, password, name="示例管理员")
            continue
        role = ROLES[role_key]
        is_second = any(key == role_key for key, _ in list(logins.values())[: list(logins).index(username)])
        name = f"示例{role.name}（另一位）" if is_second else f"示例{role.name}"
        user = User.objects.create_user(username, password, name=name)
        area = {"branch": branch} if role.level == "branch" else {"division": areas.get(role.level)}
        Posting.objects.create(user=user, role=role.key, **area)
        if role.key == "organiser":
            user.homes.add(*homes[:2])
