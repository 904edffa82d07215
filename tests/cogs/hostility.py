"""Hostile text, from a seeded generator and as a hypothesis strategy: everything that ever broke a message."""

from random import Random

from hypothesis import strategies as st

FRAGMENTS = (
    *("@everyone", "@here", "<@123456789012345678>", "<@!1>", "<@&2>", "<#3>", "<t:1700000000:R>", "</search:123>"),
    *("<:smile:1>", "<a:dance:2>", "<id:browse>", ":smile:", "::", "@", "@silent ", "#", "# ", "\n# ", "### ", "-# "),
    *("[free](https://evil.example)", "](https://evil.example)", "[", "]", "](", ")", "[a](<http://evil.example>)"),
    *(
        "[x] [y](http://evil.example 'z')",
        "\\](http://evil.example)",
        "\\[",
        "[[",
        "]]",
        "http://",
        "https://evil.example/a_b",
    ),
    *(
        "discord.gg/evil",
        "DISCORD.GG/evil",
        "https://discord.gg/evil",
        "discord.com/invite/evil",
        "<https://evil.example>",
    ),
    *(
        "<mailto:a@evil.example>",
        "steam://run",
        "discord://x",
        "ahttp://evil.example",
        "http\\://evil.example",
        ":",
        "://",
    ),
    *(
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "||",
        "`",
        "```",
        "``",
        "> ",
        "\n> ",
        ">>> ",
        "- ",
        "\n- ",
        "+ ",
        "* ",
        "1. ",
        "\n12. ",
    ),
    *(
        "\\",
        "\\\\",
        "\\*",
        "$x^2$",
        "\\alpha",
        "{\\bf x}",
        "<b>",
        "&lt;",
        "&#60;@1&#62;",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
    ),
    *(
        "\ufeff",
        "\xad",
        "\u034f",
        "\u0301" * 9,
        "\u0336",
        "e\u0301\u0302\u0303\u0304",
        "\u1fef",
        "\u037e",
        "\u226e",
        "<\u0338",
    ),
    *(
        "\u2028",
        "\u2029",
        "\x85",
        "\x0b",
        "\x00",
        "\x1b[31m",
        "\r",
        "\n",
        "\t",
        " ",
        "\u3000",
        "\u00a0",
        "\ud800",
        "\udfff",
        "\U0001f1e9",
    ),
    *(
        "\U0001f468\u200d\U0001f469",
        "\U0001f44d\U0001f3fd",
        "\U0001d400",
        "研究",
        "ア",
        "\u0bcc",
        "\u1100\u1161\u11a8",
        "ﷺ",
        "\ufb2c",
    ),
    *(
        "\ue000",
        "\ue001",
        "\U000e0041",
        "\ufffe",
        "␣",
        "word",
        "Attention Is All You Need",
        "state-of-the-art",
        "C++",
        '"',
        "'",
        "1.",
        "3.5",
    ),
)


def hostile_text(random: Random, pieces: int = 12) -> str:
    """Fragments and single characters of all of Unicode, in any order; now and then one of them by the thousand."""
    parts = [_piece(random) for _ in range(random.randint(0, pieces))]
    if parts and random.random() < 0.05:
        parts[random.randrange(len(parts))] *= random.choice((10, 1_000, 20_000))
    return "".join(parts)


def _piece(random: Random) -> str:
    return random.choice(FRAGMENTS) if random.random() < 0.8 else chr(random.randrange(0x110000))


def texts(pieces: int = 12) -> st.SearchStrategy[str]:
    """The same for hypothesis, which makes a failure small."""
    anything = st.text(st.characters(exclude_categories=()), max_size=6)
    return st.lists(st.sampled_from(FRAGMENTS) | anything, max_size=pieces).map("".join)
