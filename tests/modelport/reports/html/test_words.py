"""Sentences: what belongs together stays on one line, and nothing gets in as HTML."""

from modelport.reports.html.words import sentence


def test_small_numbers_are_kept_whole() -> None:
    assert sentence("up to 6.8e-08 away, 1e-9 < x") == (
        '<bdi>up to <span class="whole">6.8e-08</span> away, <span class="whole">1e-9</span> &lt; x</bdi>'
    )


def test_text_stays_text() -> None:
    assert sentence("<b>1e-9</b> one-by-one") == (
        '<bdi>&lt;b&gt;<span class="whole">1e-9</span>&lt;/b&gt; one-by-one</bdi>'
    )
