"""One spelling of every name, and it is its own."""

import pytest

from union_catalog.search.names import LONGEST_NAME, distinct, people, spelled


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("曹雪芹", "曹雪芹"),
        ("［清］曹雪芹", "曹雪芹"),
        ("(清)曹雪芹", "曹雪芹"),
        ("曹雪芹 (清)", "曹雪芹"),
        ("〔明〕 罗贯中", "罗贯中"),
        ("錢鍾書", "钱钟书"),
        ("萧乾", "萧乾"),
        ("幾米", "几米"),
        ("史蒂芬．霍金", "史蒂芬·霍金"),
        ("史蒂芬・霍金", "史蒂芬·霍金"),
        ("史蒂芬 · 霍金", "史蒂芬·霍金"),
        ("J. K. 罗琳", "J.K.罗琳"),
        ("J·K·罗琳", "J.K.罗琳"),
        ("乔治·R·R·马丁", "乔治·R.R.马丁"),
        ("C.S. Lewis", "C. S. Lewis"),
        ("Freud, Sigmund, 1856-1939", "Freud, Sigmund"),
        ("Boswell, D.", "Boswell, D."),
        ("鲁迅, 1881-1936", "鲁迅"),
        ("瓦尔特·比默尔 等编", "瓦尔特·比默尔"),
        ("原作：新海誠", "新海诚"),
        ("沈治钧 评批", "沈治钧"),
        ("脂砚斋 评点", "脂砚斋"),
        ("仇兆鳌 注解", "仇兆鳌"),
        ("脂砚斋 评", "脂砚斋"),
        ("余 华 等 编著", "余华"),
        ("王 选", "王选"),
        ("ＡＢＣ　出版社", "ABC 出版社"),
        ("  三田   誠 ", "三田诚"),
        ("余 华", "余华"),
        ("余　华 (著)", "余华"),
        ("欧 阳 予 倩", "欧阳予倩"),
        ("余华 莫言", "余华 莫言"),
        ("张 Smith", "张 Smith"),
        ("余〓珉", ""),
        ("余\ufffd珉", ""),
        ("AC/DC", "AC/DC"),
        ("(清)", "(清)"),
        ("·", ""),
        ("", ""),
    ],
)
def test_spellings(written: str, one: str) -> None:
    assert spelled(written, person=True) == one
    assert spelled(one, person=True) == one


def test_no_name_is_longer_than_what_can_be_chosen() -> None:
    assert len(spelled("长" * 500)) == LONGEST_NAME


def test_the_same_name_is_told_once() -> None:
    assert people(["魯迅", "鲁迅", "", "周作人", "鲁迅 著"]) == ("鲁迅", "周作人")


def test_a_subject_has_no_role() -> None:
    assert distinct(["中國文學 評論", "中国文学 评论", "红楼梦 注释"]) == ("中国文学 评论", "红楼梦 注释")


@pytest.mark.parametrize(
    "written",
    [
        "百年珍藏版", "最新全彩版", "最新插图本", "图文本", "典藏版 dian cang ban 1", "第1版", "2nd Edition", "插图",
        "H", "P.", "2010", "1998年7月1日", "2013-2", "下册", "第一卷", "Vol. 1", "Vol. 11", "vol 2", "Volume II",
    ],
)  # fmt: skip
def test_what_is_no_name_is_none_of_the_people(written: str) -> None:
    assert people([written, "鲁迅"]) == ("鲁迅",)


@pytest.mark.parametrize(
    "written",
    [
        "年年",
        "泰",
        "无",
        "卷",
        "Su",
        "DK",
        "37signals",
        "远流出版",
        "人民文学出版社",
        "插图画家协会",
        "版本图书馆",
        "上海",
        "全汉升",
        "新凤霞",
        "X JAPAN",
        "Volkswagen",
        "Volvo",
    ],
)
def test_names_that_only_look_so_are_kept(written: str) -> None:
    assert people([written]) == (written,)
