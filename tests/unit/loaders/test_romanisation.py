"""Romanisation in the source, told from other Latin text by how the Chinese sounds."""

import pytest

from loaders.formats.romanisation import sounds_begin, sounds_inside


@pytest.mark.parametrize(
    ("text", "letters", "begins"),
    [
        ("散文2012精选集", "san wen2012", True),
        ("单片机原理", "chan pian ji", True),  # a wrong reading is still a reading
        ("绿野女人", "lü ye nü ren", True),
        ("绿野女人", "lu ye nu ren", True),
        ("西安往事", "xi an wang", True),
        ("先生", "sheng xian", False),
        ("Ansys入门", "Ansys", True),
        ("精通Photoshop", "Photoshop", False),
        ("入门", "ru men da quan", False),
        ("入门", "", False),
    ],
)
def test_the_beginning_of_a_text(text: str, letters: str, begins: bool) -> None:
    assert sounds_begin(text, letters) is begins


def test_a_stretch_inside() -> None:
    assert sounds_inside("会声会影X3权威指南", "X3quan wei zhi nan")
    assert not sounds_inside("大学生写作指南", "Writing at university")
