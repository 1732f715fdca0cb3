//! What happens to a tab, and what it does about it.

/// What happened.
pub enum Input<'a> {
    /// Somebody looks at the page, and it has a network.
    Here,
    /// Nobody does, or it has none.
    Away,
    /// The shelves that this tab shows, as the query of a stream.
    Watch(String),
    /// The lead is ours.
    Leading,
    /// It was taken from us.
    Robbed,
    /// Another tab spoke.
    Heard(&'a str),
    /// An event came over our line; `whole` unless it is within a snapshot of which more follows.
    Came { kind: u8, data: &'a str, whole: bool },
    /// Our line broke.
    Lost,
    /// [`TICK_MS`](super::TICK_MS) have passed.
    Tick,
    /// A question ended, and whether it was answered.
    Told(u32, bool),
}

/// What to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Hold a line for this query, in place of any other.
    Open(String),
    /// Hold none.
    Close,
    /// Say it to the other tabs.
    Say(String),
    /// Take the lead from whoever has it.
    Steal,
    /// Ask the server for what this tab shows, and say [`Input::Told`] with this number.
    Ask(u32),
    /// An event for the screens.
    Show(u8, String),
}

/// How what is shown comes to be known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Source {
    /// It does not just now; it was once.
    #[default]
    Memory,
    /// Changes arrive as they happen.
    Stream,
    /// The server is asked every 15 seconds.
    Questions,
}
