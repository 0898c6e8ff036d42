"""What the page makes of a text: the part of Markdown that it reads, and that no text loses, reorders or brings in anything."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.plain import one_line
from tests.browser.conftest import Modules
from tests.model.profile import budget

# As markup_tree.js writes trees down.
CASES = {
    "**bold** *it* _it_ ~~no~~ `x*y*`": "P(<b>bold</b> <i>it</i> <i>it</i> <s>no</s> <c>x*y*</c>)",
    "***both*** **a *b* c** *a **b** c* _**x**_": (
        "P(<b><i>both</i></b> <b>a <i>b</i> c</b> <i>a <b>b</b> c</i> <i><b>x</b></i>)"
    ),
    # What only looks like a mark
    "snake_case_name 2*3*4 2**3**4 a_b __init__.py": "P(snake_case_name 2*3*4 2**3**4 a_b __init__.py)",
    "**no other half, *nor here": "P(**no other half, *nor here)",
    "a * b * c ** d ** e ~ f ~5~10": "P(a * b * c ** d ** e ~ f ~5~10)",
    "*args, **kwargs; char **argv": "P(*args, **kwargs; char **argv)",
    "¯\\_(ツ)_/¯ \\*as typed\\*": "P(¯\\_(ツ)_/¯ \\*as typed\\*)",
    ">_< >.< >=5 ->": "P(>_< >.< >=5 ->)",
    "- - -\n---\n***\n# no title\n| a | b |": "P(- - -\n---\n***\n# no title\n| a | b |)",
    "*not\n\nover blank lines*": "P(*not\n\nover blank lines*)",
    "`lonely and ``": "P(`lonely and ``)",
    "*over\nlines*": "P(<i>over\nlines</i>)",
    # Scripts without spaces
    "你好**世界**吧，**注意：**请 ~~旧~~新 文件_名_称": "P(你好<b>世界</b>吧，<b>注意：</b>请 <s>旧</s>新 文件_名_称)",
    "**강조**는 👍**x**👍": "P(<b>강조</b>는 👍<b>x</b>👍)",
    # Addresses
    "[a *b*](https://a.bc/d_(e)) **[c](https://a.bc)**": (
        "P(<a https://a.bc/d_(e)>a <i>b</i></a> <b><a https://a.bc>c</a></b>)"
    ),
    "(https://a.bc/x_(y)), https://a.bc. **https://a.bc/_d_e**": (
        "P((<a https://a.bc/x_(y)>https://a.bc/x_(y)</a>), <a https://a.bc>https://a.bc</a>. "
        "<b><a https://a.bc/_d_e>https://a.bc/_d_e</a></b>)"
    ),
    "看https://a.bc吧 https://zh.wikipedia.org/wiki/中文，好": (
        "P(看<a https://a.bc>https://a.bc</a>吧 <a https://zh.wikipedia.org/wiki/中文>https://zh.wikipedia.org/wiki/中文</a>，好)"
    ),
    "mailto:a@b.cd, [m](mailto:a@b.cd)": "P(<a mailto:a@b.cd>mailto:a@b.cd</a>, <a mailto:a@b.cd>m</a>)",
    "[x](javascript:alert(1)) [x](data:text/html,x) [x](//a.bc) [x](/chat/1) ftp://a.bc": (
        "P([x](javascript:alert(1)) [x](data:text/html,x) [x](//a.bc) [x](/chat/1) ftp://a.bc)"
    ),
    "[x](java\nscript:alert(1)) [x]( javascript:x) [x](JaVaScRiPt:x)": (
        "P([x](java\nscript:alert(1)) [x]( javascript:x) [x](JaVaScRiPt:x))"
    ),
    # Words that name another place than where the link leads
    "[bank.com](https://evil.com)": "P([bank.com](<a https://evil.com>https://evil.com</a>))",
    "[www.a.bc](https://a.bc/d)": "P(<a https://a.bc/d>www.a.bc</a>)",
    "![a picture](https://a.bc/x.png)": "P(!<a https://a.bc/x.png>a picture</a>)",
    "<img src=x onerror=alert(1)>": "P(<img src=x onerror=alert(1)>)",
    # People
    "@ben, @ben. a@ben @benx @小明你好 @nobody `@ben`": "P(<@3>, <@3>. a@ben @benx <@4>你好 @nobody <c>@ben</c>)",
    # Blocks
    "see\n```js\nlet a = `*b*`;\n\n\tx\n```\nafter": "P(see) C[js](let a = `*b*`;\n\n\tx) P(after)",
    "```\nno end\n*x*": "P(```\nno end\n<i>x</i>)",
    "~~~\na\n```\nb\n~~~": "C[](a\n```\nb)",
    "```two words\nx\n```": "C[](two words\nx)",
    "```all in a line```": "P(<c>all in a line</c>)",
    "> a\n> > b\n>\n> *c*\nd": "Q{P(a) Q{P(b)} P(<i>c</i>)} P(d)",
    "- a\n- b\n  - c\n  more\n* d\n3. x\n1. y": "U{P(a);P(b) U{P(c)} P(more);P(d)} O{3P(x);1P(y)}",
    "- a\n  ```py\n  x\n    y\n  ```\n- b": "U{P(a) C[py](x\n  y);P(b)}",
    "1) x\n01. y\n-z\n1.5 m": "P(1) x\n01. y\n-z\n1.5 m)",
    "\n\n  a\n\n\n\nb  \n\n": "P(  a\n\n\n\nb  )",
    "": "",
}

PLAIN = {
    "**a** _b_ `c`\n> d\n- e\n2. f\n```js\ng()\n```\n[h](https://a.bc) @ben": "a b c d e 2. f g() h @ben",
    "2*3*4  snake_case": "2*3*4 snake_case",
    "```\n\n```": "``` ```",
    "x" * 300: "x" * 200,
}

HOSTILE = [
    "*", "**", "_", "~", "~~", "`", "[", "](", "[a](", "@", "> ", "> > ", "- ", "1. ", "\n", "```\n", "```js\n", "~~~~\n~~~\n",
    "*a ", "_a ", "**a *b ", "*a* ", "a**", "*[", "*a_b~~c`", "`a``b```c", "[a](http://[", "](http://()", "https://", "http://[",
    "https://(", "https://a.bc/)", "mailto:", "mailto:a@", "@ben", "@a.", "1. a\n", "  - a\n", "> - ", "> - a\n", "\t", "👍*",
    "﷽", "[a](https://a.bc)", "\\*", "  ", "[x](https://a.bc/(",
]  # fmt: skip

Run = Callable[[str, Any], Any]


@pytest.fixture
def run(modules: Modules) -> Run:
    """Run a function of one argument beside the helpers."""
    page = modules()
    names = "const { depthOf, letters, line, parse, plain, saidIn, weigh, who } = await import('/tests/markup_tree.js');"
    return lambda script, argument: page.evaluate(f"async (given) => {{ {names} return ({script})(given); }}", argument)


def test_what_is_read_and_what_stays_as_it_was_typed(run: Run) -> None:
    found = run("(texts) => texts.map((text) => line(parse(text, who)))", list(CASES))
    assert dict(zip(CASES, found, strict=True)) == CASES
    lines = run("(texts) => texts.map((text) => plain(text))", [*PLAIN, *CASES])
    assert lines[: len(PLAIN)] == list(PLAIN.values())
    # What pushes say is found by other means, and must be the same. They have no links that could lead astray.
    says = {text: one_line(text)[:200] for text in (*PLAIN, *CASES) if text != "[bank.com](https://evil.com)"}
    assert {text: line for text, line in zip([*PLAIN, *CASES], lines, strict=True) if text in says} == says


def test_hostile_texts_take_no_time_and_no_depth(run: Run) -> None:
    """10,000 characters each. What grows with the square of the length would take seconds."""
    texts = [(one * 10_000)[:10_000] for one in HOSTILE]
    texts += ["\n".join(" " * depth + "- a" for depth in range(140)), "\n".join("> " * depth + "a" for depth in range(140))]
    found = run("(texts) => texts.map(weigh)", texts)
    slow = {text[:20]: time for text, (time, _, _) in zip(texts, found, strict=True) if time > 400}
    assert not slow
    assert max(depth for _, depth, _ in found) <= 20
    assert all(whole for _, _, whole in found)


PIECES = st.sampled_from(
    [
        "*", "**", "***", "_", "~~", "`", "``", "```", "\n", "\n\n", " ", "  ", "> ", "- ", "1. ", "[", "](", ")", "(", "\\",
        "https://a.bc/", "javascript:", "mailto:a@b.cd", "a", "b", "7", "x y", "好", "@ben", "😀", "،", "مر", "\u202e",
        "```js\n", "\n```\n", "<b>", "<img src=x onerror=alert(1)>",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


def test_nothing_is_lost_or_reordered(run: Run) -> None:
    """Whatever is typed: every letter, digit and sign of HTML is there once, in its place."""

    @budget(150)
    @given(st.lists(TEXTS, min_size=10, max_size=10))
    def whatever_is_typed(texts: list[str]) -> None:
        script = "(texts) => texts.map((text) => [letters(text), letters(parse(text, who).map(saidIn).join(''))])"
        for typed, held in run(script, texts):
            assert held == typed

    whatever_is_typed()


def test_only_elements_of_ours_come_of_it(run: Run) -> None:
    """As elements: nothing but what is meant, no attribute that acts, no address but of the web and of mail."""
    script = """async (texts) => {
      const { draw } = await import("/static/js/ui/markup.js");
      const found = new Set();
      for (const text of texts) {
        const box = document.createElement("div");
        box.append(...draw(text, { mentionOf: who, after: document.createElement("time") }));
        if (box.querySelectorAll("time").length !== 1) found.add("time");
        for (const one of box.querySelectorAll("*")) {
          found.add(one.localName);
          for (const { name } of one.attributes) found.add(`@${name}`);
          if (one.localName === "a") found.add(one.protocol);
        }
      }
      return [...found];
    }"""
    elements = {
        "p",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "a",
        "span",
        "blockquote",
        "ul",
        "ol",
        "li",
        "div",
        "button",
        "svg",
        "use",
    }
    attributes = {
        "class",
        "dir",
        "href",
        "title",
        "target",
        "rel",
        "value",
        "tabindex",
        "role",
        "aria-label",
        "aria-hidden",
        "type",
    }
    meant = elements | {f"@{name}" for name in attributes} | {"http:", "https:", "mailto:", "time"}

    @budget(60)
    @given(st.lists(TEXTS, min_size=10, max_size=10))
    def whatever_is_typed(texts: list[str]) -> None:
        assert set(run(script, texts)) <= meant

    whatever_is_typed()
    assert {"pre", "a", "li", "blockquote"} <= set(run(script, list(CASES)))
