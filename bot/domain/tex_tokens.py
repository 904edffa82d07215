"""Cuts a text into TeX's tokens and tells formulas from prices. It reads none of them."""

import re

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.|$)|\$\$?|[{}^_~]|[^\\{}$^_~]+", re.DOTALL)
_ADDRESS = re.compile(r"(https?://[^\s\\{}$<>\"]+)")
_LONGEST_FORMULA = 2_000
_MOST_TOKENS = 400
_WORDS_ONLY = re.compile(r"[^\\^_={}<>+/|()]*\b[A-Za-z]{2,}[ -]+[A-Za-z]{2,}[^\\^_={}<>+/|()]*")
_SURE = re.compile(r"[\\^_=<>]")
_BARE_WORD = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,} | [A-Za-z]{2,}(?![A-Za-z}])")


def tokens_of(text: str) -> list[str]:
    """The text in pieces: commands, special characters, whole addresses, and what stands between."""
    if "://" not in text:
        return _TOKEN.findall(text)
    tokens: list[str] = []
    for at, part in enumerate(_ADDRESS.split(text)):
        tokens.extend([part] if at % 2 else _TOKEN.findall(part))
    return tokens


def formulas_in(tokens: list[str]) -> set[int]:
    """The positions of the dollar signs that open or close a formula."""
    dollars = [at for at, each in enumerate(tokens) if each[0] == "$"]
    found: set[int] = set()
    at = 0
    while at + 1 < len(dollars):
        first, last = dollars[at], dollars[at + 1]
        after = tokens[last + 1] if last + 1 < len(tokens) else ""
        if last - first < _MOST_TOKENS and _is_formula("".join(tokens[first + 1 : last]), after):
            found |= {first, last}
            at += 2
        else:
            at += 1
    return found


def _is_formula(content: str, after: str) -> bool:
    """Whether what stands between two dollar signs is a formula, and not the words between two prices."""
    if len(content) > _LONGEST_FORMULA or not content.strip():
        return False
    if not content[0].isdigit():
        return not _WORDS_ONLY.fullmatch(content)
    if _SURE.search(content):
        return True
    return not (after[:1].isdigit() or content[-1] == " " or _BARE_WORD.search(content))
