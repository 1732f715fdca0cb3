//! How the tabs of one browser share one stream of changes.
//!
//! One tab leads: it holds the only line to the server, for what all tabs show, and passes on what comes. The others say
//! what they show and listen. Here is only the deciding: what happened comes in, what to do comes out, and time is counted
//! in ticks, so that a device that slept does not take its own sleep for the silence of others.

mod shelves;
mod turn;

use api_contract::availability::{EVENT_AVAILABILITY, EVENT_HEARTBEAT, EVENT_RESET};

pub use turn::{Act, Input, Source};

/// Milliseconds between ticks; the leader gives a sign of life at each.
pub const TICK_MS: u32 = 500;

const fn seconds(seconds: u32) -> u32 {
    seconds * 1000 / TICK_MS
}

/// A leader that was not heard for so many ticks is gone: closed by force, frozen or stuck.
const LEADER_SILENT: u32 = 3;
/// A new line without its first byte: something on the way keeps the bytes back.
const LINE_MUTE: u32 = seconds(20);
/// A line without any byte is dead, whatever the browser thinks (heartbeats come each 15 s).
const LINE_SILENT: u32 = seconds(40);
/// So many lines in a row that fell silent: this network lets no stream through.
const STRIKES: u8 = 2;
/// Where no stream comes through: between questions, and until the stream is tried again.
const ASK_EVERY: u32 = seconds(15);
const STREAM_AGAIN: u32 = seconds(180);
/// The first wait after a line that broke is drawn from so many ticks; they double with each failure up to the last.
const BACKOFF_FIRST: u32 = seconds(1);
const BACKOFF_LAST: u32 = seconds(30);

/// The events of a stream, in the order of the numbers by which they are known here.
pub const NAMES: [&str; 3] = [EVENT_AVAILABILITY, EVENT_RESET, EVENT_HEARTBEAT];
const RESET: u8 = 1;
const HEARTBEAT: u8 = 2;

/// One tab.
#[derive(Debug, Default)]
pub struct Tab {
    /// What to do, in order; for the caller to take.
    pub acts: Vec<Act>,
    name: String,
    here: bool,
    leads: bool,
    wanted: String,
    // What the line brings, our own or the leader's, and whether that is all that is wanted.
    covered: String,
    fits: bool,
    // Whether the line brings anything, and how often in a row lines fell silent.
    up: bool,
    strikes: u8,
    // Whether everything that is shown was told since the line is up; whether a snapshot is on its way.
    synced: bool,
    snapshot: bool,
    // Questions: the number of the last, ticks until the next, whether it is due in any case, whether it was answered.
    asked: u32,
    ask_in: u32,
    ask_now: bool,
    answered: bool,
    // Ticks since the leader was heard, or a byte on our own line.
    quiet: u32,
    // How often the lead was taken by force since all was well.
    robberies: u32,
    // Of a leader: what the others show, by name; whether that changed; its line and its failures.
    others: Vec<(String, String)>,
    told_more: bool,
    bundle: String,
    open: bool,
    spoke: bool,
    open_in: u32,
    failures: u32,
}

impl Tab {
    /// A tab that nobody looks at yet. The name differs from those of the others.
    #[must_use]
    pub fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Takes in what happened. `drawn` is any number, each equally likely.
    pub fn step(&mut self, input: Input, drawn: u32) {
        match input {
            Input::Here => {
                self.here = true;
                // Whatever the stream does: what was last known may be hours old.
                self.ask_now = !self.wanted.is_empty();
                self.lose_touch();
                self.tell_wanted();
            }
            Input::Away => {
                self.acts.push(Act::Say(format!("W{}\n", self.name)));
                self.step_down();
                self.here = false;
            }
            Input::Watch(wanted) => self.watch(wanted),
            Input::Leading => {
                self.step_down();
                self.leads = true;
                self.acts.push(Act::Say("N".to_owned()));
                self.reopen();
            }
            Input::Robbed => {
                self.robberies += 1;
                self.step_down();
                self.tell_wanted();
            }
            Input::Heard(text) => self.heard(text),
            Input::Came { kind, data, whole } => self.came(kind, data, whole),
            Input::Lost => self.lost(drawn),
            Input::Tick => self.tick(drawn),
            Input::Told(asked, answered) if asked == self.asked => {
                self.answered = answered;
                self.synced |= answered && self.up && self.fits;
            }
            Input::Told(..) => {}
        }
        self.ask_if_due();
    }

    /// Whether this tab leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.leads
    }

    /// How what is shown comes to be known.
    #[must_use]
    pub fn source(&self) -> Source {
        if self.up && self.fits && self.synced && !self.buffered() {
            Source::Stream
        } else if self.asks() && self.answered {
            Source::Questions
        } else {
            Source::Memory
        }
    }

    fn buffered(&self) -> bool {
        self.strikes >= STRIKES
    }

    /// Whether there is no other way to hear of changes than to ask.
    fn asks(&self) -> bool {
        self.here && !self.wanted.is_empty() && (self.buffered() || self.up && !self.fits)
    }

    fn ask_if_due(&mut self) {
        // Who joins a line that is up missed its snapshot.
        let missed = self.up && self.fits && !self.synced && !self.snapshot && (self.spoke || !self.leads);
        if self.here && (self.ask_now || self.ask_in == 0 && (self.asks() || missed)) {
            self.ask_now = false;
            self.ask_in = ASK_EVERY;
            self.acts.push(Act::Ask(self.asked));
        }
    }

    /// What is shown is no longer known to be true; questions that are under way say nothing about it.
    fn lose_touch(&mut self) {
        self.synced = false;
        self.snapshot = false;
        self.answered = false;
        self.asked = self.asked.wrapping_add(1);
        self.ask_in = 0;
        self.quiet = 0;
    }

    fn lose_line(&mut self) {
        self.up = false;
        if !self.buffered() {
            self.lose_touch();
        }
    }

    fn step_down(&mut self) {
        self.close();
        self.leads = false;
        self.covered.clear();
        self.fits = false;
        self.others.clear();
        self.open_in = 0;
        self.failures = 0;
        self.up = false;
        self.lose_touch();
    }

    fn watch(&mut self, wanted: String) {
        if wanted == self.wanted {
            return;
        }
        self.wanted = wanted;
        self.lose_touch();
        self.weigh_fit();
        if self.leads {
            self.reopen();
        } else if self.here {
            self.tell_wanted();
        }
    }

    fn weigh_fit(&mut self) {
        self.fits = shelves::covers(&self.covered, &self.wanted);
    }

    fn tell_wanted(&mut self) {
        self.acts.push(Act::Say(format!("W{}\n{}", self.name, self.wanted)));
    }

    /// Says how the line is; with `covered`, also what it brings.
    fn tell_state(&mut self, covered: bool) {
        let state = if self.buffered() {
            'b'
        } else if self.up {
            'u'
        } else {
            'd'
        };
        let mut text = format!("S{state}");
        if covered {
            text.push('\n');
            text.push_str(&self.covered);
        }
        self.acts.push(Act::Say(text));
    }

    fn heard(&mut self, text: &str) {
        let Some((kind, rest)) = text.split_at_checked(1) else { return };
        match kind {
            "W" if self.leads => {
                let Some((name, wanted)) = rest.split_once('\n') else { return };
                self.others.retain(|(known, _)| known != name);
                if !wanted.is_empty() {
                    self.others.push((name.to_owned(), wanted.to_owned()));
                }
                if shelves::covers(&self.covered, &self.union()) {
                    self.tell_state(true);
                } else {
                    self.told_more = true;
                }
            }
            _ if self.leads => {}
            "N" => {
                self.up = false;
                self.lose_touch();
                self.tell_wanted();
            }
            "?" => self.tell_wanted(),
            "S" => {
                self.quiet = 0;
                let (state, covered) = rest.split_once('\n').map_or((rest, None), |(state, all)| (state, Some(all)));
                if let Some(covered) = covered {
                    covered.clone_into(&mut self.covered);
                    // A snapshot that was whole before was not ours.
                    let fitted = self.fits;
                    self.weigh_fit();
                    self.synced &= fitted;
                }
                self.strikes = if state == "b" { STRIKES } else { 0 };
                match state == "u" {
                    true => self.up = true,
                    false if self.up => self.lose_line(),
                    false => {}
                }
            }
            "E" | "P" => {
                self.quiet = 0;
                let mut lines = rest.split('\n').peekable();
                while let Some(line) = lines.next() {
                    if let Some((&digit, data)) = line.as_bytes().first().zip(line.get(1..)) {
                        self.show(digit.wrapping_sub(b'0'), data, kind == "E" && lines.peek().is_none());
                    }
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, kind: u8, data: &str, whole: bool) {
        if kind == HEARTBEAT {
            self.robberies = 0;
        }
        self.snapshot |= kind == RESET;
        self.synced |= self.snapshot && whole;
        self.snapshot &= !whole;
        self.acts.push(Act::Show(kind, data.to_owned()));
    }

    fn came(&mut self, kind: u8, data: &str, whole: bool) {
        self.quiet = 0;
        if kind == HEARTBEAT {
            // It lived for a while: the network lets it through. Now and then is also the time to forget tabs that went
            // without a word.
            self.strikes = 0;
            self.failures = 0;
            self.others.clear();
            self.acts.push(Act::Say("?".to_owned()));
        }
        let news = !std::mem::replace(&mut self.spoke, true) || whole && !self.up || kind == HEARTBEAT;
        self.up |= whole;
        // A snapshot goes in one piece: hundreds of messages would keep every tab busy.
        if kind == RESET {
            self.bundle.clear();
        }
        if whole || kind == RESET {
            let bundle = std::mem::take(&mut self.bundle);
            self.acts.push(Act::Say(format!("{}{bundle}{kind}{data}", if whole { 'E' } else { 'P' })));
        } else {
            self.bundle.push_str(&format!("{kind}{data}\n"));
        }
        self.show(kind, data, whole);
        if news {
            self.tell_state(true);
        }
    }

    fn lost(&mut self, drawn: u32) {
        let ceiling = (BACKOFF_FIRST << self.failures.min(8)).min(BACKOFF_LAST);
        self.failures = self.failures.saturating_add(1);
        self.close();
        // Full jitter, so that a thousand phones do not come back in the same second.
        self.open_in = 1 + drawn % ceiling;
        self.lose_line();
        self.tell_state(false);
    }

    fn tick(&mut self, drawn: u32) {
        self.ask_in = self.ask_in.saturating_sub(1);
        self.quiet += 1;
        if self.leads {
            self.lead_on();
        } else if self.wanted.is_empty() {
            // The leader owes no sign of life to who wants nothing.
            self.quiet = 0;
        // Not all at the same tick, and more patient each time: on a busy device nobody is quick.
        } else if self.quiet >= (LEADER_SILENT << self.robberies.min(3)) + drawn % 2 {
            self.robberies += 1;
            self.up = false;
            self.lose_touch();
            self.acts.push(Act::Steal);
        }
    }

    fn lead_on(&mut self) {
        if self.open && self.quiet >= if self.spoke { LINE_SILENT } else { LINE_MUTE } {
            self.strikes = (self.strikes + 1).min(STRIKES);
            self.close();
            self.open_in = if self.buffered() { STREAM_AGAIN } else { 0 };
            self.lose_line();
            self.tell_state(false);
        } else if !self.others.is_empty() {
            self.tell_state(false);
        }
        let due = !self.open && self.open_in == 0;
        self.open_in = self.open_in.saturating_sub(1);
        if std::mem::take(&mut self.told_more) || due {
            self.reopen();
        }
    }

    fn union(&self) -> String {
        shelves::union(std::iter::once(&self.wanted).chain(self.others.iter().map(|(_, wanted)| wanted)))
    }

    /// Opens the line that is wanted now, where it is not open already.
    fn reopen(&mut self) {
        let all = self.union();
        if all.is_empty() {
            self.close();
            self.covered.clear();
            // There is nothing to wait for: who does not fit has to ask.
            self.up = !self.wanted.is_empty();
        } else if !self.open && self.open_in == 0 || self.open && !shelves::covers(&self.covered, &all) {
            self.acts.push(Act::Open(all.clone()));
            self.covered = all;
            self.open = true;
            self.spoke = false;
            self.quiet = 0;
        }
        self.weigh_fit();
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.open) {
            self.acts.push(Act::Close);
        }
    }
}

#[cfg(test)]
mod tests;
