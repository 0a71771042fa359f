//! The words of trouble, and the settings against it: each line, its one form, and the slips.

use lagoon::scenario::edit::{cut_and_append, set_setting, twin};
use lagoon::scenario::{Diagnostic, Key, Parsed, canonical, parse, print, value};
use lagoon::sim::When;
use lagoon::time::SimTime;
use lagoon::view::words::settings::CHOICES;

/// A text that is read without a remark.
fn clean(text: &str) -> Parsed {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed
}

/// The one diagnostic of a text.
fn remark(text: &str) -> Diagnostic {
    let found = parse(text).diagnostics;
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].clone()
}

fn suggests(text: &str, suggestion: &str) {
    let found = remark(text).suggestion.unwrap_or_default();
    assert!(found.contains(suggestion), "{text}: {found}");
    // A line that is suggested can be used.
    let value = found.starts_with("replicas") || found == "quorum 2" || found.contains("/s,");
    if found.contains(' ') && !value {
        clean(&["replicas: 2; ", &found].concat());
    }
}

/// Each line and its one canonical form: the same line where nothing else stands.
#[test]
fn the_words_of_trouble_have_one_form() {
    for (typed, printed) in [
        ("s2 crashes", ""),
        ("s2 workers: 4", ""),
        ("S1 Queue: 0", "s1 queue: 0"),
        ("load: 200/s", "load: 200/s, 1/10 writes"),
        (
            "load: 200 /s, 25% writes, for 10s",
            "load: 200/s, 1/4 writes",
        ),
        (
            "load: 1/s, 0/1 writes, for 500 ms",
            "load: 1/s, 0/1 writes, for 500ms",
        ),
        ("1s load becomes 10000/s, 1/1 writes", ""),
        ("load becomes 5/s", "load becomes 5/s, 1/10 writes"),
        (
            "load becomes 7/s 1/3 writes for 2 s",
            "load becomes 7/s, 1/3 writes, for 2s",
        ),
        ("2s load stop", "2s load stops"),
        ("S2 crash", "s2 crashes"),
        ("1s s2 crashes for 2 s", "1s s2 crashes for 2s"),
        ("meanwhile s2 crashes for 2s", ""),
        ("s1 restarts", ""),
        ("s1 loses its disk", ""),
        ("2s s2 lose its disk", "2s s2 loses its disk"),
        ("s2 takes over", ""),
        ("meanwhile s2 take over", "meanwhile s2 takes over"),
        ("s1 crashes before writing alice add 1", ""),
        ("s1 crashes before replicating alice set 12 for 20ms", ""),
        (
            "s2 crashes before confirming alice removes 1",
            "s2 crashes before confirming alice remove 1",
        ),
        ("40ms s2 crashes before writing alice add 1", ""),
        ("s2 pauses", ""),
        ("s2 pause for 500ms", "s2 pauses for 500ms"),
        ("s2 resumes", ""),
        ("s2 database stalls", ""),
        ("the s2 database stall for 2s", "s2 database stalls for 2s"),
        (
            "s2 database slows to 10-30ms",
            "s2 database slows to 10ms-30ms",
        ),
        (
            "s1 database slows to exp 40 ms for 2s",
            "s1 database slows to exp 40ms for 2s",
        ),
        ("s2 database recovers", ""),
        ("s1-s2 breaks", ""),
        ("s2-s1 break for 2s", "s1-s2 breaks for 2s"),
        ("s2-to-s1 breaks", ""),
        ("alice-s1 heals", ""),
        ("s1-alice heals", "alice-s1 heals"),
        ("s1-to-alice slows to 200ms", ""),
        (
            "alice-to-s1 slows to 10ms - 30ms",
            "alice-to-s1 slows to 10ms-30ms",
        ),
        ("s1-s2 loses 1/10", ""),
        ("s1-s2 loses 10%", "s1-s2 loses 1/10"),
        ("s1-s2 loses 2.5%", "s1-s2 loses 1/40"),
        ("s1-s2 loses 100%", "s1-s2 loses 1/1"),
        ("s1-s2 lose 500000/1000000", "s1-s2 loses 1/2"),
        ("s1-s2 duplicates 1/1000000", ""),
        ("s1-s2 reorders 1/10", ""),
        ("s1-s2 reorders 1/10 by 100ms", "s1-s2 reorders 1/10"),
        ("s1-s2 reorders 10% by 2s", "s1-s2 reorders 1/10 by 2s"),
        ("partition s1 alice from s2 bob", ""),
        (
            "partition alice, s1 from bob and s2",
            "partition s1 alice from s2 bob",
        ),
        ("partition bob alice from s1", "partition bob alice from s1"),
        ("partition heals", ""),
        ("all heals", ""),
        ("2s everything heal", "2s all heals"),
        ("drop replicate 1 to s2", ""),
        ("drops update 1 to s2", "drop replicate 1 to s2"),
        ("hold ack 2 from s2", ""),
        ("release receipt 2 from s2", "release ack 2 from s2"),
        ("duplicate request alice add 1", ""),
        (
            "delay answer alice reads 2 by 300 ms",
            "delay answer alice view 2 by 300ms",
        ),
        ("meanwhile drop answer alice view 2", ""),
        // Names may hold dashes, and be like a service.
        ("red-s1 heals", ""),
        ("s1-red-s2 heals", ""),
        ("s1-bob-to heals", ""),
        ("bob-to-s1 heals", ""),
        ("s2-s1-to-bob heals", ""),
        ("s1-to-bob-s2 heals", ""),
    ] {
        let parsed = clean(typed);
        let printed = if printed.is_empty() { typed } else { printed };
        assert_eq!(
            print(&parsed.scenario),
            ["background\n", printed].concat(),
            "{typed}"
        );
        assert_eq!(parse(printed).scenario, parsed.scenario, "{typed}");
    }
}

#[test]
fn the_settings_against_trouble_have_one_form() {
    for (typed, printed) in [
        ("timeout: 2000 ms", "timeout: 2s"),
        ("retries: 10", "retries: 10"),
        ("backoff: 50-200ms", "backoff: 50ms-200ms"),
        ("keys: ON", "keys: on"),
        ("acks: 1 of 3", "acks: 1"),
        ("acks: majority", "acks: majority"),
        ("receipt: written", "receipt: written"),
        ("receipt: received", "receipt: received"),
        ("patience: 500ms", "patience: 500ms"),
        ("fallback: undo", "fallback: undo"),
        ("fallback: done", "fallback: done"),
        ("outbox: memory", "outbox: memory"),
        ("batch: 1ms", "batch: 1ms"),
        ("resend: never", "resend: never"),
        ("resend: 20ms", "resend: 20ms"),
        ("sending: as  it comes", "sending: as it comes"),
        ("applying: newest", "applying: newest"),
        ("applying: as it comes", "applying: as it comes"),
        ("repair: 2s", "repair: 2s"),
        ("views: s1", "views: s1"),
        ("views: any", "views: any"),
        ("views: sticky", "views: sticky"),
        ("views: token", "views: token"),
        ("views: Token or S1", "views: token or s1"),
        ("views: quorum 1", "views: quorum 1"),
        ("replicas: 2; views: s3", "replicas: 2\nviews: s3"),
        (
            "views: quorum 2; replicas: 2",
            "replicas: 2\nviews: quorum 2",
        ),
        // The defaults.
        ("load: none", ""),
        ("timeout: never; repair: 1s; repair: never", ""),
        ("retries: 0", ""),
        ("acks: all", ""),
        ("applying: in order", ""),
        ("resend: 1s", ""),
        ("views: s2", ""),
        ("outbox: disk", ""),
        // Who answers.
        (
            "views: s1; bob views; bob views from s2",
            "views: s1\nbob views\nbob views from s2",
        ),
        ("bob views from s2; views: s2", "bob views"),
    ] {
        let parsed = parse(typed);
        assert!(
            parsed
                .diagnostics
                .iter()
                .all(|d| d.message.contains("sets this again")),
            "{typed}"
        );
        let printed = ["background\n", printed].concat();
        assert_eq!(print(&parsed.scenario), printed.trim_end(), "{typed}");
    }
    assert_eq!(
        canonical("resend: 1s; resend: 1s"),
        "background\nresend: 1s"
    );
    assert_eq!(
        canonical("repair: 2s; repair: off"),
        "background\nrepair: never"
    );
    assert_eq!(set_setting("sync", Key::Repair, "2s"), "sync\nrepair: 2s");
}

#[test]
fn slips_about_trouble_are_met_with_what_was_meant() {
    for (text, meant) in [
        ("s2 crashs", "s2 crashes"),
        ("load: 200", "200/s"),
        ("load: 0/s", "200/s"),
        ("load: 10001/s", "200/s"),
        ("load: 200/s, 11/10 writes", "200/s, 1/10 writes, for 10s"),
        ("load: 200/s, often", "200/s, 1/10 writes, for 10s"),
        ("load: 200/s for", "200/s, 1/10 writes, for 10s"),
        ("load: 200/s for 2", "2ms"),
        ("load becomes", "200/s"),
        ("load stops now", "load stops"),
        ("1s s2 crashs for 2s", "1s s2 crashes for 2s"),
        ("s2 flies", "s2 crashes"),
        ("s2 breaks", "s2 crashes"),
        ("s2 crashes fro 2s", "s2 crashes"),
        ("s2 crashes for 2", "2ms"),
        ("s2 restarts for 2s", "s2 restarts"),
        ("s2 pauses 2 s", "s2 pauses for 2 s"),
        ("1s drop replicate s2", "1s drop replicate 1 to s2"),
        ("1s partition s1 s2", "1s partition s1 from s2"),
        ("partition heals now", "partition heals"),
        ("s1-s2 slows to 200ms for 2s", "s1-s2 slows to 200ms"),
        ("s2 database slows to 200ms 2s", ""),
        ("s9 crashes", "replicas: 8"),
        ("alice crashes", "s1 crashes"),
        ("s1 crashes before", "s1 crashes before writing alice add 1"),
        (
            "s1 crashes before sending alice add 1",
            "s1 crashes before writing alice add 1",
        ),
        (
            "s1 crashes before confriming bob set 1",
            "s1 crashes before confirming bob set 1",
        ),
        (
            "s1 crashes before writing",
            "s1 crashes before writing alice add 1",
        ),
        (
            "s1 crashes before writing bob",
            "s1 crashes before writing bob add 1",
        ),
        (
            "s1 crashes before writing bob set",
            "s1 crashes before writing bob set 1",
        ),
        (
            "s1 crashes before writing bob view 1",
            "s1 crashes before writing bob add 1",
        ),
        (
            "replicas: 2; s3 crashes before replicating bob add 1",
            "s3 crashes before writing bob add 1",
        ),
        ("s2 database", "s2 database stalls"),
        ("s2 database stals for 2s", "s2 database stalls for 2s"),
        ("s2 database slows 200ms", "s2 database slows to 200ms"),
        ("s2 database slows to 200", "200ms"),
        ("s1-s2 breks", "s1-s2 breaks"),
        ("s1-s2 crashes", "s1-s2 breaks"),
        ("s1-s3 breaks", "replicas: 2"),
        ("alice-bob breaks", "alice-s1 breaks"),
        ("alice breaks for 2s", "s1-s2 breaks for 2s"),
        ("s1-s2 slows to", "s1-s2 slows to 200ms"),
        ("s1-s2 loses", "s1-s2 loses 1/10"),
        ("s1-s2 loses 10", "s1-s2 loses 1/10"),
        ("s1-s2 loses 11/10", "s1-s2 loses 1/10"),
        ("s1-s2 loses 0/10", "s1-s2 loses 1/10"),
        ("s1-s2 loses 0%", "s1-s2 loses 1/10"),
        ("s1-s2 loses 1/1000001", "s1-s2 loses 1/10"),
        ("s1-s2 loses 1/10 often", "s1-s2 loses 1/10"),
        ("s1-s2 reorders 1/10 100ms", "s1-s2 reorders 1/10"),
        ("partition", "partition s1 alice from s2 bob"),
        ("partition s1 s2", "partition s1 from s2"),
        ("partition s1 from", "partition s1 alice from s2 bob"),
        ("all heal now", "all heals"),
        ("all crashes", "all heals"),
        ("drop", "drop replicate 1 to s2"),
        ("drop replicate s2", "drop replicate 1 to s2"),
        ("replicas: 2; drop replicate s3", "drop replicate 1 to s3"),
        ("drop replciate 4 to s2", "drop replicate 4 to s2"),
        ("release replicate 1", "release replicate 1 to s2"),
        ("hold ack 3 to s2", "hold ack 3 from s2"),
        ("drop replicate 1 to s1", "drop replicate 1 to s2"),
        ("drop replicate 1 to s3", "replicas: 2"),
        ("drop request", "drop request alice add 1"),
        ("drop request alice 1", "drop request alice add 1"),
        ("drop request alice add 1 now", "drop request alice add 1"),
        (
            "delay request alice add 1",
            "delay request alice add 1 by 300ms",
        ),
        ("delay replicate 1 to s2 by", ""),
        ("drop adds book", "drop replicate 1 to s2"),
        ("repair every 2s", "repair: 2s"),
        ("timeout: 0ms", "1ms"),
        ("repair: 500us", "1ms"),
        ("batch: 5", "5ms"),
        ("retries: 11", "10"),
        ("retries: often", "0"),
        ("keys: yes", ""),
        ("receipt: writen", "written"),
        ("acks: majorty", "majority"),
        ("acks: 2", "replicas: 2"),
        ("acks: 0", ""),
        ("views: quorum 2", "replicas: 2"),
        ("views: quorum", ""),
        ("views: s4", "replicas: 3"),
        ("sending: newest", ""),
        ("applying: newst", "newest"),
        ("retry: 3", "retries"),
        ("quorum: 2", "views"),
        ("loss: 1/10", "s1-s2 loses 1/10"),
    ] {
        suggests(text, meant);
        let lines = text.split("; ");
        let usual = lines
            .filter(|line| line.starts_with("replicas"))
            .collect::<Vec<_>>();
        assert_eq!(
            parse(text).scenario,
            parse(&usual.join(";")).scenario,
            "{text}"
        );
    }
    for (text, message) in [
        ("s1-s1 breaks", "two ends"),
        ("partition s1 alice from alice s2", "both sides"),
        ("partition and from s2", "Who is on this side"),
        ("partition s1 from expect", "neither a service nor a name"),
        (
            "s1 crashes before sending bob add 1",
            "before writing, replicating or confirming",
        ),
        ("s1 adds book", "is a service, not a shopper"),
        ("s1", "is a service, not a shopper"),
        ("alice-bob heals", "a service at one of its ends"),
    ] {
        assert!(
            remark(text).message.contains(message),
            "{text}: {}",
            remark(text).message
        );
    }
}

/// What is armed waits from the start of the run, outside of the order of lines.
#[test]
fn what_is_armed_stands_outside_of_the_order_of_lines() {
    let whens = |text: &str| {
        let script = clean(text).scenario.script;
        script.iter().map(|cue| cue.when).collect::<Vec<_>>()
    };
    let text = "alice adds book; drop replicate 1 to s2; s1 crashes before writing bob add 1; \
                20ms hold ack 1 from s2; meanwhile release ack 1 from s2; s2 crashes";
    let at = When::At(SimTime(20_000));
    let expected = [
        When::After,
        When::Start,
        When::Start,
        at,
        When::With,
        When::After,
    ];
    assert_eq!(whens(text), expected);
}

/// Who is named in a line of trouble is a shopper as any other; a line that is skipped names none.
#[test]
fn trouble_knows_shoppers_by_name() {
    let parsed = parse("alice adds book; drop request zoe add 1; bob-s1 breaks; bob views");
    let names: Vec<&str> = parsed
        .scenario
        .config
        .shoppers
        .iter()
        .map(|n| n.as_str())
        .collect();
    assert_eq!(names, ["alice", "zoe", "bob"]);
    for text in [
        "partition zoe from",
        "partition zoe from zoe",
        "drop request zoe add 1 now",
    ] {
        assert_eq!(parse(text).scenario, parse("").scenario, "{text}");
    }
    let text: String = ('a'..='h').map(|c| format!("{c}{c} views\n")).collect();
    let parsed = parse(&(text + "ii-s1 breaks\naa-s1 breaks"));
    assert_eq!(
        (parsed.diagnostics.len(), parsed.diagnostics[0].line),
        (1, 9)
    );
    assert!(parsed.diagnostics[0].message.contains("room for 8"));
}

/// Words that are new to the language were names before, and still are.
#[test]
fn new_words_take_no_name_away() {
    let text = "token adds quorum; batch sets replicate to 2; s1-alice adds ack; \
                alice-s1 views; everything views; pause removes majority; keys waits 1s; \
                database adds request; releases adds timeout; any adds outbox";
    let names = text.split("; ").count();
    assert_eq!(parse(text).scenario.config.shoppers.len(), names.min(8));
    for line in text.split("; ") {
        clean(line);
    }
}

#[test]
fn clicks_and_twins_leave_what_is_armed() {
    let text = "drop replicate 1 to s2; alice adds book; 1s s2 crashes; 2s replication becomes \
                synchronous";
    let parsed = parse(text);
    let fired = [Some(0), Some(0), Some(1_000_000), None].map(|at| at.map(SimTime));
    let edit = cut_and_append(text, &parsed, &fired, SimTime(500_500), "s2 pauses");
    assert_eq!(
        edit.text,
        "drop replicate 1 to s2; alice adds book; 501ms s2 pauses"
    );
    let twin = twin(&parsed.scenario, &fired);
    let expected = "synchronous\ndrop replicate 1 to s2\n0ms alice adds book\n1s s2 crashes";
    assert_eq!(print(&twin), expected);
}

/// What the page offers for a setting is what the language takes, and its default stands first.
#[test]
fn every_choice_of_the_page_is_a_setting() {
    let usual = parse("").scenario;
    for (_, choices) in CHOICES {
        for (key, name, values) in choices {
            assert_eq!(values[0], value(*key, &usual), "{name}");
            for choice in *values {
                // One server has no copies to count.
                let copies = if *key == Key::Services {
                    ""
                } else {
                    "replicas: 2\n"
                };
                let text = [copies, "alice adds book"].concat();
                let text = set_setting(&text, *key, choice);
                assert_eq!(value(*key, &clean(&text).scenario), *choice, "{text}");
            }
        }
    }
}
