"""The pages that readers see: addresses, view models and the words and links on them.

Knows HTML addresses, what a template shows and in which order. Must not know the database, the index or MARC: the catalogue
answers view models (``Catalogue``), and every decision about records, matching and availability was made before.
"""
