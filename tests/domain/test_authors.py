"""Names come apart as people mean them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.authors import LONGEST_NAME, family_parts, names_in, split_name, split_names

NAMES = [
    ("Ada Lovelace", ("Lovelace", "Ada")),
    ("Lovelace, Ada", ("Lovelace", "Ada")),
    ("Ludwig van Beethoven", ("van Beethoven", "Ludwig")),
    ("van Beethoven, Ludwig", ("van Beethoven", "Ludwig")),
    ("Laurens van der Maaten", ("van der Maaten", "Laurens")),
    ("Luc Van Gool", ("Van Gool", "Luc")),
    ("Tran Van Tan", ("Tan", "Tran Van")),
    ("Christopher De Sa", ("De Sa", "Christopher")),
    ("José Ortega y Gasset", ("Ortega y Gasset", "José")),
    ("Gerard 't Hooft", ("'t Hooft", "Gerard")),
    ("Martin Luther King Jr.", ("King Jr.", "Martin Luther")),
    ("King, Martin Luther, Jr.", ("King Jr.", "Martin Luther")),
    ("King, Jr., Martin", ("King Jr.", "Martin")),
    ("King, Jr., Md", ("King Jr.", "Md")),
    ("Salahuddin, Md", ("Salahuddin", "Md")),
    ("Campbell, V.", ("Campbell", "V.")),
    ("Huml, JR", ("Huml", "JR")),
    ("Martin King, Jr.", ("King Jr.", "Martin")),
    ("Ferdinand de Saussure III", ("de Saussure III", "Ferdinand")),
    ('G\\"odel, Kurt', ("Gödel", "Kurt")),
    ("D.~E. Knuth", ("Knuth", "D. E.")),
    ("  Ada   Lovelace ", ("Lovelace", "Ada")),
    ("Ada Lovelace (University of London)", ("Lovelace", "Ada")),
    ("Ada Lovelace$^{1,2}$", ("Lovelace", "Ada")),
    ("Ada Lovelace*", ("Lovelace", "Ada")),
    ("ATLAS Collaboration", ("ATLAS Collaboration", "")),
    ("for the LHCb Collaboration", ("for the LHCb Collaboration", "")),
    ("Team, Kimi", ("Kimi Team", "")),
    ("OpenAI", ("OpenAI", "")),
    ("李明", ("李明", "")),
    ("ada@example.org", ("", "")),
    (" , ", ("", "")),
    ("", ("", "")),
]


@pytest.mark.parametrize(("text", "parts"), NAMES)
def test_a_name_comes_apart(text: str, parts: tuple[str, str]) -> None:
    assert split_name(text) == parts


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lovelace, Charles Babbage", ["Ada Lovelace", "Charles Babbage"]),
        ("Ada Lovelace and Charles Babbage", ["Ada Lovelace", "Charles Babbage"]),
        ("Ada Lovelace & Charles Babbage", ["Ada Lovelace", "Charles Babbage"]),
        ("A. Lovelace, C. Babbage, and G. Hopper", ["A. Lovelace", "C. Babbage", "G. Hopper"]),
        ("Ada Lovelace, Martin King, Jr. and G. Hopper", ["Ada Lovelace", "Martin King, Jr.", "G. Hopper"]),
        ("Ada Lovelace, Charles Babbage et al.", ["Ada Lovelace", "Charles Babbage"]),
        ("Lovelace, Ada; Babbage, Charles", ["Lovelace, Ada", "Babbage, Charles"]),
        ("Lovelace, Ada and Babbage, Charles", ["Lovelace, Ada", "Babbage, Charles"]),
        ("Lovelace, A., Babbage, C. D.", ["Lovelace, A.", "Babbage, C. D."]),
        ("ATLAS Collaboration and CMS Collaboration", ["ATLAS Collaboration", "CMS Collaboration"]),
        ("Lovelace, Ada", ["Lovelace, Ada"]),
        ("King, Martin Luther, Jr.", ["King, Martin Luther, Jr."]),
        ("Martin Luther King, Jr.", ["Martin Luther King, Jr."]),
        ("García Márquez, G. J.", ["García Márquez, G. J."]),
        ("García Márquez, Gabriel José", ["García Márquez, Gabriel José"]),
        ("García Márquez, José M.", ["García Márquez, José M."]),
        (
            "García Márquez, Gabriel José, Vargas Llosa, Mario Pedro",
            ["García Márquez, Gabriel José", "Vargas Llosa, Mario Pedro"],
        ),
        ("Ann Lee, Bo Chen", ["Ann Lee", "Bo Chen"]),
        ("María Pérez, Juan Gabriel", ["María Pérez", "Juan Gabriel"]),
        ("van den Oord, Jan Willem", ["van den Oord, Jan Willem"]),
        ("Institute of Science and Technology", ["Institute of Science and Technology"]),
        ("King, Jr., Martin Luther", ["King, Jr., Martin Luther"]),
        ("Open Science Collaboration, Boston Office", ["Open Science Collaboration, Boston Office"]),
        ("Procter & Gamble", ["Procter & Gamble"]),
        ("Ada Lovelace (London, England)", ["Ada Lovelace (London, England)"]),
        ("Ada Lovelace", ["Ada Lovelace"]),
        (" , ", []),
        ("", []),
    ],
)
def test_one_text_of_authors_comes_apart_where_it_is_plain_that_they_are_several(text: str, names: list[str]) -> None:
    assert list(names_in(text)) == names


@given(st.text(alphabet="ab AB.,;&(\n", max_size=40))
def test_no_letter_of_a_text_of_authors_is_lost(text: str) -> None:
    assert [each for each in "".join(names_in(text)) if each.isalpha()] == [each for each in text if each.isalpha()]


@pytest.mark.parametrize(
    ("family", "parts"),
    [
        ("King", ("", "King", "")),
        ("van den Oord", ("van den", "Oord", "")),
        ("'t Hooft III", ("'t", "Hooft", "III")),
        ("Van Gool", ("", "Van Gool", "")),
        ("de la cruz", ("de la", "cruz", "")),
        ("Jr.", ("", "Jr.", "")),
        ("", ("", "", "")),
    ],
)
def test_a_family_name_comes_apart(family: str, parts: tuple[str, str, str]) -> None:
    assert family_parts(family) == parts


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_may_stand_as_a_name(text: str) -> None:
    family, given_name = split_name(text)
    assert len(family) + len(given_name) <= LONGEST_NAME
    assert family or not given_name
    (family + given_name).encode()


_PIECES = st.sampled_from(["Ada", "LOVELACE", "J.", "de", "Van", "Jr.", "team", "-", ".", "--", " ", "ê", "3", ","])


@given(st.lists(st.lists(_PIECES, max_size=5).map(" ".join) | st.text(max_size=LONGEST_NAME + 5), max_size=6))
def test_names_come_apart_together_as_they_do_alone(texts: list[str]) -> None:
    assert split_names(texts) == list(map(split_name, texts))
