//! Options of a command: `--name value`, `--name=value` and `--flag`.

use crate::problem::{Outcome, Problem};

/// What stands behind the command; each option is taken out once, and what is left over is a mistake.
pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Self(words.collect())
    }

    pub(crate) fn wants_help(&self) -> bool {
        self.0.iter().take_while(|word| *word != "--").any(|word| word == "--help" || word == "-h")
    }

    /// Whether `name` was given.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// The value of `name`, if it was given.
    pub(crate) fn value(&mut self, name: &str) -> Outcome<Option<String>> {
        let Some(at) = self.0.iter().position(|word| word == name || is_assigned(word, name)) else {
            return Ok(None);
        };
        let word = self.0.remove(at);
        if let Some((_, value)) = word.split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        if self.0.get(at).is_none_or(|next| next.starts_with("--")) {
            return Err(Problem::new(format!("{name} needs a value; see `cargo xtask help`")));
        }
        Ok(Some(self.0.remove(at)))
    }

    /// The port under `name`, or `default`.
    pub(crate) fn port(&mut self, name: &str, default: u16) -> Outcome<u16> {
        match self.value(name)? {
            None => Ok(default),
            Some(text) => {
                text.parse().map_err(|_| Problem::new(format!("{name} is a number from 0 to 65535, not `{text}`")))
            }
        }
    }

    /// Everything that is left, for a program that is called.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0
    }

    /// Refuses what nobody took.
    pub(crate) fn none(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(Problem::new(format!("`{word}` is not understood here; see `cargo xtask help`"))),
        }
    }
}

fn is_assigned(word: &str, name: &str) -> bool {
    word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn values_are_written_in_two_ways() {
        for line in ["--port 8090 --fresh", "--fresh --port=8090"] {
            let mut args = args(line);
            assert_eq!(args.port("--port", 8080).unwrap(), 8090);
            assert!(args.flag("--fresh"));
            args.none().unwrap();
        }
    }

    #[test]
    fn an_option_that_is_absent_has_its_default() {
        assert_eq!(args("").port("--port", 8080).unwrap(), 8080);
        assert!(!args("").flag("--fresh"));
    }

    #[test]
    fn mistakes_are_refused() {
        assert!(args("--port").value("--port").is_err());
        assert!(args("--data --fresh").value("--data").is_err());
        assert!(args("--port 80a").port("--port", 1).is_err());
        assert!(args("--prot 80").none().is_err());
    }
}
