"""Elements: what is not HTML already is escaped."""

from lxml import html as parser

from modelport.reports.html.markup import Html, clean, el, html, join, name, shortened
from modelport.reports.html.words import cell, count, number


def test_text_and_attributes_are_escaped() -> None:
    made = el("p", "<b>&", el("i", "x"), None, ["a", 1], title="\"'<>&")
    assert made == '<p title="&quot;&#x27;&lt;&gt;&amp;">&lt;b&gt;&amp;<i>x</i>a1</p>'
    found = parser.fragment_fromstring(made)
    assert found.get("title") == "\"'<>&"
    assert found.text == "<b>&"


def test_attributes_have_their_names_and_may_be_left_out() -> None:
    assert (
        el("td", class_="n", aria_label="a", hidden=True, id=None, open=False)
        == '<td class="n" aria-label="a" hidden></td>'
    )
    assert el("br") == "<br>"


def test_what_a_page_cannot_show_is_replaced() -> None:
    assert clean("a\x00b\ud800c\u202ed\x1b") == "a�b�c�d�"
    assert clean("tab\tand\nline ж 漢 🙂") == "tab\tand\nline ж 漢 🙂"
    join(["\udfff"]).encode()


def test_html_stays_as_it_is() -> None:
    assert html(Html("<b>")) == "<b>"
    assert isinstance(html("<b>"), Html)


def test_names_keep_to_themselves() -> None:
    assert name("<x>") == "<bdi>&lt;x&gt;</bdi>"
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"


def test_numbers_read_well() -> None:
    values = (0.0, 12.0, 1234.0, 0.54116, 7.57e-8, 1e100, float("inf"), float("-inf"), float("nan"))
    assert " ".join(map(number, values)) == "0 12 1,234 0.541 7.57e-8 1e100 ∞ −∞ NaN"
    assert (count(1, "row"), count(2000, "row")) == ("1 row", "2,000 rows")


def test_cells_show_all_digits_and_what_is_missing() -> None:
    assert cell(0.1 + 0.2) == "<code>0.30000000000000004</code>"
    assert cell(None) == "<i>missing</i>"
    assert cell("<b>") == "<code>&#x27;&lt;b&gt;&#x27;</code>".replace("&#x27;", "'")
    assert len(cell("x" * 1000)) < 200
