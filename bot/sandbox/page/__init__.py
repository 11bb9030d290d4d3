"""The demo's web page: a Telegram client for the simulator, and the suppliers' control panels."""
