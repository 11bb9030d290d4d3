"""What every update passes before and after its handler."""
