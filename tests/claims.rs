//! How the claims of a task fare over many seeds, and what is said of a run in which one does not.

use lagoon::check::Claim;
use lagoon::scenario::parse;
use lagoon::view::Show;
use lagoon::view::claims::{Judged, SEEDS, judge};

fn judged(text: &str, claims: &str, seeds: u64) -> Judged {
    let claims: Vec<Claim> = parse(claims).scenario.expectations;
    judge(&Show::of(parse(text).scenario), &claims, seeds)
}

#[test]
fn each_claim_is_counted_and_the_first_breach_is_told() {
    let text = "background\nalice adds book\n340ms bob views";
    let told = judged(
        text,
        "expect bob view 1 shows book\nexpect converges holds",
        50,
    );
    assert_eq!(told.runs, 50);
    let [shows, converges] = &told.fares[..] else {
        panic!("two claims")
    };
    assert!(!told.met && (1..50).contains(&shows.met), "{told:?}");
    assert_eq!((converges.met, converges.why.as_str()), (50, ""));
    // What is said is so in that very run, and in none before it.
    assert_eq!(shows.why, "Bob was shown an empty cart.");
    let alone = |seed: u64| {
        let text = format!("seed: {seed}\n{text}");
        judged(&text, "expect bob view 1 shows book", 1).met
    };
    assert!(!alone(shows.seed) && (1..shows.seed).all(alone));
    let met = (1..=50).filter(|seed| alone(*seed)).count() as u64;
    assert_eq!(shows.met, met);
}

#[test]
fn why_a_claim_is_not_met_is_said_in_a_sentence() {
    let text = "background\nnetwork: 20ms\ntimeout: 500ms\nalice adds book\ndrop answer alice add 1\n100ms bob views";
    for (claim, why) in [
        ("expect bob waits under 1ms", "Bob waited 42 ms."),
        (
            "expect bob view 2 shows book",
            "Bob did not ask, or not so often.",
        ),
        (
            "expect alice add 1 waits under 80ms",
            "Alice has no answer to “add book”.",
        ),
        (
            "expect converges violated",
            "Holds: Service 2 has all that Service 1 has.",
        ),
        (
            "expect staleness under 100ms",
            "Not tested: No cart shown was out of date.",
        ),
        (
            "expect fresh violated",
            "Not tested: Nothing more has been changed.",
        ),
    ] {
        let told = judged(text, claim, 1);
        let own = &told.fares[0];
        assert!(!told.met && own.seed == 1, "{claim}: {told:?}");
        assert_eq!(own.why, why, "{claim}");
    }
}

#[test]
fn a_long_run_is_tried_with_fewer_seeds_and_none_is_tried_with_more_than_fifty() {
    let short = judged("alice adds book", "expect converges holds", 1_000);
    assert_eq!((short.runs, short.met), (SEEDS, true));
    let long = judged(
        "load: 2000/s, 1/2 writes, for 20s",
        "expect converges holds",
        50,
    );
    assert!((1..10).contains(&long.runs), "{}", long.runs);
}
