"""Figures: numbers added up from what a viewer may see, never typed in, each with the lines that sum to it."""
