"""What the web server is told beyond its command line: a long question must reach the application, which answers it in words.

gunicorn bounds a request line at 8,190 bytes or not at all; ten thousand Chinese characters in a query are 90,000. So its bound is
raised, to a size that costs nothing, and a longer line still gets its 414.

What the application is made of lives as long as the server: it is taken out of the collection of garbage, which would else look through
it in the middle of answers, and through it again in each process, which would then have a copy of its own.
"""

import gc

from gunicorn.arbiter import Arbiter
from gunicorn.http import message

from api.gunicorn_logging import Quiet

LONGEST_REQUEST_LINE = 128 * 1024

message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE
limit_request_line = LONGEST_REQUEST_LINE
logger_class = Quiet


def when_ready(_server: Arbiter) -> None:
    """Called when the application is loaded and before the first process is made."""
    gc.collect()
    gc.freeze()
