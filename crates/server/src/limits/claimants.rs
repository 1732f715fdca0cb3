//! As whom a shopper counts where it is limited how much one may have put aside.

use std::num::NonZeroU32;

use domain::reservation::Contact;
use sha2::{Digest, Sha256};

use super::Limits;
use crate::access::Caller;
use crate::db::Claimant;

/// Everybody as whom a shopper counts. The secret belongs to the database: without it nobody can find out whether a known
/// address is among the hashes.
#[must_use]
pub fn claimants(limits: &Limits, secret: &[u8], contact: &Contact, caller: &Caller) -> Vec<Claimant> {
    let mut all = Vec::new();
    let mut add = |kind: &'static str, value: String, most: Option<NonZeroU32>| {
        if let Some(most) = most {
            all.push(Claimant { kind, hash: hash(secret, kind, &value), max_active: most.get() });
        }
    };
    // A person is needed as well where only units are counted.
    let units_only = limits.units_per_product_per_person.map(|_| NonZeroU32::MAX);
    let person = limits.active_reservations_per_person.or(units_only);
    if let Some(email) = contact.email() {
        add("person", format!("mail {}", mailbox(email)), person);
    }
    if let Some(phone) = contact.phone() {
        add("person", format!("phone {}", number(phone)), person);
    }
    // Whoever stands before a kiosk shares device and address with all who did today.
    if let Some(kiosk) = &caller.kiosk {
        add("kiosk", kiosk.token.clone(), limits.active_reservations_per_kiosk);
    } else {
        if let Some(id) = &caller.device_id {
            add("device", id.clone(), limits.active_reservations_per_device);
        }
        if !caller.network.is_loopback() {
            add("address", caller.network.to_string(), limits.active_reservations_per_address);
        }
    }
    all
}

fn hash(secret: &[u8], kind: &str, value: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    // With lengths, so that no two triples are one row of bytes.
    for part in [secret, kind.as_bytes(), value.as_bytes()] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// What different spellings of one mailbox have in common.
fn mailbox(email: &str) -> String {
    let text = email.trim().to_lowercase();
    let Some((local, host)) = text.rsplit_once('@') else { return text };
    match local.split_once('+') {
        // A mailbox cannot be all tag.
        Some((name, _)) if !name.is_empty() => format!("{name}@{host}"),
        _ => text,
    }
}

/// What different spellings of one number have in common: its digits, with a plus where a country is named.
fn number(phone: &str) -> String {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let text = phone.trim();
    if !text.starts_with('+') && !digits(text).starts_with("00") {
        return digits(text);
    }
    // "+33 (0)6" is how "+336" is printed for those who call from the same country.
    let abroad = digits(&text.replacen("(0)", "", 1));
    format!("+{}", abroad.strip_prefix("00").unwrap_or(&abroad))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::id::LocationId;
    use domain::reservation::ContactDraft;

    use super::*;
    use crate::access::{Kiosk, Network};

    fn contact(email: &str, phone: &str) -> Contact {
        ContactDraft { name: "Ada".to_owned(), email: email.to_owned(), phone: phone.to_owned() }.check().unwrap()
    }

    fn caller(network: &str) -> Caller {
        Caller { kiosk: None, device_id: None, network: Network::from(network.parse::<std::net::IpAddr>().unwrap()) }
    }

    fn of(email: &str, phone: &str, caller: &Caller) -> Vec<Claimant> {
        claimants(&Limits::default(), b"secret", &contact(email, phone), caller)
    }

    /// How many different persons these contacts are.
    fn persons(contacts: &[(&str, &str)]) -> usize {
        let at = caller("192.0.2.1");
        let all = contacts.iter().flat_map(|(email, phone)| of(email, phone, &at));
        all.filter(|claimant| claimant.kind == "person").map(|claimant| claimant.hash).collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn g05_another_spelling_of_an_address_is_no_other_person() {
        let same = [
            ("ada@example.org", ""),
            (" Ada@Example.ORG ", ""),
            ("ada+1@example.org", ""),
            ("ADA+shop+2@example.org", ""),
        ];
        assert_eq!(persons(&same), 1);
        let others =
            [("ada@example.org", ""), ("ada@example.com", ""), ("a.da@example.org", ""), ("+1@example.org", "")];
        assert_eq!(persons(&others), 4);
    }

    #[test]
    fn g05_another_spelling_of_a_number_is_no_other_person() {
        let same = [
            "+33 6 12 34 56 78",
            "0033612345678",
            "+33 (0)6.12.34.56.78",
            "00 33 612-345-678",
            "0033 (0)612345678",
            " +33/612345678",
        ];
        assert_eq!(persons(&same.map(|phone| ("", phone))), 1);
        let others = ["+33612345678", "33612345678", "0612345678", "+33612345679"];
        assert_eq!(persons(&others.map(|phone| ("", phone))), 4);
    }

    #[test]
    fn whoever_gives_both_counts_as_both() {
        let at = caller("192.0.2.1");
        let both = of("ada@example.org", "+33612345678", &at);
        assert_eq!(
            both.iter().map(|c| (c.kind, c.max_active)).collect::<Vec<_>>(),
            [("person", 25), ("person", 25), ("address", 60)]
        );
        assert_eq!(both[0], of("ADA@example.org", "", &at)[0]);
        assert_eq!(both[1], of("", "0033612345678", &at)[0]);
    }

    #[test]
    fn a_device_counts_beside_its_address_and_a_kiosk_instead_of_both() {
        let mut at = caller("2001:db8::1");
        at.device_id = Some("phone-1".to_owned());
        let kinds = |caller: &Caller| {
            of("ada@example.org", "", caller).iter().map(|c| (c.kind, c.max_active)).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&at), [("person", 25), ("device", 10), ("address", 60)]);
        at.kiosk =
            Some(Kiosk { token: "t_1".to_owned(), name: String::new(), location: LocationId::new("lyo-1").unwrap() });
        assert_eq!(kinds(&at), [("person", 25), ("kiosk", 100)]);
    }

    #[test]
    fn g05_a_customer_with_a_whole_network_is_one_address() {
        let address = |network| of("ada@example.org", "", &caller(network))[1].hash;
        assert_eq!(address("2001:db8:0:1::1"), address("2001:db8:0:2::9"));
        assert_ne!(address("2001:db8:0:100::1"), address("2001:db8:0:2::9"));
    }

    #[test]
    fn the_same_value_is_something_else_as_another_kind_or_with_another_secret() {
        let hashes = [
            hash(b"s", "device", "t_1"),
            hash(b"s", "kiosk", "t_1"),
            hash(b"t", "device", "t_1"),
            hash(b"sd", "evice", "t_1"),
            hash(b"s", "device", "t_2"),
        ];
        assert_eq!(BTreeSet::from(hashes).len(), 5);
    }

    #[test]
    fn what_is_not_limited_is_not_counted() {
        let (ada, at) = (contact("ada@example.org", ""), caller("192.0.2.1"));
        assert_eq!(claimants(&Limits::off(), b"secret", &ada, &at), []);
        let units = Limits { units_per_product_per_person: NonZeroU32::new(3), ..Limits::off() };
        let counted = claimants(&units, b"secret", &ada, &at);
        assert_eq!(counted.iter().map(|c| (c.kind, c.max_active)).collect::<Vec<_>>(), [("person", u32::MAX)]);
    }
}
