"""A ``record`` element of MARCXML (MARC 21 or any UNIMARC in the same schema) as a MARC record."""

import re

from lxml import etree

from loaders.formats.encodings import decode
from loaders.formats.marc import MarcRecord
from union_catalog.errors import MalformedRecord, SourceUnusable
from union_catalog.text import tidy

_PREFIXES = re.compile(r"[<\s/]([A-Za-z_][\w.\-]*):[A-Za-z_]")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._\-]+)["']""")
_BLANK_LEADER = " " * 24
_KNOWN = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "gb18030": "gb18030", "gbk": "gb18030",
          "gb2312": "gb18030", "cp936": "gb18030", "big5": "big5"}  # fmt: skip


def read_prolog(head: bytes, path: str) -> str:
    """The encoding that the beginning of a file declares, "utf-8" if none.

    Raises SourceUnusable: not_xml, xml_doctype, unknown_encoding.
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not head.lstrip().startswith(b"<"):
        raise SourceUnusable("not_xml", path=path)
    before_root = re.split(rb"<[A-Za-z_]", head, maxsplit=1)[0]
    if b"<!DOCTYPE" in before_root or b"<!ENTITY" in before_root:
        raise SourceUnusable("xml_doctype", path=path)
    declared = _DECLARED.match(head)
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name not in _KNOWN:
        raise SourceUnusable("unknown_encoding", encoding=name)
    return _KNOWN[name]


def parse_marcxml(data: bytes, encoding: str) -> MarcRecord:
    """One record element taken apart. Raises MalformedRecord: undecodable, xml_malformed, no_fields."""
    text = decode(data, encoding)
    try:
        root = etree.fromstring(_with_prefixes(text), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (0, 0))
        raise MalformedRecord("xml_malformed", line=line, column=column) from error
    record = root if etree.QName(root).localname == "record" else root[0]
    return _record(record)


def _parser() -> etree.XMLParser:
    """No entities, no DTD, no network, no huge trees; a parser is made anew because it is cheap and not safe to share."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)


def _with_prefixes(text: str) -> str:
    """The element inside one that declares the prefixes which the root of its file declared."""
    start = text[: text.find(">")]
    prefixes = {prefix for prefix in _PREFIXES.findall(start) if prefix not in ("xmlns", "xml")}
    missing = [prefix for prefix in prefixes if f"xmlns:{prefix}" not in start]
    if not missing:
        return text
    declarations = " ".join(f'xmlns:{prefix}="x:{prefix}"' for prefix in missing)
    return f"<file {declarations}>{text}</file>"


def _record(element: etree._Element) -> MarcRecord:
    leader = _BLANK_LEADER
    fields: list[tuple[str, str]] = []
    for child in element.iterchildren("*"):
        name = child.tag.rpartition("}")[2]
        if name == "leader":
            leader = ((child.text or "").ljust(24))[:24]
        elif name == "controlfield":
            fields.append((child.get("tag", "").strip(), tidy(child.text or "")))
        elif name == "datafield":
            fields.append((child.get("tag", "").strip(), _datafield(child)))
    if not fields:
        raise MalformedRecord("no_fields")
    return MarcRecord(leader, fields)


def _datafield(element: etree._Element) -> str:
    indicators = (element.get("ind1") or " ")[:1] + (element.get("ind2") or " ")[:1]
    parts = [indicators.ljust(2)]
    for subfield in element.iterchildren("*"):
        code = (subfield.get("code") or " ")[:1]
        text = "".join(part for part in subfield.itertext() if isinstance(part, str))
        parts.append(f"\x1f{code}{text}")
    return tidy("".join(parts))
