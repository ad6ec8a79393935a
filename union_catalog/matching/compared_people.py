"""What creators and translators say of a pair: pure, symmetric comparisons.

An outcome is a small whole number as ``comparisons`` says; the table of codes beside each function tells what it means.
"""

from union_catalog.matching.features import Features
from union_catalog.matching.names import is_chinese_name, is_han, same_name

NAMES = {3: "first_equal", 2: "first_alike", 1: "some_shared", 0: "silent", -1: "unlike", -2: "different"}
NAMES_EQUAL = 3


def compare_names(a: Features, b: Features) -> int:
    """Creators: the first of one should be among those of the other. Names in different scripts say nothing.

    Two transliterations may differ and still be one name ("unlike"), two Chinese names not ("different").
    """
    if not (a.names and b.names):
        return 0
    if a.names[0] == b.names[0]:
        return 3
    first_a, first_b = a.names[: a.lead], b.names[: b.lead]
    if any(same_name(x, y) for x in first_a for y in first_b) or set(a.names) == set(b.names):
        return 2
    if any(same_name(x, y) for x in first_a for y in b.names) or any(same_name(x, y) for x in first_b for y in a.names):
        return 1
    han_a, han_b = any(map(is_han, first_a)), any(map(is_han, first_b))
    if han_a != han_b:
        return 0
    return -2 if any(map(is_chinese_name, first_a)) and any(map(is_chinese_name, first_b)) else -1


TRANSLATOR = {2: "shared", 1: "helper_shared", 0: "silent", -1: "told_once", -2: "unlike", -3: "different"}


def compare_translators(a: Features, b: Features) -> int:
    """Who helped the first creator to this edition, above all translators; where no role is told, anyone named after the first creator.

    "shared" and against only if a record calls its helper a translator: a second author may be left out, another translation is another
    edition. Where nobody is called so, one helper shared is a second author or an editor.
    That only one of the records tells a translator ("told_once") is no evidence, but rules may ask for more then.
    """
    helpers_a, helpers_b = a.translators or a.names[a.lead :], b.translators or b.names[b.lead :]
    if not (helpers_a and helpers_b):
        return -1 if a.translators or b.translators else 0
    if any(same_name(x, y) for x in helpers_a for y in helpers_b):
        return 2 if a.translators or b.translators else 1
    return -bool(a.translators) - bool(b.translators) - 1 if a.translators or b.translators else 0
