"""The codes of what can be wrong with a record or a file: stable, documented, rendered in words by ``api``.

``RECORD_CODES`` are those of MalformedRecord (one record goes to quarantine), ``FILE_CODES`` those of SourceUnusable
(nothing is stored). The data that goes with each is named in the text; every MalformedRecord may also carry
``record_id``, as far as it could be read.
"""

RECORD_CODES = {
    "no_leader": "bytes that are no record: no leader and no directory",
    "no_fields": "a leader without any field behind it",
    "truncated": "the record ends before its last field does; missing (fields)",
    "bad_directory": "directory and fields disagree and nothing tells which field is which; entries, fields (counts)",
    "undecodable": "the bytes are not text in the encoding of the source; encoding, offset (from the record's beginning)",
    "oversized": "longer than the limit; size, limit (bytes)",
    "xml_malformed": "not well-formed XML; line, column (within the record)",
    "row_too_short": "fewer columns than the heading; row, found, expected",
    "row_too_long": "more columns than the heading; row, found, expected",
    "missing_columns": "columns that are needed are not there; missing, found",
    "unmappable": "the reader failed on it, which is a fault of the mapping; detail (class of the error)",
}

FILE_CODES = {
    "file_not_found": "there is no such file; path",
    "file_unreadable": "the file is a folder or may not be read; path",
    "encoding_not_of_tables": "an encoding of MARC records told for a table; encoding",
    "empty_file": "nothing in it but white space; path",
    "not_marc": "no ISO 2709 record in the first 1,000 pieces; path",
    "not_xml": "it does not begin like XML; path",
    "xml_doctype": "XML with a document type declaration, which can hold an entity bomb; path",
    "no_records": "well-formed, but no record in it; path",
    "wrong_encoding": "under half of the first 1,000 records decode; declared, better, decodes, better_decodes (percent)",
    "missing_columns": "columns that are needed are not there; missing, found",
    "not_a_table": "no heading line could be read; path",
    "not_a_workbook": "not an Excel workbook (.xlsx); path",
    "workbook_too_large": "the workbook unpacks to more than the limit; size, limit",
    "unknown_format": "no such format; format",
    "unknown_encoding": "no such encoding; encoding",
}

# Codes of ConfigurationError raised for a --mapping file; each tells the line.
MAPPING_CODES = {
    "mapping_unreadable": "the file cannot be read; path",
    "mapping_syntax": "not TOML; line, column",
    "mapping_unknown_field": "a field that rows do not have; line, name, known",
    "mapping_not_text": "a heading must be a text or a list of texts; line, name",
    "mapping_heading_absent": "the table has no such column; line, name, heading, found",
}
