//! Histories from elsewhere: each gets the verdict that its source publishes, and on random small
//! ones the judges agree with definitions that try every order.

use lagoon::check::Property;
use lagoon::check::foreign::{Judged, WHOLE, judge, judge_in_turns};
use lagoon::check::search::{self, Found};
use lagoon::history::foreign::{Asked, Entry, Foreign, Kind, Row};
use lagoon::history::{Operation, Outcome};
use lagoon::run::{self, export::Export};
use lagoon::scenario::{gallery::GALLERY, parse};
use lagoon::sim::trace::RecordId;
use lagoon::turns::{Work, at_once};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

/// Random histories of each kind.
const CASES: u64 = 24_000;

/// The names of verdicts in published headers, and ours.
const NAMES: [(&str, &str); 5] = [
    ("linearizable", "linearizable"),
    ("sequential", "sequential"),
    ("cc", "causal"),
    ("ccv", "causal-convergence"),
    ("cm", "causal-memory"),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|kind| kind == "jsonl") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What the command line says of these files, an object a history.
fn checked(files: &[PathBuf]) -> Vec<Value> {
    let out = Command::new(env!("CARGO_BIN_EXE_lagoon"))
        .args(["check", "--json"])
        .args(files)
        .output()
        .expect("lagoon runs");
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// The headers of these files, in order; a line with `ops` is its own header.
fn published(files: &[PathBuf]) -> Vec<Value> {
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("readable"));
    let mut headers = Vec::new();
    for text in texts {
        let lines = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        headers.extend(lines.filter(|line: &Value| line.get("expected").is_some()));
    }
    headers
}

fn compare(folder: &Path) -> usize {
    let files = files(folder);
    let (said, published) = (checked(&files), published(&files));
    assert_eq!(said.len(), published.len());
    for (said, published) in said.iter().zip(&published) {
        for (theirs, ours) in NAMES {
            let Some(expected) = published["expected"][theirs].as_bool() else {
                continue;
            };
            let word = if expected { "holds" } else { "violated" };
            let id = &published["id"];
            assert_eq!(said["verdicts"][ours], word, "{id}: {ours}");
            assert_eq!(
                expected,
                said["witness"].get(ours).is_none(),
                "{id}: {ours}"
            );
        }
    }
    said.len()
}

#[test]
fn our_copies_get_their_published_verdicts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
    assert_eq!(compare(&folder), 419);
}

/// The whole collection, where it stands beside the repository.
#[test]
fn the_reference_collection_gets_its_published_verdicts() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/histories");
    let folder = std::env::var_os("LAGOON_REFERENCE").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        assert!(compare(&folder) > 0);
    }
}

/// A run's own history travels with its versions: judged as a file it gives the run's verdicts.
#[test]
fn an_exported_run_gets_its_own_verdicts() {
    let folder = std::env::temp_dir().join(format!("lagoon-export-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let run = |text: &str, how: &str| {
        let out = Command::new(env!("CARGO_BIN_EXE_lagoon"))
            .args(["run", text, how])
            .output();
        String::from_utf8(out.expect("lagoon runs").stdout).expect("UTF-8")
    };
    for (nth, text) in GALLERY.iter().enumerate() {
        let file = folder.join(format!("{nth}.jsonl"));
        std::fs::write(&file, run(text, "--history")).expect("written");
        let own: Value = serde_json::from_str(&run(text, "--json")).expect("JSON");
        let said = checked(&[file]).remove(0);
        let judged = said["verdicts"].as_object().expect("verdicts");
        assert_eq!(judged.len(), 15);
        for (name, word) in judged {
            assert_eq!(*word, own["verdicts"][name], "{name} of {text}");
        }
        assert_eq!(
            said["operations"],
            own["operations"].as_array().expect("a list").len()
        );
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

/// Jepsen's EDN: each line a map of the same keys, calls and endings of a process by turns.
#[test]
fn edn_is_what_jepsen_keeps() {
    let mut unknown = 0;
    for text in GALLERY {
        let run = run::run(&parse(text).scenario);
        let (mut open, mut retired, mut calls) = (BTreeMap::new(), BTreeSet::new(), 0);
        let mut last = 0;
        for (index, line) in Export::Edn.write(&run).lines().enumerate() {
            let map = edn_map(line);
            assert_eq!(map[":index"], index.to_string());
            let time: u64 = map[":time"].parse().expect("a time");
            assert!(time >= last, "{line}");
            last = time;
            let process = map[":process"].clone();
            assert!(!retired.contains(&process), "{line}");
            let value = map[":value"].clone();
            match map[":type"].as_str() {
                ":invoke" => {
                    calls += 1;
                    let before = open.insert(process, (map[":f"].clone(), value));
                    assert_eq!(before, None, "{line}");
                }
                kind => {
                    let (f, asked) = open.remove(&process).expect("was called");
                    assert_eq!(f, map[":f"]);
                    assert!(f == ":view" || asked == value, "{line}");
                    if kind == ":info" {
                        unknown += 1;
                        retired.insert(process);
                    }
                }
            }
        }
        assert_eq!(calls, run.history.operations.len(), "{text}");
        let unknown = |one: &&Operation| one.outcome == Outcome::Unknown;
        let still = run.history.operations.iter().filter(unknown).count();
        assert_eq!(still, open.len() + retired.len(), "{text}");
    }
    assert!(unknown > 0, "no text of the gallery has an unknown outcome");
}

/// A reader of one map of EDN: keys, then numbers, keywords, texts, vectors or maps as written.
fn edn_map(line: &str) -> BTreeMap<String, String> {
    let inner = line
        .strip_prefix('{')
        .and_then(|line| line.strip_suffix('}'));
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut depth, mut quoted) = (0, false);
    for one in inner.expect("a map").chars() {
        match one {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            ' ' | ',' if !quoted && depth == 0 => {
                parts.extend((!part.is_empty()).then(|| std::mem::take(&mut part)));
                continue;
            }
            _ => {}
        }
        assert!(depth >= 0, "{line}");
        part.push(one);
    }
    parts.push(part);
    assert!(!quoted && depth == 0 && parts.len() % 2 == 0, "{line}");
    let pairs = parts.chunks(2);
    let map: BTreeMap<String, String> = pairs
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect();
    assert!(map.keys().all(|key| key.starts_with(':')), "{line}");
    assert_eq!(map.len() * 2, parts.len(), "{line}");
    map
}

#[test]
fn an_exported_trace_has_every_record() {
    for text in GALLERY {
        let run = run::run(&parse(text).scenario);
        let file = Export::Trace.write(&run);
        let mut lines = file.lines();
        let header: Value = serde_json::from_str(lines.next().expect("a header")).expect("JSON");
        assert_eq!(header["hash"], run.hash.to_string());
        assert_eq!(lines.clone().count(), run.trace.records.len(), "{text}");
        for (id, (line, record)) in lines.zip(&run.trace.records).enumerate() {
            let read: Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(
                (&read["id"], &read["at"]),
                (&id.into(), &record.at.0.into())
            );
            let cause = read["cause"].as_u64();
            assert!(cause.is_none_or(|cause| cause < id as u64), "{line}");
            assert_eq!(cause.is_none(), record.cause == RecordId::NONE, "{line}");
            assert!(
                read.as_object().is_some_and(|read| read.len() > 4),
                "{line}"
            );
        }
    }
}

#[test]
fn bad_files_are_told_by_line() {
    let header = r#"{"kind": "header", "model": "register", "init": 0}"#;
    let op = r#"{"process": 0, "op": "write", "key": "x", "value": 1, "call": 5, "ret": 7}"#;
    let cases = [
        ("{", "line 1"),
        (op, "a header with the model comes first"),
        (
            r#"{"kind": "header", "model": "queue"}"#,
            "none of register",
        ),
        (&format!("{header}\n[]"), "line 2: not a JSON object"),
        (
            &format!("{header}\n{}", op.replace('5', "9")),
            "line 2: `ret` stands before `call`",
        ),
        (
            &format!("{header}\n{}", op.replace("write", "swap")),
            "line 2: `op` is `swap`",
        ),
        (
            &format!("{header}\n{}", op.replace("\"call\": 5, ", "")),
            "line 2: `call` is missing",
        ),
        (
            &format!("{header}\n{}", op.replace('5', "1.5")),
            "line 2: `call` is 1.5",
        ),
        ("", "there is no history"),
    ];
    let folder = std::env::temp_dir().join(format!("lagoon-histories-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (text, expected) in cases {
        let file = folder.join("bad.jsonl");
        std::fs::write(&file, text).expect("written");
        let out = Command::new(env!("CARGO_BIN_EXE_lagoon"))
            .arg("check")
            .arg(&file)
            .output();
        let out = out.expect("lagoon runs");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{text}: {said}");
        assert!(said.contains(expected), "{text}: {said}");
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn turns_change_no_verdict() {
    for seed in 0..200 {
        let kind = [Kind::Register, Kind::CasRegister][seed as usize % 2];
        let history = Rc::new(random(seed, kind, seed % 4 == 0));
        let (own, told) = (history.clone(), Rc::new(RefCell::new(Vec::new())));
        let all = told.clone();
        let mut work = Work::new(|turn| async move {
            let mut tell = |property, judged| all.borrow_mut().push((property, judged));
            judge_in_turns(&own, &WHOLE, &turn, &mut tell).await;
        });
        while work.advance(1 + seed % 5).is_none() {}
        let mut told = told.take();
        told.sort_by_key(|(property, _)| *property);
        assert_eq!(told, judge(&history), "seed {seed}: {history:?}");
    }
}

/// A small generator of its own, so that a failure is told by one number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % most
    }
}

/// Up to seven operations of up to three sessions on up to two keys, ties and open ones too.
fn random(seed: u64, kind: Kind, unique: bool) -> Foreign {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 1);
    let (sessions, keys) = (1 + dice.below(3), 1 + dice.below(2));
    let mut clocks = vec![0; sessions as usize];
    let mut rows = Vec::new();
    for nth in 0..1 + dice.below(7) {
        let session = dice.below(sessions);
        let call = clocks[session as usize] + 1 + dice.below(3) as i64;
        let ret = call + dice.below(5) as i64;
        clocks[session as usize] = ret;
        let any = |dice: &mut Dice| Some(dice.below(4).to_string());
        let (op, value, from, to, ok) = match (kind, dice.below(4)) {
            (_, 0 | 1) => ("read", any(&mut dice), None, None, None),
            (Kind::CasRegister, 2) => {
                let ok = Some(dice.below(2) == 0);
                ("cas", None, any(&mut dice), any(&mut dice), ok)
            }
            _ if unique => ("write", Some((nth + 1).to_string()), None, None, None),
            _ => ("write", any(&mut dice), None, None, None),
        };
        let open = op != "read" && dice.below(6) == 0;
        rows.push(Row {
            line: nth as usize + 2,
            process: session.to_string(),
            op: op.to_string(),
            key: dice.below(keys).to_string(),
            value,
            from,
            to,
            ok,
            call,
            ret: (!open).then_some(ret),
            status: if open { "info" } else { "ok" }.to_string(),
        });
    }
    // Reads of unique histories return what somebody writes, mostly.
    Foreign::of(kind, Some("0".to_string()), &rows).expect("a history")
}

/// Whether some order of `entries` (places) explains every answer that counts and keeps `before`.
fn explained(
    history: &Foreign,
    entries: &[usize],
    before: &dyn Fn(usize, usize) -> bool,
    counts: &dyn Fn(usize) -> bool,
) -> bool {
    let mut states = vec![history.init; history.keys.len()];
    tried(history, &mut entries.to_vec(), &mut states, before, counts)
}

fn tried(
    history: &Foreign,
    left: &mut Vec<usize>,
    states: &mut Vec<u32>,
    before: &dyn Fn(usize, usize) -> bool,
    counts: &dyn Fn(usize) -> bool,
) -> bool {
    if left
        .iter()
        .all(|place| history.entries[*place].ret.is_none())
    {
        return true;
    }
    for nth in 0..left.len() {
        let place = left[nth];
        if left
            .iter()
            .any(|other| *other != place && before(*other, place))
        {
            continue;
        }
        let entry = history.entries[place];
        let key = entry.key as usize;
        let state = states[key];
        let after = match entry.asked {
            Asked::Read(value) if !counts(place) || value == state => state,
            Asked::Write(value) => value,
            Asked::Cas { from, to, done } => match (done, from == state) {
                (Some(true) | None, true) => to,
                (Some(false) | None, false) => state,
                _ => continue,
            },
            _ => continue,
        };
        states[key] = after;
        left.remove(nth);
        let found = tried(history, left, states, before, counts);
        left.insert(nth, place);
        states[key] = state;
        if found {
            return true;
        }
    }
    false
}

fn in_time(history: &Foreign) -> impl Fn(usize, usize) -> bool + '_ {
    |a, b| {
        history.entries[a]
            .ret
            .is_some_and(|ret| ret < history.entries[b].call)
    }
}

fn in_session(history: &Foreign) -> impl Fn(usize, usize) -> bool + '_ {
    |a, b| a < b && history.entries[a].session == history.entries[b].session
}

fn whole(history: &Foreign) -> Vec<usize> {
    (0..history.entries.len()).collect()
}

#[test]
fn the_searches_agree_with_trying_every_order() {
    let (mut broken, mut kept) = (0, 0);
    for seed in 0..CASES {
        let kind = [Kind::Register, Kind::CasRegister][seed as usize % 2];
        let history = random(seed, kind, false);
        let all = whole(&history);
        let linearizable = explained(&history, &all, &in_time(&history), &|_| true);
        let found =
            at_once(async |turn| search::linearizable(&history, &WHOLE.search, &turn).await);
        assert_eq!(
            found == Found::Order,
            linearizable,
            "seed {seed}: {history:?}"
        );
        let sequential = explained(&history, &all, &in_session(&history), &|_| true);
        let found = at_once(async |turn| search::sequential(&history, &WHOLE.search, &turn).await);
        assert_eq!(
            found == Found::Order,
            sequential,
            "seed {seed}: {history:?}"
        );
        broken += u32::from(!linearizable);
        kept += u32::from(linearizable);
    }
    assert!(
        broken > 2_000 && kept > 2_000,
        "{broken} broken, {kept} kept"
    );
}

/// Causal order by its definition: the closure of sessions and of who read from whom.
fn causal_order(history: &Foreign) -> Vec<Vec<bool>> {
    let size = history.entries.len();
    let mut order = vec![vec![false; size]; size];
    for (a, one) in history.entries.iter().enumerate() {
        for (b, other) in history.entries.iter().enumerate() {
            let same = a < b && one.session == other.session;
            let read = matches!((one.asked, other.asked), (Asked::Write(w), Asked::Read(r))
                if w == r && one.key == other.key);
            order[a][b] = same || read;
        }
    }
    for k in 0..size {
        for a in 0..size {
            for b in 0..size {
                order[a][b] |= order[a][k] && order[k][b];
            }
        }
    }
    order
}

/// The three variants by their definitions (POPL 2017, section 3): for each operation an order of
/// its causal past; with one arbitration for all; with the answers of its own session.
fn causal_variants(history: &Foreign) -> [bool; 3] {
    let order = causal_order(history);
    let size = history.entries.len();
    if (0..size).any(|place| order[place][place]) {
        return [false; 3];
    }
    let past = |of: usize| -> Vec<usize> {
        (0..size)
            .filter(|place| *place == of || order[*place][of])
            .collect()
    };
    let before = |a: usize, b: usize| order[a][b];
    let session = |a: usize| history.entries[a].session;
    let causal =
        (0..size).all(|of| explained_last(history, &past(of), &before, &|place| place == of));
    let memory = (0..size).all(|of| {
        let own = |place: usize| session(place) == session(of) && place <= of;
        explained_last(history, &past(of), &before, &own)
    });
    [causal, converges(history, &order), memory]
}

/// As [`explained`], and the operations of the past must all stand in the order.
fn explained_last(
    history: &Foreign,
    entries: &[usize],
    before: &dyn Fn(usize, usize) -> bool,
    counts: &dyn Fn(usize) -> bool,
) -> bool {
    let closed = |entry: &Entry| Entry {
        ret: Some(entry.ret.unwrap_or(i64::MAX)),
        ..*entry
    };
    let history = Foreign {
        entries: history.entries.iter().map(closed).collect(),
        ..history.clone()
    };
    explained(&history, entries, before, counts)
}

/// One order of all writes, in keeping with causal order, by which each read returns the last
/// write of its causal past.
fn converges(history: &Foreign, order: &[Vec<bool>]) -> bool {
    let is_write = |place: &usize| matches!(history.entries[*place].asked, Asked::Write(_));
    let writes: Vec<usize> = whole(history).into_iter().filter(is_write).collect();
    let fits = |arbitration: &[usize]| {
        whole(history).into_iter().all(|place| {
            let Asked::Read(value) = history.entries[place].asked else {
                return true;
            };
            let key = history.entries[place].key;
            let seen =
                |write: &&usize| order[**write][place] && history.entries[**write].key == key;
            let last = arbitration.iter().rev().find(seen);
            last.map_or(value == history.init, |write| {
                history.entries[*write].asked == Asked::Write(value)
            })
        })
    };
    permuted(&mut Vec::new(), &writes, order, &fits)
}

fn permuted(
    done: &mut Vec<usize>,
    all: &[usize],
    order: &[Vec<bool>],
    fits: &dyn Fn(&[usize]) -> bool,
) -> bool {
    if done.len() == all.len() {
        return fits(done);
    }
    for next in all {
        let waits = all
            .iter()
            .any(|other| !done.contains(other) && order[*other][*next]);
        if done.contains(next) || waits {
            continue;
        }
        done.push(*next);
        let found = permuted(done, all, order, fits);
        done.pop();
        if found {
            return true;
        }
    }
    false
}

#[test]
fn registers_with_unique_writes_agree_with_the_definitions() {
    let mut broken = [0; 5];
    for seed in 0..CASES {
        let history = random(seed, Kind::MultiKey, true);
        let all = whole(&history);
        let verdicts = judge(&history);
        let says = |property| {
            let found = verdicts.iter().find(|(one, _)| *one == property);
            found.map(|(_, judged)| judged.clone()).expect("judged")
        };
        let [causal, convergence, memory] = causal_variants(&history);
        let expected = [
            (
                Property::Linearizable,
                explained(&history, &all, &in_time(&history), &|_| true),
            ),
            (
                Property::Sequential,
                explained(&history, &all, &in_session(&history), &|_| true),
            ),
            (Property::Causal, causal),
            (Property::CausalConvergence, convergence),
            (Property::CausalMemory, memory),
        ];
        for (nth, (property, holds)) in expected.into_iter().enumerate() {
            let judged = says(property);
            assert_eq!(
                judged == Judged::Holds,
                holds,
                "seed {seed}: {property:?} {history:?}"
            );
            broken[nth] += u32::from(!holds);
        }
        // Causal consistency implies the four session guarantees.
        if causal {
            for property in [
                Property::ReadYourWrites,
                Property::MonotonicReads,
                Property::MonotonicWrites,
                Property::WritesFollowReads,
            ] {
                assert!(
                    !matches!(says(property), Judged::Violated(_)),
                    "seed {seed}: {property:?}"
                );
            }
        }
    }
    assert!(broken.iter().all(|count| *count > 500), "{broken:?}");
}

/// Fifty clients keep one checker busy for long; a single late read that is wrong is still found.
#[test]
fn a_wrong_read_among_fifty_clients_is_found() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories");
    let text = std::fs::read_to_string(source.join("porcupine-kv-c50-ok.jsonl")).expect("a file");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let late = (0..lines.len()).rev().find(|place| {
        let value = lines[*place]["value"].as_str().unwrap_or_default();
        lines[*place]["op"] == "read" && value.matches("yx").count() > 3
    });
    let late = late.expect("a read of several");
    let value = lines[late]["value"].as_str().expect("a text").to_string();
    let parts: Vec<&str> = value.split("yx").collect();
    let last = parts.len() - 1;
    // The last but one lacks; it stands behind the last; only the older half is there.
    let mut swapped = parts.clone();
    swapped.swap(last - 2, last - 1);
    let half = [&parts[..parts.len() / 2].join("yx"), "y"].concat();
    let lacking = [&parts[..last - 1], &parts[last..]].concat().join("yx");
    let folder = std::env::temp_dir().join(format!("lagoon-broken-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut broken = Vec::new();
    for (name, value) in [
        ("lacking", lacking),
        ("swapped", swapped.join("yx")),
        ("half", half),
    ] {
        let mut lines = lines.clone();
        lines[late]["value"] = Value::String(value);
        let path = folder.join(format!("{name}.jsonl"));
        let text: Vec<String> = lines.iter().map(Value::to_string).collect();
        std::fs::write(&path, text.join("\n")).expect("a file");
        broken.push(path);
    }
    let judged = checked(&broken);
    std::fs::remove_dir_all(&folder).expect("the folder");
    assert_eq!(judged.len(), 3);
    for one in judged {
        assert_eq!(one["verdicts"]["linearizable"], "violated", "{one}");
    }
}
