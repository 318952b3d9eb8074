"""Open statistics, from a statistical office or a table to lines of values, without the database.

`sources` names the offices, `outbound` asks them and nobody else, `sdmx` reads what they answer,
`csv` what people bring as a table; `diff` tells two versions apart, `chart` makes one ready to be
drawn, `table` to be taken along.
"""
