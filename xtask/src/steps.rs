//! Progress: `[2/5] the app …`.

/// Numbers the steps of a longer command.
pub(crate) struct Steps {
    total: usize,
    done: usize,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, done: 0 }
    }

    /// Says what begins now.
    pub(crate) fn next(&mut self, what: &str) {
        self.done += 1;
        println!("[{}/{}] {what} …", self.done, self.total);
    }
}

/// A detail below the current step.
pub(crate) fn note(words: &str) {
    println!("      {words}");
}
