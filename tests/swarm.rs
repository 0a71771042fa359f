//! The swarm: random scenarios with everything on, drawn from a seed as texts.
//!
//! Each one breaks things at random, and is held to the laws: it means the same run twice, its
//! past does not move under a click, its text survives printing and travelling, no message arrives
//! twice, no operation ends twice, verdicts never turn back. A second phase mends everything: then
//! durable replication has converged, and no confirmed write is lost. A failure prints the link.
//!
//! `LAGOON_SWARM` sets how many there are, and `LAGOON_SWARM_FROM` the first seed
//! (`cargo xtask swarm`).

use lagoon::check::{Property, Verdict};
use lagoon::history::{Answer, Outcome, ServiceId};
use lagoon::run::{Run, run, safe as safe_in};
use lagoon::scenario::edit::{cut_and_append, twin};
use lagoon::scenario::link::{self, ViewState};
use lagoon::scenario::{Scenario, canonical, parse, print};
use lagoon::shop::{Line, Name};
use lagoon::sim::Checkout;
use lagoon::sim::trace::{Message, MessageId, Record, TraceEvent};
use lagoon::time::SimTime;
use std::collections::{BTreeMap, BTreeSet};

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

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }
}

const WHO: &[&str] = &["alice", "bob", "carol"];
const ITEMS: &[&str] = &["book", "pen"];
const DELAYS: &[&str] = &["1ms", "5ms-60ms", "exp 20ms", "40ms", "exp 200ms", "1200ms"];
const LENGTHS: &[&str] = &["50ms", "300ms", "900ms", "2s"];
const RATIOS: &[&str] = &["1/10", "1/2", "9/10", "1/3"];

/// A text; `durable` where no update in it can be lost for good, unless with a disk that it
/// `loses`, or that is out of reach once a copy took over.
struct Drawn {
    text: String,
    durable: bool,
    loses: bool,
}

fn draw(seed: u64) -> Drawn {
    let dice = &mut Dice(seed);
    let mut lines = vec![dice.pick(&["synchronous", "background"]).to_string()];
    let (mut durable, mut loses) = (true, false);
    let copies = 1 + dice.below(3);
    if copies > 1 {
        lines.push(format!("replicas: {copies}"));
    }
    lines.push(format!("seed: {}", dice.below(1000)));
    for key in ["network", "write", "read", "lag", "backoff"] {
        if dice.one_in(4) {
            lines.push(format!("{key}: {}", dice.pick(DELAYS)));
        }
    }
    for key in ["timeout", "patience", "batch", "repair"] {
        if dice.one_in(4) {
            lines.push(format!("{key}: {}", dice.pick(LENGTHS)));
        }
    }
    let choices: [(&str, &[&str]); 12] = [
        ("retries", &["1", "3"]),
        ("keys", &["on"]),
        ("stock", &["book 1", "pen 0", "book 3"]),
        ("checkout", &["s1"]),
        ("acks", &["1", "majority"]),
        ("receipt", &["written", "received"]),
        ("fallback", &["undo", "done"]),
        ("outbox", &["memory"]),
        ("sending", &["as it comes"]),
        ("applying", &["as it comes", "newest"]),
        ("resend", &["100ms", "never"]),
        (
            "views",
            &["any", "sticky", "token", "token or s1", "quorum 1", "s1"],
        ),
    ];
    for (key, values) in choices {
        if dice.one_in(5) {
            let value = dice.pick(values);
            durable &= !matches!(
                (key, value),
                ("receipt", "received") | ("outbox", _) | ("applying", _) | ("resend", "never")
            );
            lines.push(format!("{key}: {value}"));
        }
    }
    if dice.one_in(6) {
        let (rate, writes) = (1 + dice.below(20), dice.pick(RATIOS));
        lines.push(format!(
            "load: {rate}/s, {writes} writes, for {}",
            dice.pick(LENGTHS)
        ));
    }
    for _ in 0..3 + dice.below(10) {
        let line = match dice.below(10) {
            0..6 => shop(dice, copies),
            _ => trouble(dice, copies),
        };
        loses |= line.ends_with("disk") || line.ends_with("over");
        lines.push(line);
    }
    Drawn {
        text: lines.join("\n"),
        durable,
        loses,
    }
}

fn when(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => String::new(),
        1 => format!("{}ms ", dice.below(3000)),
        _ => "meanwhile ".to_string(),
    }
}

fn shop(dice: &mut Dice, copies: u64) -> String {
    let (when, who, item) = (when(dice), dice.pick(WHO), dice.pick(ITEMS));
    match dice.below(10) {
        0..3 => format!("{when}{who} adds {item}"),
        8 => format!("{when}{who} buys {item}"),
        9 => format!(
            "{when}{who} buys 2 {item} from s{}",
            1 + dice.below(copies + 1)
        ),
        3 => format!("{when}{who} sets {item} to {}", dice.below(4)),
        4 => format!("{when}{who} removes {item}"),
        5 => format!("{when}{who} views from s{}", 1 + dice.below(copies + 1)),
        _ => format!("{when}{who} views"),
    }
}

fn trouble(dice: &mut Dice, copies: u64) -> String {
    let mut when = when(dice);
    let service = 1 + dice.below(copies + 1);
    let copy = 2 + dice.below(copies);
    let (who, ratio, delay) = (dice.pick(WHO), dice.pick(RATIOS), dice.pick(DELAYS));
    let length = match dice.one_in(2) {
        true => format!(" for {}", dice.pick(LENGTHS)),
        false => String::new(),
    };
    let ask = format!("{who} {} 1", dice.pick(&["add", "set", "remove", "buy"]));
    let link = match dice.below(5) {
        0 => format!("{who}-s{service}"),
        1 => format!("s1-to-s{copy}"),
        2 => format!("s{copy}-to-s1"),
        _ => format!("s1-s{copy}"),
    };
    let what = match dice.below(19) {
        17 => format!("s{service} loses its disk"),
        18 => format!("s{copy} takes over"),
        16 if dice.one_in(2) => "load stops".to_string(),
        16 => format!(
            "load becomes {}/s, {ratio} writes{length}",
            1 + dice.below(30)
        ),
        0 => format!("s{service} crashes{length}"),
        1 => format!("s{service} restarts"),
        2 => format!(
            "s1 crashes before {} {ask}{length}",
            dice.pick(&["writing", "replicating", "confirming"])
        ),
        3 => format!(
            "s{copy} crashes before {} {ask}{length}",
            dice.pick(&["writing", "confirming"])
        ),
        4 => format!("s{service} pauses{length}"),
        5 => format!("s{service} resumes"),
        6 => format!("s{service} database stalls{length}"),
        7 => format!("s{service} database slows to {delay}{length}"),
        8 => format!("{link} breaks{length}"),
        9 => format!("{link} heals"),
        10 => format!("{link} slows to {delay}"),
        11 => format!(
            "{link} {} {ratio}",
            dice.pick(&["loses", "duplicates", "reorders"])
        ),
        12 => format!("partition s1 {who} from s{copy}"),
        13 => "all heals".to_string(),
        _ => {
            let message = match dice.below(4) {
                0 => format!("replicate {} to s{copy}", 1 + dice.below(3)),
                1 => format!("ack {} from s{copy}", 1 + dice.below(3)),
                2 => format!("request {ask}"),
                _ => format!("answer {ask}"),
            };
            if dice.one_in(2) {
                when = String::new();
            }
            match dice.below(5) {
                0 => format!("delay {message} by {}", dice.pick(LENGTHS)),
                1 => format!("duplicate {message}"),
                2 => format!("hold {message}"),
                3 => format!("release {message}"),
                _ => format!("drop {message}"),
            }
        }
    };
    format!("{when}{what}")
}

fn read(text: &str) -> Scenario {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, vec![], "{text}");
    parsed.scenario
}

/// Judges each seed of the swarm, and says which failed, as links.
fn swarm(usual: u64, judge: impl Fn(&Drawn, u64) -> Result<(), String>) {
    let number = |name: &str, usual: u64| {
        let value = std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok());
        value.unwrap_or(usual)
    };
    let from = number("LAGOON_SWARM_FROM", 0);
    for seed in from..from + number("LAGOON_SWARM", usual) {
        let drawn = draw(seed);
        if let Err(why) = judge(&drawn, seed) {
            let link = link::write(&drawn.text, &ViewState::default());
            panic!("seed {seed}: {why}\n{}\n{link}", drawn.text);
        }
    }
}

fn hold(holds: bool, why: impl Fn() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

#[test]
fn a_text_means_one_run_and_survives_printing_and_travelling() {
    swarm(5000, |drawn, _| {
        let scenario = read(&drawn.text);
        let (one, other) = (run(&scenario), run(&scenario));
        hold(one.trace.digest_all() == other.trace.digest_all(), || {
            "two runs".into()
        })?;
        let printed = print(&scenario);
        hold(parse(&printed).scenario == scenario, || {
            format!("printed as\n{printed}")
        })?;
        let link = link::write(&drawn.text, &ViewState::default());
        let back = link::read(&link);
        hold(back.text == canonical(&drawn.text), || {
            format!("{link} reads as\n{}", back.text)
        })
    });
}

#[test]
fn the_past_does_not_move_under_a_click() {
    swarm(5000, |drawn, seed| {
        let parsed = parse(&drawn.text);
        let before = run(&parsed.scenario);
        let dice = &mut Dice(seed ^ 0x5eed);
        let playhead = SimTime(dice.below(before.end().0 + 1));
        let body = match dice.below(3) {
            0 => "s2 crashes",
            1 => "s1-s2 breaks",
            _ => "bob views",
        };
        let edit = cut_and_append(&drawn.text, &parsed, &before.trace.fired, playhead, body);
        let after = run(&read(&edit.text));
        let digest = |run: &Run| run.trace.digest_until(playhead);
        hold(digest(&before) == digest(&after), || {
            format!("at {playhead}:\n{}", edit.text)
        })
    });
}

#[test]
fn nothing_happens_twice_and_copies_keep_their_order() {
    swarm(5000, |drawn, _| {
        let scenario = read(&drawn.text);
        let run = run(&scenario);
        let trace = &run.trace;
        let (mut over, mut ended) = (BTreeSet::new(), BTreeSet::new());
        let mut logs: BTreeMap<ServiceId, Vec<u32>> = BTreeMap::new();
        let mut last = SimTime::ZERO;
        for (place, record) in trace.records.iter().enumerate() {
            hold(record.at >= last, || "time goes back".into())?;
            last = record.at;
            let caused = record.cause.0 == u32::MAX || (record.cause.0 as usize) < place;
            hold(caused, || format!("record {place} before its cause"))?;
            let mut once = |message: MessageId| {
                hold(over.insert(message), || {
                    format!("{message:?} arrives twice")
                })
            };
            match record.event {
                TraceEvent::Delivered(message) => once(message)?,
                TraceEvent::Dropped(message, _) => {
                    // A message that waited at a paused service is lost with it.
                    let waited = trace.message(message).arrives_at < record.at;
                    hold(over.insert(message) || waited, || {
                        format!("{message:?} lost twice")
                    })?;
                }
                TraceEvent::Ended(op, _)
                | TraceEvent::Refused(op)
                | TraceEvent::SoldOut(op)
                | TraceEvent::Erred(op) => {
                    hold(ended.insert(op), || format!("{op:?} ends twice"))?;
                }
                TraceEvent::TimedOut(op) => {
                    hold(ended.insert(op), || format!("{op:?} ends twice"))?;
                }
                TraceEvent::Applied(service, version) => {
                    logs.entry(service).or_default().push(version.0);
                }
                TraceEvent::Repaired(service, version) => {
                    logs.insert(service, (1..=version.0).collect());
                }
                TraceEvent::DiskLost(service) => {
                    logs.remove(&service);
                }
                _ => {}
            }
        }
        let led = |record: &Record| matches!(record.event, TraceEvent::Leads(_));
        if trace.records.iter().any(led) {
            return Ok(());
        }
        let in_order = scenario.config.applying == lagoon::sim::Order::InOrder;
        for (service, log) in &logs {
            let orderly = log
                .iter()
                .enumerate()
                .all(|(nth, version)| *version == nth as u32 + 1);
            let ordered = orderly || (!in_order && service.0 > 1);
            hold(ordered, || format!("{service} applied {log:?}"))?;
            let mut sorted = log.clone();
            sorted.sort_unstable();
            sorted.dedup();
            hold(sorted.len() == log.len(), || {
                format!("{service} applied twice: {log:?}")
            })?;
        }
        Ok(())
    });
}

/// What every message drew depends on what it is about: the other mode draws the same.
#[test]
fn a_run_and_its_twin_share_their_luck() {
    swarm(5000, |drawn, _| {
        let scenario = read(&drawn.text);
        let own = run(&scenario);
        let other = run(&twin(&scenario, &own.trace.fired));
        let drawn = |run: &Run| -> BTreeMap<_, u64> {
            let trace = &run.trace;
            let moved: BTreeSet<u32> = trace
                .records
                .iter()
                .filter_map(|record| match record.event {
                    TraceEvent::Delayed(id) | TraceEvent::Released(id) => Some(id.0),
                    _ => None,
                })
                .collect();
            let plain = (0..)
                .zip(&trace.messages)
                .filter(|(id, _)| !moved.contains(id));
            let key = plain.map(|(_, message)| {
                let asked = trace.operation(message.op);
                let kind = match message.message {
                    Message::Request => 0,
                    Message::Replicate(_) | Message::Repair(_) => 1,
                    Message::Ack(_) => 2,
                    Message::Look => 4,
                    Message::Stock(_) => 5,
                    _ => 3,
                };
                let who = trace.shopper(asked.client);
                let key = (who, asked.n, kind, message.copy, message.attempt);
                (key, message.arrives_at.0 - message.sent_at.0)
            });
            key.collect()
        };
        // A link that is slow, or holds messages back, for a while only makes lengths differ.
        if drawn_trouble(&scenario) {
            return Ok(());
        }
        let (one, two) = (drawn(&own), drawn(&other));
        for (key, length) in &one {
            if let Some(found) = two.get(key) {
                hold(length == found, || format!("{key:?}: {length} and {found}"))?;
            }
        }
        Ok(())
    });
}

fn drawn_trouble(scenario: &Scenario) -> bool {
    let text = print(scenario);
    ["slows to", "reorders"]
        .iter()
        .any(|word| text.contains(word))
}

#[test]
fn a_safety_verdict_never_turns_back() {
    swarm(5000, |drawn, _| {
        let run = run(&read(&drawn.text));
        let mut times: Vec<SimTime> = run.trace.records.iter().map(|record| record.at).collect();
        times.dedup();
        for property in Property::ALL {
            if property == Property::Converges {
                continue;
            }
            let mut broken = None;
            for now in &times {
                let verdict = run.verdict(property, *now);
                let kept = broken.is_none() || broken == Some(verdict);
                hold(kept, || format!("{} turns back at {now}", property.name()))?;
                if let Verdict::Violated(_) = verdict {
                    broken = Some(verdict);
                }
            }
        }
        Ok(())
    });
}

/// Where Service 1 decides on its own stock, no more is ever sold than there is.
#[test]
fn service_1_never_sells_too_much() {
    swarm(5000, |drawn, _| {
        // An order that is lost with a disk is sold again.
        if drawn.loses {
            return Ok(());
        }
        let mut scenario = read(&drawn.text);
        let item = Name::new("book").expect("a name");
        scenario.config.stock = vec![Line { item, qty: 2 }];
        scenario.config.checkout = Checkout::Commit;
        let run = run(&scenario);
        let sold = run.verdict(Property::NeverOversold, run.end());
        let broken = matches!(sold, Verdict::Violated(_));
        hold(!broken, || format!("never-oversold is {}", sold.word()))
    });
}

/// What a copy that takes over does not have is lost, and nothing else.
#[test]
fn a_take_over_loses_what_the_copy_has_not() {
    let (mut lost, mut kept) = (0, 0);
    swarm(5000, |drawn, seed| {
        if !drawn.durable || drawn.loses {
            return Ok(());
        }
        let at = Dice(seed ^ 0x7a4e).below(3000);
        let text = format!("{}\n{at}ms s2 takes over\n20s all heals", drawn.text);
        let run = run(&read(&text));
        if !run.trace.quiet {
            return Ok(());
        }
        let mut has = BTreeSet::new();
        let mut over = None;
        for record in &run.trace.records {
            match record.event {
                TraceEvent::Applied(ServiceId::S2, version) => {
                    has.insert(version.0);
                }
                TraceEvent::Repaired(ServiceId::S2, version) => has.extend(1..=version.0),
                TraceEvent::Leads(_) => over = Some(run.trace.writes.len()),
                _ => {}
            }
        }
        hold(over.is_some(), || "nobody took over".into())?;
        let confirmed = run
            .history
            .operations
            .iter()
            .filter_map(|one| match one.outcome {
                Outcome::Ok {
                    answer: Answer::Done(version),
                    ..
                } => Some(version.0),
                _ => None,
            });
        let gone: Vec<u32> = confirmed.filter(|version| !has.contains(version)).collect();
        let verdict = run.verdict(Property::NoLostWrites, run.end());
        let broken = matches!(verdict, Verdict::Violated(_));
        hold(broken != gone.is_empty(), || {
            format!("no-lost-writes is {}, gone are {gone:?}", verdict.word())
        })
    });
    for seed in 0..500 {
        for (mode, count) in [("background", &mut lost), ("synchronous", &mut kept)] {
            let text = format!(
                "{mode}\nseed: {seed}\nalice adds book\n30ms s1 loses its disk\ns2 takes over\n\
                 bob views"
            );
            let run = run(&read(&text));
            let verdict = run.verdict(Property::NoLostWrites, run.end());
            *count += u32::from(matches!(verdict, Verdict::Violated(_)));
        }
    }
    assert!(lost > 0, "some change was confirmed within the window");
    assert_eq!(kept, 0, "what is confirmed is on two disks");
}

/// Where one server does all, the mode changes nothing, nothing is old, and nothing is apart.
#[test]
fn one_server_is_never_old() {
    swarm(2000, |_, seed| {
        let dice = &mut Dice(seed ^ 0x051e);
        let mut lines = vec!["services: one".to_string(), format!("seed: {seed}")];
        for (key, values) in [
            ("network", DELAYS),
            ("write", DELAYS),
            ("timeout", LENGTHS),
            // Without keys a retry can be done twice, which no order explains.
            ("retries", &["2\nkeys: on"]),
            ("stock", &["book 2"]),
            ("checkout", &["s1"]),
        ] {
            if dice.one_in(3) {
                lines.push(format!("{key}: {}", dice.pick(values)));
            }
        }
        for _ in 0..3 + dice.below(8) {
            let line = match dice.below(4) {
                0 => {
                    let who = dice.pick(WHO);
                    let trouble = [
                        "s1 crashes for 300ms",
                        "s1 pauses for 50ms",
                        "s1 database slows to 60ms",
                        "s1 database recovers",
                    ];
                    let link = [&format!("{who}-s1 loses 1/3"), "all heals"];
                    let what = [&trouble[..], &link[..]].concat();
                    format!("{}ms {}", dice.below(3000), dice.pick(&what))
                }
                _ => shop(dice, 0),
            };
            lines.push(line);
        }
        let text = lines.join("\n");
        let one = run(&read(&format!("background\n{text}")));
        let other = run(&read(&format!("synchronous\n{text}")));
        hold(one.hash == other.hash, || {
            format!("the mode matters:\n{text}")
        })?;
        let scenario = read(&text);
        let safe = Property::ALL.into_iter();
        let safe = safe.filter(|property| safe_in(*property, &scenario).is_some());
        for property in safe.chain([Property::Linearizable]) {
            let verdict = one.verdict(property, one.end());
            let broken = matches!(verdict, Verdict::Violated(_));
            hold(!broken, || {
                format!("{} is broken:\n{text}", property.name())
            })?;
        }
        Ok(())
    });
}

/// Law 5: once everything is mended, what is durable converges and keeps what was confirmed.
#[test]
fn mended_and_drained_durable_replication_has_converged() {
    swarm(5000, |drawn, _| {
        if !drawn.durable {
            return Ok(());
        }
        let run = run(&read(&format!("{}\n20s all heals", drawn.text)));
        // A line that waited for the mending can break something again.
        let mended = SimTime(20_000_000);
        if run.trace.fired.iter().flatten().any(|at| *at > mended) {
            return Ok(());
        }
        let end = run.end();
        let limit = run.trace.limit.is_none();
        hold(limit && run.trace.quiet, || format!("not quiet at {end}"))?;
        let converges = run.verdict(Property::Converges, end);
        let fine = matches!(converges, Verdict::Holds { .. } | Verdict::Untested);
        hold(fine, || format!("converges is {}", converges.word()))?;
        let kept = run.verdict(Property::NoLostWrites, end);
        let fine = drawn.loses || matches!(kept, Verdict::Holds { .. } | Verdict::Untested);
        hold(fine, || format!("no-lost-writes is {}", kept.word()))
    });
}
