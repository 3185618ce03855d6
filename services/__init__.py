"""The parts that run: gateway, projector, and the command that starts them."""
