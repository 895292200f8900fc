//! Requests for guarantee letters, one service a row, gathered into one letter for each insured, clinic and day.
