"""What carries notices to readers: by e-mail, and by a signed call to a gateway for short messages or WeChat; and the words they carry.

Knows protocols and wording. Must not know what is due, or who may be told what: that is the services'.
"""
