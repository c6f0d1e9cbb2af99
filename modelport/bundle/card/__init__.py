"""The model card: what is known of a bundle, for people, in Markdown and as one page of HTML."""

from modelport.bundle.card.content import Section, Table, content
from modelport.bundle.card.markdown import markdown
from modelport.bundle.card.page import page

__all__ = ["Section", "Table", "content", "markdown", "page"]
