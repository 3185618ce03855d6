"""What answers look like, for the API pages and for clients that take their types from there.

Nothing passes through these shapes: they cost no answer anything, and a test holds every answer against them.
A member that is not always there is `NotRequired`; one that may say nothing is `| None`.
"""
