"""Open statistics, from a statistical office or a table to lines of values, without the database.

`sources` names the offices, `outbound` queries them and nobody else, `sdmx` reads their answers,
`csv` uploaded tables; `diff` compares two versions, `chart` prepares one for drawing, `table` for
export.
"""
