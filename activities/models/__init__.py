from activities.models.activity import Activity
from activities.models.audio import AudioItem
from activities.models.course import Course
from activities.models.delivery import HomeDelivery
from activities.models.kind import ActivityKind
from activities.models.message import Message
from activities.models.notice import Notice, NoticeFile
from activities.models.recap import Recap, RecapPhoto
from activities.models.signup import Booking, SignUp

__all__ = [
    "Activity",
    "ActivityKind",
    "AudioItem",
    "Booking",
    "Course",
    "HomeDelivery",
    "Message",
    "Notice",
    "NoticeFile",
    "Recap",
    "RecapPhoto",
    "SignUp",
]
