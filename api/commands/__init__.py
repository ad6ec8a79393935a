"""The commands of ``union-catalog``, a module a group; api/cli.py puts them together and turns errors into
exit codes.

Knows options and output. Must not know rules of the catalogue: a command calls one use case and shows its
answer.
"""
