"""The certificate that every block and address has one zone or declared shared zone per stage and year."""
