"""Walks through the pages: each stops at states worth looking at, as (screen, what is shown)."""

from collections.abc import Callable, Iterator

from playwright.sync_api import expect

from accounts import friends, invites
from chat import joining, views
from chat.models import Message
from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.groups import make_group
from tests.support.people import PASSWORD, Cast, make_person

Stops = Iterator[tuple[Screen, str]]
Walk = Callable[[Cast, Enter], Stops]


def _talk(people: Cast) -> int:
    """Alice and Bob have talked, something is unread, and Dora has written too; returns their conversation."""
    dora = make_person("dora")
    friends.make_friends(one=people.alice.id, other=dora.id)
    send_message(sender_id=dora.id, to_user_id=people.alice.id, content="Look: https://example.org/boats")
    first = send_message(sender_id=people.alice.id, to_user_id=people.bob.id, content="Are you on the 8:40?")
    marked = "**With** `a` line\n> and [another](https://example.org/) one\n- x\n```python\ndef f(): return 'a' + 1 # why\n```"
    for text in ("I am", "明天见", marked):
        send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content=text)
    assert first.conversation_id is not None
    views.change_view(user_id=people.alice.id, conversation_id=first.conversation_id, changes={"pinned": True})
    return first.conversation_id


def signing_in(people: Cast, enter: Enter) -> Stops:
    screen = enter(None, path="/sign-in")
    yield screen, "sign in"
    screen.sign_in(people.alice, "not the password")
    expect(screen.page.get_by_role("alert")).to_be_visible()
    yield screen, "sign in, refused"
    screen.allow("404")
    screen.page.goto(f"{screen.url}/nowhere")
    yield screen, "an unknown address"


def chats(people: Cast, enter: Enter) -> Stops:
    newcomer = enter(people.carol)
    newcomer.ready()
    yield newcomer, "nobody to talk to yet"
    conversation = _talk(people)
    alice = enter(people.alice)
    alice.ready()
    yield alice, "the list, nothing open"
    alice.open("Bob")
    alice.sees("I am")
    expect(alice.page.locator(".tok-c")).to_have_text("# why")
    yield alice, "a chat"
    alice.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(alice.page.get_by_role("button", name="grinning face", exact=True)).to_be_visible()
    yield alice, "the emoji"
    alice.page.keyboard.press("Escape")
    alice.write(":smil")
    expect(alice.page.get_by_role("option").first).to_be_visible()
    yield alice, "emoji by their names"
    alice.write("")
    alice.page.locator(".thread-head").get_by_role("button", name="More").click()
    yield alice, "the menu of a chat"
    alice.page.keyboard.press("Escape")
    yield from _messages(alice)
    alice.jump()
    expect(alice.page.get_by_role("option").first).to_be_visible()
    yield alice, "the switcher"
    alice.page.get_by_label("Search", exact=True).fill("nobody is called this")
    expect(alice.page.get_by_text("Check the spelling")).to_be_visible()
    yield alice, "the switcher, nothing found"
    alice.page.keyboard.press("Escape")
    alice.page.locator(".rail__me").click()
    yield alice, "the account menu"
    alice.page.keyboard.press("Escape")
    alice.cut_off()
    alice.say("not sent yet")
    alice.tick("not sent yet", "Sending")
    expect(alice.pill).to_be_visible()
    yield alice, "without a connection"
    assert Message.objects.filter(conversation_id=conversation, content_type=1).count() == 4


def _messages(alice: Screen) -> Stops:
    message = alice.message("明天见")
    message.focus()
    message.press(":")
    expect(alice.page.get_by_role("dialog", name="Emoji")).to_be_visible()
    alice.page.keyboard.press("Escape")
    message.get_by_role("button", name="React with 👍").click()
    expect(message.locator(".reaction").first).to_be_visible()
    message.locator(".bubble").click(button="right")
    yield alice, "the menu of a message"
    alice.page.get_by_role("menuitem", name="Pin message").click()
    expect(alice.page.locator(".pin-bar")).to_be_visible()
    message.focus()
    message.press("r")
    yield alice, "an answer, a pin, a reaction"
    alice.page.keyboard.press("Escape")
    message.focus()
    message.press("f")
    yield alice, "forwarding"
    alice.page.keyboard.press("Escape")


def groups(people: Cast, enter: Enter) -> Stops:
    friends.make_friends(one=people.alice.id, other=people.carol.id)
    group = make_group(
        people.alice,
        people.carol,
        admins=(people.bob,),
        title="Harbour Studio",
        access="request",
        description="Boats and trains",
    )
    for who, text in (
        (people.bob, "The winter timetable"),
        (people.bob, "It is here"),
        (people.carol, "谢谢"),
        (people.alice, "Good"),
    ):
        send_message(sender_id=who.id, conversation_id=group, content=text)
    joining.join(user_id=make_person("dora").id, conversation_id=group, note="I am new here")
    alice = enter(people.alice, path=f"/chat/{group}")
    alice.sees("It is here")
    alice.page.keyboard.press("Control+i")
    details = alice.page.locator("[data-details-pane]")
    expect(details.get_by_role("group", name="Dora asks to join")).to_be_visible()
    yield alice, "a group and its details"
    details.locator(".members .person", has_text="Carol").click()
    yield alice, "the menu of a member"
    alice.page.keyboard.press("Escape")
    details.get_by_role("button", name="Edit group").click()
    yield alice, "a group that is edited"
    details.get_by_role("button", name="Cancel").click()
    details.get_by_role("button", name="Invite").click()
    alice.page.get_by_role("button", name="Make a link").click()
    expect(alice.page.locator(".invite__link")).to_be_visible()
    link = str(alice.page.locator(".invite__link").get_attribute("href"))
    yield alice, "links into a group"
    alice.page.get_by_role("button", name="Done").click()
    alice.page.get_by_role("button", name="New chat or group").click()
    yield alice, "the menu of what can begin"
    alice.page.get_by_role("menuitem", name="New group").click()
    alice.page.locator(".picker").get_by_label("Bob").check()
    alice.page.get_by_text("Description and settings").click()
    yield alice, "a group that is made"
    alice.page.get_by_role("button", name="Cancel").click()
    alice.page.get_by_role("button", name="New chat or group").click()
    alice.page.get_by_role("menuitem", name="Find groups").click()
    alice.page.get_by_label("Name of a group").fill("Harbour Studio")
    expect(alice.page.get_by_role("button", name="Open chat").first).to_be_visible()
    yield alice, "groups that are found"
    alice.page.goto(link)
    expect(alice.page.get_by_role("button", name="Open the group")).to_be_visible()
    yield alice, "a link into a group"


def on_a_phone(people: Cast, enter: Enter) -> Stops:
    _talk(people)
    alice = enter(people.alice, phone=True)
    alice.ready()
    yield alice, "the list"
    alice.row("Bob").click()
    alice.sees("I am")
    yield alice, "a chat"
    alice.page.locator(".thread-head").get_by_role("button", name="More").click()
    yield alice, "the menu of a chat"


SETTINGS = ("profile", "devices", "notifications", "appearance", "blocked", "language", "shortcuts")


def people_and_settings(people: Cast, enter: Enter) -> Stops:
    friends.ask(user_id=people.carol.id, other_id=people.alice.id, note="We met at the harbour talk")
    alice = enter(people.alice, path="/people")
    expect(alice.page.get_by_text("We met at the harbour talk")).to_be_visible()
    yield alice, "people"
    alice.page.get_by_role("button", name="Add a friend").click()
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    yield alice, "add a friend"
    alice.page.keyboard.press("Escape")
    for person in (people.bob, people.carol):
        alice.page.goto(f"{alice.url}/people/{person.id}")
        expect(alice.page.locator(".who h2")).to_be_visible()
        yield alice, f"the page of {person.user.name}"
    alice.page.get_by_role("button", name="Block").click()
    yield alice, "block somebody?"
    alice.page.keyboard.press("Escape")
    for name in SETTINGS:
        alice.page.goto(f"{alice.url}/settings/{name}")
        expect(alice.page.locator("[data-settings-page] h2").first).to_be_visible()
        yield alice, f"settings: {name}"
    phone = enter(people.bob, phone=True, path="/people")
    expect(phone.page.locator("[data-people-rows] .row", has_text="Alice")).to_be_visible()
    yield phone, "people on a phone"
    phone.page.goto(f"{phone.url}/settings")
    expect(phone.page.get_by_role("link", name="Appearance")).to_be_visible()
    yield phone, "settings on a phone"
    phone.cut_off()
    expect(phone.pill).to_be_visible()
    yield phone, "settings without a connection"


def account(people: Cast, enter: Enter) -> Stops:
    alice = enter(people.alice)
    for path in ("", "/password", "/email", "/passkeys", "/delete"):
        alice.page.goto(f"{alice.url}/account{path}")
        yield alice, f"account{path}"
    alice.page.goto(f"{alice.url}/account/app")
    yield alice, "is it you?"
    alice.page.get_by_label("Password", exact=True).fill(PASSWORD)
    alice.page.get_by_role("button", name="Go on").click()
    expect(alice.page.get_by_label("Secret")).to_be_visible()
    yield alice, "account/app"
    alice.page.goto(f"{alice.url}/account/passkeys/add")
    yield alice, "account/passkeys/add"
    stranger = enter(None)
    stranger.allow("403")  # nobody is invited
    stranger.page.goto(f"{stranger.url}/sign-up")
    yield stranger, "sign up"
    _, link = invites.create(by=people.alice.user)
    stranger.page.goto(f"{stranger.url}{link}")
    yield stranger, "an invitation"


def administration(people: Cast, enter: Enter) -> Stops:
    chief = enter(make_person("chief", is_staff=True, is_superuser=True), path="/admin/")
    pages = (
        "",
        "accounts/user/",
        "accounts/user/import/",
        "accounts/invite/add/",
        "announcements/announcement/add/",
        "audit/auditevent/",
    )
    for path in (*pages, f"accounts/user/{people.bob.id}/change/", f"accounts/user/{people.bob.id}/act/deactivate/"):
        chief.page.goto(f"{chief.url}/admin/{path}")
        yield chief, f"admin/{path}"


WALKS: list[Walk] = [signing_in, chats, groups, on_a_phone, people_and_settings, account, administration]
