"""HTTP in and out: facts go in one door and come out of one window."""
