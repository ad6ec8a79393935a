"""What the answers of carriers have in common."""

from typing import Literal

LATER: Literal["later"] = "later"
REFUSED: Literal["refused"] = "refused"
UNREACHABLE = "unreachable"  # begins the reason where nobody answered: there is no use in trying others now
