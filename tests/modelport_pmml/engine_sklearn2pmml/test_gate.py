import logging
from datetime import UTC, datetime, timedelta

import pytest

from modelport.errors import MissingExtra
from modelport_pmml.engine_sklearn2pmml import gate

BUILD = datetime(2026, 1, 1, tzinfo=UTC)


def test_scikit_learn_1_9_1_is_refused_before_java_starts() -> None:
    gate.check_sklearn("1.9.0", "0.133.1")
    gate.check_sklearn("1.6.1", "0.120.0")
    gate.check_sklearn("1.10.0", "0.140.0")
    for newer in ("1.9.1", "1.10.0", "2.0"):
        with pytest.raises(MissingExtra, match="refuses scikit-learn") as error:
            gate.check_sklearn(newer, "0.133.1")
        assert "scikit-learn==1.9.0" in (error.value.hint or "")


def test_expiry_is_explained(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        gate.check_age(BUILD, BUILD + timedelta(days=179))
        assert not caplog.messages
        gate.check_age(BUILD, BUILD + timedelta(days=180))
    assert caplog.messages == [
        "sklearn2pmml was built on 2026-01-01 and will refuse to run from 2026-12-27: "
        "pip install --upgrade sklearn2pmml"
    ]
    with pytest.raises(MissingExtra, match="built on 2026-01-01") as error:
        gate.check_age(BUILD, BUILD + timedelta(days=360))
    assert "pip install --upgrade sklearn2pmml" in (error.value.hint or "")


@pytest.mark.java
def test_the_installed_program_says_when_it_was_built() -> None:
    built = gate.built()
    assert built is not None
    assert datetime(2020, 1, 1, tzinfo=UTC) < built
