"""The API's page: Swagger UI from files of this installation, under a policy that names the one script in it."""

import base64
import re
from hashlib import sha256

from fastapi import FastAPI, Response
from fastapi.openapi.docs import get_swagger_ui_html

from services.gateway.hardened import POLICY

ADDRESS = "/docs"
FILES = "/static-offline-docs"
_SHOWN = {"docExpansion": "none", "defaultModelsExpandDepth": -1, "filter": True}
"""Chapters that open when they are wanted: to lay out all routes and models at once takes a thin client very long."""
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def serve_docs(app: FastAPI) -> None:
    """The page at /docs, beside the files that fastapi-offline serves."""
    made = get_swagger_ui_html(
        openapi_url=str(app.openapi_url),
        title=app.title,
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=f"{FILES}/favicon.png",
        swagger_ui_parameters=_SHOWN,
    )
    page = bytes(made.body)
    hashes = " ".join(f"'sha256-{base64.b64encode(sha256(one).digest()).decode()}'" for one in _SCRIPT.findall(page))
    # Swagger UI gives its elements styles of their own, and its pictures are in its style sheet.
    may = f"script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"

    async def page_of_docs() -> Response:
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": f"{POLICY}; {may}"})

    app.add_api_route(ADDRESS, page_of_docs, include_in_schema=False)
