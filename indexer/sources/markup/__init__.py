"""HTML and Markdown to the text that a reader of the rendered page sees."""
