"""The views, one file each. They are found by looking: there is no list to forget."""
