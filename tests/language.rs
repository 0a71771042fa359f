//! The table of examples of the scenario language: each text means exactly this, for ever.

use lagoon::chance::Delay;
use lagoon::history::Outcome;
use lagoon::run::{Run, run};
use lagoon::scenario::edit::{self, cut_and_append, set_mode, set_setting, twin};
use lagoon::scenario::{
    Diagnostic, Key, LIMITS, Limits, LineKind, Parsed, Severity, TextLimit, canonical, parse,
    parse_within, print,
};
use lagoon::sim::ReplicationMode;
use lagoon::time::{SimDuration, SimTime};

/// When each line fired, in microseconds: by the line's number.
fn fired(parsed: &Parsed, run: &Run) -> Vec<(u32, Option<u64>)> {
    let times = run.trace.fired.iter().zip(&parsed.cues);
    times
        .map(|(at, line)| (parsed.lines[*line as usize].number, at.map(|at| at.0)))
        .collect()
}

/// The call and the answer of each operation, by shopper: `alice 1`.
fn lived(run: &Run, who: &str, n: u32) -> (u64, u64) {
    let found = run.history.operations.iter().find(|operation| {
        run.history.shoppers[operation.client.0 as usize].as_str() == who && operation.n + 1 == n
    });
    let operation = found.unwrap_or_else(|| panic!("{who} {n} was not called"));
    (operation.call.0, operation.ended().expect("answered").0)
}

fn read(text: &str) -> (Parsed, Run) {
    let parsed = parse(text);
    let run = run(&parsed.scenario);
    (parsed, run)
}

/// A text that is read without a remark.
fn clean(text: &str) -> (Parsed, Run) {
    let (parsed, run) = read(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    (parsed, run)
}

/// The one diagnostic of a text.
fn remark(text: &str) -> Diagnostic {
    let parsed = parse(text);
    assert_eq!(
        parsed.diagnostics.len(),
        1,
        "{text}: {:?}",
        parsed.diagnostics
    );
    parsed.diagnostics[0].clone()
}

fn suggests(text: &str, suggestion: &str) {
    let found = remark(text).suggestion.unwrap_or_default();
    assert!(found.contains(suggestion), "{text}: {found}");
}

const PAUSE: u64 = 100_000;

#[test]
fn row_1_a_line_starts_a_pause_after_the_one_above() {
    let (parsed, run) = clean("alice adds book; bob views");
    let confirmed = lived(&run, "alice", 1).1;
    assert_eq!(
        fired(&parsed, &run),
        [(1, Some(0)), (2, Some(confirmed + PAUSE))]
    );
}

#[test]
fn row_2_a_group_is_over_when_its_last_is() {
    let text = "alice adds book; meanwhile bob views; meanwhile carol views; dave views";
    let (parsed, run) = clean(text);
    let ends = ["alice", "bob", "carol"].map(|who| lived(&run, who, 1).1);
    let dave = ends.into_iter().max().unwrap() + PAUSE;
    assert_eq!(
        fired(&parsed, &run),
        [(1, Some(0)), (2, Some(0)), (3, Some(0)), (4, Some(dave))]
    );
}

#[test]
fn row_3_meanwhile_in_the_first_line_is_at_0() {
    let (parsed, run) = clean("meanwhile bob views");
    assert_eq!(fired(&parsed, &run), [(1, Some(0))]);
}

#[test]
fn row_4_a_line_waits_for_the_line_above_only() {
    let (parsed, run) = clean("synchronous; alice adds book; 20ms bob views; carol views");
    let (alice, bob) = (lived(&run, "alice", 1).1, lived(&run, "bob", 1).1);
    assert!(bob < alice, "Alice is still open");
    assert_eq!(
        fired(&parsed, &run),
        [(2, Some(0)), (3, Some(20_000)), (4, Some(bob + PAUSE))]
    );
}

#[test]
fn row_5_text_order_is_no_clock() {
    let (parsed, run) = clean("3s alice adds book; 1s bob views; carol views");
    let bob = lived(&run, "bob", 1).1;
    assert!((1_122_000..1_163_000).contains(&(bob + PAUSE)));
    assert_eq!(
        fired(&parsed, &run),
        [
            (1, Some(3_000_000)),
            (2, Some(1_000_000)),
            (3, Some(bob + PAUSE))
        ]
    );
}

#[test]
fn rows_6_and_7_a_busy_shopper_queues() {
    for (text, at) in [
        ("alice adds book; 10ms alice views", 10_000),
        ("alice adds book; meanwhile alice views", 0),
    ] {
        let (parsed, run) = clean(text);
        assert_eq!(
            fired(&parsed, &run),
            [(1, Some(0)), (2, Some(at))],
            "{text}"
        );
        let confirmed = lived(&run, "alice", 1).1;
        assert_eq!(lived(&run, "alice", 2).0, confirmed, "{text}");
    }
}

#[test]
fn row_8_equal_times_are_in_order_of_text() {
    let (parsed, run) = clean("1s alice adds book; 1s bob views");
    assert_eq!(
        fired(&parsed, &run),
        [(1, Some(1_000_000)), (2, Some(1_000_000))]
    );
    let order: Vec<_> = run
        .history
        .operations
        .iter()
        .map(|op| op.client.0)
        .collect();
    assert_eq!(order, [0, 1]);
}

#[test]
fn row_9_a_time_and_meanwhile_exclude_each_other() {
    for text in ["1s meanwhile bob views", "meanwhile 1s bob views"] {
        assert!(remark(text).message.contains("one of the two"), "{text}");
        assert_eq!(parse(text).scenario.script.len(), 0);
    }
}

#[test]
fn row_10_settings_and_comments_are_not_the_line_above() {
    let (parsed, run) = clean("alice adds book; # note; lag: 1s; meanwhile bob views");
    assert_eq!(fired(&parsed, &run), [(1, Some(0)), (4, Some(0))]);
}

#[test]
fn row_11_a_line_that_is_skipped_is_as_if_not_there() {
    let (parsed, run) = read("alice adds book; bob flies; meanwhile carol views");
    assert_eq!(
        (parsed.diagnostics.len(), parsed.diagnostics[0].line),
        (1, 2)
    );
    assert_eq!(parsed.diagnostics[0].column, 6);
    assert_eq!(parsed.lines[1].kind, LineKind::Skipped);
    assert_eq!(fired(&parsed, &run), [(1, Some(0)), (3, Some(0))]);
}

#[test]
fn rows_12_and_13_waiting_has_no_pause_before_or_after() {
    let (_, run) = clean("alice adds book; alice waits 500ms; alice views");
    let confirmed = lived(&run, "alice", 1).1;
    assert_eq!(lived(&run, "alice", 2).0, confirmed + 500_000);
    let (_, run) = clean("bob waits 1s; 500ms bob views");
    assert_eq!(lived(&run, "bob", 1).0, 1_000_000);
}

#[test]
fn rows_14_and_16_taking_away_what_is_not_there_is_ok() {
    let (_, run) = clean("alice removes pen");
    assert_eq!(run.replicas.writes.len(), 1, "it makes a version");
    assert!(run.history.operations[0].ended().is_some());
    let (parsed, run) = clean("alice adds book; alice sets book to 0; 2s bob views");
    let shown = run.history.operations[2].seen().unwrap().cart.clone();
    assert!(shown.is_empty());
    assert!(print(&parsed.scenario).contains("alice sets book to 0"));
}

#[test]
fn rows_15_17_and_18_quantities_and_items() {
    suggests("alice removes 2 book", "sets book to N");
    assert!(remark("alice adds 0 book").message.contains("at least 1"));
    suggests("alice adds red book", "red-book");
    for text in [
        "alice removes 2 book",
        "alice adds 0 book",
        "alice adds red book",
    ] {
        assert!(parse(text).scenario.script.is_empty(), "{text}");
    }
}

#[test]
fn rows_19_and_20_views_name_their_service() {
    let (parsed, run) = read("bob views from s9; alice adds book");
    assert!(parsed.diagnostics[0].message.contains("copies: s2"));
    assert_eq!(fired(&parsed, &run), [(2, Some(0))]);
    let (_, run) = clean("bob views from s1");
    assert_eq!(run.history.operations[0].to.0, 1);
}

#[test]
fn rows_21_and_22_names() {
    assert!(remark("s1 adds book").message.contains("service"));
    assert!(
        remark("background adds book")
            .message
            .contains("word of the language")
    );
    assert!(!remark("drop adds book").message.is_empty());
    let (parsed, _) = clean("ALICE ADDS Book");
    assert_eq!(print(&parsed.scenario), "background\nalice adds book");
}

#[test]
fn row_23_the_last_mode_is_the_whole_runs() {
    let (parsed, _) = read("synchronous; alice adds book; background");
    assert_eq!(parsed.scenario.config.mode, ReplicationMode::Background);
    assert_eq!(
        (parsed.diagnostics.len(), parsed.diagnostics[0].line),
        (1, 1)
    );
    suggests(
        "synchronous; alice adds book; background",
        "replication becomes",
    );
}

#[test]
fn row_24_the_mode_at_the_commit_counts() {
    let (_, run) = clean("lag: 1s; alice adds book; 20ms replication becomes synchronous");
    let window = run.report.windows[0];
    assert!(window.committed.0 > 20_000);
    assert!(
        window.applied.unwrap() < window.confirmed.unwrap(),
        "synchronous"
    );
}

#[test]
fn row_25_becoming_synchronous_sends_what_the_job_holds() {
    let text = "lag: 1s; alice adds book; 100ms replication becomes synchronous; bob adds pen";
    let (parsed, run) = clean(text);
    assert_eq!(
        fired(&parsed, &run)[2],
        (4, Some(200_000)),
        "a change of mode is over at once"
    );
    let [first, second] = run.report.windows[..] else {
        panic!("two writes, one copy")
    };
    assert!(
        (110_000..=142_000).contains(&first.applied.unwrap().0),
        "sent at 100 ms"
    );
    let confirmed = second.confirmed.unwrap();
    assert!(first.applied.unwrap() < confirmed && second.applied.unwrap() < confirmed);
}

#[test]
fn row_26_becoming_background_leaves_confirmations_waiting() {
    let (_, run) = clean("synchronous; alice adds book; 50ms replication becomes background");
    let window = run.report.windows[0];
    assert!(window.applied.unwrap() < window.confirmed.unwrap());
}

#[test]
fn row_27_the_ninth_shopper_has_no_room() {
    let text: String = ('a'..='i').map(|c| format!("{c}{c} views\n")).collect();
    let (parsed, _) = read(&(text + "ii adds book\naa adds book"));
    assert_eq!(parsed.scenario.config.shoppers.len(), 8);
    let lines: Vec<_> = parsed.diagnostics.iter().map(|d| d.line).collect();
    assert_eq!(lines, [9, 10]);
    assert_eq!(parsed.scenario.script.len(), 9);
}

#[test]
fn row_28_titles_end_where_lines_do() {
    let parsed = parse("title: a; b");
    assert_eq!(parsed.title.as_deref(), Some("a"));
    assert_eq!(parsed.diagnostics[0].line, 2);
    let parsed = parse("title: my #1 run");
    assert_eq!(
        (parsed.title.as_deref(), parsed.diagnostics.len()),
        (Some("my"), 0)
    );
}

#[test]
fn row_29_a_value_is_never_guessed() {
    let parsed = parse("seed: -1; lag: 5; replicas: 9");
    assert_eq!(parsed.diagnostics.len(), 3);
    assert_eq!(parsed.scenario, parse("").scenario, "the defaults stay");
    suggests("lag: 5", "5ms");
}

#[test]
fn row_30_an_empty_text_is_an_empty_run() {
    let (parsed, run) = clean("");
    assert_eq!(run.trace.records, []);
    assert!(parsed.is_blank());
    assert_eq!(print(&parsed.scenario), "background");
}

#[test]
fn rows_31_and_32_a_click_cuts_what_has_not_fired() {
    let text = "alice adds book; bob views";
    let (parsed, run) = clean(text);
    let bob = run.trace.fired[1].unwrap();
    let click = |at| cut_and_append(text, &parsed, &run.trace.fired, at, "bob views");
    let after = click(bob + SimDuration(52_300));
    let time = (bob.0 + 52_300) / 1000 + 1;
    assert_eq!(after.text, format!("{text}; {time}ms bob views"));
    assert!(after.removed.is_empty());
    let before = click(bob - SimDuration(1));
    assert_eq!(
        before.text,
        format!("alice adds book; {}ms bob views", (bob.0 - 1) / 1000 + 1)
    );
    assert_eq!(before.removed, ["bob views"]);
}

#[test]
fn row_33_a_line_typed_between_may_move_the_one_below() {
    let (parsed, run) = clean("alice adds book; 500ms carol views; bob views");
    let carol = lived(&run, "carol", 1).1;
    assert_eq!(fired(&parsed, &run)[2], (3, Some(carol + PAUSE)));
}

#[test]
fn row_34_a_newer_version_is_read_as_far_as_possible() {
    let note = remark("v2; alice adds book");
    assert_eq!(note.severity, Severity::Note);
    assert!(note.message.contains("made by a newer Lagoon"));
    assert_eq!(parse("v2; alice adds book").scenario.script.len(), 1);
}

// Beyond the table.

#[test]
fn a_click_leaves_everything_else_untouched() {
    let text = "title: x\r\n# a comment\nlag : 500MS\nalice  adds book # first\n\
                bob flies\n\n5s bob views # later\nexpect fresh holds\n";
    let (parsed, run) = read(text);
    let at = SimTime(300_000);
    let edit = cut_and_append(text, &parsed, &run.trace.fired, at, "carol views");
    let expected = "title: x\r\n# a comment\nlag : 500MS\nalice  adds book # first\n\
                    bob flies\n\nexpect fresh holds\n301ms carol views\n";
    assert_eq!(edit.text, expected);
    assert_eq!(edit.removed, ["5s bob views"]);
}

#[test]
fn a_click_at_the_start_has_no_time() {
    for (text, expected) in [
        ("", "bob views"),
        ("background\n", "background\nbob views\n"),
        ("lag: 1s", "lag: 1s\nbob views"),
        ("lag: 1s; seed: 4", "lag: 1s; seed: 4; bob views"),
        ("lag: 1s;", "lag: 1s; bob views"),
        ("5s alice views", "bob views"),
        ("alice views", "alice views\n1ms bob views"),
        ("alice views; 5s alice views", "alice views; 1ms bob views"),
    ] {
        let (parsed, run) = read(text);
        let edit = cut_and_append(text, &parsed, &run.trace.fired, SimTime::ZERO, "bob views");
        assert_eq!(edit.text, expected, "{text}");
    }
}

#[test]
fn a_control_rewrites_only_its_own_line() {
    let text = "title: a\nlag: 1s\nLAG : 2s  # slow\nalice adds book\n";
    for (key, value, expected) in [
        (
            Key::Lag,
            "500ms",
            "title: a\nlag: 1s\nlag: 500ms  # slow\nalice adds book\n",
        ),
        (
            Key::Seed,
            "7",
            "title: a\nlag: 1s\nLAG : 2s  # slow\nseed: 7\nalice adds book\n",
        ),
        (
            Key::Title,
            "b",
            "title: b\nlag: 1s\nLAG : 2s  # slow\nalice adds book\n",
        ),
        (Key::Lag, "", "title: a\nalice adds book\n"),
    ] {
        assert_eq!(set_setting(text, key, value), expected);
    }
    let sync = |text| set_mode(text, ReplicationMode::Synchronous);
    assert_eq!(sync("alice adds book"), "synchronous\nalice adds book");
    assert_eq!(
        sync("async; alice adds book"),
        "synchronous; alice adds book"
    );
    assert_eq!(
        sync("title: a; alice adds book"),
        "title: a; synchronous; alice adds book"
    );
    assert_eq!(sync(""), "synchronous");
}

#[test]
fn the_twin_is_pinned_and_flipped() {
    let text = "lag: 1s; alice adds book; bob views; 90ms replication becomes synchronous";
    let (parsed, run) = clean(text);
    let bob = SimDuration(run.trace.fired[1].unwrap().0);
    let twin = twin(&parsed.scenario, &run.trace.fired);
    let expected = format!(
        "synchronous\nlag: 1s\n0ms alice adds book\n90ms replication becomes background\n\
         {bob} bob views"
    );
    assert_eq!(print(&twin), expected);
}

#[test]
fn a_view_goes_to_the_nearest_copy() {
    let near = "network: 25ms\nread: 2ms\nreplicas: 3\nviews: nearest\nalice-s3 network: 5ms\n\
                s4-alice network: 1ms-9ms\nbob-s1 network: 1ms\n";
    let (parsed, run) =
        clean(&[near, "alice views\nmeanwhile bob views\nbob views from s1"].concat());
    let to: Vec<u8> = run.history.operations.iter().map(|o| o.to.0).collect();
    assert_eq!(to, [3, 2, 1], "of equals the lowest; Service 1 is no copy");
    let waited = |who, n| lived(&run, who, n).1 - lived(&run, who, n).0;
    assert_eq!(
        [waited("alice", 1), waited("bob", 1), waited("bob", 2)],
        [12_000, 52_000, 4_000]
    );
    assert!(print(&parsed.scenario).contains("\nalice-s4 network: 1ms-9ms\n"));
    assert_eq!(Key::of("s4-alice network"), Key::of("alice-s4 network"));
    let cut = [near, "alice-s3 breaks\nalice views"].concat();
    let last = clean(&cut).1.history.operations.pop();
    assert_eq!(
        last.map(|view| view.to.0),
        Some(3),
        "links that break change nothing"
    );
    suggests("alice-s3 network: 5ms", "replicas: 2");
    remark("alice-to-s2 network: 5ms");
    remark("title-s2 lag: 5ms");
}

#[test]
fn words_that_are_to_come_are_refused_kindly() {
    for text in [
        "everyone views",
        "writes: both",
        "merge: newest",
        "s1-to-s2 network: 5ms",
        "lag: pareto 1ms 1.5",
    ] {
        let remark = remark(text);
        assert!(
            remark.message.contains("not built yet"),
            "{text}: {}",
            remark.message
        );
        assert_eq!(remark.severity, Severity::Problem);
    }
    for text in [
        "expect linearizable holds",
        "expect never-oversold holds",
        "expect no-lost-updates violated",
        "expect no-lost-writes violated",
    ] {
        assert_eq!(clean(text).0.scenario.expectations.len(), 1, "{text}");
    }
}

#[test]
fn slips_are_met_with_what_was_meant() {
    for (text, meant) in [
        ("sinchronous", "synchronous"),
        ("alice ads book", "alice adds book"),
        ("1s bob veiws from s2", "1s bob views from s2"),
        ("lga: 1s", "lag"),
        ("lag 500ms", "lag: 500ms"),
        ("mode: sync", "synchronous"),
        ("expect frehs holds", "expect fresh holds"),
        ("expect fresh holsd", "expect fresh holds"),
        ("alice sets book 3", "alice sets book to 3"),
        ("adds book", "alice adds book"),
        ("alice adds", "alice adds book"),
        ("alice adds book!", "alice adds book"),
        ("bob views the cart", "bob views"),
        (
            "replication becomes synchron",
            "replication becomes synchronous",
        ),
        ("lag: 10ms to 30ms", "10ms-30ms"),
        ("lag: 2min", "120s"),
        ("replicas: 12", "8"),
        ("expect staleness below 1s", "expect staleness under 100ms"),
        ("expect bob view shows book", "expect bob view 1 shows book"),
        (
            "expect bob views 0 shows book",
            "expect bob view 1 shows book",
        ),
        ("expect bob view 1", "expect bob view 1 shows nothing"),
        ("expect bob sees book", "expect bob view 1 shows nothing"),
        (
            "expect bob view 1 shows book pen mug",
            "expect bob view 1 shows 2 book, pen",
        ),
        (
            "expect bob view 1 shows 0 book",
            "expect bob view 1 shows 2 book, pen",
        ),
        ("expect alice waits", "expect alice waits under 80ms"),
        (
            "expect alice add 2 waits 5ms",
            "expect alice add 2 waits under 80ms",
        ),
        (
            "expect alice add 2 shows book",
            "expect alice add 2 waits under 80ms",
        ),
        ("expect alice waits under 80", "80ms"),
        ("alice waits 5", "5ms"),
    ] {
        suggests(text, meant);
    }
}

#[test]
fn a_claim_about_nobody_is_probably_a_slip() {
    let remark = remark("bob views\nexpect Bbo view 1 shows nothing");
    assert_eq!((remark.severity, remark.line), (Severity::Note, 2));
    let meant = Some("expect bob view 1 shows nothing");
    assert_eq!(remark.suggestion.as_deref(), meant);
    clean("bob views\nexpect dave view 1 shows nothing");
}

#[test]
fn claims_about_one_shopper_are_judged() {
    let text = "alice adds book; alice adds pen; 1s bob views; bob waits 1s; bob views";
    let claims = [
        ("bob view 1 shows book, pen", true),
        ("bob view 1 shows pen, 1 book", true),
        ("bob view 1 shows book", false),
        ("bob view 1 shows nothing", false),
        ("bob view 2 shows book, pen", true),
        ("bob view 3 shows book, pen", false),
        ("carol view 1 shows nothing", false),
        ("alice waits under 80ms", true),
        ("alice waits under 1ms", false),
        ("alice add 2 waits under 80ms", true),
        ("alice add 3 waits under 80ms", false),
        ("alice set 1 waits under 80ms", false),
        ("carol waits under 80ms", false),
    ];
    for (claim, met) in claims {
        let parsed = parse(&[text, "\nexpect ", claim].concat());
        assert_eq!(parsed.diagnostics, [], "{claim}");
        let run = run(&parsed.scenario);
        let judged = run.judge(&parsed.scenario.expectations[0], run.end()).1;
        assert_eq!(judged, Some(met), "{claim}");
    }
    // Before its answer nothing is shown; an open wait is not under any bound.
    let parsed = parse("alice adds book; expect alice waits under 1s");
    let run = run(&parsed.scenario);
    let early = run.judge(&parsed.scenario.expectations[0], SimTime(1000));
    assert_eq!(early.1, Some(false));
}

#[test]
fn what_people_type_is_understood() {
    for (text, printed) in [
        ("sync", "synchronous"),
        ("Async", "background"),
        ("alice deletes the book", "background\nalice removes book"),
        ("bob reads from s1", "background\nbob views from s1"),
        ("bob read", "background\nbob views"),
        ("alice add a book", "background\nalice adds book"),
        ("alice adds 1 book", "background\nalice adds book"),
        ("at 1s bob views", "background\n1s bob views"),
        (
            "expect Bob reads 1 shows a pen, 2 book",
            "background\nexpect bob view 1 shows 2 book, pen",
        ),
        (
            "expect bob view 12 shows nothing",
            "background\nexpect bob view 12 shows nothing",
        ),
        (
            "expect alice waited under 80 ms",
            "background\nexpect alice waits under 80ms",
        ),
        (
            "expect alice deletes 1 waits under 1s",
            "background\nexpect alice remove 1 waits under 1s",
        ),
        ("1500 ms bob views", "background\n1.5s bob views"),
        ("bob waits 500 ms", "background\nbob waits 500ms"),
        ("bob views from s2", "background\nbob views"),
        ("network: 10-30ms", "background"),
        ("network: 10 ms - 40 ms", "background\nnetwork: 10ms-40ms"),
        ("lag: EXP 40ms", "background\nlag: exp 40ms"),
        ("v1; alice adds book", "background\nalice adds book"),
        ("s1-s2 network: 5ms", "background\ns1-s2 network: 5ms"),
        ("s2-s1 network: 5ms", "background\ns1-s2 network: 5ms"),
    ] {
        let (parsed, _) = clean(text);
        assert_eq!(print(&parsed.scenario), printed, "{text}");
    }
    for text in [
        "strong",
        "eventual",
        "lag: 30ms-10ms",
        "alice adds book; bob adds books",
    ] {
        assert_eq!(remark(text).severity, Severity::Note, "{text}");
    }
    assert_eq!(parse("lag: 30ms-10ms").scenario.config.lag, {
        Delay::Range(SimDuration::from_millis(10), SimDuration::from_millis(30))
    });
}

#[test]
fn the_canonical_text_keeps_what_it_does_not_know() {
    for (text, expected) in [
        ("", "background"),
        (
            "  alice   ADDS book#note  ",
            "background\nalice adds book #note",
        ),
        ("lag: 300ms", "background"),
        ("lag:300ms # as usual", "background\n# as usual"),
        ("lag: 1s; lag: 300ms", "background\nlag: 300ms"),
        ("alice flies ; sync", "alice flies\nsynchronous"),
        ("loss: 10%", "background\nloss: 1/10"),
        ("loss: 2.5%", "background\nloss: 1/40"),
        ("# a+b", "background\n# a b"),
        (
            "show alice; at 3s; side by side; alice views",
            "background\nalice views",
        ),
        ("Title: My Run", "background\nTitle: My Run"),
        ("v1.abc; alice views", "background\nalice views"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn limits_are_reached_loudly() {
    let limits = Limits {
        bytes: 40,
        lines: 3,
        shoppers: 1,
        copies: 2,
        title: 4,
        ..LIMITS
    };
    let parsed = parse_within(
        "alice views\nalice views\nalice views\nalice views",
        &limits,
    );
    assert_eq!(
        (parsed.scenario.script.len(), parsed.limit_reached),
        (3, Some(TextLimit::Bytes))
    );
    let parsed = parse_within("a1 views;a1 views;a1 views;a1 views", &limits);
    assert_eq!(
        (parsed.scenario.script.len(), parsed.limit_reached),
        (3, Some(TextLimit::Lines))
    );
    assert_eq!(parse_within("a1 views;;\n", &limits).limit_reached, None);
    assert_eq!(
        parse_within("title: abcde", &limits).title.as_deref(),
        Some("abcd")
    );
    assert_eq!(parse_within("replicas: 3", &limits).diagnostics.len(), 1);
    assert_eq!(
        parse_within("a1 views; b1 views", &limits)
            .diagnostics
            .len(),
        1
    );
}

/// Alice's book with delays that a hand can add up: MEANINGS.md's worked example in the round
/// numbers that one network setting allows.
#[test]
fn the_worked_example_adds_up() {
    let own = "network: 25ms; write: 12ms; lag: 300ms; s1-s2 network: 13ms; alice adds book";
    let (_, run) = clean(own);
    let window = run.report.windows[0];
    let at = |millis: u64| SimTime(millis * 1000);
    assert_eq!(window.committed, at(37));
    assert_eq!(window.confirmed, Some(at(62)));
    assert_eq!(
        window.applied,
        Some(at(362)),
        "leaves at 337, 13 on its way, 12 to write"
    );
    assert_eq!(window.apart(), Some(SimDuration::from_millis(325)));
    assert_eq!(window.window(), Some(SimDuration::from_millis(300)));
    let (_, run) = clean(&["synchronous; ", own].concat());
    let window = run.report.windows[0];
    assert_eq!((window.committed, window.applied), (at(37), Some(at(62))));
    assert_eq!(window.confirmed, Some(at(100)), "13 back and 25 to Alice");
    assert_eq!(window.apart(), Some(SimDuration::from_millis(25)));
    assert_eq!(window.window(), Some(SimDuration::ZERO));
}

#[test]
fn synchronous_is_not_magic_whatever_the_luck() {
    for seed in 1..=1000 {
        let text = format!(
            "synchronous; seed: {seed}; s1-s2 network: 200ms; alice adds book; \
             50ms bob views from s1; 115ms carol views"
        );
        let run = run(&parse(&text).scenario);
        let shown = |nth: usize| run.history.operations[nth].seen().unwrap().cart.to_string();
        assert_eq!(
            (shown(1).as_str(), shown(2).as_str()),
            ("1 book", "nothing"),
            "seed {seed}"
        );
        let (alice, carol) = (lived(&run, "alice", 1).1, lived(&run, "carol", 1));
        assert!(carol.1 < alice, "Alice is still waiting");
        assert!(lived(&run, "bob", 1).1 < carol.0, "Bob had been shown it");
        assert!(run.report.views[1].is_stale());
    }
}

#[test]
fn the_first_screen_shows_the_same_whatever_the_luck() {
    for seed in 1..=10_000 {
        for mode in ["background", "synchronous"] {
            let text = format!("{mode}; seed: {seed}; alice adds book; 200ms bob views");
            let run = run(&parse(&text).scenario);
            assert!(
                lived(&run, "alice", 1).1 <= 200_000,
                "confirmed by 200: {text}"
            );
            assert_eq!(
                run.report.views[0].is_stale(),
                mode == "background",
                "{text}"
            );
        }
    }
}

/// What is bought, and where it is looked for: printed, and read again.
#[test]
fn stock_and_purchases_are_read_and_printed() {
    for (text, printed) in [
        (
            "stock: Book 1; alice buys the book",
            "stock: book 1; alice buys book",
        ),
        (
            "stock: pen 0; stock: book 2; stock: pen 3",
            "stock: book 2; stock: pen 3",
        ),
        ("checkout: s2; bob buy 2 book", "bob buys 2 book"),
        (
            "checkout: s1; bob buys a book from s2",
            "checkout: s1; bob buys book",
        ),
        ("bob buys 999 book from s1", "bob buys 999 book from s1"),
        ("drop request alice buy 2", "drop request alice buy 2"),
        (
            "expect alice buy 1 waits under 1s",
            "expect alice buy 1 waits under 1s",
        ),
    ] {
        let scenario = parse(text).scenario;
        let lines = print(&scenario).replace('\n', "; ");
        assert_eq!(lines, ["background; ", printed].concat(), "{text}");
        assert_eq!(parse(&lines).scenario, scenario, "{text}");
    }
    for (text, meant) in [
        ("stock: book", "book 1"),
        ("stock: 1 book", "book 1"),
        ("stock: book 1000", "book 1"),
        ("stock: s1 1", "book 1"),
        ("checkout: s3", "s2"),
        ("inventory: book 1", "stock"),
        ("alice buys", "alice buys book"),
        ("alice buys 0 book", "alice buys 1 book"),
        ("alice buys red book", "alice buys red-book"),
        ("alice buys book from bob", "alice buys book from s2"),
        ("alice buys book from", "alice buys book from s2"),
        ("alice buys book from s4", "replicas: 3"),
        ("expect oversold violated", "expect never-oversold violated"),
    ] {
        suggests(text, meant);
    }
    let items: Vec<String> = (1..=9).map(|nth| format!("stock: item{nth} 1")).collect();
    let ninth = remark(&items.join("; "));
    assert!(ninth.line == 9 && ninth.message.contains("room for 8"));
}

/// A purchase is a look and an order; who is shown too few orders nothing.
#[test]
fn a_purchase_looks_before_it_orders() {
    let text = "stock: book 2; alice buys 2 book; 2s bob buys book; 2s carol buys book from s1";
    let (_, run) = clean(text);
    let of = |nth: usize| &run.history.operations[nth];
    assert!(matches!(of(0).outcome, Outcome::Ok { .. }));
    for nth in [1, 2] {
        assert!(matches!(of(nth).outcome, Outcome::Failed { .. }), "{nth}");
    }
    assert_eq!(run.replicas.writes.len(), 1);
    // A copy that asks for patience shows none of it: the look obeys `views:`.
    let token = "stock: book 9; views: token; alice buys book; alice buys book; 2s alice views";
    let (_, run) = clean(token);
    let seen = run.history.operations[2].seen().expect("answered");
    assert_eq!(seen.cart.to_string(), "nothing, bought 2 book");
    // What Service 1 cannot confirm in time is taken back, and is in stock again.
    let undone = "synchronous; stock: book 1; checkout: s1; patience: 100ms; fallback: undo; \
                  s2 pauses for 1s; alice buys book; 3s bob buys book";
    let (_, run) = clean(undone);
    assert!(matches!(
        run.history.operations[0].outcome,
        Outcome::Unknown
    ));
    assert!(matches!(
        run.history.operations[1].outcome,
        Outcome::Ok { .. }
    ));
    // She asked again, and cannot know whether the first try got it.
    let again = "stock: book 1; checkout: s1; timeout: 300ms; retries: 1; alice buys book; \
                 drop answer alice buy 1";
    let (_, run) = clean(again);
    assert!(matches!(
        run.history.operations[0].outcome,
        Outcome::Unknown
    ));
    let (_, run) = clean(&["keys: on; ", again].concat());
    assert!(matches!(
        run.history.operations[0].outcome,
        Outcome::Ok { .. }
    ));
}

#[test]
fn a_line_is_found_however_it_is_spaced() {
    let text =
        "Background\nREPLICAS: 2 # two\ns3 lag :900ms\nalice  adds book; 1500ms bob views from s3";
    for line in [
        "background",
        "replicas: 2",
        "s3 lag: 900ms",
        "alice adds book",
        "1.5s bob views",
    ] {
        assert!(edit::has(text, line), "{line}");
    }
    for line in [
        "synchronous",
        "replicas: 3",
        "lag: 900ms",
        "bob views",
        "alice adds pen",
    ] {
        assert!(!edit::has(text, line), "{line}");
    }
}
