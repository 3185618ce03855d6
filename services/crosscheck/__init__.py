"""The cross-check engine: compares what was asked for with what was contributed, and explains every match."""
