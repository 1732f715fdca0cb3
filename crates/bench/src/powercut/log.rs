//! What a server did to its files and sockets, read from the log of `strace -f -y -xx`.

use std::collections::HashMap;
use std::io::BufRead;

use crate::Outcome;
use crate::client::find;

/// One thing that was done. Its place in the log is the instant of its begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Bytes into the file number `file` at an offset.
    Write { file: usize, at: usize, bytes: Vec<u8> },
    /// The file has this length now.
    Truncate { file: usize, length: usize },
    /// A sync of `file` that began at the place `begun` came back.
    Synced { file: usize, begun: usize },
    /// A reservation was promised to a shopper.
    Acknowledged(String),
}

/// A call whose end has not been seen.
struct Begun {
    text: String,
    place: usize,
}

/// All acts on `files` (whole paths) and all acknowledgements, each with its place, in the order of places.
pub(super) fn read(log: impl BufRead, files: &[String]) -> Outcome<Vec<(usize, Act)>> {
    let mut begun: HashMap<String, Begun> = HashMap::new();
    let mut acts = Vec::new();
    for (place, line) in log.lines().enumerate() {
        let line = line?;
        let Some((process, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if let Some(text) = call.strip_suffix("<unfinished ...>") {
            begun.insert(process.to_owned(), Begun { text: text.trim_end().to_owned(), place });
        } else if let Some(rest) = call.strip_prefix("<... ") {
            let rest = rest.split_once(" resumed>").map(|(_, rest)| rest);
            if let (Some(rest), Some(first)) = (rest, begun.remove(process)) {
                acts.extend(act(&format!("{}{rest}", first.text), first.place, place, files)?);
            }
        } else {
            acts.extend(act(call, place, place, files)?);
        }
    }
    // What began last may never have come back: the kernel may have done it all the same.
    for first in begun.into_values().filter(|first| !first.text.starts_with('f')) {
        acts.extend(act(&format!("{}) = 0", first.text), first.place, first.place, files)?);
    }
    acts.sort_by_key(|(place, _)| *place);
    Ok(acts)
}

fn act(call: &str, begun: usize, ended: usize, files: &[String]) -> Outcome<Option<(usize, Act)>> {
    let Some((name, rest)) = call.split_once('(') else { return Ok(None) };
    let Some((args, result)) = rest.rsplit_once(" = ") else { return Ok(None) };
    if result.starts_with('-') {
        return Ok(None);
    }
    let args = args.trim_end().trim_end_matches(')');
    let on = args.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(path, _)| unescape(path));
    let on = on.unwrap_or_default();
    let file = files.iter().position(|file| file.as_bytes() == on);
    let numbers: Vec<usize> = args.rsplit(", ").take(2).map_while(|number| number.parse().ok()).collect();
    let bytes = || args.split('"').skip(1).step_by(2).flat_map(unescape).collect::<Vec<u8>>();
    Ok(match (name, file, numbers.as_slice()) {
        ("pwrite64", Some(file), [at, length]) => {
            let bytes = bytes();
            if bytes.len() != *length {
                return Err("the log does not hold a whole write".into());
            }
            Some((begun, Act::Write { file, at: *at, bytes }))
        }
        ("ftruncate", Some(file), [length, ..]) => Some((begun, Act::Truncate { file, length: *length })),
        ("fsync" | "fdatasync", Some(file), _) => Some((ended, Act::Synced { file, begun })),
        ("write" | "writev" | "sendto", None, _) if on.starts_with(b"socket:") || on.starts_with(b"TCP") => {
            acknowledged(&bytes()).map(|id| (begun, Act::Acknowledged(id)))
        }
        ("write" | "writev", Some(_), _) => return Err("a write without an offset is not modelled".into()),
        ("unlink" | "unlinkat" | "rename" | "renameat" | "renameat2", ..) => {
            let named = |path: &[u8]| files.iter().any(|file| file.as_bytes() == path);
            if args.split('"').skip(1).step_by(2).any(|path| named(&unescape(path))) {
                return Err("a database file that is removed or renamed is not modelled".into());
            }
            None
        }
        _ => None,
    })
}

/// The id in an answer that says 201.
fn acknowledged(answer: &[u8]) -> Option<String> {
    const ID: &[u8] = b"\"id\":\"r_";
    answer.starts_with(b"HTTP/1.1 201").then_some(())?;
    let from = find(answer, ID)? + ID.len() - 2;
    let rest = answer.get(from..)?;
    let end = rest.iter().position(|byte| *byte == b'"')?;
    String::from_utf8(rest.get(..end)?.to_vec()).ok()
}

/// Bytes of a text in which any of them may be written as `\x2f`.
fn unescape(text: &str) -> Vec<u8> {
    let digit =
        |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        if let (b'\\', [b'x', hex @ ..]) = (first, more)
            && let (Some(high), Some(low)) = (digit(hex.first()), digit(hex.get(1)))
        {
            bytes.push(high * 16 + low);
            rest = hex.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    #[test]
    fn paths_and_bytes_in_hexadecimal_are_read() {
        let log = format!("7 pwrite64(3<{}>, \"\\x00\\xff\", 2, 4096) = 2\n", hex("/d/f"));
        let acts = read(log.as_bytes(), &["/d/f".to_owned()]).unwrap();
        assert_eq!(acts, [(0, Act::Write { file: 0, at: 4096, bytes: vec![0, 255] })]);
    }

    #[test]
    fn a_call_in_two_parts_begins_at_the_first_and_a_sync_counts_from_the_second() {
        let log = "1 fdatasync(3</f> <unfinished ...>\n2 pwrite64(3</f>, \"ab\", 2, 0 <unfinished ...>\n\
                   1 <... fdatasync resumed>) = 0\n2 <... pwrite64 resumed>) = 2\n1 fsync(3</f>) = -1 EIO (x)\n";
        let acts = read(log.as_bytes(), &["/f".to_owned()]).unwrap();
        let write = Act::Write { file: 0, at: 0, bytes: b"ab".to_vec() };
        assert_eq!(acts, [(1, write), (2, Act::Synced { file: 0, begun: 0 })]);
    }

    #[test]
    fn an_acknowledgement_is_the_begin_of_an_answer_that_says_201() {
        let part = |text: &str| format!("{{iov_base=\"{}\", iov_len={}}}", hex(text), text.len());
        let (head, body) = (part("HTTP/1.1 201 Created\r\n\r\n"), part("{\"id\":\"r_01\",\"code\":1}"));
        let log = format!("1 writev(9<{}>, [{head}, {body}], 2 <unfinished ...>\n", hex("socket:[5]"));
        let no = log.replace(&hex("201"), &hex("409"));
        assert_eq!(read(log.as_bytes(), &[]).unwrap(), [(0, Act::Acknowledged("r_01".to_owned()))]);
        assert!(read(no.as_bytes(), &[]).unwrap().is_empty());
    }
}
