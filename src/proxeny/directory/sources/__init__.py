"""Reading of people's files: from bytes to rows of text, as a stream, without the database.

`reading.open_table` knows a file by its content (CSV, also packed as zip or gzip, XLSX, vCard),
`recognising.recognise` says what it tells of (members, clusters, CORDIS), and each kind that needs
more than a list of members has its own module. No file is ever held in memory as a whole, save a
workbook of ordinary size.
"""
