"""Messages to readers: their kinds, what goes together, when they may go out, and the port to whatever carries them.

Knows what is said to whom and when. Must not know the words, the database, or how a message travels.
"""
