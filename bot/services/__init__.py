"""Use cases, one verb each. They load, ask the domain, commit; they know no Telegram and no SQL."""
