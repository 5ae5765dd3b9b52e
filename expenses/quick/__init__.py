"""Quick add: expenses written as lines of text, ``12.50 lunch #work yesterday``. docs/quick-add.md has the grammar."""
