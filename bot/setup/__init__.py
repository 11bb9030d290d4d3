"""What `hanout setup` does: asks for the settings, checks each answer, and writes `.env` and a unit of systemd."""
