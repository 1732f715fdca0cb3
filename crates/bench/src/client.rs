//! A lean HTTP/1.1 client on one connection that stays open: a load generator must cost less than what it loads.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::Outcome;

/// Connections that share one source address, below what a server grants an address.
const PER_SOURCE: usize = 200;

/// An address of this machine for the connection number `number`, so that thousands of them neither run out of ports nor
/// look like one greedy neighbour.
pub(crate) fn source(number: usize) -> IpAddr {
    let source = number / PER_SOURCE;
    let part = |value: usize| u8::try_from(value % 250 + 1).unwrap_or(1);
    Ipv4Addr::new(127, 0, part(source / 250 + 1), part(source)).into()
}

/// Connects from [`source`].
pub(crate) async fn connect(server: SocketAddr, number: usize) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((source(number), 0).into())?;
    socket.set_nodelay(true)?;
    socket.connect(server).await
}

/// A connection that is used for one request after another.
pub(crate) struct Client {
    stream: TcpStream,
    host: SocketAddr,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Its status.
    pub(crate) status: u16,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Connects as number `number`; see [`source`].
    pub(crate) async fn connect(server: SocketAddr, number: usize) -> Outcome<Self> {
        let stream = connect(server, number).await?;
        Ok(Self { stream, host: server, request: Vec::new(), answer: Vec::new() })
    }

    /// Sends a request with a body of JSON (empty: none) and reads the answer. `headers` are whole lines, each with its
    /// end (`"Authorization: Bearer x\r\n"`).
    pub(crate) async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Outcome<Reply> {
        self.request.clear();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
            self.host,
            body.len()
        );
        self.request.extend_from_slice(head.as_bytes());
        self.request.extend_from_slice(body.as_bytes());
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        let (head, length, status) = loop {
            if let Some(end) = find(&self.answer, b"\r\n\r\n") {
                let (status, length) = read_head(self.answer.get(..end).unwrap_or_default())?;
                break (end + 4, length, status);
            }
            self.more().await?;
        };
        while self.answer.len() < head + length {
            self.more().await?;
        }
        Ok(Reply { status, body: self.answer.get(head..head + length).unwrap_or_default().to_vec() })
    }

    async fn more(&mut self) -> Outcome {
        self.answer.reserve(4096);
        match self.stream.read_buf(&mut self.answer).await? {
            0 => Err("the server closed the connection in the middle of an answer".into()),
            _ => Ok(()),
        }
    }
}

/// Where `needle` begins.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> Outcome<(u16, usize)> {
    let head = std::str::from_utf8(head)?;
    let status = head.split(' ').nth(1).ok_or("an answer without a status")?.parse()?;
    let length = head.lines().filter_map(|line| line.split_once(':'));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.next().map_or(Ok(0), |(_, value)| value.trim().parse())?;
    Ok((status, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_status_and_length() {
        let head = b"HTTP/1.1 409 Conflict\r\ncontent-type: x\r\ncontent-LENGTH: 12";
        assert_eq!(read_head(head).unwrap(), (409, 12));
        assert_eq!(read_head(b"HTTP/1.1 204 No Content\r\na: b").unwrap(), (204, 0));
        assert!(read_head(b"nonsense").is_err());
    }

    #[test]
    fn no_address_has_more_connections_than_it_may() {
        let mut sources: Vec<IpAddr> = (0..20_000).map(source).collect();
        assert!(sources.iter().all(IpAddr::is_loopback));
        sources.dedup();
        assert_eq!(sources.len(), 100);
    }
}
