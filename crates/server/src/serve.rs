//! Sockets: accepting, guarding and closing them. What a stalled peer can hold up is its own connection.

mod places;
mod stall;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tower::ServiceExt as _;

use crate::access;
use crate::live::Hub;
use places::Places;
use stall::Stall;

/// Connections that the kernel holds ready: all screens come back at once after a restart.
const BACKLOG: u32 = 4096;
/// Bytes that the kernel takes for a peer beyond what is on its way: what a stalled one may hold up there.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 16 * 1024;
/// Bytes of a head, and of an answer that waits in front of the socket.
const BUFFER: usize = 32 * 1024;
/// What somebody hears who has too many connections.
const REFUSED: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// What a peer may do to a socket, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guards {
    /// Connections in all; those beyond wait in the kernel.
    pub connections: usize,
    /// Connections of one address (of one /64 with IPv6); 0 for no limit, as behind a proxy, where all have one address.
    pub per_address: usize,
    /// Whether this machine's own connections count as well. A proxy beside the server brings those of everybody.
    pub count_loopback: bool,
    /// A peer that is slow with its head, or says nothing between two requests, is let go.
    pub head: Duration,
    /// A peer that takes nothing of what waits for it is let go.
    pub stall: Duration,
    /// What is still being answered gets so long when the server goes down.
    pub drain: Duration,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            connections: 25_000,
            per_address: 256,
            count_loopback: false,
            head: Duration::from_secs(10),
            stall: Duration::from_secs(20),
            drain: Duration::from_secs(4),
        }
    }
}

/// Listens at a host and a port; 0 takes any free one.
///
/// # Errors
/// Where the host has no address, or none of them can be listened at.
pub async fn listen(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut result = Err(io::Error::new(io::ErrorKind::NotFound, "this host has no address"));
    for address in lookup_host((host, port)).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        result = socket.bind(address).and_then(|()| socket.listen(BACKLOG));
        if result.is_ok() {
            break;
        }
    }
    result
}

/// Serves until `shutdown`, then lets running requests finish and ends the streams.
pub async fn run(
    listener: TcpListener,
    app: Router,
    hub: Arc<Hub>,
    guards: Guards,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let places = Places::new(guards.connections, guards.per_address, guards.count_loopback);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let place = places.one_more().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = place.and_then(|place| places.give(peer.ip(), place)) else {
                    // Who does not hear it sees that the connection is closed.
                    let _ = stream.try_write(REFUSED);
                    continue;
                };
                if let Err(error) = guard(&stream, guards.stall) {
                    tracing::debug!(%error, "a socket could not be guarded");
                }
                let mut builder = http1::Builder::new();
                builder.timer(TokioTimer::new()).header_read_timeout(guards.head).max_buf_size(BUFFER);
                let service = TowerToHyperService::new(app.clone().map_request(access::from_peer(peer)));
                let stream = TokioIo::new(Stall::new(stream, guards.stall));
                let connection = graceful.watch(builder.serve_connection(stream, service));
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended early");
                    }
                    drop(place);
                });
            }
            // Out of file descriptors, for instance: others may close soon.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    hub.close();
    if tokio::time::timeout(guards.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
}

/// A peer that is gone without a word is noticed within 45 seconds: where nothing is under way by the keepalive
/// (20 s, and 4 times 5 s), in the middle of an answer because nothing is acknowledged.
fn guard(stream: &TcpStream, stall: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(20)).with_interval(Duration::from_secs(5));
    #[cfg(target_os = "linux")]
    let keepalive = keepalive.with_retries(4);
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(target_os = "linux")]
    {
        // A heartbeat is on its way after 15 seconds at the latest, so that an open stream ends within 40.
        socket.set_tcp_user_timeout(Some(stall + Duration::from_secs(5)))?;
        socket.set_tcp_notsent_lowat(UNSENT)?;
    }
    #[cfg(not(target_os = "linux"))]
    let _ = stall;
    Ok(())
}

/// Answers when the process is asked to stop.
pub async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn d06_the_kernel_is_asked_to_notice_a_cut_cable_within_45_seconds() {
        let listener = listen("127.0.0.1", 0).await.unwrap();
        let _peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        guard(&stream, Guards::default().stall).unwrap();
        let socket = SockRef::from(&stream);
        let idle = socket.tcp_keepalive_time().unwrap()
            + socket.tcp_keepalive_interval().unwrap() * socket.tcp_keepalive_retries().unwrap();
        let heartbeat = Duration::from_secs(api_contract::availability::HEARTBEAT_SECONDS);
        let streaming = heartbeat + socket.tcp_user_timeout().unwrap().unwrap();
        assert!(socket.keepalive().unwrap());
        assert!(idle.max(streaming) <= Duration::from_secs(45), "{idle:?} {streaming:?}");
        assert_eq!(socket.tcp_notsent_lowat().unwrap(), UNSENT);
    }
}
