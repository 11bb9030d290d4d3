"""The demo's page: a messenger in the browser, client of the Telegram simulator, and the suppliers' panels."""
