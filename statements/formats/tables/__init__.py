"""Tables of any origin (CSV, spreadsheets, HTML, pasted cells) as lines of a statement."""
