"""What the answers of carriers have in common."""

UNREACHABLE = "unreachable"  # begins the reason where nobody answered: there is no use in trying others now
