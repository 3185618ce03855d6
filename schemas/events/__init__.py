"""Every event type, one file per noun. They are found by looking: there is no list to forget."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
