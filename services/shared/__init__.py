"""What several services need: settings, the log, the tables, the keys."""
