"""A problem as a page: for a person whose browser was sent here, and who would be shown JSON."""

from html import escape

from fastapi import Response

from services.gateway.console import ADDRESS
from services.gateway.problems import Problem

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} - Virtual command post</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{detail}</p>
<p><a href="{console}">To the sign-in</a></p>
</main>
</body>
</html>
"""


def problem_page(problem: Problem) -> Response:
    page = _PAGE.format(title=escape(problem.title), detail=escape(problem.detail), console=ADDRESS)
    headers = {**problem.headers, "Cache-Control": "no-store"}
    return Response(page, problem.status, headers, "text/html; charset=utf-8")
