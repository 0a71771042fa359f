//! Proofs and the map of the guarantees, on real runs: every gallery text with many seeds.

use lagoon::check::{Property, Verdict};
use lagoon::run::{Show, run};
use lagoon::scenario::gallery::GALLERY;
use lagoon::scenario::parse;
use lagoon::view::guarantees::{self, IMPLIES, PLACES};
use lagoon::view::why::Proof;

fn show(text: &str) -> Show {
    let scenario = parse(text).scenario;
    let run = run(&scenario);
    Show { scenario, run }
}

/// Every gallery text with seeds 1 to 40, in both modes.
fn shows() -> impl Iterator<Item = Show> {
    let texts = GALLERY
        .iter()
        .flat_map(|text| ["", "\nsynchronous", "\nbackground"].map(|mode| format!("{text}{mode}")));
    texts.flat_map(|text| (1..=40).map(move |seed| show(&format!("{text}\nseed: {seed}"))))
}

#[test]
fn the_first_screen_is_explained() {
    let show = show(GALLERY[0]);
    let Verdict::Violated(witness) = show.run.verdict(Property::Fresh, show.run.end()) else {
        panic!("the first screen shows an old cart");
    };
    let proof = Proof::of(&show, witness);
    let told: Vec<&str> = proof.pins.iter().map(|pin| pin.words.as_str()).collect();
    assert_eq!(
        told,
        [
            "The background job takes v1, and holds it until 333 ms",
            "Alice is told that “add book” is done (v1)",
            "Bob asks for the cart",
            "Service 2 reads its own copy, v0",
        ]
    );
    assert_eq!(proof.cause, Some(0));
    assert_eq!(proof.operations.len(), 2);
}

#[test]
fn every_breach_has_a_proof_in_order_of_time_with_a_cause() {
    let mut breaches = 0;
    for show in shows() {
        for property in Property::ALL {
            let Verdict::Violated(witness) = show.run.verdict(property, show.run.end()) else {
                continue;
            };
            breaches += 1;
            let proof = Proof::of(&show, witness);
            assert!(
                proof.pins.windows(2).all(|pair| pair[0].at <= pair[1].at),
                "{property:?}"
            );
            assert!(
                proof.pins.iter().all(|pin| pin.at <= witness.at),
                "{property:?}"
            );
            assert!(proof.operations.contains(&witness.op));
            assert!(proof.cause.is_some(), "{property:?}: {:?}", proof.pins);
        }
    }
    assert!(breaches > 200, "only {breaches} breaches");
}

#[test]
fn what_the_map_says_holds_for_every_run() {
    for show in shows() {
        let broken = |property| {
            matches!(
                show.run.verdict(property, show.run.end()),
                Verdict::Violated(_)
            )
        };
        for (strong, weak) in IMPLIES {
            assert!(
                !broken(weak) || broken(strong),
                "{strong:?} holds, {weak:?} does not"
            );
        }
    }
}

#[test]
fn the_map_holds_every_guarantee_once_and_its_arrows_lead_down() {
    // Stock and overwriting are the shop's business, and no kind of consistency.
    let own = [Property::NeverOversold, Property::NoLostUpdates];
    for property in Property::ALL.into_iter().filter(|p| !own.contains(p)) {
        let places = PLACES.iter().filter(|(one, ..)| *one == property);
        assert_eq!(places.count(), 1, "{property:?}");
    }
    let arrows = guarantees::arrows();
    assert_eq!(arrows.len(), IMPLIES.len());
    assert!(arrows.iter().all(|((_, from), (_, to))| from < to));
}
