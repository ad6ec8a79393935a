"""The fields of the query language and every name that readers give them.

Names are looked up as they were prepared (see characters.py): lower case, simplified, narrow.
"""

from difflib import get_close_matches
from typing import Literal

from union_catalog.search.characters import prepare

FieldName = Literal["title", "author", "subject", "isbn", "publisher", "series", "callnumber", "clc", "library", "branch"]

_NAMES: dict[FieldName | Literal["year"], str] = {
    "title": "title ti intitle 题名 书名 标题 篇名 刊名 正题名",
    "author": "author au inauthor 作者 责任者 著者 译者 编者 主编 作家",
    "subject": "subject su 主题 主题词 关键词 关键字",
    "isbn": "isbn isbn10 isbn13 isbn-10 isbn-13 issn 书号 标准书号 国际标准书号",
    "publisher": "publisher pub 出版社 出版者 出版商",
    "series": "series 丛书 丛编 丛书名 丛编名 系列",
    "callnumber": "callnumber call_number call-number shelfmark 索书号 索取号 排架号",
    "clc": "clc 分类 分类号 中图法 中图分类 中图分类号 中图法分类 中图法分类号",
    "year": "year years 年 年份 出版年 出版年份 出版时间 出版日期",
    "library": "library lib 馆 图书馆 馆藏 馆藏地 藏馆",
    "branch": "branch 分馆",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
# Fields of other catalogues, which this one does not search by; a reader who types them meant a field.
_ELSEWHERE = frozenset({
    "language", "lang", "format", "type", "keyword", "keywords", "date", "note", "notes", "summary", "abstract", "site", "filetype",
    "place", "edition", "语种", "语言",
})  # fmt: skip
_ALIKE = 0.8


def field_of(name: str) -> FieldName | Literal["year"] | None:
    """The field that a word before a colon names, None where it names none."""
    return _FIELDS.get(prepare(name))


def is_meant(name: str) -> bool:
    """Whether a word before a colon that names no field was probably meant to: a slip of the pen, or a field that others have.

    "Re:" and "1984:" were not; they are how titles are written.
    """
    return prepare(name) in _ELSEWHERE or nearest_field(name) is not None


def nearest_field(name: str) -> str | None:
    """The name of a field of which this one is probably a slip of the pen; None for a field that others have, and for any other word."""
    prepared = prepare(name)
    if prepared in _ELSEWHERE or not (prepared.isascii() and prepared.isalpha()):
        return None
    return next(iter(get_close_matches(prepared, _FIELDS, 1, _ALIKE)), None)
