//! Faults that a test may switch on, to see that it would notice them.
//!
//! A suite that shows that nothing is lost, doubled or oversold proves something only if it goes red where the mechanism is
//! taken away. Each switch takes away one. Without the feature `chaos` none can be set, and the compiler leaves the
//! branches out.

/// Which mechanisms are taken away; none by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chaos {
    switches: u8,
}

macro_rules! switches {
    ($($(#[$doc:meta])* $bit:literal $name:ident $word:literal;)*) => {
        impl Chaos {
            $($(#[$doc])*
            #[must_use]
            pub fn $name(self) -> bool {
                cfg!(feature = "chaos") && self.switches & (1 << $bit) != 0
            })*

            /// Faults by their names, with commas between them.
            ///
            /// # Errors
            /// Says which word is none.
            #[cfg(feature = "chaos")]
            pub fn parse(words: &str) -> Result<Self, String> {
                let mut switches = 0;
                for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                    switches |= match word {
                        $($word => 1 << $bit,)*
                        other => return Err(format!("{other} is no fault; there are: {}", [$($word),*].join(", "))),
                    };
                }
                Ok(Self { switches })
            }
        }
    };
}

switches! {
    /// Commits are not synced to the disk.
    0 synchronous_off "synchronous-off";
    /// A write is answered before it is committed.
    1 answer_before_commit "answer-before-commit";
    /// Units are claimed without asking whether they are there.
    2 blind_claims "blind-claims";
    /// Nobody remembers what was answered under a key.
    3 forget_keys "forget-keys";
    /// Screens are never told to start anew.
    4 no_resync "no-resync";
    /// Claims are taken off the counter without a row in the ledger.
    5 no_ledger "no-ledger";
}

#[cfg(all(test, feature = "chaos"))]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_and_none_is_the_default() {
        let chaos = Chaos::parse("blind-claims, forget-keys").unwrap();
        assert!(chaos.blind_claims() && chaos.forget_keys() && !chaos.synchronous_off());
        assert!(!Chaos::default().blind_claims());
        assert!(Chaos::parse("gremlins").unwrap_err().contains("synchronous-off"));
    }
}
