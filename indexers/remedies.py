"""What a reader of an error may do about it, as the command line names it."""

REBUILD_COMMAND = "union-catalog index rebuild"
