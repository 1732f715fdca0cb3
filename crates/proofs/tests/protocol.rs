//! The protocol in every order of events, as it is meant and with mistakes.

use nearshelf_proofs::protocol::{Bounds, Fault, Protocol};
use stateright::{Checker, HasDiscoveries, Model};

/// Two clients with everything that can happen to them.
const DEEP: Bounds = Bounds { clients: 2, tries: 2, cancels: 2, copies: 0, crashes: 1, ticks: 2, group: 2 };
/// Three clients, so that two of them can fight over what the third leaves. A copy made by the network is to the server
/// what a second try is.
const WIDE: Bounds = Bounds { clients: 3, tries: 1, cancels: 1, copies: 1, crashes: 1, ticks: 1, group: 2 };

fn prove(bounds: Bounds) {
    let checker = Protocol { bounds, fault: None }.checker().threads(2).spawn_bfs().join();
    println!(
        "{} states, {} of them different, {} events deep",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth()
    );
    checker.assert_properties();
    assert!(checker.is_done());
}

/// The server with that mistake breaks the property.
fn breaks(fault: Fault, property: &'static str) {
    let found = Protocol { bounds: DEEP, fault: Some(fault) }
        .checker()
        .threads(2)
        .finish_when(HasDiscoveries::AnyOf([property].into()))
        .spawn_bfs()
        .join();
    let path = found.assert_any_discovery(property);
    println!("{fault:?}: {:?}", path.into_actions());
}

#[test]
fn two_clients_never_get_a_wrong_answer_in_any_order_of_events() {
    prove(DEEP);
}

#[test]
fn three_clients_never_get_a_wrong_answer_in_any_order_of_events() {
    prove(WIDE);
}

#[test]
fn an_answer_before_the_commit_is_found_out() {
    breaks(Fault::AnswerBeforeCommit, "who was told 201 has a durable reservation");
}

#[test]
fn a_server_that_forgets_keys_is_found_out() {
    breaks(Fault::NoKeyRecord, "one key has one effect");
}

#[test]
fn a_decision_on_what_was_read_before_is_found_out() {
    breaks(Fault::ReadThenWrite, "active claims fit on the shelf");
}

#[test]
fn a_claim_that_is_credited_twice_is_found_out() {
    breaks(Fault::SweeperOnly, "a released claim is credited once");
}
