"""The pages that every check in the browser goes through: each template at least once, in each of its states."""

from urllib.parse import quote

PAGES = {
    "home": "/",
    "results": "/search?q=红楼梦",
    "results, narrowed": "/search?q=红楼梦&clc=I&year_from=1980&library=JD&library=JX&format=book",
    "results, a later page": "/search?cursor=20&offset=20&trail=",
    "results, a wrong year": "/search?q=红楼梦&year_from=abc",
    "nothing under these conditions": "/search?q=红楼梦&library=WZ&format=map",
    "nothing at all": "/search?q=没有这本书",
    "search broken": "/search?q=停机",
    "database broken": "/search?q=断电",
    "results, corrected": "/search?q=红喽梦",
    "results by work, with reasons": "/search?q=红楼梦&group=work&explain=true",
    "results, all narrowed": "/search?q=红楼梦&branch=JD-JY&clc=I24&available=true&within=5&sort=distance&author=曹雪芹&exact=true",
    "nothing but a correction": "/search?q=红喽梦&format=map",
    "near": "/near",
    "help": "/how-to-search",
    "record": "/records/hlm2008",
    "record, merged": "/records/hlm2008?merged=1",
    "record, online": "/records/hlm-audio",
    "record without items": "/records/none",
    "reasons": "/records/hlm2008/reasons",
    "reasons of many": "/records/collected-1/reasons",
    "reasons of one": "/records/mengyan/reasons",
    "nothing to reason": "/records/shijian/reasons",
    "record of many": "/records/collected-1",
    "record in English": "/records/stone",
    "record withdrawn": "/records/gone",
    "libraries": "/libraries",
    "branches": "/branches",
    "branch": "/branches/JD-ZG",
    "branch, not registered": "/branches/KSHQ",
    "states": "/statuses",
    "about": "/about",
    "display": "/display",
    "no page": "/no-such-page",
}


def address(base: str, path: str) -> str:
    """The whole address of a page."""
    return base + quote(path, safe="/?=&%")
