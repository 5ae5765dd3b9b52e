"""How much a statement may hold. A file beyond one of these is refused in one sentence, before it costs anything."""

BYTES = 25_000_000  # of a file as it is uploaded, and of everything that comes out of an archive
LINE = 1_000_000  # characters in one line of text
WORKBOOK = 150_000_000  # bytes of XML that the sheets of one spreadsheet unpack to
ROWS = 250_000
COLUMNS = 200
CELL = 32_767  # characters; what a cell of a spreadsheet can hold
RATIO = 100  # between unpacked and packed, above the first megabyte
FILES = 50  # in an archive
ENTRIES = 2_000  # of an archive or workbook: its files, folders, and what lies beside them
SECONDS = 40  # for one file
