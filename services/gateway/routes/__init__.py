"""The routes: one file for each thing in the address. A route translates HTTP and nothing else."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter


def found() -> list[APIRouter]:
    """Every router of this folder, found by looking."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return [module.router for module in modules]
