//! Where a request comes from: the network as which its sender counts.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::{Extensions, HeaderMap, Request};

const FORWARDED_FOR: &str = "x-forwarded-for";
/// Leading bytes of an IPv6 address that count: a provider gives each customer a /56 of their own, who may take another
/// address of it for each request.
const V6_BYTES: usize = 7;

/// The other end of the connection; the accept loop puts it into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddr(pub SocketAddr);

/// Puts the other end of the connection into a request.
pub fn from_peer<B>(peer: SocketAddr) -> impl Fn(Request<B>) -> Request<B> + Clone {
    move |mut request| {
        request.extensions_mut().insert(PeerAddr(peer));
        request
    }
}

/// One IPv4 address, or 256 networks of IPv6 that one customer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Network {
    /// An IPv4 address, also where it came dressed as IPv6.
    V4(Ipv4Addr),
    /// The first 56 bits of an IPv6 address.
    V6([u8; V6_BYTES]),
    /// Nobody said; all of them together count as one.
    Unknown,
}

impl Network {
    /// The network of whoever sent a request through so many proxies of ours. Each of them adds the address that it saw
    /// to the right of X-Forwarded-For; what stands further left anybody may have written. Where the header is shorter
    /// than that or not an address, the other end of the connection counts.
    #[must_use]
    pub fn of(headers: &HeaderMap, extensions: &Extensions, trusted_hops: u8) -> Self {
        let peer = extensions.get::<PeerAddr>().map(|peer| Network::from(peer.0.ip()));
        let forwarded = forwarded(headers, trusted_hops).map(Network::from);
        forwarded.or(peer).unwrap_or(Network::Unknown)
    }
}

impl Network {
    /// Whether it is this machine. Without a trusted hop that is a proxy which nobody told us of, so that all shoppers
    /// would count as one, or somebody who works on this machine: neither is limited by address.
    #[must_use]
    pub fn is_loopback(self) -> bool {
        // ::1 shares its first bytes with addresses that nobody can come from.
        matches!(self, Network::V4(address) if address.is_loopback()) || self == Network::V6([0; V6_BYTES])
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Network::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, ..] = address.octets();
                Network::V6([a, b, c, d, e, f, g])
            }
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Network::V4(address) => address.fmt(f),
            Network::V6([a, b, c, d, e, f7, g]) => {
                let octets = [*a, *b, *c, *d, *e, *f7, *g, 0, 0, 0, 0, 0, 0, 0, 0, 0];
                write!(f, "{}/56", Ipv6Addr::from(octets))
            }
            Network::Unknown => f.write_str("unknown"),
        }
    }
}

/// The entry that the outermost of so many proxies wrote.
fn forwarded(headers: &HeaderMap, trusted_hops: u8) -> Option<IpAddr> {
    let from_right = usize::from(trusted_hops).checked_sub(1)?;
    // Several headers of this name are one list; bytes that are no text make one entry unusable and not the others.
    let entries = headers.get_all(FORWARDED_FOR).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let entries: Vec<&[u8]> = entries.collect();
    let entry = entries.iter().rev().nth(from_right)?;
    address(std::str::from_utf8(entry).ok()?.trim())
}

/// An address with or without port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn network(peer: &str, forwarded: &[&str], hops: u8) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let mut extensions = Extensions::new();
        if !peer.is_empty() {
            extensions.insert(PeerAddr(SocketAddr::new(peer.parse().unwrap(), 4711)));
        }
        Network::of(&headers, &extensions, hops).to_string()
    }

    #[test]
    fn g03_only_what_our_own_proxies_added_is_believed() {
        let spoofed = "8.8.8.8, 9.9.9.9, 198.51.100.7";
        assert_eq!(network("10.0.0.1", &[spoofed], 0), "10.0.0.1");
        assert_eq!(network("10.0.0.1", &[spoofed], 1), "198.51.100.7");
        assert_eq!(network("10.0.0.1", &["8.8.8.8", "9.9.9.9,198.51.100.7"], 1), "198.51.100.7");
        assert_eq!(network("10.0.0.1", &["8.8.8.8, 198.51.100.7, 10.0.0.2"], 2), "198.51.100.7");
        assert_eq!(network("10.0.0.1", &["\u{e9}, 198.51.100.7"], 1), "198.51.100.7");
    }

    #[test]
    fn a_header_that_says_less_than_it_should_is_not_believed_at_all() {
        for forwarded in [&[][..], &["8.8.8.8"], &["unknown, 10.0.0.2"], &[", "], &["8.8.8.8.8, 10.0.0.2"]] {
            assert_eq!(network("10.0.0.1", forwarded, 2), "10.0.0.1", "{forwarded:?}");
        }
        assert_eq!(network("", &[], 0), "unknown");
        assert_eq!(network("", &["8.8.8.8"], 0), "unknown");
    }

    #[test]
    fn an_address_is_written_in_several_ways() {
        for text in ["2001:db8:1:2::1", "[2001:db8:1:2::1]", "[2001:db8:1:2::1]:443", "2001:db8:1:ff::9"] {
            assert_eq!(network("10.0.0.1", &[text], 1), "2001:db8:1::/56", "{text}");
        }
        for text in ["192.0.2.1", "192.0.2.1:443", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:443"] {
            assert_eq!(network("10.0.0.1", &[text], 1), "192.0.2.1", "{text}");
        }
    }

    #[test]
    fn g03_all_addresses_of_a_56_are_one_and_the_next_56_is_another() {
        let of = |text: &str| Network::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8:1:200::1"), of("2001:db8:1:2ff:ffff::9"));
        assert_ne!(of("2001:db8:1:200::1"), of("2001:db8:1:300::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
    }
}
