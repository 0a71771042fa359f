//! The whole-run picture and the list of events, over random runs: everything drawn lies inside,
//! nothing that is read stands on anything else, the numbers are the report's, and the size is
//! bounded however long the run.

use lagoon::check::staleness::{self, Window};
use lagoon::history::ServiceId;
use lagoon::run::run;
use lagoon::scenario::parse;
use lagoon::shop::Name;
use lagoon::time::{SimDuration, SimTime};
use lagoon::view::spacetime::{Bracket, Frame, Label, MOST, SpaceTime, horizon};
use lagoon::view::words::timeline;
use lagoon::view::{Show, ledger};
use proptest::collection::vec;
use proptest::prelude::*;

fn show(text: &str) -> Show {
    let scenario = parse(text).scenario;
    let run = run(&scenario);
    Show { scenario, run }
}

fn stage() -> Vec<Name> {
    ["alice", "bob"]
        .map(|name| Name::new(name).expect("a name"))
        .to_vec()
}

fn picture(show: &Show, width: u32, titled: bool) -> SpaceTime {
    SpaceTime::of(
        show,
        &stage(),
        Frame {
            width,
            horizon: horizon(&[show]),
        },
        titled,
    )
}

fn line() -> impl Strategy<Value = String> {
    let who = prop_oneof![Just("alice"), Just("bob"), Just("carol"), Just("dave")];
    let what = prop_oneof![
        Just("adds book".to_string()),
        Just("adds 3 pen".to_string()),
        Just("removes book".to_string()),
        Just("sets mug to 2".to_string()),
        Just("views".to_string()),
        Just("views from s1".to_string()),
        Just("views from s3".to_string()),
        (0..400u32).prop_map(|ms| format!("waits {ms}ms")),
    ];
    let deed = (who, what).prop_map(|(who, what)| format!("{who} {what}"));
    let fault = prop_oneof![
        Just("s2 crashes for 200ms"),
        Just("s2 crashes"),
        Just("s1 pauses for 90ms"),
        Just("s2 database stalls for 150ms"),
        Just("s1 database slows to 60ms"),
        Just("s1-s2 breaks for 100ms"),
        Just("s1-s2 loses 1/2"),
        Just("s1-s2 duplicates 1/2"),
        Just("hold replicate 1 to s2"),
        Just("release replicate 1 to s2"),
        Just("delay request alice add 1 by 120ms"),
        Just("drop replicate 2 to s2"),
        Just("all heals"),
    ]
    .prop_map(str::to_string);
    let change = prop_oneof![Just("synchronous"), Just("background")]
        .prop_map(|mode| format!("replication becomes {mode}"));
    let when = prop_oneof![
        3 => Just(String::new()),
        2 => Just("meanwhile ".to_string()),
        2 => (0..1500u32).prop_map(|ms| format!("{ms}ms ")),
    ];
    (when, prop_oneof![9 => deed, 1 => change, 2 => fault]).prop_map(|(when, deed)| when + &deed)
}

fn text() -> impl Strategy<Value = String> {
    let settings = (
        prop_oneof![Just("synchronous"), Just("background")],
        1..5u32,
        prop_oneof![
            Just(""),
            Just("network: 0ms\n"),
            Just("network: exp 60ms\n")
        ],
        prop_oneof![Just(""), Just("lag: 0ms\n"), Just("lag: 20ms-900ms\n")],
        prop_oneof![3 => Just(None), 1 => (0..900u32).prop_map(Some)],
        0..1000u32,
    );
    (settings, vec(line(), 0..24)).prop_map(
        |((mode, replicas, network, lag, until, seed), lines)| {
            let until = until.map_or(String::new(), |ms| format!("until: {ms}ms\n"));
            let settings = format!("replicas: {replicas}\nseed: {seed}\n{network}{lag}{until}");
            format!("{mode}\n{settings}{}", lines.join("\n"))
        },
    )
}

/// A box that must lie inside the picture: left, top, right, bottom.
type Area = (f32, f32, f32, f32);

fn areas(picture: &SpaceTime) -> Vec<Area> {
    let blocks = [
        &picture.ribbons,
        &picture.work,
        &picture.troubles,
        &picture.bars,
        &picture.stubs,
    ];
    let mut areas: Vec<Area> = blocks
        .into_iter()
        .flatten()
        .map(|b| (b.x, b.y, b.x + b.width, b.y + b.height))
        .collect();
    let flags = picture.flags.iter();
    areas.extend(flags.map(|f| (f.x, f.y - 9.5, f.x + f.width, f.y + 9.5)));
    let arrows = picture.arrows.iter();
    areas.extend(arrows.map(|a| {
        (
            a.x1.min(a.x2),
            a.y1.min(a.y2),
            a.x1.max(a.x2),
            a.y1.max(a.y2),
        )
    }));
    let bends = picture.arrows.iter().flat_map(|arrow| &arrow.bends);
    areas.extend(bends.map(|(x, y)| (*x, *y, *x, *y)));
    areas.extend(picture.waiting.iter().map(|w| (w.from, w.top, w.to, w.y)));
    areas.extend(
        picture
            .brackets
            .iter()
            .map(|b| (b.from, picture.strip, b.to, picture.top)),
    );
    areas.extend(
        picture
            .marks
            .iter()
            .map(|m| (m.x, picture.strip, m.x, picture.bottom)),
    );
    areas
}

/// The width that a label is given; the estimate stands on the safe side of real faces.
fn room(text: &str) -> f32 {
    text.chars().count() as f32 * 4.0
}

fn start(label: &Label) -> Area {
    (
        label.x,
        label.y - 9.0,
        label.x + room(&label.text),
        label.y + 3.0,
    )
}

fn labels(picture: &SpaceTime) -> Vec<(String, Area)> {
    let mut all: Vec<(String, Area)> = Vec::new();
    let mut put = |label: &Label| all.push((label.text.clone(), start(label)));
    picture
        .ribbons
        .iter()
        .filter_map(|b| b.label.as_ref())
        .for_each(&mut put);
    picture
        .troubles
        .iter()
        .filter_map(|b| b.label.as_ref())
        .for_each(&mut put);
    picture
        .waiting
        .iter()
        .filter_map(|w| w.label.as_ref())
        .for_each(&mut put);
    picture
        .marks
        .iter()
        .filter_map(|m| m.label.as_ref())
        .for_each(&mut put);
    picture
        .brackets
        .iter()
        .flat_map(|b| b.labels.iter().flatten())
        .for_each(&mut put);
    for bar in &picture.bars {
        if let Some(label) = &bar.label {
            let half = room(&label.text) / 2.0;
            all.push((
                label.text.clone(),
                (label.x - half, label.y - 9.0, label.x + half, label.y + 3.0),
            ));
        }
    }
    for flag in &picture.flags {
        all.push((
            flag.text.clone(),
            (flag.x, flag.y - 7.0, flag.x + flag.width, flag.y + 7.0),
        ));
    }
    all
}

fn meet(a: Area, b: Area) -> bool {
    a.0 + 0.1 < b.2 && b.0 + 0.1 < a.2 && a.1 + 0.1 < b.3 && b.1 + 0.1 < a.3
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn all_lies_inside_and_no_words_meet(text in text(), width in 300..1400u32, titled: bool) {
        let show = show(&text);
        let picture = picture(&show, width, titled);
        prop_assert!(picture.top < picture.bottom);
        for (left, top, right, bottom) in areas(&picture) {
            prop_assert!(left >= picture.frame.left() - 1.1, "{left} in\n{text}");
            prop_assert!(right <= width as f32 + 0.1, "{right} in\n{text}");
            prop_assert!(top >= 0.0 && bottom <= picture.bottom + 0.1, "{top} {bottom} in\n{text}");
            prop_assert!(left <= right && top <= bottom);
        }
        for pair in picture.lanes.all.windows(2) {
            prop_assert!(pair[0].top + pair[0].height <= pair[1].top + 0.01);
            prop_assert!(pair[0].y + pair[0].half <= pair[1].y - pair[1].half);
        }
        let labels = labels(&picture);
        for (nth, one) in labels.iter().enumerate() {
            for other in &labels[nth + 1..] {
                prop_assert!(!meet(one.1, other.1), "{one:?} on {other:?} in\n{text}");
            }
        }
    }

    #[test]
    fn bars_are_the_operations_and_brackets_the_report(text in text()) {
        let show = show(&text);
        let picture = picture(&show, 678, false);
        let operations = &show.run.history.operations;
        prop_assert_eq!(picture.bars.len(), operations.len());
        for (bar, operation) in picture.bars.iter().zip(operations) {
            prop_assert!((bar.x - picture.frame.x(operation.call)).abs() < 0.1);
            prop_assert!(bar.width >= 1.99);
        }
        for pair in picture.bars.windows(2) {
            prop_assert!(pair[0].x <= pair[1].x);
        }
        let stale = picture.bars.iter().filter(|bar| bar.state == "stale").count();
        let views = &show.run.report.views;
        prop_assert_eq!(stale, views.iter().filter(|view| view.is_stale()).count());

        let end = picture.frame.horizon;
        let worst = show.scenario.config.copies().map(|copy| total(&show, copy, end)).max();
        if show.run.trace.quiet {
            let sum = |of: fn(&Bracket) -> SimDuration| {
                picture.brackets.iter().map(of).fold(SimDuration::ZERO, |sum, one| sum + one)
            };
            let drawn = (sum(|bracket| bracket.window), sum(|bracket| bracket.apart));
            prop_assert_eq!(Some(drawn), worst);
        }
        // One write, one copy: the very numbers of the report.
        if let ([bracket], [window]) = (&picture.brackets[..], &show.run.report.windows[..])
            && show.run.trace.quiet
        {
            prop_assert_eq!(Some(bracket.apart), window.apart());
            prop_assert_eq!(Some(bracket.window), window.window());
        }
    }

    #[test]
    fn the_list_is_in_order_and_its_causes_stand_before(text in text()) {
        let show = show(&text);
        let rows = ledger::rows(&show);
        let entries = ledger::entries(&show, usize::MAX);
        prop_assert_eq!(rows.len(), entries.len());
        for (row, entry) in rows.iter().zip(&entries) {
            prop_assert_eq!(Some(*row), entry.record);
            prop_assert!(!entry.who.is_empty() && !entry.text.is_empty());
            prop_assert!(entry.cause.is_none_or(|cause| cause < *row && rows.contains(&cause)));
        }
        for at in [0, 100_000, 10_000_000] {
            prop_assert!(!timeline::at(&show, SimTime(at)).is_empty());
        }
    }

    #[test]
    fn the_axis_is_round_has_room_and_reads_back(text in text(), width in 300..1400u32) {
        let show = show(&text);
        let frame = Frame { width, horizon: horizon(&[&show]) };
        prop_assert!(show.run.end() <= frame.horizon);
        let ticks = frame.axis();
        let named: Vec<f32> = ticks.iter().filter(|t| t.label.is_some()).map(|t| t.x).collect();
        prop_assert!(named.len() >= 2);
        prop_assert!(named.windows(2).all(|pair| pair[1] - pair[0] >= 60.0));
        let moment = frame.moment(f64::from(frame.x(SimTime(frame.horizon.0 / 2))));
        let off = moment.0.abs_diff(frame.horizon.0 / 2);
        prop_assert!(off <= frame.horizon.0 / 1000, "{off}");
    }
}

fn total(show: &Show, copy: ServiceId, end: SimTime) -> (SimDuration, SimDuration) {
    let windows = &show.run.report.windows;
    let sum = |spans: Vec<(SimTime, SimTime)>| {
        spans
            .iter()
            .fold(SimDuration::ZERO, |sum, (from, to)| sum + to.since(*from))
    };
    let behind = sum(staleness::behind_spans(windows, copy, end));
    (behind, sum(staleness::apart_spans(windows, copy, end)))
}

const FIRST: &str = "background\nnetwork: 25ms\nalice adds book\n200ms bob views";

#[test]
fn the_first_screen_says_what_it_should() {
    let show = show(FIRST);
    let picture = picture(&show, 678, false);
    assert_eq!(picture.frame.horizon, SimTime(500_000));
    let texts: Vec<String> = labels(&picture).into_iter().map(|(text, _)| text).collect();
    for wanted in [
        "Add book",
        "confirmed",
        "still v0",
        "v1 book",
        "The copies differed for 337 ms",
        "312 ms of them after Alice was told done",
        "background job waits",
    ] {
        assert!(
            texts.iter().any(|text| text == wanted),
            "{wanted} is not in {texts:?}"
        );
    }
    assert!(
        texts
            .iter()
            .any(|text| text.starts_with("shown an empty cart")),
        "{texts:?}"
    );
    assert_eq!(picture.sampled, None);
    let lanes: Vec<&str> = picture
        .lanes
        .all
        .iter()
        .map(|lane| lane.name.as_str())
        .collect();
    assert_eq!(lanes, ["Alice", "Service 1", "Service 2", "Bob"]);
    assert_eq!(
        timeline::at(&show, SimTime(263_000)).split(',').next(),
        Some("263 ms")
    );
}

#[test]
fn synchronous_has_no_window_and_says_so() {
    let show = show(&FIRST.replace("background", "synchronous"));
    let window: &Window = &show.run.report.windows[0];
    let picture = picture(&show, 678, false);
    assert_eq!(picture.brackets[0].window, SimDuration::ZERO);
    assert_eq!(Some(picture.brackets[0].apart), window.apart());
    let second = picture.brackets[0].labels[1]
        .as_ref()
        .expect("there is room");
    assert_eq!(second.text, "all of it before Alice was told done");
    assert!(
        picture
            .ribbons
            .iter()
            .all(|ribbon| ribbon.state != "behind")
    );
}

#[test]
fn an_empty_run_has_lanes_and_an_axis() {
    let show = show("background");
    let picture = picture(&show, 678, false);
    assert!(picture.empty && picture.bars.is_empty() && picture.arrows.is_empty());
    assert_eq!(picture.frame.horizon, SimTime(400_000));
    assert_eq!(picture.lanes.all.len(), 4);
    assert!(ledger::entries(&show, 10).is_empty());
}

#[test]
fn a_long_run_is_bounded() {
    let names = ["alice", "bob", "carol", "dave"];
    let line = |nth: usize| match nth % 3 {
        0 => format!("{} adds item{}", names[nth % 4], nth % 7),
        _ => format!("meanwhile {} views from s{}", names[nth % 4], 1 + nth % 9),
    };
    let lines: Vec<String> = (0..950).map(line).collect();
    let settings = "background\nreplicas: 8\npause: 1ms\nlag: exp 500ms\nnetwork: exp 20ms";
    let show = show(&format!("{settings}\n{}", lines.join("\n")));
    assert!(
        show.run.history.operations.len() > 300,
        "{}",
        show.run.history.operations.len()
    );
    for (width, titled) in [(300, true), (678, false), (942, true)] {
        let picture = picture(&show, width, titled);
        assert!(picture.arrows.len() <= MOST);
        assert_eq!(
            picture.sampled,
            Some((picture.arrows.len(), show.run.trace.messages.len()))
        );
        let lanes = picture.lanes.all.len();
        assert!(picture.ribbons.len() <= lanes * width as usize);
        assert!(picture.work.len() <= lanes * width as usize);
        assert!(picture.ticks.len() <= width as usize);
    }
    assert_eq!(ledger::entries(&show, 2000).len(), 2000);
}

#[test]
fn the_rows_around_the_playhead_stay_within_the_list() {
    for (total, current, most, want) in [
        (0, 0, 300, 0..0),
        (10, 4, 300, 0..10),
        (1000, 0, 300, 0..300),
        (1000, 500, 300, 350..650),
        (1000, 1000, 300, 700..1000),
    ] {
        assert_eq!(ledger::around(total, current, most), want);
    }
}

#[test]
fn trouble_is_drawn_where_and_while_it_was() {
    let show = show(
        "background\nnetwork: 25ms\nlag: 0ms\ntimeout: 100ms\nretries: 1\nalice adds book\n\
         10ms hold request alice add 1\n150ms release request alice add 1\n\
         300ms s2 crashes for 300ms\n400ms s1 database stalls for 100ms\n\
         700ms s1-s2 breaks\n700ms alice adds pen",
    );
    let picture = picture(&show, 1000, false);
    let x = |millis: u64| picture.frame.x(SimTime(millis * 1000));
    let words: Vec<_> = picture
        .troubles
        .iter()
        .map(|block| (block.state, block.x, block.x + block.width))
        .collect();
    assert!(
        words.contains(&("crashed", x(300), x(300) + (x(600) - x(300)))),
        "{words:?}"
    );
    assert!(
        words.contains(&("stalled", x(400), x(400) + (x(500) - x(400)))),
        "{words:?}"
    );
    // Held: it stands still from the one moment to the other, and then goes on from there.
    let held = &picture.arrows[0];
    assert_eq!(held.bends.len(), 2);
    assert_eq!((held.bends[0].0, held.bends[1].0), (x(10), x(150)));
    assert_eq!(held.bends[0].1, held.bends[1].1);
    assert!((held.x2 - x(165)).abs() < 0.2 && held.arrives, "{held:?}");
    assert!(picture.arrows.iter().any(|arrow| arrow.again));
    let lost = picture
        .arrows
        .iter()
        .find(|arrow| arrow.lost)
        .expect("a lost one");
    assert!(!lost.arrives && lost.kind == "replicate");
}

#[test]
fn copies_that_never_agree_differ_to_the_end() {
    let text = "background\napplying: as it comes\nalice adds book\nalice removes book\n\
                delay replicate 1 to s2 by 600ms\n3s bob views";
    let file = lagoon::view::picture::diagram(&show(text), None).svg;
    assert!(file.contains("to the end"), "the bracket");
    assert!(file.contains("out of order"), "the lane of Service 2");
    // What a crash took from memory is no longer held.
    let held = |outbox: &str| {
        let text = format!(
            "background\noutbox: {outbox}\nalice adds book\n\
             s1 crashes before replicating alice add 1 for 500ms\n3s bob views"
        );
        let lines = picture(&show(&text), 900, false).waiting;
        lines.iter().map(|line| line.to - line.from).sum::<f32>()
    };
    assert!(
        held("memory") == 0.0 && held("disk") > 20.0,
        "{} {}",
        held("memory"),
        held("disk")
    );
}
