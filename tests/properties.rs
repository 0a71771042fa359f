//! The laws, each over thousands of random scenarios: determinism, prefix, same luck, text, and
//! staleness against an exhaustive search for an order that explains what was seen.

mod random;

use lagoon::chance::{Delay, Seed};
use lagoon::check::staleness::{self, Window};
use lagoon::check::{Claim, Expected, Property, Verdict};
use lagoon::history::{Answer, ClientId, History, Outcome, ServiceId, Version};
use lagoon::run::{Run, Runner, durability, run};
use lagoon::scenario::edit::{cut_and_append, set_mode, set_setting, twin};
use lagoon::scenario::link::{self, SumCheck, ViewState};
use lagoon::scenario::{Key, Scenario, canonical, parse, print};
use lagoon::shop::{Cart, Kind, Model, Name, Op};
use lagoon::sim::trace::{Message, NodeId, Trace, TraceEvent};
use lagoon::sim::{Action, Config, Cue, Load, Receipt, ReplicationMode, Views, When};
use lagoon::time::{SimDuration, SimTime};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use random::Draft;
use std::collections::{BTreeMap, BTreeSet};

/// Cases of each law.
const CASES: u32 = 10_000;

fn laws() -> ProptestConfig {
    ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

// Random scenarios.

const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];
const ITEMS: [&str; 3] = ["book", "pen", "mug"];

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

/// Round lengths, so that ties happen, and odd ones.
fn length(millis: u64) -> impl Strategy<Value = SimDuration> + Clone {
    prop_oneof![
        3 => (0..=millis).prop_map(SimDuration::from_millis),
        2 => (0..=millis / 10).prop_map(|tens| SimDuration::from_millis(tens * 10)),
        2 => (0..=millis * 1000).prop_map(SimDuration),
    ]
}

fn delay(millis: u64) -> impl Strategy<Value = Delay> + Clone {
    prop_oneof![
        2 => length(millis).prop_map(Delay::Constant),
        2 => (length(millis), length(millis)).prop_map(|(a, b)| Delay::Range(a.min(b), a.max(b))),
        1 => length(millis / 2).prop_map(Delay::Exponential),
    ]
}

fn mode() -> impl Strategy<Value = ReplicationMode> + Clone {
    prop_oneof![
        Just(ReplicationMode::Synchronous),
        Just(ReplicationMode::Background)
    ]
}

fn op() -> impl Strategy<Value = (Op, u8)> + Clone {
    let item = (0..ITEMS.len()).prop_map(|nth| name(ITEMS[nth]));
    prop_oneof![
        3 => (item.clone(), 1..=3u32).prop_map(|(item, qty)| (Op::Add { item, qty }, 1)),
        1 => (item.clone(), 0..=3u32).prop_map(|(item, qty)| (Op::Set { item, qty }, 1)),
        1 => item.clone().prop_map(|item| (Op::Remove { item }, 1)),
        1 => (item, 1..=3u32, 0..6u8).prop_map(|(item, qty, to)| (Op::Buy { item, qty }, to)),
        4 => (0..6u8).prop_map(|to| (Op::View, to)),
    ]
}

fn when() -> impl Strategy<Value = When> + Clone {
    prop_oneof![
        2 => length(1200).prop_map(|at| When::At(SimTime(at.0))),
        1 => Just(When::With),
        2 => Just(When::After),
    ]
}

#[derive(Clone, Debug)]
enum Deed {
    Shop(usize, Op, u8),
    Wait(usize, SimDuration),
    Become(ReplicationMode),
    Load(u32, u32, u32),
    Trouble(Draft),
}

fn deed() -> impl Strategy<Value = Deed> + Clone {
    prop_oneof![
        12 => (0..NAMES.len(), op()).prop_map(|(who, (op, to))| Deed::Shop(who, op, to)),
        1 => (0..NAMES.len(), length(500)).prop_map(|(who, length)| Deed::Wait(who, length)),
        1 => mode().prop_map(Deed::Become),
    ]
}

fn config() -> impl Strategy<Value = Config> {
    let delays = (delay(150), delay(60), delay(40), delay(900), length(300));
    let own = (
        option::of((0..4u8, delay(900))),
        option::of((0..4u8, delay(700))),
        option::of((0..NAMES.len(), 0..5u8, delay(700))),
        option::weighted(0.2, length(1500)),
    );
    (
        mode(),
        prop_oneof![3 => Just(1u8), 2 => 2..=4u8],
        delays,
        own,
    )
        .prop_map(
            |(mode, replicas, (network, write, read, lag, pause), (copy, link, near, until))| {
                Config {
                    mode,
                    network,
                    write,
                    read,
                    lag,
                    pause,
                    replicas,
                    lags: copy
                        .map(|(at, delay)| (ServiceId(2 + at % replicas), delay))
                        .into_iter()
                        .collect(),
                    links: link
                        .map(|(at, delay)| ((ServiceId::S1, ServiceId(2 + at % replicas)), delay))
                        .into_iter()
                        .collect(),
                    shopper_links: near
                        .map(|(who, at, delay)| {
                            (
                                (name(NAMES[who]), ServiceId(1 + at % (replicas + 1))),
                                delay,
                            )
                        })
                        .into_iter()
                        .collect(),
                    until: until.map(|at| SimTime(at.0)),
                    ..Config::default()
                }
            },
        )
}

/// A scenario as a text can say it: shoppers in order of first appearance.
fn build(config: Config, seed: u64, cues: Vec<(When, Deed)>, claims: Vec<Claim>) -> Scenario {
    let mut scenario = Scenario {
        config,
        seed: Seed(seed),
        expectations: claims,
        ..Scenario::default()
    };
    let unusual = scenario.config.views != Views::From(ServiceId::S2);
    for (mut when, deed) in cues {
        let replicas = scenario.config.replicas;
        let shoppers = &mut scenario.config.shoppers;
        let mut client = |who: usize| {
            let who = name(NAMES[who]);
            let known = shoppers.iter().position(|shopper| *shopper == who);
            let place = known.unwrap_or(shoppers.len());
            if known.is_none() {
                shoppers.push(who);
            }
            ClientId(place as u32)
        };
        let action = match deed {
            Deed::Shop(who, op @ (Op::View | Op::Buy { .. }), to) => Action::Shop {
                client: client(who),
                op,
                to: Some(ServiceId(1 + to % (scenario.config.replicas + 1)))
                    .filter(|named| *named != ServiceId::S2 || (unusual && to < 5)),
            },
            Deed::Shop(who, op, _) => Action::Shop {
                client: client(who),
                op,
                to: None,
            },
            Deed::Wait(who, length) => Action::Wait {
                client: client(who),
                length,
            },
            Deed::Become(mode) => Action::Become(mode),
            Deed::Load(rate, ..) if rate % 5 == 0 => Action::Load(Load {
                rate: 0,
                writes: Load::WRITES,
                length: Load::LENGTH,
            }),
            Deed::Load(rate, writes, length) => {
                Action::Load(random::visitors(rate, writes, length))
            }
            Deed::Trouble(draft) => Action::Fault(draft.fault(replicas, &mut client)),
        };
        if let Action::Fault(fault) = action
            && fault.is_armed()
            && when == When::After
        {
            when = When::Start;
        }
        scenario.script.push(Cue { when, action });
    }
    scenario
}

fn claim() -> impl Strategy<Value = Claim> {
    let expected = prop_oneof![
        Just(Expected::Holds),
        Just(Expected::Violated),
        Just(Expected::Untested)
    ];
    prop_oneof![
        (0..Property::ALL.len(), expected).prop_map(|(nth, expected)| Claim::Property {
            property: Property::ALL[nth],
            expected
        }),
        length(1000).prop_map(Claim::StalenessUnder),
        (
            0..NAMES.len(),
            1..999u32,
            vec((0..ITEMS.len(), 1..2000u32), 0..3)
        )
            .prop_map(|(who, nth, lines)| {
                let mut cart = Cart::default();
                for (item, qty) in lines {
                    let item = name(ITEMS[item]);
                    cart.apply(&Op::Set { item, qty });
                }
                let who = name(NAMES[who]);
                Claim::Shows { who, nth, cart }
            }),
        (
            0..NAMES.len(),
            option::of((0..Kind::ALL, 1..999u32)),
            length(1000)
        )
            .prop_map(|(who, which, bound)| {
                let kinds = [Kind::Add, Kind::Set, Kind::Remove, Kind::View, Kind::Buy];
                let which = which.map(|(kind, nth)| (kinds[kind], nth));
                let who = name(NAMES[who]);
                Claim::WaitsUnder { who, which, bound }
            }),
    ]
}

fn scenarios(cues: usize) -> impl Strategy<Value = Scenario> {
    (
        config(),
        0..1_000_000u64,
        vec((when(), deed()), 0..=cues),
        vec(claim(), 0..2),
    )
        .prop_map(|(config, seed, cues, claims)| build(config, seed, cues, claims))
}

/// Whatever a text can say: every setting and every line, and names that look like links.
fn whole_language(cues: usize) -> impl Strategy<Value = Scenario> {
    let trouble = random::drafts(delay(900), length(1500)).prop_map(Deed::Trouble);
    let load = (0..100u32, 0..100u32, 0..1000u32);
    let load = load.prop_map(|(rate, writes, length)| Deed::Load(rate, writes, length));
    (
        random::against(config(), delay(900), length(1500)),
        0..1_000_000u64,
        vec(
            (when(), prop_oneof![8 => deed(), 8 => trouble, 1 => load]),
            0..=cues,
        ),
        vec(claim(), 0..2),
        any::<bool>(),
    )
        .prop_map(|(config, seed, cues, claims, dashed)| {
            let mut scenario = build(config, seed, cues, claims);
            let odd = ["s1-alice", "bob-to", "to-carol-s2", "dave-to-s1"].map(name);
            for (shopper, odd) in scenario.config.shoppers.iter_mut().zip(odd) {
                *shopper = if dashed { odd } else { *shopper };
            }
            scenario
        })
}

/// Lines that a person might type, whole and broken.
fn texts() -> impl Strategy<Value = String> {
    let words = [
        "alice",
        "bob",
        "adds",
        "add",
        "sets",
        "removes",
        "views",
        "from",
        "s1",
        "s2",
        "s3",
        "s9",
        "book",
        "books",
        "pen",
        "to",
        "2",
        "0",
        "1000",
        "waits",
        "500ms",
        "1s",
        "5",
        "at",
        "meanwhile",
        "replication",
        "becomes",
        "sync",
        "synchronous",
        "background",
        "strong",
        "lag:",
        "network:",
        "title:",
        "seed:",
        "replicas:",
        "until:",
        "s2-s1",
        "s3",
        "lag",
        ":",
        "10ms-30ms",
        "30ms-10ms",
        "exp",
        "expect",
        "fresh",
        "holds",
        "violated",
        "staleness",
        "under",
        "shows",
        "nothing",
        "book,",
        ",",
        "#",
        "# note",
        "#v1",
        "v1",
        "v2",
        "v1.abc",
        "show",
        "side",
        "by",
        "at",
        "theme",
        "10%",
        "2.5%",
        "%",
        "+",
        "&",
        "&amp;",
        "<",
        "\"",
        "'",
        "é",
        "日本",
        "\u{a0}",
        "\u{feff}",
        "\u{85}",
        "a",
        "the",
        "s1",
        "crashes",
        "before",
        "writing",
        "database",
        "slows",
        "stalls",
        "recovers",
        "for",
        "alice-s1",
        "s1-to-s2",
        "bob-to-s1-to-s2",
        "breaks",
        "heals",
        "loses",
        "reorders",
        "1/10",
        "0000010%",
        "1/12345678%",
        "partition",
        "all",
        "drop",
        "delay",
        "replicate",
        "ack",
        "request",
        "add",
        "1",
        "timeout:",
        "acks:",
        "majority",
        "views:",
        "quorum",
        "token",
        "or",
        "resend:",
        "never",
        "applying:",
        "loss:",
        "1h",
        "99999999999999999999s",
        "\t",
        "\r",
        "?",
        "!",
        ".",
        "(",
        ")",
        "=",
        "x=1",
        "http://x/#",
        "%20",
        "%2",
        "%zz",
        "\\",
        "~",
    ];
    let word = prop_oneof![
        12 => (0..words.len()).prop_map(move |nth| words[nth].to_string()),
        1 => "\\PC{0,6}",
        1 => any::<char>().prop_map(|c| c.to_string()),
    ];
    let gap = prop_oneof![6 => Just(" "), 2 => Just(";"), 2 => Just("\n"), 1 => Just("")];
    let soup = vec((word, gap), 0..24).prop_map(|parts| {
        parts
            .into_iter()
            .map(|(word, gap)| word + gap)
            .collect::<String>()
    });
    prop_oneof![
        6 => soup,
        1 => "\\PC*",
        1 => any::<String>(),
        2 => whole_language(6).prop_map(|scenario| print(&scenario)),
    ]
}

fn views() -> impl Strategy<Value = ViewState> {
    let word = "[a-z][a-z0-9-]{0,8}";
    let list = || {
        vec(word, 0..3).prop_map(|mut list| {
            list.sort();
            list.dedup();
            list
        })
    };
    let parts = (
        option::of(length(5000)),
        any::<bool>(),
        list(),
        list(),
        list(),
    );
    (parts, option::of(word), option::of(word)).prop_map(
        |((at, side_by_side, show, hide, lock), theme, poster)| ViewState {
            at: at.map(|at| SimTime(at.0)),
            side_by_side,
            show,
            hide,
            lock,
            theme,
            poster,
            unknown: Vec::new(),
        },
    )
}

// Law 1: the same text is the same run.

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn the_same_text_is_the_same_run_however_sliced(scenario in scenarios(10), slice in 1u32..40) {
        let whole = run(&scenario);
        let mut runner = Runner::start(&scenario);
        while runner.advance(slice) {}
        let sliced = runner.finish();
        prop_assert_eq!(whole.trace.digest_all(), sliced.trace.digest_all());
        prop_assert_eq!(whole.trace.hash(), sliced.trace.hash());
        prop_assert_eq!(&whole.report.views, &sliced.report.views);
        let read = run(&parse(&print(&scenario)).scenario);
        prop_assert_eq!(whole.trace.digest_all(), read.trace.digest_all());
    }
}

// Law 2: the past on the screen never moves under a click.

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn a_click_leaves_the_past_alone(
        scenario in scenarios(10),
        playhead in length(2500),
        who in prop_oneof![Just("alice"), Just("bob"), Just("erin")],
        what in prop_oneof![
            Just("views"), Just("adds mug"), Just("removes book"), Just("views from s1"),
        ],
        switch in proptest::bool::weighted(0.1),
    ) {
        let text = print(&scenario);
        let parsed = parse(&text);
        let before = run(&parsed.scenario);
        let playhead = SimTime(playhead.0);
        let body = if switch {
            "replication becomes synchronous".to_string()
        } else {
            [who, " ", what].concat()
        };
        let edit = cut_and_append(&text, &parsed, &before.trace.fired, playhead, &body);
        let after = parse(&edit.text);
        prop_assert_eq!(&after.diagnostics, &[]);
        let kept = scenario.script.len() - edit.removed.len();
        prop_assert_eq!(after.scenario.script.len(), kept + 1);
        if kept == 0 && playhead == SimTime::ZERO {
            return Ok(());
        }
        let after = run(&after.scenario);
        prop_assert_eq!(
            before.trace.digest_until(playhead),
            after.trace.digest_until(playhead),
            "{}\n--- {} ---\n{}", text, playhead, edit.text
        );
        let fired = after.trace.fired.last().copied().flatten();
        prop_assert!(
            fired.is_some_and(|at| at > playhead) || scenario.config.until.is_some(),
            "the new line fires later"
        );
    }
}

// Law 3: a run and its twin share their luck.

/// Shopper, n, leg (with the service at the other end, where that matters), copy, attempt.
type LuckKey = (Name, u32, u8, u8, u16);

/// Every time that was drawn and can be seen in the trace. Where shoppers have links of their `own`
/// the same luck is another length on another link.
fn luck(trace: &Trace, own: bool) -> BTreeMap<LuckKey, u64> {
    let mut drawn: BTreeMap<LuckKey, u64> = BTreeMap::new();
    let mut put = |op: lagoon::history::OpId, leg: u8, copy: u8, attempt: u16, length: u64| {
        let asked = trace.operation(op);
        let key = (trace.shopper(asked.client), asked.n, leg, copy, attempt);
        let known = drawn.insert(key, length);
        assert!(
            known.is_none_or(|known| known == length),
            "{key:?} drawn twice"
        );
    };
    for envelope in &trace.messages {
        let leg = match envelope.message {
            Message::Request => 0,
            Message::Replicate(_) | Message::Repair(_) => 2,
            Message::Ack(_) => 3,
            Message::Look => 8,
            Message::Stock(_) => 9,
            _ => 1,
        };
        let far = match (envelope.from, envelope.to) {
            (NodeId::Service(far), NodeId::Client(_)) | (_, NodeId::Service(far)) if own => far.0,
            _ => 0,
        };
        let (leg, copy) = (leg + 16 * far, envelope.copy);
        let length = envelope.arrives_at.0 - envelope.sent_at.0;
        put(envelope.op, leg, copy, envelope.attempt, length);
    }
    let mut began: BTreeMap<ServiceId, SimTime> = BTreeMap::new();
    for record in &trace.records {
        let length = |service: ServiceId| record.at.0 - began[&service].0;
        match record.event {
            TraceEvent::Began(service, _) => {
                began.insert(service, record.at);
            }
            TraceEvent::Applied(service, version) => {
                put(trace.write(version), 4, service.0, 0, length(service));
            }
            TraceEvent::Read(service, op, _) => put(op, 5, 0, 0, length(service)),
            TraceEvent::Held(hold) => {
                let hold = &trace.holds[hold as usize];
                put(
                    trace.write(hold.version),
                    6,
                    hold.copy.0,
                    0,
                    hold.due.0 - record.at.0,
                );
            }
            _ => {}
        }
    }
    drawn
}

fn share_luck(config: &Config, one: &Trace, other: &Trace) -> Result<usize, TestCaseError> {
    let own = !config.shopper_links.is_empty();
    let (one, other) = (luck(one, own), luck(other, own));
    let mut shared = 0;
    for (key, length) in &one {
        if let Some(found) = other.get(key) {
            prop_assert_eq!(length, found, "{:?}", key);
            shared += 1;
        }
    }
    Ok(shared)
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn a_run_and_its_twin_share_their_luck(scenario in scenarios(10)) {
        let own = run(&scenario);
        let twin = twin(&scenario, &own.trace.fired);
        prop_assert_eq!(twin.config.mode, scenario.config.mode.flipped());
        let other = run(&twin);
        let shared = share_luck(&scenario.config, &own.trace, &other.trace)?;
        prop_assert!(shared > 0 || own.trace.operations.is_empty());
        for (cue, at) in twin.script.iter().zip(&other.trace.fired) {
            prop_assert!(matches!(cue.when, When::At(pinned) if Some(pinned) == *at));
        }
        // The twin is a text too.
        let printed = parse(&print(&twin));
        prop_assert_eq!(printed.diagnostics, vec![]);
        prop_assert_eq!(run(&printed.scenario).trace.hash(), other.trace.hash());
    }

    #[test]
    fn another_shopper_changes_nobodys_luck(
        scenario in scenarios(8),
        clicks in vec((length(1200), op()), 1..4),
    ) {
        let own = run(&scenario);
        let mut more = scenario.clone();
        more.config.shoppers.push(name("erin"));
        let client = ClientId(more.config.shoppers.len() as u32 - 1);
        for (at, (op, to)) in clicks {
            let to = ServiceId(1 + to % (more.config.replicas + 1));
            let to = Some(to).filter(|to| op == Op::View && *to != ServiceId::S2);
            let action = Action::Shop { client, op, to };
            more.script.push(Cue { when: When::At(SimTime(at.0)), action });
        }
        let other = run(&more);
        share_luck(&scenario.config, &own.trace, &other.trace)?;
    }
}

// Law 4: texts and links.

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn what_is_printed_is_read_again(scenario in whole_language(12)) {
        let text = print(&scenario);
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", text);
        prop_assert_eq!(&parsed.scenario, &scenario, "{}", text);
        prop_assert_eq!(&print(&parsed.scenario), &text);
        prop_assert_eq!(&canonical(&text), &text);
    }

    #[test]
    fn what_a_link_carries_is_the_whole_text(text in texts(), view in views()) {
        let whole = canonical(&text);
        let link = link::write(&text, &view);
        prop_assert!(link.ends_with(|c: char| c.is_ascii_alphanumeric()), "{}", link);
        prop_assert!(link.is_ascii() && !link.contains(char::is_whitespace), "{}", link);
        for address in [
            link.clone(),
            ["https://host/path/", &link].concat(),
            [" https://host/path/?x=1", &link, ")."].concat(),
            link.replace('+', "%20"),
            link.replace('%', "%25"),
            ["https://host/?", &link[1..], "&utm_source=chat"].concat(),
        ] {
            let read = link::read(&address);
            prop_assert_eq!(&read.text, &whole, "{}", address);
            prop_assert_eq!(&read.view, &view, "{}", address);
            prop_assert_eq!(read.sum, SumCheck::Right, "{}", address);
        }
        let (meant, kept) = (parse(&text), parse(&whole));
        prop_assert_eq!(meant.scenario, kept.scenario);
        prop_assert_eq!(meant.title, kept.title);
    }

    #[test]
    fn no_text_however_broken_makes_anything_panic(text in texts(), at in length(3000)) {
        let parsed = parse(&text);
        for line in &parsed.lines {
            prop_assert!(text.is_char_boundary(line.body.start));
            prop_assert!(text.is_char_boundary(line.body.end));
            prop_assert!(line.place.start <= line.body.start && line.body.end <= line.place.end);
        }
        for diagnostic in &parsed.diagnostics {
            let line = parsed.lines.get(diagnostic.line as usize - 1);
            let length = line.map_or(0, |line| text[line.place.clone()].chars().count());
            prop_assert!((1..=length as u32 + 1).contains(&diagnostic.column), "{:?}", diagnostic);
        }
        let _ = link::read(&text);
        // Far enough for every line of a short text; repairs can go on for an hour.
        let mut runner = Runner::start(&parsed.scenario);
        for _ in 0..10 {
            runner.advance(1000);
        }
        let fired = runner.finish().trace.fired;
        let cues = parsed.scenario.script.len();
        let edit = cut_and_append(&text, &parsed, &fired, SimTime(at.0), "zoe views");
        let after = parse(&edit.text);
        if parsed.scenario.config.shoppers.len() < 8 {
            prop_assert_eq!(after.scenario.script.len(), cues - edit.removed.len() + 1, "{}", edit.text);
        }
        for mode in [ReplicationMode::Synchronous, ReplicationMode::Background] {
            let set = parse(&set_mode(&text, mode));
            prop_assert_eq!(set.scenario.config.mode, mode);
            prop_assert_eq!(set.scenario.script.len(), cues);
        }
        let set = parse(&set_setting(&text, Key::Lag, "77ms"));
        prop_assert_eq!(set.scenario.config.lag, Delay::millis(77));
    }
}

// Law 7: staleness, against its definition and against a search of all orders.

/// Whether some single order, in keeping with time, explains every answer: exhaustively.
///
/// The object is the versioned cart: a write is answered with the version that it made, a view
/// with version and cart. An operation without an answer may have taken effect or not.
fn linearizable(history: &History) -> bool {
    let count = history.operations.len();
    assert!(count <= 8, "a small history");
    fits(history, 0, &Cart::default(), 0)
}

fn fits(history: &History, version: u32, cart: &Cart, done: u32) -> bool {
    let operations = &history.operations;
    let waiting = |nth: usize| done & (1 << nth) == 0;
    let answered = |nth: usize| operations[nth].ended().is_some();
    if (0..operations.len()).all(|nth| !waiting(nth) || !answered(nth)) {
        return true;
    }
    (0..operations.len())
        .filter(|nth| waiting(*nth))
        .any(|nth| {
            let operation = &operations[nth];
            let earlier = |other: usize| {
                waiting(other)
                    && operations[other]
                        .ended()
                        .is_some_and(|at| at < operation.call)
            };
            if (0..operations.len()).any(earlier) {
                return false;
            }
            let mut next = cart.clone();
            next.apply(&operation.op);
            let made = version + u32::from(operation.op != Op::View);
            let agrees = match &operation.outcome {
                Outcome::Ok {
                    answer: Answer::Done(version),
                    ..
                } => version.0 == made,
                Outcome::Ok {
                    answer: Answer::Shown(seen),
                    ..
                } => *seen.cart == *cart && seen.log.version() == Some(Version(version)),
                Outcome::Failed { .. } => false,
                Outcome::Unknown => true,
            };
            agrees && fits(history, made, &next, done | 1 << nth)
        })
}

/// When each version came out, straight from the definition: the earlier of its confirmation and
/// the end of the first view that showed it.
fn out_times(trace: &Trace) -> BTreeMap<u32, SimTime> {
    let mut out: BTreeMap<u32, SimTime> = BTreeMap::new();
    for record in &trace.records {
        let TraceEvent::Ended(_, answer) = record.event else {
            continue;
        };
        let versions: Vec<u32> = match trace.answer(answer) {
            Answer::Done(version) => vec![version.0],
            Answer::Shown(seen) => seen.log.iter().map(|version| version.0).collect(),
        };
        for version in versions {
            out.entry(version).or_insert(record.at);
        }
    }
    out
}

fn check_views(run: &Run) -> Result<(), TestCaseError> {
    let out = out_times(&run.trace);
    let mut ages = run.report.views.iter();
    for operation in &run.history.operations {
        let Some(seen) = operation.seen() else {
            continue;
        };
        let age = ages.next().expect("every answered view is measured");
        let before: Vec<_> = out.iter().filter(|(_, at)| **at < operation.call).collect();
        let missed = before
            .iter()
            .filter(|(version, _)| !seen.log.contains(Version(**version)));
        let first = missed.clone().map(|(_, at)| **at).min();
        let stale = first.map_or(SimDuration::ZERO, |at| operation.call.since(at));
        prop_assert_eq!(age.out as usize, before.len());
        prop_assert_eq!(age.missed as usize, missed.count());
        prop_assert_eq!(age.stale(), stale);
        prop_assert_eq!(age.is_stale(), first.is_some());
    }
    prop_assert!(ages.next().is_none());
    Ok(())
}

/// At every record: the changes whose confirmation is told of so far, less those that a copy has
/// applied.
fn check_exposed(run: &Run, receipt: Receipt) -> Result<(), TestCaseError> {
    let exposed = durability::of(run, receipt).exposed;
    let (mut confirmed, mut safe) = (BTreeSet::new(), BTreeSet::new());
    let mut most = 0;
    for (place, record) in run.trace.records.iter().enumerate() {
        match record.event {
            TraceEvent::Applied(ServiceId(2..), version) => {
                safe.insert(version);
            }
            TraceEvent::Ended(_, answer) => {
                if let Answer::Done(version) = run.trace.answer(answer) {
                    confirmed.insert(*version);
                }
            }
            _ => {}
        }
        let next = run.trace.records.get(place + 1);
        if next.is_none_or(|next| next.at > record.at) {
            let lost = confirmed.difference(&safe).count();
            prop_assert_eq!(durability::at(&exposed, record.at), lost);
            most = most.max(lost);
        }
    }
    prop_assert_eq!(durability::most(&exposed), most);
    Ok(())
}

/// When each service applied each version, and when each was confirmed, from the records.
fn check_windows(run: &Run, replicas: u8) -> Result<(), TestCaseError> {
    let (mut applied, mut confirmed) = (BTreeMap::new(), BTreeMap::new());
    let mut instants = vec![SimTime::ZERO];
    for record in &run.trace.records {
        instants.push(record.at);
        match record.event {
            TraceEvent::Applied(service, version) => {
                let known = applied.insert((service, version), record.at);
                prop_assert!(known.is_none(), "applied once");
            }
            TraceEvent::Ended(_, answer) => {
                if let Answer::Done(version) = run.trace.answer(answer) {
                    confirmed.insert(*version, record.at);
                }
            }
            _ => {}
        }
    }
    let versions = (1..=run.trace.writes.len() as u32).map(Version);
    let pairs = versions.flat_map(|v| (2..2 + replicas).map(move |copy| (v, ServiceId(copy))));
    let expected: Vec<Window> = pairs
        .map(|(version, replica)| Window {
            op: run.trace.write(version),
            version,
            replica,
            committed: applied[&(ServiceId::S1, version)],
            confirmed: confirmed.get(&version).copied(),
            applied: applied.get(&(replica, version)).copied(),
        })
        .collect();
    prop_assert_eq!(&run.report.windows, &expected);
    for window in &expected {
        if let (Some(confirmed), Some(applied)) = (window.confirmed, window.applied) {
            let after = applied.0.saturating_sub(confirmed.0);
            prop_assert_eq!(window.window(), Some(SimDuration(after)));
            prop_assert_eq!(
                window.apart(),
                Some(SimDuration(applied.0 - window.committed.0))
            );
        }
    }
    for copy in (2..2 + replicas).map(ServiceId) {
        let behind = |at: SimTime| {
            let short = |version: &&Version| {
                applied
                    .get(&(copy, **version))
                    .is_none_or(|applied| *applied > at)
            };
            confirmed
                .iter()
                .filter(|(_, c)| **c <= at)
                .map(|(v, _)| v)
                .filter(short)
                .count()
        };
        let mut total = 0;
        for pair in instants.windows(2) {
            prop_assert_eq!(
                staleness::behind(&expected, copy, pair[1]) as usize,
                behind(pair[1])
            );
            total += if behind(pair[0]) > 0 {
                pair[1].0 - pair[0].0
            } else {
                0
            };
        }
        let spans = staleness::behind_spans(&expected, copy, run.end());
        prop_assert_eq!(
            spans.iter().map(|(from, to)| to.0 - from.0).sum::<u64>(),
            total
        );
        prop_assert!(spans.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
    Ok(())
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn the_measures_are_what_their_definitions_say(scenario in scenarios(12)) {
        let run = run(&scenario);
        check_views(&run)?;
        check_windows(&run, scenario.config.replicas)?;
        check_exposed(&run, scenario.config.receipt)?;
    }

    #[test]
    fn one_synchronous_copy_alone_is_always_fresh(scenario in scenarios(10)) {
        let mut scenario = scenario;
        scenario.config.mode = ReplicationMode::Synchronous;
        scenario.config.replicas = 1;
        scenario.config.lags.clear();
        scenario.config.links.clear();
        for cue in &mut scenario.script {
            if let Action::Shop { to, .. } = &mut cue.action {
                *to = None;
            } else if let Action::Become(mode) = &mut cue.action {
                *mode = ReplicationMode::Synchronous;
            }
        }
        let run = run(&scenario);
        prop_assert!(run.report.views.iter().all(|age| !age.is_stale()));
        let verdict = run.verdict(Property::Fresh, run.end());
        let broken = matches!(verdict, Verdict::Violated { .. });
        prop_assert!(!broken);
    }

    #[test]
    fn synchronous_is_done_when_every_copy_has_it(scenario in scenarios(10)) {
        let mut scenario = scenario;
        scenario.config.mode = ReplicationMode::Synchronous;
        scenario.script.retain(|cue| !matches!(cue.action, Action::Become(_)));
        let run = run(&scenario);
        for window in run.report.windows.iter().filter(|window| window.confirmed.is_some()) {
            prop_assert!(window.applied.is_some_and(|at| Some(at) <= window.confirmed));
            prop_assert_eq!(window.window(), Some(SimDuration::ZERO));
        }
        let exposed = durability::of(&run, scenario.config.receipt).exposed;
        prop_assert!(exposed.is_empty(), "{:?}", exposed);
    }

    #[test]
    fn every_quiet_run_has_converged(scenario in scenarios(10)) {
        let run = run(&scenario);
        if run.trace.quiet {
            let verdict = run.verdict(Property::Converges, run.end());
            let fine = matches!(verdict, Verdict::Holds { .. } | Verdict::Untested);
            prop_assert!(fine, "{:?}", verdict);
            let started = run.trace.fired.iter().all(Option::is_some);
            prop_assert!(started, "without faults every line has its turn");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4 * CASES, ..laws() })]

    #[test]
    fn a_run_is_linearizable_exactly_when_no_view_is_stale(scenario in scenarios(7)) {
        let run = run(&scenario);
        let stale = run.report.views.iter().any(|age| age.is_stale());
        prop_assert_eq!(linearizable(&run.history), !stale, "{}", print(&scenario));
    }
}
