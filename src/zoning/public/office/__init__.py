"""The office's report: workbook and PDF of scores, schools and norms."""
