"""The other pages in a browser: the admin, the interface's documentation, errors, Chinese, a tablet."""

import time

import pytest
from playwright.sync_api import expect

from presence.models import LiveConnection
from tests.browser.conftest import Enter
from tests.support.people import Cast, make_person


def test_an_administrator_disconnects_and_deactivates(people: Cast, enter: Enter) -> None:
    """Under the strict policy, without an error on the console; what the admin does is felt on the page."""
    chief = make_person("chief", is_staff=True, is_superuser=True)
    carol, admin = enter(people.carol), enter(chief)
    carol.ready()
    expect(admin.page.locator("[data-rows]")).to_be_visible()
    admin.page.goto(f"{admin.url}/admin/")
    expect(admin.page.get_by_role("heading", name="Administration")).to_be_visible()
    admin.page.goto(f"{admin.url}/admin/presence/liveconnection/?q={people.carol.user.username}")
    first = LiveConnection.objects.get(user_id=people.carol.id).pk
    admin.page.locator("#action-toggle").check()
    admin.page.get_by_label("Action:").select_option(label="Disconnect")
    admin.page.get_by_role("button", name="Go").click()
    admin.page.get_by_label("Reason").fill("a try")
    admin.page.get_by_role("button", name="Disconnect").click()
    expect(admin.page.get_by_text("Disconnected:")).to_be_visible()
    back = LiveConnection.objects.filter(user_id=people.carol.id).exclude(pk=first)
    deadline = time.monotonic() + 10
    while not back.exists():  # it comes back, on another connection
        assert time.monotonic() < deadline
        time.sleep(0.1)
    expect(carol.pill).to_be_hidden()

    admin.page.goto(f"{admin.url}/admin/accounts/user/?q={people.carol.user.username}")
    admin.page.locator("#action-toggle").check()
    admin.page.get_by_label("Action:").select_option(label="Deactivate")
    admin.page.get_by_role("button", name="Go").click()
    admin.page.get_by_label("Reason").fill("spam")
    admin.page.get_by_role("button", name="Deactivate").click()
    expect(admin.page.get_by_text("Deactivated:")).to_be_visible()
    expect(carol.pill).to_have_text("This account is disabled")


def test_somebody_without_rights_is_sent_away_from_the_admin(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice, path="/admin/")
    alice.ready()
    assert alice.page.url == f"{alice.url}/"


def test_the_documentation_of_the_interface_opens(people: Cast, enter: Enter) -> None:
    screen = enter(None, path="/api/v1/docs")
    expect(screen.page.get_by_text("/api/v1/conversations/{conversation_id}/messages").first).to_be_visible()


def test_an_unknown_address_says_so_and_leads_back(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.ready()
    alice.allow("404")
    alice.page.goto(f"{alice.url}/nowhere")
    expect(alice.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    alice.page.get_by_role("link").first.click()
    alice.ready()


def test_chinese_from_the_first_page_on(people: Cast, enter: Enter) -> None:
    screen = enter(None, path="/sign-in", locale="zh-CN")
    page = screen.page
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.get_by_label("用户名").fill(people.alice.user.username)
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("用户名")
    page.get_by_label("密码", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="登录").click()
    screen.ready()
    expect(page.get_by_role("heading", name="聊天", exact=True)).to_be_visible()
    words = page.locator("body").inner_text()
    assert "Chats" not in words
    assert "No chats" not in words


@pytest.mark.parametrize("width", [768, 1024])
def test_a_tablet_shows_list_and_chat_side_by_side(people: Cast, enter: Enter, width: int) -> None:
    alice = enter(people.alice, viewport={"width": width, "height": 1024})
    alice.start_chat(people.bob.user.username, "Bob")
    alice.say("from a tablet")
    alice.tick("from a tablet", "Sent")
    expect(alice.row("Bob")).to_be_visible()
    expect(alice.composer).to_be_visible()
    assert alice.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
