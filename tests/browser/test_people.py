"""The people section: requests, friends, blocks and the person page, as two people live through it."""

from playwright.sync_api import Locator, expect

from accounts import friends
from accounts.models import FriendRequest
from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.people import Cast, make_person
from tests.support.servers import running


def people_list(screen: Screen) -> Locator:
    return screen.page.locator("[data-people-list]")


def page(screen: Screen) -> Locator:
    return screen.page.locator("[data-people-page]")


def badge(screen: Screen) -> Locator:
    return screen.page.locator("[data-requests]")


def request_from(screen: Screen, name: str) -> Locator:
    return people_list(screen).get_by_role("group", name=f"Friend request from {name}")


def press(place: Locator | Screen, name: str) -> None:
    (place.page if isinstance(place, Screen) else place).get_by_role("button", name=name, exact=True).click()


def test_from_a_request_to_a_block(people: Cast, enter: Enter) -> None:
    """Alice asks Carol with a few words; they become friends, talk, and part. Both see each step at once, in every tab."""
    alice, carol = enter(people.alice), enter(people.carol)
    carol.ready()
    carol.page.get_by_role("button", name="Find people").wait_for()
    other_tab = carol.another_tab("/people")
    alice.page.get_by_role("link", name="People").click()
    press(people_list(alice), "Add a friend")
    dialog = alice.page.get_by_role("dialog", name="Add a friend")
    dialog.get_by_label("Name or username").fill(people.carol.user.username)
    dialog.get_by_role("button", name="Carol").click()
    dialog.get_by_label("A few words to them").fill("We met at the harbour talk")
    press(dialog, "Send request")
    expect(people_list(alice).get_by_text("You asked today")).to_be_visible()

    for tab in (carol, other_tab):
        expect(badge(tab)).to_have_text("1")
    expect(request_from(other_tab, "Alice")).to_contain_text("We met at the harbour talk")
    asked = carol.page.locator("sky-chats").get_by_role("group", name="Friend request from Alice")
    expect(asked).to_contain_text("We met at the harbour talk")  # in the place of the chats that there are none of yet
    carol.page.get_by_role("link", name="Accept 1 request").click()
    press(request_from(carol, "Alice"), "Accept")
    for tab in (carol, other_tab):
        expect(badge(tab)).to_be_hidden()
        expect(people_list(tab).locator(".row", has_text="Alice")).to_contain_text("online")
    expect(people_list(alice).locator(".row", has_text="Carol")).to_contain_text("online")

    press(carol, "Say hello")
    carol.say("Hello Alice")
    alice.page.get_by_role("link", name="Chats").click()
    alice.open("Carol")
    alice.sees("Hello Alice")
    alice.page.locator(".thread-head__who").click()
    expect(page(alice).get_by_role("heading", name="Carol")).to_be_visible()
    page(alice).get_by_role("button", name="Block Carol").click()
    press(alice.page.get_by_role("alertdialog"), "Block Carol")
    expect(page(alice).get_by_text("You blocked this person.")).to_be_visible()
    expect(people_list(alice).locator(".row", has_text="Carol")).to_have_count(0)
    expect(people_list(other_tab).locator(".row", has_text="Alice")).not_to_contain_text("online")  # but a friend as before
    alice.page.get_by_role("link", name="Chats").click()
    expect(alice.page.get_by_text("You blocked Carol.")).to_be_visible()
    expect(alice.composer).to_be_hidden()
    press(alice, "Unblock")
    expect(alice.composer).to_be_visible()
    expect(people_list(other_tab).locator(".row", has_text="Alice")).to_contain_text("online")
    other_tab.close()


def test_only_friends_write_where_the_operator_wants_it_so(people: Cast, enter: Enter) -> None:
    """A friend who is removed can be read, not written to; as soon as they are friends again both write on."""
    send_message(sender_id=people.alice.id, to_user_id=people.bob.id, content="Still on for Friday?")
    with running(IM_DIRECT_MESSAGES="friends") as (strict,):
        alice = enter(people.alice, on=strict)
        alice.open("Bob")
        alice.sees("Still on for Friday?")
        expect(alice.composer).to_be_visible()
        friends.end_friendship(user_id=people.bob.id, friend_id=people.alice.id)
        expect(alice.page.get_by_text("Only friends can write here.")).to_be_visible()
        expect(alice.composer).to_be_hidden()
        press(alice, "Add friend")
        press(alice.page.get_by_role("dialog"), "Send request")
        expect(alice.page.get_by_text("You asked Bob to be friends.")).to_be_visible()
        expect(alice.composer).to_be_hidden()
        friends.accept(user_id=people.bob.id, request_id=FriendRequest.objects.get(sender_id=people.alice.id).pk)
        expect(alice.composer).to_be_visible()
        alice.say("Friends again")
        alice.tick("Friends again", "Sent")
        alice.page.goto(f"{strict.url}/people/{people.carol.id}")
        expect(page(alice).get_by_role("button", name="Add friend")).to_be_visible()
        expect(page(alice).get_by_role("button", name="Message", exact=True)).to_have_count(0)


def test_second_thoughts(people: Cast, enter: Enter) -> None:
    """What was asked is taken back, and asked again; what was declined is had back; a friend is removed."""
    friends.ask(user_id=people.alice.id, other_id=people.carol.id, note="It is me")
    alice, carol = enter(people.alice, path="/people"), enter(people.carol, path="/people")
    expect(request_from(carol, "Alice")).to_be_visible()
    press(people_list(alice), "Take back")
    expect(request_from(carol, "Alice")).to_have_count(0)
    press(alice, "Undo")
    expect(request_from(carol, "Alice")).to_contain_text("It is me")
    press(request_from(carol, "Alice"), "Decline")
    expect(badge(carol)).to_be_hidden()
    press(carol, "Undo")
    expect(badge(carol)).to_have_text("1")
    press(request_from(carol, "Alice"), "Decline")
    expect(people_list(alice).get_by_text("You asked today")).to_have_count(0)  # when it can no longer be undone
    people_list(alice).locator(".row", has_text="Bob").click()
    page(alice).get_by_role("button", name="Remove friend").click()
    press(alice.page.get_by_role("alertdialog"), "Remove friend")
    press(page(alice), "Message")
    expect(alice.page.get_by_text("You and Bob are not friends.")).to_be_visible()
    alice.say("we still talk")
    alice.tick("we still talk", "Sent")


def test_friends_are_filtered_and_others_found(people: Cast, enter: Enter) -> None:
    zoe = make_person("zoe", display_name="Zoë <b>Bold</b>")
    alice = enter(people.alice, path="/people")
    field = people_list(alice).get_by_placeholder("Find a friend or a username")
    expect(people_list(alice).locator(".row")).to_have_count(1)
    field.fill("bob")
    expect(people_list(alice).locator(".row", has_text="Bob").first).to_be_visible()
    field.fill(zoe.user.username)
    found = people_list(alice).locator(".people__row", has_text="Zoë <b>Bold</b>")
    expect(found).to_have_count(1)
    press(found, "Add")
    press(alice, "Send request")
    expect(people_list(alice).get_by_role("group", name="Your request to Zoë")).to_be_visible()
    # The list hears of it first; what is typed goes to the dialog until it has closed.
    expect(alice.page.get_by_role("dialog")).to_have_count(0)
    field.fill("nobody-is-called-that")
    expect(people_list(alice).get_by_text("Nothing for “nobody-is-called-that”.")).to_be_visible()
    alice.allow("404")
    alice.page.goto(f"{alice.url}/people/99999999")
    expect(alice.page.get_by_role("heading", name="There is nobody here")).to_be_visible()
    alice.page.get_by_role("link", name="Back to people").click()
    expect(people_list(alice).locator(".row", has_text="Bob")).to_be_visible()


def test_on_a_phone(people: Cast, enter: Enter) -> None:
    friends.ask(user_id=people.carol.id, other_id=people.alice.id, note="From the boat")
    alice = enter(people.alice, phone=True)
    alice.page.get_by_role("link", name="People").click()
    request_from(alice, "Carol").get_by_role("link").click()
    expect(people_list(alice)).to_be_hidden()
    expect(page(alice).get_by_text("From the boat")).to_be_visible()
    press(page(alice), "Accept")
    expect(page(alice).get_by_role("button", name="Remove friend")).to_be_visible()
    press(page(alice), "Back to people")
    expect(people_list(alice).locator(".row", has_text="Carol")).to_be_visible()
    assert alice.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_with_the_keyboard_alone(people: Cast, enter: Enter) -> None:
    dora = make_person("dora")
    friends.make_friends(one=people.alice.id, other=dora.id)
    alice = enter(people.alice, path="/people")
    keys = alice.page.keyboard
    expect(people_list(alice).locator(".row")).to_have_count(2)
    people_list(alice).get_by_role("button", name="Add a friend").focus()
    keys.press("Enter")
    expect(alice.page.get_by_label("Name or username")).to_be_focused()
    keys.type(people.carol.user.username)
    expect(alice.page.get_by_role("dialog").get_by_role("button", name="Carol")).to_be_visible()
    keys.press("Tab")
    keys.press("Enter")
    expect(alice.page.get_by_label("A few words to them")).to_be_focused()
    keys.type("Hello")
    keys.press("Escape")
    expect(people_list(alice).get_by_role("button", name="Add a friend")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    expect(people_list(alice).locator(".row", has_text="Bob")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page(alice).get_by_role("heading", name="Dora")).to_be_visible()
    page(alice).get_by_role("button", name="Block Dora").focus()
    keys.press("Enter")
    expect(alice.page.get_by_role("alertdialog").get_by_role("button", name="Cancel")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page(alice).get_by_role("button", name="Unblock")).to_be_visible()


def test_the_keyboard_goes_on_where_it_was(people: Cast, enter: Enter) -> None:
    """Where columns take each other's place, and where what had the focus is gone, the focus goes to what comes next."""
    friends.ask(user_id=people.carol.id, other_id=people.alice.id, note="")
    send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="hi")
    alice = enter(people.alice, phone=True, path="/people")
    page_of, row = alice.page, people_list(alice).locator(".row", has_text="Bob")
    row.press("Enter")
    expect(page_of.get_by_role("button", name="Back to people")).to_be_focused()
    expect(page(alice).get_by_role("heading", name="Bob")).to_be_visible()
    page_of.keyboard.press("Enter")
    expect(row).to_be_focused()

    button = request_from(alice, "Carol").get_by_role("button", name="Decline")
    button.press("Enter")
    expect(request_from(alice, "Carol")).to_have_count(0)
    expect(row).to_be_focused()
    page_of.get_by_role("button", name="Undo").press("Enter")
    expect(request_from(alice, "Carol")).to_be_visible()
    expect(row).to_be_focused()

    page_of.get_by_role("link", name="Chats").press("Enter")
    alice.row("Bob").press("Enter")
    expect(page_of.locator(".thread-head .back")).to_be_focused()
    page_of.keyboard.press("Enter")
    expect(alice.row("Bob")).to_be_focused()

    page_of.get_by_role("link", name="Settings").press("Enter")
    link = page_of.get_by_role("link", name="Blocked people")
    people.alice.api.put(f"/api/v1/blocks/{people.carol.id}")
    expect(link).to_contain_text("1")
    link.press("Enter")
    expect(page_of.get_by_role("button", name="Back to settings")).to_be_focused()
    page_of.get_by_role("button", name="Unblock Carol").press("Enter")
    expect(page_of.get_by_text("You have blocked nobody.")).to_be_focused()
    page_of.get_by_role("button", name="Back to settings").press("Enter")
    expect(link).to_be_focused()
    expect(link).not_to_contain_text("1")
