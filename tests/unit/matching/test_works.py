"""The keys of works: which records share one, which do not."""

import msgspec
import pytest

from tests.unit.matching.examples import described
from union_catalog.bibliographic.record import BibliographicRecord, Relation, Title
from union_catalog.matching.features import features_of
from union_catalog.matching.works import MOST_KEYS, work_keys


def keys(record: BibliographicRecord) -> set[int]:
    return set(work_keys(features_of(record), record))


def with_title(record: BibliographicRecord, title: Title) -> BibliographicRecord:
    return msgspec.structs.replace(record, titles=(*record.titles, title))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (described("红楼梦", date="1996-12"), described("紅樓夢（插图本）", publisher="中华书局", date="2012")),
        (described("月亮与六便士", "[英] 毛姆"), described("月亮与六便士", "威廉·萨默塞特·毛姆", "译林出版社")),
        (described("三体", "刘慈欣"), described("三体（典藏版）", "刘慈欣", "重庆出版社")),
        (described("人工智能的未来图景", ""), described("人工智能的未来图景", "", "B社", "1999")),
        (described("飘", "米切尔著 ; 傅东华译"), described("亂世佳人", "瑪格麗特·密西爾")),
        (described("阿Q正传", "周树人"), described("阿Q正傳", "魯迅")),
        (described("论语译注", "杨伯峻译注"), described("论语", "孔子")),
        (described("高等数学（第六版）", "同济大学数学系编"), described("高等数学", "同济大学应用数学系", volume="上册", edition="第5版")),
        (described("茅盾全集", "茅盾", volume="1"), described("全集", "沈雁冰", volume="12")),
        (described("魔戒（全三卷）", "托尔金"), described("指环王", "J.R.R.托尔金", volume="2")),
        (described("老人与海", "余光中译"), described("老人与海", "海明威著 ; 吴劳译")),
        (
            described("红楼梦（青少版）", "曹雪芹原著 ; 本书编写组改写"),
            described("红楼梦 : 青少版", "曹雪芹原著 ; 本书编写组改写", date="2015"),
        ),
    ],
)
def test_editions_of_one_work_share_a_key(a: BibliographicRecord, b: BibliographicRecord) -> None:
    assert keys(a) & keys(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (described("全集", "鲁迅"), described("全集", "茅盾")),
        (described("鲁迅全集", "鲁迅"), described("鲁迅选集", "鲁迅")),
        (described("中国通史", "吕思勉"), described("中国通史", "范文澜")),
        (described("中国通史", "", "A社", "1999"), described("中国通史", "", "B社", "2005")),
        (described("高等数学", "同济大学"), described("高等数学", "华东师范大学")),
        (described("红楼梦"), described("红楼梦（青少版）", "曹雪芹原著 ; 本书编写组改写")),
        (described("三体", "刘慈欣"), described("三体（漫画版）", "刘慈欣原著 ; 草祭九日东绘")),
        (described("红楼梦"), described("红楼梦评论", "王国维")),
        (described("红楼梦"), described("红楼梦", "曹雪芹原著 ; 王扶林导演", carrier="video")),
        (described("变形记", "卡夫卡"), described("变形记", "奥维德")),
        (described("数据结构 : C语言版", "严蔚敏"), described("数据结构 : Java版", "严蔚敏")),
        (described("哈利波特 : 神秘的魔法石", "J.K.罗琳"), described("哈利波特 : 消失的密室", "J.K.罗琳")),
    ],
)
def test_other_works_do_not(a: BibliographicRecord, b: BibliographicRecord) -> None:
    assert not keys(a) & keys(b)


def test_an_original_title_ties_two_translations() -> None:
    original = Title(kind="uniform", text="The Tree That Nobody Listed")
    a, b = described("无人登记的树", "丙·丁戊己著"), described("没有名录的树", "丙·丁戊己著", "B社", "2001")
    assert not keys(a) & keys(b)
    assert keys(with_title(a, original)) & keys(with_title(b, original))
    told = Relation(kind="translation_of", title="Tree that nobody listed : a novel")
    assert keys(with_title(a, original)) & keys(msgspec.structs.replace(b, relations=(told,)))


@pytest.mark.parametrize("title", ["Works", "Selections", "选集"])
def test_a_collective_uniform_title_ties_nothing(title: str) -> None:
    a, b = described("甲篇", "丙·丁戊己著"), described("乙篇", "丙·丁戊己著")
    assert not keys(with_title(a, Title(kind="uniform", text=title))) & keys(with_title(b, Title(kind="uniform", text=title)))


def test_a_record_without_a_title_has_no_key_and_no_record_too_many() -> None:
    assert keys(described("")) == set()
    many = described("甲篇", "丙·丁戊己著")
    for number in range(9):
        many = with_title(many, Title(kind="parallel", text=f"Title number {number}"))
    assert len(keys(many)) == MOST_KEYS


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("恰克·帕拉尼克", "查克·帕拉纽克"),
        ("罗伯特·阿克塞尔罗德", "罗伯特·艾克斯罗德"),
        ("约瑟夫·赫勒", "约瑟夫·海勒"),
        ("迪伦马特", "弗里德利希·杜伦马特"),
    ],
)
def test_other_transliterations_of_one_name_meet_under_one_title(a: str, b: str) -> None:
    assert keys(described("甲乙丙丁", a)) & keys(described("甲乙丙丁", b, "B社", "2001"))


@pytest.mark.parametrize(
    ("a", "b"), [("余华", "于华"), ("李军", "李俊"), ("约瑟夫·海勒", "约瑟夫·康拉德"), ("广西师范大学", "广东师范大学")]
)
def test_chinese_names_and_bodies_have_one_spelling(a: str, b: str) -> None:
    assert not keys(described("甲乙丙丁", a)) & keys(described("甲乙丙丁", b, "B社", "2001"))


def test_two_works_in_one_book_are_neither() -> None:
    both = keys(described("局外人/鼠疫", "加缪"))
    assert not both & keys(described("局外人", "加缪"))
    assert not both & keys(described("鼠疫", "加缪"))


@pytest.mark.parametrize(
    ("han", "latin"), [("马克斯·某克", "Markus Moke"), ("阿列克斯·斯坦伯斯", "Alex Stambos"), ("某某·威尔逊", "Peter Wilson")]
)
def test_the_original_and_a_translation_meet_if_their_authors_begin_alike(han: str, latin: str) -> None:
    original = Title(kind="uniform", text="An Unlisted Winter : a novel")
    translated = with_title(described("甲乙丙丁", han), original)
    assert keys(translated) & keys(described("An Unlisted Winter", latin, language="eng"))
    assert not keys(translated) & keys(described("An Unlisted Winter", "John Harding", language="eng"))


def test_a_role_left_at_a_listed_name_is_no_other_person() -> None:
    assert keys(described("城南旧事", "林海音文 ; 关维兴图")) & keys(described("城南旧事", "林海音"))
