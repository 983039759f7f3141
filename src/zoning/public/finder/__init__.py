"""The page where parents find their school: what it is given, how that is packed, and the file."""
