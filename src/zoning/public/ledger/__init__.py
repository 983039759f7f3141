"""What changed between two plans or years: blocks, children, minutes, addresses; hidden counts."""
