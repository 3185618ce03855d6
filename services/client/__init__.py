"""An agency's side of the door: templates, offline checks and posting of files, by the contract alone."""
