"""Being watched: probes, metrics, and what systemd is told."""
