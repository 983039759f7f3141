"""What must not be published (personal data, small counts, a plan that does not hold), and where it is."""
