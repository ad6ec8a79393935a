"""The outermost shell: the web application, its JSON API and pages, and the command line.

Knows HTTP, the languages of readers, and which engines are wired together. Must not decide anything
about records,
matching or circulation: it asks the use cases and renders the codes they answer.
"""
