"""What is shown before a change is decided: maps, routes, pupils affected, how to comment; PDF and Word."""
