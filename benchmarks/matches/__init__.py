"""How long it takes to say whom to meet, from the database to the list that is kept."""
