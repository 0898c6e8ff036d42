"""What axe-core finds on every page, in both themes: nothing. And nothing is cut off on a narrow screen or with large text."""

import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Enter
from tests.browser.walks import WALKS, Walk
from tests.support.people import Cast

# https://www.deque.com/axe/core-documentation/api-documentation/#axe-core-tags
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OURS = [*WCAG, "best-practice"]

# A colour that is still on its way to another one has a contrast of its own.
AT_REST = "document.getAnimations().forEach(one => one.effect.getTiming().iterations === Infinity || one.finish())"


REFLOW = Path(__file__).with_name("reflow.js").read_text()
# (width, height, size of the text): as narrow as pages must work, and text of twice its size on a phone and on a desktop.
TIGHT = ((320, 640, "100%"), (390, 844, "200%"), (1280, 800, "200%"))


NEXT_FRAME = "() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def cut_off(page: Any) -> dict[str, list[str]]:
    """What does not fit at these sizes; the page is then as it was."""
    before, problems = page.viewport_size, {}
    resize = "size => document.documentElement.style.setProperty('font-size', size)"
    for width, height, text in TIGHT:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(resize, text)
        page.evaluate(NEXT_FRAME)  # what floats is put in its place again
        if found := page.evaluate(REFLOW):
            problems[f"{width} px, text {text}"] = found
    page.evaluate(resize, "")
    page.set_viewport_size(before)
    return problems


def violations(page: Any, tags: list[str] = OURS) -> list[str]:
    # Not preloaded: axe would resolve a style sheet's imports against the page, where they are not.
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"], "preload": False}
    # Django's chooser of groups and rights names an icon that has no role.
    context = {"exclude": [[".search-label-icon"]]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_nothing_stands_in_the_way_of_anybody(walk: Walk, people: Cast, enter: Enter) -> None:
    problems: dict[str, list[str]] = {}
    for screen, state in walk(people, enter):
        for theme in ("light", "dark"):
            screen.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            screen.page.evaluate(AT_REST)
            # The stock admin keeps to the guidelines; what is beyond them is Django's to decide.
            if found := violations(screen.page, WCAG if state.startswith("admin/") else OURS):
                problems[f"{state}, {theme}"] = found
        # The stock admin's tables scroll sideways, and menus stand where they were opened.
        if not state.startswith("admin/") and "menu" not in state:
            problems |= {f"{state}, {size}": found for size, found in cut_off(screen.page).items()}
    assert not problems, json.dumps(problems, indent=1, ensure_ascii=False)


def test_a_violation_is_found(enter: Enter) -> None:
    screen = enter(None, path="/sign-in")
    screen.page.evaluate("document.querySelector('[name=username]').labels[0].remove()")
    assert any(problem.startswith("label:") for problem in violations(screen.page))
    assert not cut_off(screen.page)
    button = screen.page.get_by_role("button", name="Sign in", exact=True)
    button.evaluate("button => button.style.setProperty('inline-size', '400px')")
    assert any("cut off" in problem for problem in cut_off(screen.page)["320 px, text 100%"])
    button.evaluate("button => button.style.setProperty('inline-size', '40px')")
    assert any("stand out" in problem for problem in cut_off(screen.page)["390 px, text 200%"])
