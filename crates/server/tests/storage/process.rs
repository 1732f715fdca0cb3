//! The real binary, and a way to speak to it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_nearshelf-server");

/// Nothing here takes so long on a healthy machine, however busy it is.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The binary with a command.
pub(crate) fn binary(args: &[&str], db: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.args(args).arg("--db").arg(db).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs to the end, which must come.
#[track_caller]
pub(crate) fn run(args: &[&str], db: &Path) -> Output {
    let mut child = binary(args, db).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it runs and runs: {args:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.wait_with_output().unwrap()
}

/// The last line that a process said before it gave up.
#[track_caller]
pub(crate) fn refusal(output: &Output) -> String {
    assert!(!output.status.success(), "it did not refuse");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "one line with the cause: {text}");
    errors[0].to_owned()
}

/// Waits until something is true.
#[track_caller]
pub(crate) fn until(what: &str, mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A server that runs.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(db: &Path) -> Self {
        Self::of(binary(&["serve", "--port", "0", "--limits", "off"], db))
    }

    /// A server by a command that begins one, perhaps through another program.
    pub(crate) fn of(command: Command) -> Self {
        Self::try_of(command).expect("a server that listens")
    }

    /// `None` where it ends before it listens.
    pub(crate) fn try_of(mut command: Command) -> Option<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        match line.trim().strip_prefix("listening on http://") {
            Some(address) => Some(Self { address: address.to_owned(), child }),
            None => {
                child.wait().unwrap();
                None
            }
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.try_send("GET", path, "", "").unwrap()
    }

    pub(crate) fn reserve(&self, key: &str, wish: &Value) -> Answer {
        self.try_reserve(key, wish).unwrap()
    }

    pub(crate) fn try_reserve(&self, key: &str, wish: &Value) -> io::Result<Answer> {
        self.try_send("POST", "/v1/reservations", &format!("idempotency-key: {key}\r\n"), &wish.to_string())
    }

    fn try_send(&self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}");
        let head = format!("{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(format!("{head}{body}").as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(cut)?;
        Ok(Answer { status, head: head.to_lowercase(), body: serde_json::from_str(body).map_err(|_| cut())? })
    }

    /// As a power cut ends it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer with a JSON body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Answer {
    /// It is a problem document of this kind, for now only.
    #[track_caller]
    pub(crate) fn is_later(&self, kind: &str) {
        assert_eq!(self.status, 503, "{self:?}");
        assert_eq!(self.body["type"], format!("/problems/{kind}"), "{self:?}");
        assert!(self.head.contains("\r\nretry-after: "), "{self:?}");
    }
}
