"""`python docs/icons/make.py`: the icons of the installed page in static/icons, all drawn from static/logo.svg.

Launchers cut "maskable" icons to a shape of their own: the logo stays within the inner 80 %, on a ground that fills the square.
Apple's icon has no transparency. The badge is what Android shows in the status bar: it takes only the shape."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "static/icons"
GROUND = "#eff4f7"  # --canvas of tokens.css in light

# name → (pixels, the logo's share of the width, the ground, whether only the shape counts)
ICONS = {
    "icon-192": (192, 1.0, "transparent", False),
    "icon-512": (512, 1.0, "transparent", False),
    "maskable-192": (192, 0.66, GROUND, False),
    "maskable-512": (512, 0.66, GROUND, False),
    "apple-touch-icon": (180, 0.78, GROUND, False),
    "badge-96": (96, 1.0, "transparent", True),
}


def draw(browser: Browser, name: str, logo: str) -> None:
    """Write one icon."""
    pixels, share, ground, is_shape = ICONS[name]
    if is_shape:  # the bubble with the sun cut out of it, in white
        bubble = re.search(r'<clipPath id="bubble"><path d="([^"]+)"', logo)
        sun = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', logo)
        assert bubble is not None
        assert sun is not None
        x, y, radius = (float(number) for number in sun.groups())
        hole = f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"
        logo = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
            f'<path fill="#fff" fill-rule="evenodd" d="{bubble[1]}{hole}"/></svg>'
        )
    page = browser.new_page(viewport={"width": pixels, "height": pixels})
    side = round(pixels * share)
    page.set_content(
        f"<style>html{{background:{ground}}}body{{margin:0;height:100vh;display:grid;place-items:center}}"
        f"svg{{width:{side}px;height:{side}px}}</style>{logo}"
    )
    page.screenshot(path=FOLDER / f"{name}.png", omit_background=ground == "transparent")
    page.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    logo = (ROOT / "static/logo.svg").read_text()
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name in ICONS:
            draw(browser, name, logo)
        browser.close()


if __name__ == "__main__":
    main()
