"""Titles taken apart, names read in their forms, publishers brought to their houses."""

import pytest

from union_catalog.bibliographic.record import Text, Title
from union_catalog.matching.names import forms_of, last_part, names_in, same_name
from union_catalog.matching.publishers import houses_in, is_publisher, related
from union_catalog.matching.titles import TitleParts, title_parts


def parts(text: str, *, remainder: str = "", edition: str = "") -> TitleParts:
    return title_parts((Title(kind="proper", text=text, remainder=remainder),), (Text(text=edition),) if edition else ())


@pytest.mark.parametrize(
    ("text", "core", "volume"),
    [
        ("长相思2", "长相思", "2"),
        ("深夜食堂 03", "深夜食堂", "3"),
        ("德川家康（第四部）", "德川家康", "4"),
        ("所罗门的伪证 第Ⅲ部", "所罗门的伪证", "3"),
        ("王小波全集（第三卷 长篇小说 剧本）", "王小波全集", "3"),
        ("银翼夜枭02：莉莉娅同志", "银翼夜枭", "2"),
        ("黑猫侦探 II：极寒之国", "黑猫侦探", "2"),
        ("舞舞舞（下）", "舞舞舞", "下"),
        ("中国历代战争史（1-18）", "中国历代战争史", "1-18"),
        ("钢之炼金术师16-20", "钢之炼金术师", "16-20"),
        ("盖洛普优势识别器2.0", "盖洛普优势识别器20", ""),
        ("24个比利", "24个比利", ""),
    ],
)
def test_the_volume_is_taken_out_of_a_title(text: str, core: str, volume: str) -> None:
    found = parts(text)
    assert (found.core, found.volume) == (core, volume)


@pytest.mark.parametrize("text", ["神秘岛（全三册）", "人性论（上下）", "光荣与梦想（套装共4册）", "神秘岛（全七册）"])
def test_a_whole_set_is_known(text: str) -> None:
    assert parts(text).whole
    assert parts(text).volume == ""


@pytest.mark.parametrize(
    ("text", "number", "kinds"),
    [
        ("计算机网络（第6版）", 6, ()),
        ("深入理解计算机系统（英文版·第2版）", 2, ("english",)),
        ("Introduction to Linear Algebra, Fourth Edition", 4, ()),
        ("佛教的概念与方法（修订版）", 0, ("revised",)),
        ("小说鉴赏（双语修订第3版）", 3, ("bilingual", "revised")),
    ],
)
def test_the_edition_is_taken_out_of_a_title(text: str, number: int, kinds: tuple[str, ...]) -> None:
    found = parts(text)
    assert (found.edition, found.kinds) == (number, kinds)


def test_an_edition_statement_counts_as_much_as_a_bracket() -> None:
    assert parts("计算机网络", edition="第6版") == parts("计算机网络（第6版）")


def test_a_subtitle_is_told_from_the_title() -> None:
    found = parts("科学革命-牛津通识读本")
    assert (found.core, found.title) == ("科学革命", "科学革命牛津通识读本")
    assert parts("科学革命", remainder="牛津通识读本").title == found.title


def test_the_title_of_a_part_is_kept_as_another_title() -> None:
    assert "春雪" in parts("丰饶之海·第1卷：春雪").others
    assert "图像与眼睛" in parts("贡布里希文集：图像与眼睛").others


def test_a_title_of_nothing_but_punctuation_or_brackets_does_no_harm() -> None:
    assert parts("！？……").core == ""
    assert parts("（上）").volume == "上"
    assert title_parts((), ()).title == ""


@pytest.mark.parametrize(
    ("statement", "first"),
    [("[法]大仲马", ("大仲马",)), ("钱钟书选注", ("钱钟书",)), ("ZWEIFEL, HANS", ("hans zweifel",)), ("沈从文", ("沈从文",))],
)
def test_the_first_name_of_a_statement(statement: str, first: tuple[str, ...]) -> None:
    assert names_in(statement)[0] == first


def test_an_edition_that_slipped_into_the_names_is_none() -> None:
    assert forms_of("Fourth Edition") == ()


@pytest.mark.parametrize(
    ("written", "form"), [("脂砚斋重评", "脂砚斋"), ("余冠英注译", "余冠英"), ("山田耕作", "山田耕作"), ("李小注", "李小注")]
)
def test_what_somebody_did_for_anothers_text_is_no_part_of_a_name(written: str, form: str) -> None:
    assert forms_of(written) == (form,)


@pytest.mark.parametrize(("form", "last"), [("威廉 萨默塞特 毛姆", "毛姆"), ("arthur miller", "miller"), ("村上 春树", "村上春树")])
def test_the_part_of_a_name_that_cataloguers_agree_on(form: str, last: str) -> None:
    assert last_part(form) == last


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("毛姆", "威廉 萨默塞特 毛姆"),
        ("j k 罗琳", "jk 罗琳"),
        ("尼采", "弗里德里希 尼采"),
        ("卡洛斯 鲁依斯 萨丰", "卡洛斯 鲁依兹 萨丰"),
        ("比奥伊 卡萨雷斯", "阿道夫 比奥伊 卡萨雷斯"),
        ("c lewis", "lewis c"),
    ],
)
def test_two_forms_of_one_name(a: str, b: str) -> None:
    assert same_name(a, b)
    assert same_name(b, a)


@pytest.mark.parametrize(("a", "b"), [("余华", "于华"), ("曹雪芹", "高鹗"), ("夏洛蒂 勃朗特", "艾米莉 勃朗特"), ("钱锺书", "杨绛")])
def test_two_names(a: str, b: str) -> None:
    assert not same_name(a, b)
    assert not same_name(b, a)


@pytest.mark.parametrize(
    ("text", "houses"),
    [
        ("三联书店", ("三联书店",)),
        ("生活·读书·新知三联书店", ("三联书店",)),
        ("北京联合出版公司·后浪出版公司", ("北京联合", "后浪")),
        ("皇冠文化出版有限公司", ("皇冠文化",)),
        ("W. W. Norton & Company", ("wwnorton",)),
        ("June 15, 2007", ()),
        ("2013-7-1", ()),
        ("A.J.P.）", ()),
    ],
)
def test_the_houses_of_a_statement(text: str, houses: tuple[str, ...]) -> None:
    assert houses_in(text) == houses


def test_a_place_before_a_house_does_not_make_another() -> None:
    assert related("建筑工业", "中国建筑工业")
    assert not related("上海人民", "上海译文")


def test_a_person_is_no_publisher() -> None:
    assert not is_publisher("孙瑞雪")
    assert is_publisher("新蕾出版社")
