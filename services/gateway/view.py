"""What a view is to the gateway: a function from a picture and what is asked of it to an answer, under an address.

The views are found by looking into `views/`; there is no list to forget. Routes, API pages and tests over all views
read the register.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, TypeVar

from services.gateway.asked import Listing, Paged, Reading

Answer = TypeVar("Answer", bound=Callable[..., Awaitable[Any]])
_JSON = "application/json"
GEOJSON = "application/geo+json"


@dataclass(frozen=True, slots=True)
class View:
    """One view: where it is found, what may be asked of it, and an invented answer."""

    path: str
    """Below the operation; `{thing}` stands for the entry that opened a thing."""
    answer: Callable[..., Awaitable[Any]]
    form: Literal["pages", "document", "thing"]
    asked: type[Reading]
    summary: str
    shape: Any
    """What the whole answer looks like, of `shapes/`."""
    example: Any
    media: str = _JSON

    @property
    def by_thing(self) -> bool:
        return "{thing}" in self.path


_register: dict[str, View] = {}


def pages(
    path: str,
    *,
    summary: str,
    shape: Any,
    example: dict[str, Any],
    asked: type[Paged] = Listing,
    is_map: bool = False,
) -> Callable[[Answer], Answer]:
    """Register a list that comes in pages: `(picture, asked) -> Page`. The example is of one item, or feature."""
    return _registering(path, "pages", asked, summary, shape, example, media=GEOJSON if is_map else _JSON)


def document(
    path: str, *, summary: str, shape: Any, example: dict[str, Any], asked: type[Reading] = Reading
) -> Callable[[Answer], Answer]:
    """Register one answer for the whole: `(picture, asked) -> dict`, or None where there is no such thing."""
    return _registering(path, "document", asked, summary, shape, example)


def thing(path: str, *, summary: str, shape: Any, example: dict[str, Any]) -> Callable[[Answer], Answer]:
    """Register one thing by its id, answered with its ETag: `(picture, thing) -> dict`, or None."""
    return _registering(path, "thing", Reading, summary, shape, example)


def found() -> list[View]:
    """Every view; fixed addresses come before those with a thing in them."""
    from services.gateway import views

    for module in iter_modules(views.__path__):
        import_module(f"{views.__name__}.{module.name}")
    return sorted(_register.values(), key=lambda view: (view.by_thing, view.path))


def _registering(
    path: str,
    form: Literal["pages", "document", "thing"],
    asked: type[Reading],
    summary: str,
    shape: Any,
    example: Any,
    *,
    media: str = _JSON,
) -> Callable[[Answer], Answer]:
    def register(answer: Answer) -> Answer:
        if path in _register:
            raise TypeError(f"two views under {path}")
        _register[path] = View(path, answer, form, asked, summary, shape, example, media)
        return answer

    return register
