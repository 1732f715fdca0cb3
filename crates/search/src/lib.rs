//! Product search, pure: normalise, index, match, rank. The same code runs in the server and, later, in the browser.
