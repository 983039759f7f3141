"""The method, the range and the result as notice texts in two languages."""
