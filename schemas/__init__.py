"""The contract: what agencies post, what the log keeps, which words both use. Imports pydantic alone."""
