"""The shop held against what others wrote, since our own simulators prove only what we imagined.

- test_specification.py: a tour of the whole shop; each request, update and answer is checked against the Bot API's
  specification (data/, specification.py, wire.py, tour.py).
- test_generated_updates.py: updates made from that specification (generator.py), some of them spoilt (junk.py), go
  through the shop (campaign.py) while a witness wants to be served. `python -m tests.outsiders` is the long form.
- test_foreign_server.py: a purchase at a Telegram server of other people (foreign/), installed at test time.
"""
