"""The views of a picture: each file here is one or a few that belong together, found by looking."""
