"""Statements of responsibility as libraries and booksellers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union_catalog.bibliographic.normalise.statements import Style, parse_statement
from union_catalog.bibliographic.normalise.words import attached_roles, origins, role_codes, roles, surnames

AUTHOR, EDITOR, TRANSLATOR, ILLUSTRATOR = ("author",), ("editor",), ("translator",), ("illustrator",)
BOTH = ("author", "editor")


def names(text: str, style: Style = "isbd") -> list[tuple[str, tuple[str, ...], str]]:
    return [(n.name, n.roles, n.country or n.dynasty) for n in parse_statement(text, style).names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("叶永烈", [("叶永烈", (), "")]),
        ("柯云路著", [("柯云路", AUTHOR, "")]),
        ("孙建国，张国印编著", [("孙建国", BOTH, ""), ("张国印", BOTH, "")]),
        ("(日)东野圭吾著 王维幸译", [("东野圭吾", AUTHOR, "日"), ("王维幸", TRANSLATOR, "")]),
        ("（英） 菲利斯·克里米，玛丽·利著 吕建高，谢萍译", [
            ("菲利斯·克里米", AUTHOR, "英"), ("玛丽·利", AUTHOR, ""), ("吕建高", TRANSLATOR, ""), ("谢萍", TRANSLATOR, "")]),
        ("(清)仇兆鳌注", [("仇兆鳌", ("annotator",), "清")]),
        ("曹雪芹著 ; 脂砚斋, 王希廉评", [("曹雪芹", AUTHOR, ""), ("脂砚斋", ("commentator",), ""), ("王希廉", ("commentator",), "")]),
        ("(清)曹雪芹著 高鹗续", [("曹雪芹", AUTHOR, "清"), ("高鹗", AUTHOR, "")]),
        ("(清) 沈复著 淮茗注译", [("沈复", AUTHOR, "清"), ("淮茗", ("annotator", "translator"), "")]),
        ("木心讲述 陈丹青笔录", [("木心", ("narrator",), ""), ("陈丹青", ("recorder",), "")]),
        ("闻人倓 笺 ; 刘诗笺", [("闻人倓", ("annotator",), ""), ("刘诗笺", (), "")]),
        ("主编季野, 张西明, 张弢...[等]", [("季野", EDITOR, ""), ("张西明", EDITOR, ""), ("张弢", EDITOR, "")]),
        ("张凯峰 ... [等] 著", [("张凯峰", AUTHOR, "")]),
        ("孙淑霞等编著", [("孙淑霞", BOTH, "")]),
        ("安妮宝贝[著]", [("安妮宝贝", AUTHOR, "")]),
        ("沈从文, 黄永玉（图）", [("沈从文", (), ""), ("黄永玉", ILLUSTRATOR, "")]),
        ("[美] 詹明信, 张旭东 编", [("詹明信", (), "美"), ("张旭东", EDITOR, "")]),
        ("（英）帕·林·特拉弗斯, 玛·舍泼德插图", [("帕·林·特拉弗斯", (), "英"), ("玛·舍泼德", ILLUSTRATOR, "")]),
        ("(美)法拉力·戈巴契夫 文, 图", [("法拉力·戈巴契夫", ("author", "illustrator"), "美")]),
        ("列夫·托尔斯泰著(L.N.Tolstoy) 克冰译", [("列夫·托尔斯泰", AUTHOR, ""), ("克冰", TRANSLATOR, "")]),
        ("刘光祜，饶妮妮[编] Liu Guang Hu， Rao Ni Ni [ Bian ]", [("刘光祜", EDITOR, ""), ("饶妮妮", EDITOR, "")]),
        ("壹 [金庸著]", [("金庸", AUTHOR, "")]),
        ("[周敏，沈明德主编]", [("周敏", EDITOR, ""), ("沈明德", EDITOR, "")]),
        ("Fluid mechanics 林建忠 … [等]编著", [("林建忠", BOTH, "")]),
        ("(美)让•米特里 (Mitry", [("让•米特里", (), "美")]),
        ("野葫芦引第一卷 专著 宗璞著", [("宗璞", AUTHOR, "")]),
        ("Scott Oaks，Henry Wong著", [("Scott Oaks", AUTHOR, ""), ("Henry Wong", AUTHOR, "")]),
        ("Ⅱ", []),
        ("下册", []),
        ("六六", [("六六", (), "")]),  # a writer's name
        ("于展著·摄影", [("于展", ("author", "photographer"), "")]),
        ("玄色·著 晓泊·绘", [("玄色", AUTHOR, ""), ("晓泊", ILLUSTRATOR, "")]),
        ("堀田由美 原作, 小畑健 漫画, 梅泽由香里五段（日本棋院） 监修", [
            ("堀田由美", AUTHOR, ""), ("小畑健", ILLUSTRATOR, ""), ("梅泽由香里五段", ("supervisor",), "")]),
        ("浙江十年(1979～1988)经济发展的系统分析课题组编", [("浙江十年(1979～1988)经济发展的系统分析课题组", EDITOR, "")]),
        ("(美)Cher Threinen-Pendarvis著 徐洁译", [("Cher Threinen-Pendarvis", AUTHOR, "美"), ("徐洁", TRANSLATOR, "")]),
        ("by Paul Tournier ; translated by John S. Gilmour.", [("Paul Tournier", AUTHOR, ""), ("John S. Gilmour", TRANSLATOR, "")]),
        ("Andrew Hunt, David Thomas.", [("Andrew Hunt", (), ""), ("David Thomas", (), "")]),
    ],
)  # fmt: skip
def test_names_roles_and_origins(text: str, expected: list[tuple[str, tuple[str, ...], str]]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[美] 查理·芒格 / [美] 彼得·考夫曼（编） / 李继宏", [("查理·芒格", (), "美"), ("彼得·考夫曼", EDITOR, "美"), ("李继宏", (), "")]),
        ("林幸謙/ 編", [("林幸謙", EDITOR, "")]),
        ("赖隆彦 刘汉生", [("赖隆彦", (), ""), ("刘汉生", (), "")]),
        ("莱斯利 卡米诺夫", [("莱斯利 卡米诺夫", (), "")]),
        ("[清]车万育 [清]李渔", [("车万育", (), "清"), ("李渔", (), "清")]),
        ("文：(美)比尔·马丁; 图：(美)艾瑞·卡尔", [("比尔·马丁", AUTHOR, "美"), ("艾瑞·卡尔", ILLUSTRATOR, "美")]),
        ("Andy Pratt/ Jason Nunes", [("Andy Pratt", (), ""), ("Jason Nunes", (), "")]),
        ("Gowers, Timothy (EDT)/ Leader, Imre (EDT)", [("Gowers, Timothy", EDITOR, ""), ("Leader, Imre", EDITOR, "")]),
        ("西尔斯; 等", [("西尔斯", (), "")]),
        ("诺伯特·兰达|译者:禹田", [("诺伯特·兰达", (), ""), ("禹田", TRANSLATOR, "")]),
        ("彼得•D•希夫 安德鲁•J•希夫", [("彼得•D•希夫", (), ""), ("安德鲁•J•希夫", (), "")]),
        ("大卫 B.尤费", [("大卫 B.尤费", (), "")]),
        ("[韩国]朴槿惠 / 蓝青荣　等", [("朴槿惠", (), "韩国"), ("蓝青荣", (), "")]),
        ("凤凰卫视《名人面对面》栏目组 编", [("凤凰卫视《名人面对面》栏目组", EDITOR, "")]),
    ],
)
def test_lists(text: str, expected: list[tuple[str, tuple[str, ...], str]]) -> None:
    assert names(text, "list") == expected


@pytest.mark.parametrize(
    ("text", "style", "other"),
    [
        ("艾克哈特．托勒 / Tolle, Eckhart / 張德芬", "list", "Tolle, Eckhart"),
        ("[美] 克里斯托弗·桑德福 / Christopher Sandford / 晏向阳", "list", "Christopher Sandford"),
        ("雷吉娜．李茲 Regina Leeds; 胡琦君", "list", "Regina Leeds"),
        ("厄文·威爾許, Irvine Welsh", "isbd", "Irvine Welsh"),
        ("米爾頓‧梅洛夫(Milton Mayeroff)", "isbd", "Milton Mayeroff"),
        ("[Thomas L.Friedman]托马斯·费里德曼著", "isbd", "Thomas L.Friedman"),
        ("(法)司汤达[Stendhal]著", "isbd", "Stendhal"),
        ("托尔斯泰(Толстой)", "isbd", "Толстой"),
        ("Shaun Tan (陈志勇)", "isbd", "陈志勇"),
        ("欧文·亚隆Irvin D. Yalom", "list", "Irvin D. Yalom"),
        ("Stephen R. Platt 史蒂芬．普拉特; 裴士鋒", "list", "Stephen R. Platt"),
    ],
)
def test_another_form_of_the_name_is_not_another_person(text: str, style: Style, other: str) -> None:
    assert parse_statement(text, style).names[0].other_forms == (other,)


@pytest.mark.parametrize(
    ("text", "first", "residue"),
    [
        ("上册 (美)冯·诺伊曼(John Von Neumann)著", "冯·诺伊曼", "上册"),
        ("第六卷 秦始皇 李斯 姚家余主编", "姚家余", "第六卷 秦始皇 李斯"),
        ("Writing at university (英) 菲利斯·克里米著", "菲利斯·克里米", "Writing at university"),
        ("下 / 施定柔著", "施定柔", "下"),
        ("中英对照 zhong ying dui zhao [(英)莎士比亚(William Shakespeare)著] 梁实秋译", "莎士比亚", "中英对照 zhong ying dui zhao"),
        ("中册 李瀚荪编 Li Han Sun Bian", "李瀚荪", "中册"),
        ("Games of the wise 启发大脑的思维游戏 陈洋编著", "陈洋", "Games of the wise 启发大脑的思维游戏"),
    ],
)
def test_what_stands_before_the_names(text: str, first: str, residue: str) -> None:
    read = parse_statement(text)
    assert (read.names[0].name, read.residue) == (first, residue)


def test_a_romanisation_behind_the_statement_names_nobody() -> None:
    assert len(parse_statement("中册 李瀚荪编 Li Han Sun Bian").names) == 1
    assert len(parse_statement("= Eloge de L'amour / 邓刚译 fre;Eloge … Chinese").names) == 1


@pytest.mark.parametrize(
    ("text", "kind"), [("国家统计局编", "body"), ("王小波著", "person"), ("北京大学数学系编", "person"), ("明日科技编著", "body")]
)
def test_kinds(text: str, kind: str) -> None:
    assert parse_statement(text).names[0].kind == kind


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("著", AUTHOR),
        ("编著", BOTH),
        ("trl", TRANSLATOR),
        ("730", TRANSLATOR),
        ("editor.", EDITOR),
        ("(绘)", ILLUSTRATOR),
        ("nonsense", ()),
    ],
)
def test_role_words_and_codes(word: str, codes: tuple[str, ...]) -> None:
    assert role_codes(word) == codes


def test_the_word_lists_hold_together() -> None:
    assert all(codes for codes in roles().values())
    assert max(map(len, attached_roles())) <= 4
    assert (origins()["唐"], origins()["英国"]) == ("dynasty", "country")
    assert all(len(name) == 1 for name in surnames())


@given(st.text(alphabet=st.sampled_from("张三李四著译编主等[]()（）,，;；/ ·AaBc.=清美"), max_size=40), st.sampled_from(["isbd", "list"]))
def test_any_statement_is_read_without_a_crash(text: str, style: Style) -> None:
    read = parse_statement(text, style)
    assert all(name.name.strip() == name.name for name in read.names)
