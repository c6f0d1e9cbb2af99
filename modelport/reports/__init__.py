"""Parity reports in the forms that other tools read: JUnit XML, SARIF, Markdown, annotations."""
