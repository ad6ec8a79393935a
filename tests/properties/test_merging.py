"""A light record never swallows a full one: not by noise, not by what it claims to be, not by numbers."""

from hypothesis import given
from hypothesis import strategies as st

from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Publication, Series, Subject, Text, Title
from union_catalog.matching.merging import MemberRecord, merge

FULL = BibliographicRecord(
    titles=(Title(kind="proper", text="红楼梦"),),
    agents=(Agent(name="曹雪芹", roles=("author",), primary=True), Agent(name="启功", roles=("editor",))),
    responsibility=(Text(text="曹雪芹著 ; 启功注释"),),
    editions=(Text(text="第3版"),),
    publications=(Publication(places=("北京",), publishers=("人民文学出版社",), date="2008-7", year=2008, month=7),),
    extents=(Text(text="2册 (1606页)"),),
    dimensions=(Text(text="21cm"),),
    series=(Series(title="中国古典文学读本丛书"),),
    identifiers=(Identifier(scheme="isbn", value="9787020002207"),),
    languages=("chi",),
    subjects=(Subject(heading="章回小说"),),
    summaries=(Text(text="贾府的兴衰"),),
    audience="adult",
)
CHOSEN_OF_FULL = ("agents", "responsibility", "editions", "publications", "extents", "dimensions", "series", "languages", "audience")
NOISE = ("正版包邮 " * 20, "红楼梦 曹雪芹著 人民文学出版社 2008年版 全新", "???", "\ufffd")
EVERYTHING = ("author", "editor", "translator", "illustrator")
noise = st.text(min_size=1, max_size=200) | st.sampled_from(NOISE)
texts = st.lists(st.builds(Text, text=noise), max_size=3).map(tuple)
extents = texts | st.just((Text(text="9999页"),))
titles = st.tuples(st.builds(Title, kind=st.just("proper"), text=noise, remainder=noise, volume_number=noise, volume_title=noise))
agents = st.lists(st.builds(Agent, name=noise, roles=st.just(EVERYTHING)), max_size=9).map(tuple)
years, months = st.sampled_from((None, 1987)), st.integers(0, 12)
imprints = st.tuples(st.builds(Publication, places=st.tuples(noise), publishers=st.tuples(noise), date=noise, year=years, month=months))
languages, audiences, levels = st.just(("eng", "fre", "ger")), st.just("juvenile"), st.sampled_from(("", "full"))
# The full record tells eleven of the twelve elements, a light one five of them at most, or it was made before publication.
light_records = (
    st.builds(BibliographicRecord, titles=titles, agents=agents, publications=imprints, level=levels)
    | st.builds(
        BibliographicRecord,
        titles=titles,
        responsibility=texts,
        editions=texts,
        extents=extents,
        languages=languages,
        audience=audiences,
        level=levels,
    )
    | st.builds(
        BibliographicRecord,
        titles=titles,
        agents=agents,
        responsibility=texts,
        editions=texts,
        publications=imprints,
        extents=extents,
        languages=languages,
        audience=audiences,
        level=st.just("prepublication"),
    )
)


@given(st.lists(light_records, min_size=1, max_size=4), st.integers(1, 6))
def test_no_light_record_and_no_number_of_them_changes_what_a_full_one_says(lights: list[BibliographicRecord], copies: int) -> None:
    members = [MemberRecord("Z:full", 99, FULL)]
    members += [MemberRecord(f"A:{place}-{copy}", 0, light) for place, light in enumerate(lights) for copy in range(copies)]
    found = merge(members).record
    assert {field: getattr(found, field) for field in CHOSEN_OF_FULL} == {field: getattr(FULL, field) for field in CHOSEN_OF_FULL}
    assert found.titles[0] == FULL.titles[0]
    assert set(FULL.identifiers) <= set(found.identifiers)
    assert set(FULL.subjects) <= set(found.subjects)
