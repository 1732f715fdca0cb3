//! A shopper on one connection: reserves, asks again, gives back; comes back when the server was gone.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::sleep;

use crate::Outcome;
use crate::client::{Client, Reply};

/// A reservation as its owner knows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) manage_token: String,
}

/// A wish for units of products at a shop; `who` is somebody of their own.
pub(crate) fn wish(location: &str, items: &[(String, u32)], who: &str) -> String {
    let items: Vec<String> =
        items.iter().map(|(sku, quantity)| format!(r#"{{"sku":"{sku}","quantity":{quantity}}}"#)).collect();
    let items = items.join(",");
    format!(
        r#"{{"location_id":"{location}","method":"in_store","items":[{items}],"contact":{{"name":"Ada","email":"{who}@example.com"}}}}"#
    )
}

/// A connection that is made anew when it broke.
pub(crate) struct Shopper {
    server: SocketAddr,
    number: usize,
    client: Option<Client>,
}

impl Shopper {
    /// Connection number `number`; nothing is opened yet.
    pub(crate) fn new(server: SocketAddr, number: usize) -> Self {
        Self { server, number, client: None }
    }

    /// Sends once; an error means that nobody knows whether it arrived.
    pub(crate) async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Outcome<Reply> {
        let mut client = match self.client.take() {
            Some(client) => client,
            None => Client::connect(self.server, self.number).await?,
        };
        let reply = client.send(method, path, headers, body).await?;
        self.client = Some(client);
        Ok(reply)
    }

    /// Reserves once under a key.
    pub(crate) async fn reserve(&mut self, key: &str, body: &str) -> Outcome<Reply> {
        self.send("POST", "/v1/reservations", &format!("Idempotency-Key: {key}\r\n"), body).await
    }

    /// Sends with a bearer token.
    pub(crate) async fn with_token(&mut self, token: &str, method: &str, path: &str, body: &str) -> Outcome<Reply> {
        self.send(method, path, &format!("Authorization: Bearer {token}\r\n"), body).await
    }

    /// Reserves until there is a definite answer; the server may be busy, or gone for a while.
    pub(crate) async fn reserve_surely(&mut self, key: &str, body: &str) -> Outcome<Reply> {
        for _ in 0..3_000 {
            match self.reserve(key, body).await {
                Ok(reply) if reply.status < 500 && reply.status != 429 => return Ok(reply),
                _ => sleep(Duration::from_millis(10)).await,
            }
        }
        Err("the server was away for longer than half a minute".into())
    }
}

/// What a 201 says.
pub(crate) fn made(reply: &Reply) -> Outcome<Made> {
    Ok(serde_json::from_slice(&reply.body)?)
}
