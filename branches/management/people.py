"""Finding the one person a command is about, by telephone number, without printing who they are."""

from django.core.management.base import CommandError

from branches import privacy


def add_arguments(parser):
    parser.add_argument("telephone", help="电话号码")
    parser.add_argument("--member", type=int, metavar="NUMBER", help="几个人共用一个号码时，写明是哪一位的编号")
    parser.add_argument("--reason", default="本人要求", help="理由，记入审计，不要写姓名和号码；默认“本人要求”")


def found_people(telephone, pk):
    """What has to do with this number, `members` narrowed to one (or none); CommandError with what to do otherwise."""
    found = privacy.find(telephone)
    everybody = [*found.members, *found.former]
    if pk is not None:
        found.members = [member for member in everybody if member.pk == pk]
        if not found.members:
            raise CommandError(f"编号 {pk} 的党员和这个号码没有关系。")
    elif len(everybody) > 1 or found.former:
        raise CommandError(
            "和这个号码有关的不止一位，或者号码换过人。请核对是哪一位，再加 --member 编号：\n"
            + "\n".join(_told(member, member in found.members) for member in everybody)
        )
    if not found.members and not found.of_contact and not found.elsewhere:
        raise CommandError("没有找到用这个号码的人。")
    return found


def names_of(found, pk):
    """Under which names other apps keep something of this person; None, for any, where nobody shares the number."""
    return None if pk is None else [member.name for member in found.members]


def _told(member, is_current):
    stay = member.memberships.select_related("branch").order_by("-reported_on", "-pk").first()
    born = f"{member.birth_year}年生" if member.birth_year else "出生年份不详"
    words = (member.pk, member, born, stay.branch if stay else "没有支部", "现在的号码" if is_current else "以前的号码")
    return "  " + "  ".join(map(str, words))
