"""What people do with messages: answer, change, take back, react, mention, forward, pin, star; by mouse, keys and fingers."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from chat.models import Message
from chat.sending import send_message
from tests.browser.conftest import Enter
from tests.browser.screen import Screen
from tests.browser.test_races import wait_for
from tests.browser.test_scrolling import long_history, position, top_message
from tests.support.people import Cast

STEPS = [0.2, 0.5, 0.8, 1.0]


def group_of(people: Cast, title: str = "Harbour Studio") -> int:
    """A group that Alice has made, with Bob and Carol."""
    body = {"kind": "group", "title": title, "memberIds": [people.bob.id, people.carol.id]}
    answer = people.alice.api.post("/api/v1/conversations", body, format="json")
    assert answer.status_code == 201, answer.content
    return int(answer.json()["conversationId"])


def said(sender: Any, conversation: int, text: str) -> str:
    """The id of a message that somebody has just sent."""
    return str(send_message(sender_id=sender.id, conversation_id=conversation, content=text).msg_id)


def menu(screen: Screen, text: str) -> Locator:
    """Open the menu of a message."""
    screen.message(text).locator(".bubble").click(button="right")
    return screen.page.get_by_role("menu")


def choose(screen: Screen, text: str, deed: str) -> None:
    menu(screen, text).get_by_role("menuitem", name=deed, exact=True).click()
    expect(screen.page.get_by_role("menu")).to_have_count(0)


def edit_as(screen: Screen, old: str, new: str) -> None:
    """Change a message by the keys: it has the focus, E, the new text, Enter."""
    screen.message(old).focus()
    screen.page.keyboard.press("e")
    expect(screen.composer).to_have_value(old)
    screen.composer.fill(new)
    screen.composer.press("Enter")


def test_an_answer_leads_to_what_it_answers(people: Cast, enter: Enter) -> None:
    """Far up in a long chat: a link lands there, the answer quotes it, the quote leads there, and a button back."""
    conversation = long_history(people, 500)
    alice, bob = enter(people.alice, path=f"/chat/{conversation}/m/30"), enter(people.bob)
    target = alice.page.locator('.msg[data-seq="30"]')
    expect(target).to_be_in_viewport()
    expect(target).to_have_class(re.compile("is-target"))
    expect(target).to_be_focused()
    expect(alice.page).to_have_url(f"{alice.url}/chat/{conversation}")
    expect(target).not_to_have_class(re.compile("is-target"))
    target.press("r")
    expect(alice.page.locator(".context")).to_contain_text("message 30 and so on")
    alice.composer.press("Escape")
    expect(alice.page.locator(".context")).to_be_hidden()
    target.press("r")
    alice.say("about the thirtieth")
    answer = alice.message("about the thirtieth")
    expect(answer).to_be_in_viewport()
    alice.tick("about the thirtieth", "Delivered")
    expect(answer.locator(".quote")).to_contain_text("message 30 and so on")

    # Bob, who has never been there, goes by the quote, on from there, and back.
    bob.open("Alice")
    bob.to_end()
    bob.message("about the thirtieth").locator(".quote").click()
    place = bob.page.locator('.msg[data-seq="30"]')
    expect(place).to_be_in_viewport()
    expect(bob.page.locator(".jump")).to_be_visible()
    said(people.alice, conversation, "meanwhile")
    expect(bob.page.locator(".jump .badge")).to_have_text("1")
    bob.log.evaluate("log => { log.scrollTop = log.scrollHeight }")
    expect(bob.page.locator('.msg[data-seq="70"]')).to_have_count(1)
    bob.to_end()
    expect(bob.message("meanwhile")).to_be_in_viewport()
    expect(bob.page.locator('.msg[data-seq="30"]')).to_have_count(0)


def test_a_change_while_the_other_is_away(people: Cast, enter: Enter) -> None:
    """The history is kept and shown; a draft outlives an edit; without a connection an edit waits, also over a reload."""
    draft = send_message(sender_id=people.alice.id, to_user_id=people.bob.id, content="the fery is at 8:40")
    assert draft.conversation_id is not None
    alice, bob = enter(people.alice), enter(people.bob)
    bob.open("Alice")
    bob.sees("the fery is at 8:40")
    bob.cut_off()
    bob.sees("the fery is at 8:40")
    alice.open("Bob")
    alice.sees("the fery is at 8:40")
    alice.composer.press("ArrowUp")
    expect(alice.page.locator(".context")).to_contain_text("Editing")
    alice.composer.press("Escape")
    alice.write("a draft")
    edit_as(alice, "the fery is at 8:40", "the ferry is at 8:40")
    alice.sees("the ferry is at 8:40")
    expect(alice.composer).to_have_value("a draft")
    expect(alice.message("the ferry").locator(".edited")).to_have_text("edited")
    expect(bob.message("the fery is at 8:40")).to_have_count(1)

    # He comes back, and holds the truth; what it said before is there for him too.
    bob.page.unroute("**/ws-tickets")
    bob.page.reload()
    bob.sees("the ferry is at 8:40")
    bob.message("the ferry").locator(".edited").click()
    dialog = bob.page.get_by_role("dialog", name="Edit history")
    expect(dialog.locator("li p")).to_have_text(["the fery is at 8:40", "the ferry is at 8:40"])
    bob.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    # Without a connection nothing is changed and nothing is lost.
    alice.allow("ERR_FAILED")
    alice.page.route("**/ws-tickets", lambda route: route.abort())
    alice.page.evaluate("document.querySelector('sky-chats').client.socket.start()")
    edit_as(alice, "the ferry is at 8:40", "the ferry is at 9:10")
    expect(alice.page.locator(".composer__note")).to_contain_text("Your change waits here")
    expect(alice.composer).to_have_value("the ferry is at 9:10")
    alice.page.unroute("**/ws-tickets")
    alice.page.reload()
    expect(alice.composer).to_have_value("the ferry is at 9:10")
    expect(alice.page.locator(".context")).to_contain_text("Editing")
    wait_for(alice, lambda: bool(alice.page.evaluate("document.querySelector('sky-chats').client.socket.open")))
    alice.composer.press("Enter")
    bob.sees("the ferry is at 9:10")
    expect(alice.composer).to_have_value("a draft")

    # Too late: the old words stand, and the new ones can be had.
    Message.objects.filter(msg_id=draft.msg_id).update(created_at=draft.created_at - 86_300_000)
    alice.page.reload()
    alice.sees("the ferry is at 9:10")
    alice.message("the ferry is at 9:10").focus()
    alice.page.keyboard.press("e")
    Message.objects.filter(msg_id=draft.msg_id).update(created_at=draft.created_at - 86_500_000)
    alice.allow("409", "403", "400", "410")
    alice.composer.fill("too late")
    alice.composer.press("Enter")
    toast = alice.page.locator(".toast", has_text="It is too late to change this one.")
    toast.get_by_role("button").click()
    expect(alice.composer).to_have_value("a draft\ntoo late")
    alice.sees("the ferry is at 9:10")


def test_taking_back(people: Cast, enter: Enter) -> None:
    """The safe button has the focus; what is gone is gone for both, in quotes too; the words can be had again."""
    alice, bob = enter(people.alice), enter(people.bob)
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("sent to the wrong chat")
    alice.tick("sent to the wrong chat", "Delivered")
    bob.open("Alice")
    choose(bob, "sent to the wrong chat", "Reply")
    bob.say("what is this?")
    expect(alice.message("what is this?").locator(".quote")).to_contain_text("sent to the wrong chat")

    assert "Take back for everyone" not in menu(bob, "sent to the wrong chat").inner_text()
    bob.page.keyboard.press("Escape")
    alice.message("sent to the wrong chat").focus()
    alice.page.keyboard.press("Delete")
    dialog = alice.page.get_by_role("alertdialog")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Take back for everyone").click()
    expect(alice.message("You took back a message")).to_have_count(1)
    expect(bob.message("Message taken back")).to_have_count(1)
    for screen in (alice, bob):
        expect(screen.message("what is this?").locator(".quote")).to_contain_text("Message taken back")
        expect(screen.page.get_by_text("sent to the wrong chat")).to_have_count(0)
    alice.page.get_by_role("button", name="Put it back in the composer").click()
    expect(alice.composer).to_have_value("sent to the wrong chat")
    alice.page.reload()
    expect(alice.message("You took back a message")).to_have_count(1)
    expect(alice.page.get_by_role("button", name="Put it back in the composer")).to_have_count(0)


def test_reactions(people: Cast, enter: Enter) -> None:
    """They come and go at once, count, name who; and nobody's reading is moved by them."""
    conversation = long_history(people, 120)
    alice, bob = enter(people.alice), enter(people.bob)
    alice.open("Bob")
    bob.open("Alice")
    alice.sees("message 120")
    bob.sees("message 120")
    alice.log.evaluate("log => { log.scrollTop -= 600 }")
    seq, before = top_message(alice)
    above = bob.page.locator(f'.msg[data-seq="{int(seq) - 3}"]')
    above.scroll_into_view_if_needed()
    above.locator(".bubble").hover()
    above.get_by_role("button", name="React with 👍").click()
    chip = bob.page.locator(f'.msg[data-seq="{int(seq) - 3}"] .reaction').first
    expect(chip).to_have_attribute("aria-pressed", "true")
    theirs = alice.page.locator(f'.msg[data-seq="{int(seq) - 3}"] .reaction').first
    expect(theirs).to_have_attribute("aria-pressed", "false")
    expect(theirs).to_have_attribute("title", "Bob")
    assert abs(position(alice, seq) - before) < 2

    theirs.click()
    expect(theirs.locator(".num")).to_have_text("2")
    expect(chip.locator(".num")).to_have_text("2")
    expect(chip).to_have_attribute("title", re.compile("You.*Alice|Alice.*You"))
    chip.click()
    expect(chip.locator(".num")).to_have_text("1")
    expect(chip).to_have_attribute("aria-pressed", "false")
    expect(theirs.locator(".num")).to_have_text("1")
    theirs.click()
    expect(alice.page.locator(f'.msg[data-seq="{int(seq) - 3}"] .reactions')).to_have_count(0)
    expect(bob.page.locator(f'.msg[data-seq="{int(seq) - 3}"] .reactions')).to_have_count(0)
    assert conversation


def test_a_mention(people: Cast, enter: Enter) -> None:
    """Chosen by the keys, drawn as a name, said aloud to whom it means; everybody at once is for those who may."""
    conversation = group_of(people)
    alice, bob = enter(people.alice, path=f"/chat/{conversation}"), enter(people.bob, path=f"/chat/{conversation}")
    alice.composer.press_sequentially("hello @bo")
    options = alice.page.get_by_role("option")
    expect(options).to_have_text([re.compile("Bob")])
    expect(alice.composer).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value(f"hello @{people.bob.user.username} ")
    alice.composer.press_sequentially("there")
    alice.composer.press("Enter")
    expect(alice.message("there").locator(".mention")).to_have_text("@Bob")
    mine = bob.message("hello")
    expect(mine.locator(".mention--me")).to_have_text("@Bob")
    expect(mine).to_have_attribute("aria-label", re.compile(r"Alice, \d\d:\d\d, mentions you"))
    assert Message.objects.get(conversation_id=conversation, content__startswith="hello").extras

    alice.composer.press_sequentially("@all")
    expect(alice.page.get_by_role("option", name="Everyone here")).to_be_visible()
    alice.composer.press("Enter")
    alice.composer.press_sequentially("come in")
    alice.composer.press("Enter")
    expect(bob.message("come in")).to_have_attribute("aria-label", re.compile("mentions you"))
    bob.composer.press_sequentially("@al")
    expect(bob.page.get_by_role("option")).to_have_text([re.compile("Alice")])
    bob.composer.press("Escape")
    expect(bob.page.get_by_role("option")).to_have_count(0)
    expect(bob.composer).to_have_value("@al")


def test_forwarding_and_links(people: Cast, enter: Enter) -> None:
    """To a group and to somebody new at once; a link opens the message, in the page and after signing in."""
    conversation = group_of(people)
    first = send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="the timetable: 8:40, 9:10")
    alice = enter(people.alice)
    alice.open("Bob")
    alice.message("the timetable").focus()
    alice.page.keyboard.press("f")
    dialog = alice.page.get_by_role("dialog", name="Forward to")
    dialog.get_by_label("Harbour Studio").check()
    dialog.get_by_label("Search", exact=True).fill(people.carol.user.username)
    dialog.get_by_label("Carol").check()
    expect(dialog).to_contain_text("2 chosen")
    dialog.get_by_role("button", name="Forward", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(alice.page.locator(".toast")).to_contain_text("Forwarded to 2 chats")
    carol = enter(people.carol, path=f"/chat/{conversation}")
    expect(carol.message("the timetable").locator(".forwarded")).to_have_text("Forwarded")
    carol.open("Alice")
    expect(carol.message("the timetable").locator(".forwarded")).to_have_text("Forwarded")

    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(alice, "the timetable", "Copy link")
    expect(alice.page.locator(".toast", has_text="Link copied")).to_be_visible()
    link = alice.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{alice.url}/chat/{first.conversation_id}/m/{first.seq}"
    alice.open("Harbour Studio")
    alice.say(f"see {link}")
    alice.message("see http").get_by_role("link").click()
    expect(alice.page.locator(".thread-head__name")).to_have_text("Bob")
    expect(alice.message("the timetable")).to_have_class(re.compile("is-target"))
    assert len(alice.context.pages) == 1

    bob = enter(None, path=f"/chat/{first.conversation_id}/m/{first.seq}")
    bob.sign_in(people.bob)
    expect(bob.message("the timetable")).to_have_class(re.compile("is-target"))


def test_pins_stars_and_readers(people: Cast, enter: Enter) -> None:
    conversation = group_of(people)
    for text in ("first rule", "second rule"):
        said(people.alice, conversation, text)
    alice, bob = enter(people.alice, path=f"/chat/{conversation}"), enter(people.bob, path=f"/chat/{conversation}")
    bob.sees("first rule", "second rule")
    assert "Pin message" not in menu(bob, "first rule").inner_text()
    bob.page.keyboard.press("Escape")
    for text in ("first rule", "second rule"):
        choose(alice, text, "Pin message")
        expect(bob.page.locator(".pin-bar")).to_contain_text(text)
    bob.page.locator(".pin-bar").get_by_role("button", name="All 2 pinned").click()
    bob.page.get_by_role("dialog", name="Pinned messages").get_by_role("button", name="first rule").click()
    expect(bob.message("first rule")).to_have_class(re.compile("is-target"))
    choose(alice, "second rule", "Unpin message")
    expect(bob.page.locator(".pin-bar")).to_contain_text("first rule")
    expect(bob.page.locator(".pin-bar").get_by_role("button")).to_have_count(1)

    choose(bob, "second rule", "Star")
    expect(bob.page.locator(".toast", has_text="Message starred")).to_be_visible()
    bob.page.goto(bob.url)
    bob.page.get_by_role("button", name="Account menu").click()
    bob.page.get_by_role("menuitem", name="Starred messages").click()
    starred = bob.page.get_by_role("dialog", name="Starred messages")
    starred.get_by_role("button", name="second rule").click()
    expect(bob.message("second rule")).to_have_class(re.compile("is-target"))

    choose(alice, "second rule", "Read by")
    readers = alice.page.get_by_role("dialog", name="Read by")
    expect(readers.locator(".person__name")).to_have_text(["Bob"])


def test_fingers(people: Cast, enter: Enter) -> None:
    """A long press opens the menu as a sheet, a swipe answers; there is nothing to hover over."""
    send_message(sender_id=people.bob.id, to_user_id=people.alice.id, content="hold me, swipe me")
    alice = enter(people.alice, phone=True)
    alice.open("Bob")
    bubble = alice.message("hold me").locator(".bubble")
    box = bubble.bounding_box()
    assert box is not None
    wire = alice.context.new_cdp_session(alice.page)

    def touch(kind: str, x: float | None = None) -> None:
        points = [] if x is None else [{"x": box["x"] + x, "y": box["y"] + 12}]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 20)
    sheet = alice.page.get_by_role("menu")
    expect(sheet).to_be_visible()
    touch("touchEnd")
    expect(sheet).to_have_class(re.compile("menu--sheet"))
    sheet.get_by_role("menuitemcheckbox", name="🎉").tap()
    expect(alice.page.locator(".reaction").first).to_have_attribute("aria-pressed", "true")
    expect(sheet).to_have_count(0)
    touch("touchStart", 20)
    for part in STEPS:
        touch("touchMove", 20 + 60 * part)
    touch("touchEnd")
    expect(alice.page.locator(".context")).to_contain_text("Replying to Bob")
