use super::{Digest, DigestChain};
use crate::history::story::Story;
use crate::history::{Carrier, Held, History, Moved};

/// The digest of a history that is told by `tell`.
fn digest(tell: impl FnOnce(&mut Story) -> &mut Story) -> Digest {
    let mut story = Story::new();
    tell(&mut story);
    story.history().digest()
}

fn assert_all_differ(mut digests: Vec<Digest>) {
    let all = digests.len();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), all);
}

#[test]
fn the_digest_of_a_fixed_history_is_the_same_for_ever_on_every_machine() {
    let digest = Story::of_every_kind().history().digest();
    assert_eq!(digest.to_string(), "d3fb7789c7278e4fc6245b472270ebcf");
}

#[test]
fn equal_histories_have_equal_digests() {
    let (one, other) = (Story::of_every_kind(), Story::of_every_kind());
    assert_eq!(one.history().digest(), other.history().digest());
}

#[test]
fn histories_longer_than_a_block_differ_in_their_last_event() {
    let long = |last| {
        let mut history = History::new();
        for ms in (0..200).chain([last]) {
            history.push(crate::history::Event::Clock { ms });
        }
        history.digest()
    };
    assert_all_differ(vec![long(200), long(201), long(200 + (1 << 32))]);
}

#[test]
fn every_prefix_of_a_history_has_its_own_digest() {
    let story = Story::of_every_kind();
    let mut prefix = History::new();
    let mut digests = vec![prefix.digest()];
    for event in story.history().events() {
        prefix.push(*event);
        digests.push(prefix.digest());
    }
    assert_all_differ(digests);
}

#[test]
fn what_is_missing_differs_from_what_is_there() {
    assert_all_differ(vec![
        digest(|s| s.spawned(1)),
        digest(|s| s.child(1, 0, "m")),
        digest(|s| s.received(1, 1)),
        digest(|s| s.received_in(1, 1, "m", "1")),
        digest(|s| s.alive(1, 0)),
        digest(|s| s.alive(1, 1)),
        digest(|s| s.alive_in(1, "m", "1", "[]")),
        digest(|s| s.supervises(1, "[]")),
        digest(|s| s.code_changed(1, ["m", "1", "2"], "[]", None)),
        digest(|s| s.code_changed(1, ["m", "1", "2"], "[]", Some("[]"))),
    ]);
}

#[test]
fn every_carrier_receiver_and_answer_has_its_own_digest() {
    assert_all_differ(vec![
        digest(|s| s.sent(Carrier::Call, 1, 2, 3, "a")),
        digest(|s| s.sent(Carrier::Cast, 1, 2, 3, "a")),
        digest(|s| s.sent(Carrier::Info, 1, 2, 3, "a")),
        digest(|s| s.sent(Carrier::Ask, 1, 2, 3, "a")),
        digest(|s| s.sent(Carrier::Notify, 1, 2, 3, "a")),
        digest(|s| s.sent(Carrier::Manage, 1, 2, 3, "a")),
        digest(|s| s.received(1, 2)),
        digest(|s| s.postponed(1, 2)),
        digest(|s| s.sent(Carrier::Call, 1, 2, 0, "a")),
        digest(|s| s.sent(Carrier::Call, 1, 2, None, "a")),
        digest(|s| s.got_reply(1, "a")),
        digest(|s| s.got_exit(1, "a")),
        digest(|s| s.timed_out(1)),
    ]);
}

#[test]
fn names_and_terms_of_the_same_length_differ() {
    assert_all_differ(vec![
        digest(|s| s.registered(1, "a")),
        digest(|s| s.registered(1, "b")),
        digest(|s| s.exited(1, "a")),
        digest(|s| s.exited(1, "b")),
    ]);
}

#[test]
fn a_digest_prints_as_32_hexadecimal_digits() {
    assert_eq!(Digest(0xAB).to_string(), "000000000000000000000000000000ab");
}

#[test]
fn a_chain_depends_on_the_cases_and_their_order() {
    let chain = |cases: &[u128]| {
        let mut chain = DigestChain::new();
        cases.iter().for_each(|case| chain.push(Digest(*case)));
        chain.digest()
    };
    assert_all_differ(vec![
        chain(&[]),
        chain(&[0]),
        chain(&[1, 2]),
        chain(&[2, 1]),
    ]);
    assert_eq!(
        chain(&[1, 2]).to_string(),
        "b7f8a4aeb67dfe9e7b2d747e95442350"
    );
}

#[test]
fn what_an_op_is_has_its_own_digest() {
    assert_all_differ(vec![
        digest(|s| s.upgrades(Moved::Module, "m", "1")),
        digest(|s| s.upgrades(Moved::Application, "m", "1")),
        digest(|s| s.upgrades(Moved::Release, "m", "1")),
        digest(|s| s.upgrades(Moved::Nothing, "m", "1")),
        digest(|s| s.fault(1)),
        digest(|s| s.fault(2)),
        digest(|s| s.fault(None)),
    ]);
}

#[test]
fn what_is_held_at_rest_has_its_own_digest() {
    assert_all_differ(vec![
        digest(|s| s.alive_as(1, None)),
        digest(|s| s.alive_as(1, Some("a"))),
        digest(|s| s.registered(1, "a")),
        digest(|s| s.unregistered(1, "a")),
        digest(|s| s.twice(1, Held::Timer, "a")),
        digest(|s| s.twice(1, Held::Monitor, "a")),
        digest(|s| s.twice(2, Held::Timer, "a")),
    ]);
}
