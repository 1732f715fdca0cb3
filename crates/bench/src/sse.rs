//! Reading a stream: the head, the chunks of the body, the events in them.

use crate::Outcome;
use crate::client::find;

/// Bytes of one connection on their way to events.
#[derive(Default)]
pub(crate) struct Decoder {
    raw: Vec<u8>,
    text: Vec<u8>,
    begun: bool,
    /// Milliseconds to wait before coming back, once the server said so.
    pub(crate) retry: Option<u64>,
}

/// An event; borrowed from what was read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event<'a> {
    /// Empty where it has none.
    pub(crate) id: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its data, one line.
    pub(crate) data: &'a str,
}

impl Decoder {
    /// Takes bytes and hands on the events that are complete.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut hear: impl FnMut(Event<'_>) -> Outcome) -> Outcome {
        self.raw.extend_from_slice(bytes);
        if !self.begun {
            let Some(end) = find(&self.raw, b"\r\n\r\n") else { return Ok(()) };
            if !self.raw.starts_with(b"HTTP/1.1 200 ") {
                return Err("the stream was refused".into());
            }
            self.raw.drain(..end + 4);
            self.begun = true;
        }
        while let Some(line) = find(&self.raw, b"\r\n") {
            let size = std::str::from_utf8(self.raw.get(..line).unwrap_or_default())?;
            let size = usize::from_str_radix(size, 16)?;
            let end = line + 2 + size;
            if self.raw.len() < end + 2 {
                break;
            }
            self.text.extend_from_slice(self.raw.get(line + 2..end).unwrap_or_default());
            self.raw.drain(..end + 2);
        }
        while let Some(end) = find(&self.text, b"\n\n") {
            let block = std::str::from_utf8(self.text.get(..end).unwrap_or_default())?;
            let mut event = Event::default();
            for line in block.lines() {
                match line.split_once(": ") {
                    Some(("id", value)) => event.id = value,
                    Some(("event", value)) => event.name = value,
                    Some(("data", value)) => event.data = value,
                    Some(("retry", value)) => self.retry = value.parse().ok(),
                    _ => {}
                }
            }
            if !event.name.is_empty() {
                hear(event)?;
            }
            self.text.drain(..end + 2);
        }
        if self.raw.is_empty() && self.text.is_empty() {
            // Thousands of these wait at once: what the snapshot needed is given back.
            (self.raw, self.text) = (Vec::new(), Vec::new());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&[u8]]) -> (Vec<String>, Option<u64>) {
        let (mut decoder, mut heard) = (Decoder::default(), Vec::new());
        for piece in pieces {
            decoder
                .feed(piece, |event| {
                    heard.push(format!("{}/{}/{}", event.id, event.name, event.data));
                    Ok(())
                })
                .unwrap();
        }
        (heard, decoder.retry)
    }

    #[test]
    fn events_are_found_wherever_the_bytes_are_cut() {
        let whole = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n10\r\n:x\nretry: 1500\n\n\r\n16\r\nid: e-1\nevent: a\ndata:\r\n9\r\n {\"a\":1}\n\r\n1\r\n\n\r\n";
        let expected = (vec!["e-1/a/{\"a\":1}".to_owned()], Some(1500));
        assert_eq!(heard(&[whole]), expected);
        for cut in 0..whole.len() {
            let (left, right) = whole.split_at(cut);
            assert_eq!(heard(&[left, right]), expected, "{cut}");
        }
    }

    #[test]
    fn a_refusal_is_no_stream() {
        let refused = Decoder::default().feed(b"HTTP/1.1 503 Service Unavailable\r\n\r\n", |_| Ok(()));
        assert!(refused.is_err());
    }
}
