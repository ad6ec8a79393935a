"""The JSON API's operations: each reads its arguments, asks one use case and renders the values it answers.

Knows how a value of the domain looks as JSON, in the language of the request. Must not know the
database or the index.
"""
