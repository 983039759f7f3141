"""What a good plan is: the numbers that the solver lowers and the scorecard prints."""
