"""What a reader may have meant who typed what is hardly found: sounds and shapes that are mistaken for each other, and slips of the finger.

Knows characters, readings and the tokens of the analysis. Must not know an engine or the database, nor which query is to be corrected.
"""
