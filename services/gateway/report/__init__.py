"""The after-action report: one moment of an operation on paper, as one viewer may see it."""
