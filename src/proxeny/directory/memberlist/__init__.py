"""Reading of people's member lists: from bytes to checked values, without the database.

`sources` turns bytes into rows, `columns.match_columns` finds our fields in its header,
`values.read_rows` checks every cell, `plan.make_plan` compares with what the directory holds.
"""
