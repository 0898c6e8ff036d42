"""Groups on the page, as three people live through them."""

import re

from playwright.sync_api import Locator, expect

from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.support.groups import make_group
from tests.support.people import PASSWORD, Cast, Person, make_person


def press(place: Locator | Screen, name: str) -> None:
    (place.page if isinstance(place, Screen) else place).get_by_role("button", name=name, exact=True).click()


def details(screen: Screen) -> Locator:
    return screen.page.locator("[data-details-pane]")


def dialog(screen: Screen, name: str) -> Locator:
    return screen.page.get_by_role("dialog", name=name)


def send(sender: Person, group: int, text: str, mentions: list[int] | None = None) -> None:
    """Say something without a screen."""
    send_message(sender_id=sender.id, conversation_id=group, content=text, mentions=mentions)


def happened(screen: Screen, text: str) -> Locator:
    return screen.page.locator(".system", has_text=text)


def silence(screen: Screen) -> Locator:
    return screen.page.locator(".dock .standing.composer--off")


def member(screen: Screen, name: str) -> Locator:
    return details(screen).locator(".members .person", has_text=name)


def with_member(screen: Screen, name: str, deed: str) -> None:
    """Choose something from a member's menu."""
    member(screen, name).click()
    screen.page.get_by_role("menuitem", name=deed).click()


def chosen(screen: Screen, label: str, option: str) -> None:
    """Change a setting of the group, and see that it is kept."""
    details(screen).get_by_label(label).select_option(label=option)
    expect(details(screen).locator(".settings__saved")).to_have_text("Saved")


def test_from_nothing_to_a_talk(people: Cast, enter: Enter) -> None:
    """Alice makes a group with a friend and with somebody she finds; all three talk and see who writes what."""
    alice, bob, carol = enter(people.alice), enter(people.bob), enter(people.carol)
    for screen in (bob, carol):
        screen.ready()
    press(alice, "New chat or group")
    alice.page.get_by_role("menuitem", name="New group").click()
    new = dialog(alice, "New group")
    new.get_by_label("Name of the group").fill("Harbour Studio")
    new.get_by_label("Bob").check()
    new.get_by_label("Find people").fill(people.carol.user.username)
    new.get_by_label("Carol").check()
    expect(new.get_by_role("list", name="Chosen people").get_by_role("button")).to_have_text(
        [re.compile("Bob"), re.compile("Carol")]
    )
    press(new, "Create group")
    expect(alice.page.locator(".thread-head__name")).to_have_text("Harbour Studio")
    expect(alice.page.locator(".thread-head__sub")).to_have_text(re.compile("^3 members"))
    expect(happened(alice, "You created the group")).to_be_visible()
    for screen in (bob, carol):
        expect(screen.row("Harbour Studio")).to_contain_text("Alice created the group")
        screen.unread("Harbour Studio", 0)

    alice.say("Welcome, all")
    expect(bob.row("Harbour Studio")).to_contain_text("Alice: Welcome, all")
    bob.unread("Harbour Studio", 1)
    bob.open("Harbour Studio")
    bob.say("Hello from the pier")
    bob.say("It is windy")
    carol.open("Harbour Studio")
    carol.sees("Welcome, all", "Hello from the pier", "It is windy")
    run = carol.page.locator(".msg:not(.msg--own)")
    expect(run.locator(".bubble__author")).to_have_text(["Alice", "Bob"])  # on the first of each run
    expect(run.locator(".av")).to_have_count(2)  # and the picture beside the last
    expect(carol.message("It is windy").locator(".av")).to_have_count(1)
    expect(alice.page.get_by_role("article", name="Bob,")).to_have_count(2)
    expect(alice.row("Harbour Studio")).to_contain_text("Bob: It is windy")
    bob.composer.press_sequentially("h")
    carol.composer.press_sequentially("h")
    expect(alice.page.locator(".strip")).to_have_text(re.compile("^(Bob and Carol|Carol and Bob) are typing$"))


def test_a_link_leads_into_a_group(people: Cast, enter: Enter) -> None:
    """Carol gets a link, signs in, and is in; ended, it leads nowhere."""
    make_group(people.alice, people.bob, title="Harbour Studio", description="Ferry app, winter season")
    alice, bob = enter(people.alice), enter(people.bob)
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for screen in (alice, bob):
        screen.open("Harbour Studio")
    alice.page.keyboard.press("Control+i")
    press(details(alice), "Invite")
    links = dialog(alice, "Invite to Harbour Studio")
    links.get_by_label("Can be used").select_option(label="10 times")
    press(links, "Make a link")
    expect(links.get_by_text("used 0 of 10 times")).to_be_visible()
    path = str(links.locator(".invite__link").get_attribute("href")).removeprefix(alice.url)

    carol = enter(None, path=path)
    carol.sign_in(people.carol, PASSWORD)
    expect(carol.page.get_by_role("heading", name="Harbour Studio")).to_be_visible()
    expect(carol.page.get_by_text("Ferry app, winter season")).to_be_visible()
    press(carol, "Join the group")
    carol.say("Here I am")
    expect(happened(carol, "You joined by a link")).to_be_visible()
    for screen in (alice, bob):
        screen.sees("Here I am")
        expect(happened(screen, "Carol joined by a link")).to_be_visible()
    expect(alice.page.locator(".thread-head__sub")).to_have_text(re.compile("^3 members"))

    press(links, "End this link")
    expect(links.get_by_text("There are no links yet.")).to_be_visible()
    press(links, "Done")
    dave = enter(make_person("dave"), path=path)
    dave.allow("404")
    expect(dave.page.get_by_role("heading", name="This link has ended")).to_be_visible()


def test_removed_while_typing(people: Cast, enter: Enter) -> None:
    """Carol is removed while she types: what she read stays to be read, what she typed stays hers, and nothing more comes."""
    group = make_group(people.alice, people.bob, people.carol, title="Harbour Studio")
    send(people.bob, group, "Before")
    alice, bob, carol = (enter(who, path=f"/chat/{group}") for who in (people.alice, people.bob, people.carol))
    for screen in (alice, bob, carol):
        screen.sees("Before")
    carol.say("I am here")  # and so are all connections
    for screen in (alice, bob):
        screen.sees("I am here")
    carol.composer.press_sequentially("half a sent")
    expect(alice.page.locator(".strip")).to_have_text("Carol is typing")
    alice.page.keyboard.press("Control+i")
    with_member(alice, "Carol", "Remove from the group …")
    press(alice.page.get_by_role("alertdialog"), "Remove Carol")
    expect(silence(carol)).to_have_text("You are no longer in this group.")
    expect(carol.composer).to_be_hidden()
    expect(carol.row("Harbour Studio")).to_have_count(0)
    carol.sees("Before")
    expect(happened(bob, "Alice removed Carol")).to_be_visible()
    expect(member(alice, "Carol")).to_have_count(0)
    bob.say("After")
    alice.sees("After")

    press(details(alice), "Add")
    more = dialog(alice, "Add people to Harbour Studio")
    more.get_by_label("Find people").fill(people.carol.user.username)
    more.get_by_label("Carol").check()
    press(more, "Add 1 person")
    expect(happened(carol, "Alice added you")).to_be_visible()
    expect(carol.message("After")).to_have_count(0)
    expect(carol.composer).to_have_value("half a sent")
    carol.composer.press_sequentially("ence")
    carol.composer.press("Enter")
    bob.sees("half a sentence")


def test_roles_and_settings(people: Cast, enter: Enter) -> None:
    """An admin is made, runs the group, and becomes its owner; what that changes for a member shows at once."""
    group = make_group(people.alice, people.bob, people.carol, title="Harbour Studio")
    alice, bob, carol = (enter(who, path=f"/chat/{group}") for who in (people.alice, people.bob, people.carol))
    for screen in (alice, bob):
        expect(screen.composer).to_be_visible()
        screen.page.keyboard.press("Control+i")
    expect(member(bob, "Carol")).to_be_visible()
    expect(details(bob).get_by_label("Who can write")).to_have_count(0)
    with_member(alice, "Bob", "Make an admin")
    expect(member(bob, "Bob")).to_contain_text("Admin")
    chosen(bob, "Who can write", "Only admins")
    expect(silence(carol)).to_have_text("Only admins can write here.")
    expect(alice.composer).to_be_visible()
    chosen(bob, "Who can write", "Everybody")
    expect(carol.composer).to_be_visible()
    with_member(bob, "Carol", "Mute for an hour")
    expect(silence(carol)).to_contain_text("You are muted until")
    expect(member(alice, "Carol")).to_contain_text("muted until")
    with_member(bob, "Carol", "Let them write again")
    expect(carol.composer).to_be_visible()

    press(details(bob), "Edit group")
    details(bob).get_by_label("Name of the group").fill("Winter Studio")
    details(bob).get_by_label("Description").fill("Boats and trains")
    press(details(bob), "Save")
    for screen in (alice, bob, carol):
        expect(screen.page.locator(".thread-head__name")).to_have_text("Winter Studio")
    expect(details(alice).get_by_text("Boats and trains")).to_be_visible()
    expect(happened(carol, "Bob renamed the group to Winter Studio")).to_be_visible()

    with_member(alice, "Bob", "Hand the group over …")
    press(alice.page.get_by_role("alertdialog"), "Hand over")
    expect(member(bob, "Bob")).to_contain_text("Owner")
    expect(member(alice, "Alice")).to_contain_text("Admin")
    press(details(alice), "Leave group")
    leaving = alice.page.get_by_role("alertdialog", name="Leave Winter Studio?")
    expect(leaving.get_by_role("button", name="Stay")).to_be_focused()
    press(leaving, "Leave group")
    expect(alice.row("Winter Studio")).to_have_count(0)
    expect(details(alice)).to_be_hidden()
    expect(happened(carol, "Alice left")).to_be_visible()


def test_found_asked_and_joined(people: Cast, enter: Enter) -> None:
    """Carol finds an open group and joins; another one she asks, thinks better of it, asks again, and is let in."""
    name = f"{people.carol.user.username} climbs"
    make_group(people.bob, title=f"{name} outside", access="open")
    asked = make_group(people.alice, people.bob, title=f"{name} inside", access="request")
    carol = enter(people.carol)
    press(carol, "New chat or group")
    carol.page.get_by_role("menuitem", name="Find groups").click()
    find = dialog(carol, "Find groups")
    find.get_by_label("Name of a group").fill(name)
    inside, outside = (find.get_by_role("listitem").filter(has_text=where) for where in ("inside", "outside"))
    press(inside, "Ask to join")
    inside.get_by_label("A few words to the admins").fill("We met at the wall")
    press(inside, "Ask")
    press(inside, "Take back")
    press(inside, "Ask to join")
    inside.get_by_label("A few words to the admins").fill("I am back")
    press(inside, "Ask")
    expect(inside.get_by_text("Asked", exact=True)).to_be_visible()
    press(outside, "Join")
    expect(find).to_have_count(0)
    expect(happened(carol, "You joined")).to_be_visible()
    carol.say("I bring the rope")

    alice = enter(people.alice, path=f"/chat/{asked}")
    expect(alice.composer).to_be_visible()
    alice.page.keyboard.press("Control+i")
    request = details(alice).get_by_role("group", name="Carol asks to join")
    expect(request).to_contain_text("I am back")
    press(request, "Let in")
    expect(request).to_have_count(0)
    expect(member(alice, "Carol")).to_be_visible()
    carol.open(f"{name} inside")
    carol.say("Thank you")
    alice.sees("Thank you")


def test_the_details_find_their_place(people: Cast, enter: Enter) -> None:
    """Beside the chat, and there again next time; over it where it is narrow; in its place on a phone. A mention counts."""
    group = make_group(people.bob, people.alice, title="Harbour Studio")
    send(people.bob, group, "Nothing much")
    alice = enter(people.alice, path=f"/chat/{group}")
    alice.sees("Nothing much")
    toggle = alice.page.locator(".thread-head [data-details]")
    expect(details(alice)).to_be_hidden()
    alice.page.keyboard.press("Control+i")
    expect(details(alice).get_by_role("heading", name="Harbour Studio")).to_be_visible()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    member(alice, "Bob").focus()
    alice.page.keyboard.press("ArrowDown")
    expect(member(alice, "Alice")).to_be_focused()
    press(details(alice), "Mute")
    alice.page.get_by_role("menuitem", name="For an hour").click()
    expect(details(alice).get_by_role("button", name="Unmute")).to_be_visible()
    alice.page.reload()
    expect(member(alice, "Bob")).to_be_visible()

    alice.page.set_viewport_size({"width": 900, "height": 700})
    expect(details(alice)).to_be_hidden()
    toggle.click()
    expect(details(alice)).to_be_visible()
    expect(alice.page.locator("sky-thread")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(details(alice)).to_be_hidden()
    expect(toggle).to_be_focused()
    alice.page.set_viewport_size({"width": 390, "height": 800})
    toggle.click()
    expect(member(alice, "Bob")).to_be_visible()
    expect(alice.page.locator("sky-thread")).to_be_hidden()
    alice.page.go_back()
    expect(alice.composer).to_be_visible()
    alice.page.go_back()
    alice.page.goto(alice.url)

    send(people.bob, group, "@everyone is meant", mentions=[people.alice.id])
    row = alice.row("Harbour Studio")
    expect(row.get_by_label("You were mentioned")).to_be_visible()
    expect(alice.page.locator("[data-unread-total]")).to_have_text("1")
    row.click()
    alice.sees("@everyone is meant")
    expect(alice.page.locator("[data-unread-total]")).to_be_hidden()
