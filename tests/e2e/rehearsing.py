"""`hanout rehearse` between simulators: an operator who answers, and the verdicts of the report."""

import pytest

from bot.rehearsal.asking import FileAnswers
from bot.rehearsal.script import QUESTIONS
from bot.rehearsal.steps import Answer
from bot.sandbox.simulation import chargily_settings, shop_settings
from bot.settings import load_settings
from tests.e2e.conftest import ALL_WAYS


class Said(FileAnswers):
    """Answers, and what an operator does when a step is told."""

    def __init__(self, attending, **answers):
        given = dict.fromkeys(QUESTIONS, Answer.YES)
        super().__init__(given | {key.replace("_", "-"): each for key, each in answers.items()})
        self.texts, self.attending = [], attending

    def say(self, text):
        self.texts.append(text)
        self.attending.hear(text)
        for words, deed in self.attending.also.items():
            if words in text:
                deed()


def verdicts(report):
    rows = (line.strip("|").split(" | ") for line in report.splitlines() if line.startswith("| "))
    return {name.strip(): verdict.strip() for name, verdict in rows if name.strip() != "Step"}


@pytest.fixture
def settings_of(simulation, tmp_path, monkeypatch):
    def make(kind="SANDBOX", *, live_cards=False, **changes):
        values = shop_settings(simulation, simulation.book.add_key(kind), tmp_path / "data")
        values |= {**ALL_WAYS, **chargily_settings(simulation, live=live_cards), **changes}
        monkeypatch.chdir(tmp_path)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return make
