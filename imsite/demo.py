"""Demo people with friendships and a history that reads like one, for a database in which there is nobody yet."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from accounts import friends
from accounts.models import User
from chat import delivery
from chat.models import Conversation, Message
from chat.sending import send_message

_FILE = settings.IM_VAR_DIR / "demo-password"
_WORDS = (
    "amber", "birch", "cedar", "clover", "coral", "ember", "fern", "harbor", "heather", "island", "juniper", "lantern",
    "maple", "meadow", "otter", "pebble", "pine", "plover", "river", "saffron", "skerry", "thistle", "tide", "willow",
)  # fmt: skip


class Person(NamedTuple):
    username: str
    display_name: str


class Line(NamedTuple):
    """Something that was said: by whom, so many days ago at an hour (`HH:MM`), or so many minutes ago (`40 min`)."""

    by: str
    when: str
    text: str

    def at(self, now: datetime) -> int:
        """When it was said, in Unix milliseconds."""
        number, _, rest = self.when.partition(" ")
        if rest == "min":
            return round((now - timedelta(minutes=int(number))).timestamp() * 1000)
        hour, minute = rest.split(":")
        day = now - timedelta(days=int(number))
        return round(day.replace(hour=int(hour), minute=int(minute), second=0).timestamp() * 1000)


PEOPLE = (
    Person("alice", "Alice Moreau"),
    Person("bob", "Bob Lindqvist"),
    Person("carol", "Carol 林雨晴"),
    Person("dave", "Dave Okafor"),
)
FRIENDS = (("alice", "bob"), ("alice", "carol"), ("bob", "carol"), ("alice", "dave"))

ALICE_AND_BOB = (
    Line("bob", "3 19:41", "The cabin is ours from Friday to Sunday. Key is under the blue bucket."),
    Line("bob", "3 19:42", "Two beds, one stove, https://example.org/cabin"),
    Line("alice", "3 19:58", "I have been looking at that stove all week"),
    Line("alice", "2 14:06", "Do we want the 8:40 ferry or the one after?"),
    Line("bob", "2 14:09", "8:40. The later one is full of school groups, and we would lose the light"),
    Line("bob", "2 14:10", "Rough plan:\n1. ferry 8:40, bakery before\n2. ridge path while dry\n3. soup, stove, nothing"),
    Line("alice", "2 14:12", "🥾🏔️🔥"),
    Line("bob", "1 18:20", "Forecast says wind on Saturday afternoon. Good thing there is a stove"),
    Line("alice", "1 18:24", "And cards. I am bringing cards"),
    Line("bob", "1 18:24", "You always win at cards"),
    Line("alice", "1 18:25", "That is why I am bringing them"),
    Line("alice", "50 min", "I booked us two seats and told work I am gone from noon on Friday"),
    Line("alice", "49 min", "I can drive us to the pier, pick you up at 7:50?"),
    Line("bob", "40 min", "Perfect. I will bring the good coffee"),
)
ALICE_AND_CAROL = (
    Line("carol", "2 11:30", "周五下午有空吗？想给你看新画的海图"),
    Line("alice", "2 12:02", "有空！三点以后都可以"),
    Line("carol", "1 16:45", "The colours turned out better than I hoped"),
    Line("alice", "1 16:48", "Now I am curious"),
    Line("carol", "25 min", "好的，周五下午三点老地方见！"),
)
ALICE_AND_DAVE = (
    Line("dave", "4 17:05", "Are you coming to climbing on Tuesday? North wall, 19:00"),
    Line("alice", "4 17:20", "Yes! I need someone to hold the rope who does not look at their phone"),
    Line("dave", "4 17:21", "That hurts. It was one time"),
    Line("dave", "15 min", "Found your chalk bag, it was in my car"),
    Line("dave", "14 min", "Along with, I think, half a sandwich"),
)
BOB_AND_CAROL = (
    Line("bob", "5 18:10", "Alice says you know a place with good dumplings"),
    Line("carol", "5 18:32", "I know three. Are you hungry or very hungry?"),
    Line("bob", "5 18:33", "Very"),
    Line("carol", "5 18:34", "Then all three"),
)


def is_wanted() -> bool:
    """Whether this database has nobody in it yet."""
    return not User.objects.exists()


def password() -> str | None:
    """The demo people's password; None where there are none."""
    return _FILE.read_text().strip() if _FILE.exists() else None


def create() -> None:
    """Create the demo people, their friendships and what they have said."""
    chosen = "-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
    with transaction.atomic():
        people = {person.username: _person(person, chosen) for person in PEOPLE}
        for one, other in FRIENDS:
            friends.make_friends(one=people[one].pk, other=people[other].pk)
    now = datetime.now().astimezone()
    for lines, unread in ((BOB_AND_CAROL, 0), (ALICE_AND_BOB, 0), (ALICE_AND_CAROL, 1), (ALICE_AND_DAVE, 2)):
        _say(people, lines, unread, now)
    _FILE.parent.mkdir(parents=True, exist_ok=True)
    _FILE.write_text(chosen + "\n")
    _FILE.chmod(0o600)


def _person(person: Person, chosen: str) -> User:
    administrator = person.username == "alice"
    user = User(username=person.username, display_name=person.display_name, email=f"{person.username}@example.org")
    user.is_staff = user.is_superuser = administrator
    user.set_password(chosen)
    user.save()
    return user


def _say(people: dict[str, User], lines: Iterable[Line], unread: int, now: datetime) -> None:
    """Send the lines through the journal, then put them where they belong in time. The last `unread` are not read yet."""
    names = sorted({line.by for line in lines})
    spoken = list(lines)
    for line in spoken:
        other = next(name for name in names if name != line.by)
        draft = send_message(sender_id=people[line.by].pk, to_user_id=people[other].pk, content=line.text)
        Message.objects.filter(msg_id=draft.msg_id).update(created_at=line.at(now))
    conversation_id = draft.conversation_id
    assert conversation_id is not None
    Conversation.objects.filter(pk=conversation_id).update(last_at=spoken[-1].at(now))
    for name in names:
        read_up_to = len(spoken) - (unread if name != spoken[-1].by else 0)
        delivery.mark_read(user_id=people[name].pk, conversation_id=conversation_id, seq=read_up_to)
