"""The after-action report: what an operation came to, as one viewer may know it, on pages that can be printed."""
