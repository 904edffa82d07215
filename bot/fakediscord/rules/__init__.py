"""What Discord refuses in a request's body, written out by hand; each rule ends in the 400 that Discord answers."""
