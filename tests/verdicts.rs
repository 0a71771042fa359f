//! The verdicts, held to their definitions: on random histories of every kind, at every moment,
//! against an oracle that shares no code with the judges; then on random runs of the simulation.

#[path = "verdicts/oracle.rs"]
mod oracle;

use lagoon::check::staleness::{self, ViewAge};
use lagoon::check::{Property, Verdict, Verdicts, Want, Witness};
use lagoon::history::{
    Answer, Apply, ClientId, History, Log, OpId, Operation, Outcome, ReplicaLog, Seen, ServiceId,
    Shift, ShiftKind, Version,
};
use lagoon::run::{Run, run};
use lagoon::scenario::link::{self, ViewState};
use lagoon::scenario::parse;
use lagoon::shop::{Cart, Line, Model, Name, Op};
use lagoon::time::{SimDuration, SimTime};
use oracle::{Oracle, Says, cut};
use std::rc::Rc;

/// Random small histories; each is judged at every moment.
const HISTORIES: u64 = 24_000;
/// Random scenarios with a seed each.
const RUNS: u64 = 12_000;

/// A small generator of its own, so that a failure is told by one number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

// Random histories.

/// A history, and the moment from which on nothing more happens, if it has one.
struct Case {
    history: History,
    log: ReplicaLog,
    settled: Option<SimTime>,
    end: u64,
}

/// How far a history may be from what a shop in order would do.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// As the simulation does it, ties and open operations included.
    Orderly,
    /// Copies apply in any order and miss versions.
    Disorderly,
    /// Answers and logs that no shop could give.
    Wild,
}

const ITEMS: [&str; 2] = ["book", "pen"];

fn random_op(dice: &mut Dice) -> Op {
    let item = name(ITEMS[dice.below(2) as usize]);
    match dice.below(11) {
        0 | 1 => Op::Add { item, qty: 1 },
        2 | 3 => Op::Set { item, qty: 2 },
        4 => Op::Remove { item },
        5 | 6 => Op::Buy {
            item: name("book"),
            qty: 1,
        },
        _ => Op::View,
    }
}

/// Sessions of operations, one at a time each; equal moments are common.
fn sessions(dice: &mut Dice, copies: u8) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    let shoppers = 1 + dice.below(3) as u32;
    for client in 0..shoppers {
        let mut free = dice.below(4);
        for n in 0..1 + dice.below(3) as u32 {
            let call = free + dice.below(3);
            let end = call + dice.below(4);
            let op = random_op(dice);
            let to = if op.is_view() {
                1 + dice.below(u64::from(copies) + 1) as u8
            } else {
                1
            };
            let answer = Answer::Done(Version(0));
            let at = SimTime(end);
            let outcome = match dice.below(12) {
                0 if !op.is_view() => Outcome::Failed { at },
                0 | 1 => Outcome::Unknown,
                _ => Outcome::Ok { at, answer },
            };
            operations.push(Operation {
                client: ClientId(client),
                n,
                op,
                to: ServiceId(to),
                call: SimTime(call),
                outcome,
            });
            free = end;
        }
    }
    operations.sort_by_key(|operation| operation.call);
    operations
}

/// When each write was committed, in order: (moment, operation).
fn commits(dice: &mut Dice, operations: &[Operation], kind: Kind) -> Vec<(u64, OpId)> {
    let wild = kind == Kind::Wild;
    let mut commits = Vec::new();
    for (place, operation) in operations.iter().enumerate() {
        if operation.op.is_view() && !(wild && dice.one_in(30)) {
            continue;
        }
        let call = operation.call.0;
        let (from, to) = match operation.outcome {
            Outcome::Ok { at, .. } if wild && dice.one_in(10) => (call.max(2) - 2, at.0 + 2),
            Outcome::Ok { at, .. } => (call, at.0),
            Outcome::Failed { .. } if wild && dice.one_in(4) => (call, call + 3),
            Outcome::Failed { .. } => continue,
            Outcome::Unknown if dice.one_in(2) => continue,
            Outcome::Unknown => (call, call + 4),
        };
        if wild && dice.one_in(12) {
            continue;
        }
        let times = if wild && dice.one_in(12) { 2 } else { 1 };
        for _ in 0..times {
            commits.push((from + dice.below(to - from + 1), OpId(place as u32)));
        }
    }
    // In a shop, a session's own order is kept even within an instant.
    commits.sort_by_key(|(at, op)| (*at, if wild { 0 } else { op.0 }));
    if wild && commits.len() > 1 && dice.one_in(4) {
        let at = dice.below(commits.len() as u64 - 1) as usize;
        let (one, other) = (commits[at].1, commits[at + 1].1);
        (commits[at].1, commits[at + 1].1) = (other, one);
    }
    commits
}

fn applies(dice: &mut Dice, commits: &[(u64, OpId)], copies: u8, kind: Kind) -> Vec<Apply> {
    let mut applied: Vec<Apply> = Vec::new();
    let versions = (1..).map(Version).zip(commits);
    for (version, (at, _)) in versions {
        applied.push(Apply {
            replica: ServiceId::S1,
            version,
            at: SimTime(*at),
            whole: false,
        });
    }
    for copy in 2..2 + copies {
        let mut last = 0;
        for (version, (at, _)) in (1..).map(Version).zip(commits) {
            if dice.one_in(6) {
                match kind {
                    Kind::Orderly => break,
                    _ => continue,
                }
            }
            let mut at = at + dice.below(6);
            if kind == Kind::Orderly {
                at = at.max(last);
                last = at;
            }
            applied.push(Apply {
                replica: ServiceId(copy),
                version,
                at: SimTime(at),
                whole: false,
            });
        }
    }
    applied.sort_by_key(|apply| apply.at);
    applied
}

fn cart_of(operations: &[Operation], commits: &[(u64, OpId)], log: &Log) -> Cart {
    let mut cart = Cart::default();
    for version in log.iter() {
        if let Some((_, op)) = commits.get((version.0 as usize).wrapping_sub(1)) {
            cart.apply(&operations[op.0 as usize].op);
        }
    }
    cart
}

/// Any versions in any order.
fn any_log(dice: &mut Dice, commits: usize) -> Log {
    let mut versions: Vec<u32> = (1..=commits as u32 + dice.below(2) as u32).collect();
    let mut log = Log::default();
    while !versions.is_empty() && !dice.one_in(4) {
        let nth = if dice.one_in(2) {
            0
        } else {
            dice.below(versions.len() as u64)
        };
        log.push(Version(versions.remove(nth as usize)));
    }
    log
}

fn history(dice: &mut Dice) -> Case {
    let kind = *dice.pick(&[Kind::Orderly, Kind::Orderly, Kind::Disorderly, Kind::Wild]);
    let copies = 1 + dice.below(2) as u8;
    let mut operations = sessions(dice, copies);
    let commits = commits(dice, &operations, kind);
    let applied = applies(dice, &commits, copies, kind);
    for place in 0..operations.len() {
        let operation = &operations[place];
        let Outcome::Ok { at, .. } = operation.outcome else {
            continue;
        };
        let answer = if operation.op.is_view() {
            // The snapshot is taken before the shopper's next operation can commit.
            let read = SimTime(operation.call.0 + dice.below(at.0 - operation.call.0 + 1));
            let mut log = Log::default();
            let later = |apply: &Apply| {
                let op = commits[apply.version.0 as usize - 1].1;
                kind != Kind::Wild
                    && op.0 > place as u32
                    && operations[op.0 as usize].client == operation.client
            };
            let stood = applied
                .iter()
                .filter(|a| a.replica == operation.to && a.at <= read);
            for apply in stood {
                if later(apply) {
                    break;
                }
                log.push(apply.version);
            }
            if kind == Kind::Wild && dice.one_in(3) {
                log = any_log(dice, commits.len());
            }
            let mut cart = cart_of(&operations, &commits, &log);
            if kind == Kind::Wild && dice.one_in(20) {
                cart.apply(&Op::Add {
                    item: name("mug"),
                    qty: 1,
                });
            }
            let cart = Rc::new(cart);
            Answer::Shown(Seen { cart, log })
        } else {
            let own = commits.iter().position(|(_, op)| op.0 as usize == place);
            let lost = commits.len() as u32 + 1 + place as u32;
            let version = own.map_or(lost, |own| own as u32 + 1);
            Answer::Done(Version(version))
        };
        operations[place].outcome = Outcome::Ok { at, answer };
    }
    let ends = operations.iter().map(|o| o.ended().unwrap_or(o.call).0);
    let end = ends
        .chain(applied.iter().map(|a| a.at.0))
        .max()
        .unwrap_or(0);
    let shoppers = ["alice", "bob", "carol"].map(name).to_vec();
    Case {
        history: History {
            shoppers,
            operations,
            stock: Vec::from_iter((!dice.one_in(4)).then_some(Line {
                item: name("book"),
                qty: 1,
            })),
        },
        log: ReplicaLog {
            copies,
            applied,
            writes: commits.iter().map(|(_, op)| *op).collect(),
            undos: Vec::new(),
            shifts: Vec::new(),
        },
        settled: dice.one_in(2).then_some(SimTime(end)),
        end,
    }
}

// What is compared.

const SAFETY: [Property; 14] = [
    Property::Linearizable,
    Property::Sequential,
    Property::Causal,
    Property::CausalConvergence,
    Property::CausalMemory,
    Property::ReadYourWrites,
    Property::MonotonicReads,
    Property::MonotonicWrites,
    Property::WritesFollowReads,
    Property::ConsistentPrefix,
    Property::Fresh,
    Property::NoLostWrites,
    Property::NeverOversold,
    Property::NoLostUpdates,
];

fn said(verdict: Verdict) -> Says {
    match verdict {
        Verdict::Holds { chances } => Says::Holds(chances),
        Verdict::Untested => Says::Untested,
        Verdict::Violated(_) => Says::Violated,
        Verdict::NotYet => Says::NotYet,
        Verdict::Unknown(_) => Says::Unknown,
    }
}

fn judged(
    history: &History,
    log: &ReplicaLog,
    settled: Option<SimTime>,
) -> (Verdicts, Vec<ViewAge>) {
    let views = staleness::views(history, log);
    (Verdicts::of(history, log, &views, settled), views)
}

/// Each verdict at each moment is the definition's on the history as known then, is the judge's
/// own on that history, and a safety verdict never turns back.
fn compare(case: &Case, moments: impl Iterator<Item = u64>, told: &dyn Fn() -> String) {
    let (verdicts, views) = judged(&case.history, &case.log, case.settled);
    let mut broken: [Option<Witness>; Property::ALL.len()] = Default::default();
    for now in moments.map(SimTime) {
        let (history, log) = cut(&case.history, &case.log, now);
        let settled = case.settled.filter(|at| *at <= now);
        let oracle = Oracle {
            history: &history,
            log: &log,
            settled: settled.is_some(),
        };
        let (known, known_views) = judged(&history, &log, settled);
        // What a write does is not known before its call, so neither are the carts then.
        let premature = log
            .writes
            .iter()
            .any(|op| op.0 as usize >= history.operations.len());
        for property in Property::ALL {
            if premature && property == Property::Converges {
                continue;
            }
            let verdict = verdicts.at(property, now);
            let place = || format!("{} at {now}\n{}", property.name(), told());
            assert_eq!(verdict, known.at(property, now), "cut: {}", place());
            let before = broken[property as usize];
            match (oracle.says(property), before) {
                // What broke stays broken, even if what is asked later would explain it.
                (_, Some(_)) => assert_eq!(said(verdict), Says::Violated),
                (says, _) => assert_eq!(said(verdict), says, "{}", place()),
            }
            if let (Some(before), true) = (before, SAFETY.contains(&property)) {
                assert_eq!(verdict, Verdict::Violated(before), "back: {}", place());
            }
            if let Verdict::Violated(witness) = verdict {
                assert!(witness.at <= now, "{}", place());
                prove(property, &witness, &history, &log, &place);
                broken[property as usize] = Some(witness);
            }
        }
        implications(&verdicts, now, told);
        for bound in [0, 1, 3] {
            let bound = SimDuration(bound);
            let verdict = staleness::bounded(&views, bound, now);
            assert_eq!(verdict, staleness::bounded(&known_views, bound, now));
            let broken = matches!(verdict, Verdict::Violated(_));
            let fresh = matches!(verdicts.at(Property::Fresh, now), Verdict::Violated(_));
            assert!(if bound.0 == 0 {
                fresh == broken
            } else {
                fresh || !broken
            });
        }
    }
}

/// The arrows of the map: what holds above holds below.
const MAP: &[(Property, &[Property])] = &[
    (
        Property::Linearizable,
        &[Property::Sequential, Property::Fresh],
    ),
    (
        Property::Sequential,
        &[
            Property::CausalConvergence,
            Property::CausalMemory,
            Property::ConsistentPrefix,
        ],
    ),
    (Property::CausalConvergence, &[Property::Causal]),
    (Property::CausalMemory, &[Property::Causal]),
    (
        Property::Causal,
        &[
            Property::ReadYourWrites,
            Property::MonotonicReads,
            Property::MonotonicWrites,
            Property::WritesFollowReads,
        ],
    ),
];

fn implications(verdicts: &Verdicts, now: SimTime, told: &dyn Fn() -> String) {
    for (above, below) in MAP {
        let fine = matches!(
            verdicts.at(*above, now),
            Verdict::Holds { .. } | Verdict::Untested
        );
        for weaker in below.iter().filter(|_| fine) {
            let verdict = verdicts.at(*weaker, now);
            let kept = matches!(verdict, Verdict::Holds { .. } | Verdict::Untested);
            assert!(
                kept,
                "{} but not {}: {}",
                above.name(),
                weaker.name(),
                told()
            );
        }
    }
}

/// A witness is a proof: what it says can be read off the history.
fn prove(
    property: Property,
    witness: &Witness,
    history: &History,
    log: &ReplicaLog,
    told: &dyn Fn() -> String,
) {
    let operation = &history.operations[witness.op.0 as usize];
    let because = &history.operations[witness.because.0 as usize];
    let shows = |operation: &Operation| {
        let seen = operation.seen();
        seen.is_some_and(|seen| seen.log.contains(witness.version))
    };
    let wrote = |operation: &Operation| {
        let done = Answer::Done(witness.version);
        matches!(&operation.outcome, Outcome::Ok { answer, .. } if *answer == done)
    };
    let lacks = operation.op.is_view() && !shows(operation);
    let own = because.client == operation.client && witness.because < witness.op;
    let proved = match property {
        Property::Fresh => {
            lacks && (shows(because) || wrote(because)) && because.ended() < Some(operation.call)
        }
        Property::ReadYourWrites => lacks && own && wrote(because),
        Property::MonotonicReads => lacks && own && shows(because),
        Property::MonotonicWrites | Property::WritesFollowReads => {
            operation.op.is_view() && !because.op.is_view()
        }
        Property::CausalMemory => operation.op.is_view(),
        Property::ConsistentPrefix | Property::CausalConvergence => operation.op.is_view(),
        Property::NoLostWrites => {
            let copy = |a: &Apply| a.replica == witness.replica && a.version == witness.version;
            let stands = log.writes.get(witness.version.0 as usize - 1) == Some(&witness.op);
            wrote(operation)
                && (!stands || log.applied.iter().all(|a| !copy(a) || a.at > witness.at))
        }
        Property::NeverOversold => {
            let buys = |o: &Operation| matches!(o.op, Op::Buy { .. });
            let (item, sold, stock) = lagoon::check::sold(history, *witness);
            let same = operation.op.item() == Some(item) && because.op.item() == Some(item);
            buys(operation) && buys(because) && wrote(because) && same && sold > stock.into()
        }
        Property::NoLostUpdates => {
            let sets = matches!(operation.op, Op::Set { .. });
            let before = &history.operations[..witness.op.0 as usize];
            let mut views = before.iter().filter(|o| o.client == operation.client);
            let same = because.op.item() == operation.op.item();
            let other = because.client != operation.client;
            sets && wrote(because) && same && other && views.all(|view| !shows(view))
        }
        _ => true,
    };
    assert!(proved, "no proof: {witness:?} of {}", told());
}

#[test]
fn verdicts_are_what_their_definitions_say_at_every_moment() {
    let mut seen = [[0u32; 5]; Property::ALL.len()];
    for seed in 0..HISTORIES {
        let case = history(&mut Dice(seed));
        let told = || format!("history {seed}: {:#?}\n{:?}", case.history, case.log);
        compare(&case, 0..=case.end + 1, &told);
        let (verdicts, _) = judged(&case.history, &case.log, case.settled);
        for property in Property::ALL {
            let kind = match verdicts.at(property, SimTime(case.end)) {
                Verdict::Holds { .. } => 0,
                Verdict::Untested => 1,
                Verdict::Violated(_) => 2,
                Verdict::NotYet => 3,
                Verdict::Unknown(_) => 4,
            };
            seen[property as usize][kind] += 1;
        }
    }
    // A test that never saw a property hold, or break, proves nothing.
    for property in SAFETY.into_iter().chain([Property::Converges]) {
        let [holds, untested, broken, ..] = seen[property as usize];
        let rarest = holds.min(untested).min(broken);
        assert!(
            rarest >= 100,
            "{}: {:?}",
            property.name(),
            seen[property as usize]
        );
    }
}

// The swarm: random texts, run by the simulation.

/// A text that any person might type: at most seven operations, so that all orders can be tried.
fn random_text(dice: &mut Dice) -> String {
    let mut lines = vec![["seed: ", &dice.below(1000).to_string()].concat()];
    lines.push(["background", "synchronous"][dice.below(2) as usize].to_string());
    let copies = 1 + dice.below(3);
    lines.push(format!("replicas: {copies}"));
    for (key, values) in [
        ("lag", &["0ms-900ms", "exp 150ms", "0ms"][..]),
        ("network", &["5ms", "0ms", "exp 40ms"]),
        ("write", &["0ms", "0ms-50ms"]),
        ("read", &["0ms-40ms"]),
        ("pause", &["0ms"]),
        ("s2 lag", &["20ms"]),
        ("s1-s2 network", &["200ms"]),
        ("until", &["400ms"]),
    ] {
        if dice.one_in(4) {
            lines.push([key, ": ", values[dice.below(values.len() as u64) as usize]].concat());
        }
    }
    if dice.one_in(2) {
        lines.push("stock: book 1".to_string());
    }
    if dice.one_in(4) {
        lines.push("checkout: s1".to_string());
    }
    for _ in 0..1 + dice.below(7) {
        let who = *dice.pick(&["alice", "alice", "bob", "bob", "carol"]);
        let item = *dice.pick(&ITEMS);
        let what = match dice.below(11) {
            0..=2 => format!("adds {item}"),
            3 => format!("removes {item}"),
            4 => format!("sets {item} to 2"),
            5..=7 => format!("buys book from s{}", 1 + dice.below(copies + 1)),
            _ => format!("views from s{}", 1 + dice.below(copies + 1)),
        };
        let when = match dice.below(4) {
            0 => format!("{}ms ", 10 * dice.below(60)),
            1 => "meanwhile ".to_string(),
            _ => String::new(),
        };
        lines.push(format!("{when}{who} {what}"));
        if dice.one_in(12) {
            lines.push(format!(
                "{}ms replication becomes synchronous",
                10 * dice.below(60)
            ));
        }
    }
    lines.join("\n")
}

/// A promise of a session that the trace shows broken, and when: straight from its records.
fn broken_promises(run: &Run) -> [Option<SimTime>; 3] {
    use lagoon::sim::trace::TraceEvent;
    let trace = &run.trace;
    let shoppers = trace.shoppers.len();
    let mut told: Vec<Vec<Version>> = vec![Vec::new(); shoppers];
    let mut shown = told.clone();
    let (mut out, mut due) = (Vec::new(), vec![Vec::new(); trace.operations.len()]);
    let mut broken = [None; 3];
    for record in &trace.records {
        match record.event {
            TraceEvent::Called(op) => due[op.0 as usize] = out.clone(),
            TraceEvent::Ended(op, answer) => {
                let who = trace.operation(op).client.0 as usize;
                match trace.answer(answer) {
                    Answer::Done(version) => {
                        told[who].push(*version);
                        out.push((*version, record.at));
                    }
                    Answer::Shown(seen) => {
                        let held: Vec<Version> = seen.log.iter().collect();
                        let call = trace.operation(op).call;
                        let old = due[op.0 as usize].iter();
                        let late = |(version, at): &(Version, SimTime)| {
                            *at < call && !held.contains(version)
                        };
                        for (place, is) in [
                            told[who].iter().any(|version| !held.contains(version)),
                            shown[who].iter().any(|version| !held.contains(version)),
                            old.copied().any(|pair| late(&pair)),
                        ]
                        .into_iter()
                        .enumerate()
                        {
                            if is && broken[place].is_none() {
                                broken[place] = Some(record.at);
                            }
                        }
                        out.extend(held.iter().map(|version| (*version, record.at)));
                        shown[who].extend(held);
                    }
                }
            }
            _ => {}
        }
    }
    broken
}

#[test]
fn random_runs_are_judged_as_their_traces_say() {
    let mut broke = [0; Property::ALL.len()];
    for seed in 0..RUNS {
        let dice = &mut Dice(seed ^ 0x5eed);
        let text = random_text(dice);
        let parsed = parse(&text);
        assert_eq!(parsed.diagnostics, [], "{text}");
        let run = run(&parsed.scenario);
        let told = || link::write(&text, &ViewState::default());
        let end = run.end();
        let case = Case {
            history: run.history.clone(),
            log: run.replicas.clone(),
            settled: run.trace.quiet.then_some(end),
            end: end.0,
        };
        let moments = [dice.below(end.0 + 1), dice.below(end.0 + 1)];
        let (early, late) = (moments[0].min(moments[1]), moments[0].max(moments[1]));
        let full = [end.0].into_iter();
        compare(&case, [early, late].into_iter().chain(full), &told);
        let at = |property| match run.verdict(property, end) {
            Verdict::Violated(witness) => Some(witness.at),
            _ => None,
        };
        let [forgotten, backwards, stale] = broken_promises(&run);
        assert_eq!(at(Property::ReadYourWrites), forgotten, "{}", told());
        assert_eq!(at(Property::MonotonicReads), backwards, "{}", told());
        assert_eq!(at(Property::Fresh), stale, "{}", told());
        let session = [forgotten, backwards].into_iter().flatten().min();
        let order = [session, stale].into_iter().flatten().min();
        assert_eq!(at(Property::Sequential), session, "{}", told());
        assert_eq!(at(Property::Linearizable), order, "{}", told());
        for property in Property::ALL {
            let verdict = run.verdict(property, end);
            let unbroken = !matches!(verdict, Verdict::Violated(_));
            assert!(
                unbroken || lagoon::run::safe(property, &parsed.scenario).is_none(),
                "{}",
                told()
            );
            let told_why = property == Property::BoundedStaleness;
            assert_eq!(
                matches!(verdict, Verdict::Unknown(_)),
                told_why,
                "{}",
                told()
            );
            broke[property as usize] += u32::from(!unbroken);
        }
    }
    for property in [
        Property::Linearizable,
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::NeverOversold,
        Property::NoLostUpdates,
    ] {
        let count = broke[property as usize];
        assert!(count >= 50, "{}: {count}", property.name());
    }
}

/// What is wanting is said as data: what comes next, and by whom.
#[test]
fn an_untested_promise_says_what_would_test_it() {
    use Property::*;
    let (alice, bob) = (Some(ClientId(0)), Some(ClientId(1)));
    for (text, property, want) in [
        ("", Linearizable, Want::Write(None)),
        ("", Converges, Want::Write(None)),
        ("bob views", Fresh, Want::Write(None)),
        ("alice adds book", Fresh, Want::View(None)),
        ("alice adds book", ConsistentPrefix, Want::Write(None)),
        (
            "alice adds book; bob adds pen",
            ConsistentPrefix,
            Want::View(None),
        ),
        ("bob views", ReadYourWrites, Want::Write(None)),
        (
            "alice adds book; bob views",
            ReadYourWrites,
            Want::View(alice),
        ),
        ("alice adds book; bob views", Causal, Want::View(alice)),
        (
            "alice adds book; bob views",
            MonotonicReads,
            Want::View(None),
        ),
        (
            "alice adds book; 1s bob views",
            MonotonicReads,
            Want::View(bob),
        ),
        (
            "alice adds book; bob views",
            MonotonicWrites,
            Want::Write(alice),
        ),
        (
            "alice adds book; alice adds pen",
            MonotonicWrites,
            Want::View(None),
        ),
        (
            "alice adds book; 1s bob views",
            WritesFollowReads,
            Want::Write(bob),
        ),
        (
            "alice adds book; bob views",
            WritesFollowReads,
            Want::View(None),
        ),
        (
            "alice adds book; 1s bob views; bob adds pen",
            WritesFollowReads,
            Want::View(None),
        ),
        ("stock: book 1; alice buys book", NeverOversold, Want::Order),
        ("alice views; alice sets pen to 1", NoLostUpdates, Want::Set),
        (
            "alice sets pen to 1; bob sets pen to 2",
            NoLostUpdates,
            Want::Set,
        ),
    ] {
        let run = run(&parse(text).scenario);
        assert_eq!(
            run.verdict(property, run.end()),
            Verdict::Untested,
            "{text}"
        );
        let wanting = run.report.verdicts.wanting(property, run.end());
        assert_eq!(wanting, want, "{text}: {}", property.name());
    }
}

/// No history, however wrong, is more than its judges can take.
#[test]
fn nonsense_is_judged_without_a_panic() {
    let (item, at) = (name("book"), SimTime(1));
    let mut log = Log::default();
    [u32::MAX, 0, 7, 7]
        .into_iter()
        .for_each(|v| log.push(Version(v)));
    let cart = Rc::new(Cart::default());
    let operation = |client, op, answer| Operation {
        client: ClientId(client),
        n: 0,
        op,
        to: ServiceId(9),
        call: SimTime(2),
        outcome: Outcome::Ok { at, answer },
    };
    let add = Op::Add { item, qty: 1 };
    let seen = Answer::Shown(Seen { cart, log });
    let history = History {
        shoppers: vec![name("alice")],
        operations: vec![
            operation(0, add, Answer::Done(Version(u32::MAX))),
            operation(0, add, Answer::Done(Version(0))),
            operation(7, Op::View, seen.clone()),
            operation(0, Op::View, seen),
            operation(0, Op::View, Answer::Done(Version(3))),
            operation(0, Op::Buy { item, qty: 9 }, Answer::Done(Version(0))),
            operation(7, Op::Set { item, qty: 9 }, Answer::Done(Version(2))),
            operation(0, Op::Set { item, qty: 9 }, Answer::Done(Version(2))),
        ],
        stock: vec![Line { item, qty: 1 }],
    };
    let apply = |replica, version| Apply {
        replica: ServiceId(replica),
        version: Version(version),
        at,
        whole: false,
    };
    let shift = |service, after, kind| Shift {
        service: ServiceId(service),
        at,
        after,
        kind,
    };
    let log = ReplicaLog {
        copies: 255,
        applied: vec![
            apply(0, 1),
            apply(255, u32::MAX),
            apply(1, 0),
            apply(1, 2),
            apply(2, 1),
        ],
        writes: vec![OpId(99), OpId(0), OpId(0)],
        undos: vec![(Version(7), Op::View)],
        shifts: vec![
            shift(0, 0, ShiftKind::Leads),
            shift(9, 1, ShiftKind::DiskLost),
            shift(200, 3, ShiftKind::Leads),
            shift(2, 99, ShiftKind::Leads),
        ],
    };
    for settled in [None, Some(at)] {
        let (verdicts, views) = judged(&history, &log, settled);
        staleness::windows(&history, &log);
        for property in Property::ALL {
            verdicts.at(property, SimTime(3));
            verdicts.wanting(property, SimTime(3));
        }
        staleness::bounded(&views, SimDuration(0), SimTime(3));
    }
}
