"""/api/docs: the API's description as a page with a form for every operation, made from the OpenAPI document.

Knows how a document becomes forms. Must not know any operation by name. Its script and style are files
of our own, so that it
works under the strict content security policy and asks nobody else.
"""

from api.explorer.routes import install_explorer

__all__ = ["install_explorer"]
