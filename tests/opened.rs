//! A history file on the page, without a browser: opened, judged in turns, drawn.

use lagoon::history::file;
use lagoon::history::foreign::Kind;
use lagoon::playground::opened::{BYTES, DRAWN, Deed, File, Refused, Sheet, State};
use lagoon::playground::{Dialog, Effect, Msg, Playground, Start};
use lagoon::run::export::Export;
use lagoon::run::{self, Show};
use lagoon::scenario::gallery::GALLERY;
use lagoon::scenario::parse;
use lagoon::turns::at_once;
use lagoon::view::opened::{self as view, Picture};
use lagoon::view::verdicts;
use lagoon::view::words::opened as said;
use std::rc::Rc;

const BROKEN: &str = r#"{"kind":"header","model":"register","init":0}
{"process":0,"op":"write","key":"x","value":1,"call":1,"ret":2}
{"process":1,"op":"read","key":"x","value":1,"call":3,"ret":4}
{"process":2,"op":"write","key":"y","value":7,"call":3,"ret":null,"status":"info"}
{"process":1,"op":"read","key":"x","value":0,"call":5,"ret":6}
"#;

fn opened(text: &str) -> Playground {
    let (mut page, _) = Playground::start(Start::default());
    let text = Ok(Rc::from(text));
    let file = Rc::new(File {
        name: "a.jsonl".to_string(),
        text,
    });
    let effects = page.update(Msg::File(Deed::Open(file)));
    assert_eq!(effects, [Effect::Judge]);
    assert_eq!(page.dialog, Some(Dialog::History));
    page
}

/// Goes on until nothing more is asked for.
fn settle(page: &mut Playground) {
    while page.opened.as_ref().is_some_and(|opened| opened.is_busy()) {
        page.update(Msg::File(Deed::Go));
    }
}

fn sheet(page: &Playground) -> &Sheet {
    match &page.opened.as_ref().expect("a file").state {
        State::Read(sheet) => sheet,
        _ => panic!("the file is not read"),
    }
}

fn judged(text: &str) -> Playground {
    let mut page = opened(text);
    settle(&mut page);
    page
}

fn refused(text: &str) -> Refused {
    let page = judged(text);
    match &page.opened.as_ref().expect("a file").state {
        State::Refused(refused) => refused.clone(),
        _ => panic!("the file is read"),
    }
}

#[test]
fn a_breach_is_told_and_marked() {
    let page = judged(BROKEN);
    let sheet = sheet(&page);
    assert_eq!(
        view::summary(sheet),
        "register: 4 operations by 3 processes on 2 keys"
    );
    let rows = view::rows(sheet);
    assert_eq!((rows[0].state, rows[0].word), ("broken", "Broken"));
    assert_eq!(
        rows[0].sentence,
        "No order explains both: process 1: read 1 of x; process 1: read 0 of x."
    );
    assert_eq!(rows.iter().filter(|row| row.state == "broken").count(), 6);
    let acts = view::acts(sheet);
    let marked: Vec<_> = acts
        .iter()
        .filter_map(|act| Some((act.pin?, &*act.what)))
        .collect();
    assert_eq!(marked, [(0, "read 1 of x"), (1, "read 0 of x")]);
    assert_eq!(acts[2].state, "unknown");
    assert_eq!(acts[2].answered, "no answer");
}

#[test]
fn the_sample_on_the_page_is_a_history_that_breaks_a_promise() {
    let page = judged(said::SAMPLE);
    let rows = view::rows(sheet(&page));
    assert_eq!((rows[0].state, rows[1].state), ("broken", "holds"));
    for (model, _) in Kind::ALL {
        assert!(said::FIELDS.contains(model), "{model}");
    }
}

#[test]
fn bars_keep_the_order_of_calls_and_answers() {
    for text in [BROKEN, include_str!("histories/porcupine-etcd-046.jsonl")] {
        let page = judged(text);
        let sheet = sheet(&page);
        let history = match &sheet.cases[0].body {
            file::Body::Foreign(history) => history.clone(),
            file::Body::Cart(_) => panic!("no cart"),
        };
        let picture = Picture::of(&view::acts(sheet));
        assert_eq!(picture.bars.len(), history.entries.len());
        for (one, a) in history.entries.iter().zip(&picture.bars) {
            assert!(a.x + a.width <= picture.width && a.width > 0.0);
            for (other, b) in history.entries.iter().zip(&picture.bars) {
                let before = one.ret.is_some_and(|ret| ret < other.call);
                assert_eq!(a.x + a.width < b.x, before, "{one:?} {other:?}");
                let apart = a.y != b.y || before || b.x + b.width < a.x || one == other;
                assert!(apart, "{one:?} and {other:?} are drawn on each other");
            }
        }
    }
}

#[test]
fn a_runs_own_export_is_judged_as_on_its_page() {
    let end = lagoon::playground::opened::END;
    for text in GALLERY {
        let scenario = parse(text).scenario;
        let run = run::run(&scenario);
        let export = Export::History.write(&run);
        if export.lines().count() > lagoon::playground::opened::LINES {
            continue;
        }
        let show = Show { scenario, run };
        let page = judged(&export);
        for row in view::rows(sheet(&page)) {
            let own = verdicts::row(&show, row.property, end);
            assert_eq!((row.state, row.word), (own.state, own.word), "{text}");
            assert!(
                own.sentence.starts_with(&*row.sentence),
                "{} {}",
                own.sentence,
                row.sentence
            );
        }
        assert!(Picture::of(&view::acts(sheet(&page))).bars.len() <= DRAWN * 5 / 4);
    }
}

#[test]
fn a_bad_file_is_told_as_the_command_line_tells_it() {
    for text in [
        "",
        "{",
        "{\"process\":0}",
        "{\"kind\":\"header\",\"model\":\"queue\"}",
        "{\"kind\":\"header\",\"model\":\"register\"}\n{\"process\":0,\"op\":\"read\",\"call\":2,\"ret\":1}",
        "{\"kind\":\"header\",\"model\":\"cart\"}\n{\"process\":\"alice\",\"op\":\"view\"}",
    ] {
        let told = at_once(async |turn| file::read(text, 100, &turn).await);
        assert_eq!(refused(text), Refused::Bad(told.unwrap_err()));
    }
    let line = "line 2: `ret` stands before `call`";
    let bad = BROKEN.replacen("\"call\":1,\"ret\":2", "\"call\":1,\"ret\":0", 1);
    assert_eq!(refused(&bad), Refused::Bad(line.to_string()));
    assert_eq!(refused_at_once(&"x".repeat(BYTES + 1)), Refused::TooLong);
}

fn refused_at_once(text: &str) -> Refused {
    let (mut page, _) = Playground::start(Start::default());
    let text = Ok(Rc::from(text));
    let name = String::new();
    assert_eq!(
        page.update(Msg::File(Deed::Open(Rc::new(File { name, text })))),
        []
    );
    match &page.opened.as_ref().expect("a file").state {
        State::Refused(refused) => refused.clone(),
        _ => panic!("the file is read"),
    }
}

/// Concurrent writes of the same two values, which only a search can judge.
fn hard() -> String {
    let mut text = "{\"kind\":\"header\",\"model\":\"register\",\"init\":0}\n".to_string();
    for nth in 0..40 {
        let value = nth % 20;
        text += &format!(
            "{{\"process\":{nth},\"op\":\"write\",\"value\":{value},\"call\":{nth},\"ret\":1000}}\n"
        );
    }
    text + "{\"process\":99,\"op\":\"read\",\"value\":77,\"call\":2000,\"ret\":2001}\n"
}

/// A small generator of its own, so that a failure is told by one number.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        let next = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d);
        self.0 = next.wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// The same file with some of its words or lines changed for others of it.
fn spoiled(text: &str, dice: &mut Dice) -> String {
    let split = |text: &str| {
        let part = |letter: char| ",:{}[]\"\n ".contains(letter);
        let parts = text.split_inclusive(part);
        parts.map(str::to_string).collect::<Vec<_>>()
    };
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    for _ in 0..1 + dice.below(3) {
        let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
        match dice.below(6) {
            0 => lines.swap(one, other),
            1 => lines[one] = lines[other].clone(),
            2 if lines.len() > 2 => drop(lines.remove(one)),
            _ => {
                let (mut words, others) = (split(&lines[one]), split(&lines[other]));
                let place = dice.below(words.len());
                let number = ["0", "1", "7", "18446744073709551615", "-1"][dice.below(5)];
                let end: String = words[place].chars().rev().take(1).collect();
                words[place] = match dice.below(2) {
                    0 => others[dice.below(others.len())].clone(),
                    _ => format!("{number}{end}"),
                };
                lines[one] = words.concat();
            }
        }
    }
    lines.concat()
}

#[test]
fn no_file_breaks_the_page() {
    let scenarios = GALLERY.iter().map(|text| parse(text).scenario);
    let exports = scenarios.map(|scenario| Export::History.write(&run::run(&scenario)));
    let mut files: Vec<String> = exports.filter(|text| text.len() < 10_000).collect();
    let others = [
        include_str!("histories/popl17-fig2d.jsonl"),
        include_str!("histories/porcupine-kv-c01-ok.jsonl"),
        include_str!("histories/stateright-sc-not-lin.jsonl"),
        "{\"kind\":\"header\",\"model\":\"lock\"}\n{\"process\":0,\"op\":\"acquire\",\"call\":1,\
         \"ret\":2}\n{\"process\":1,\"op\":\"release\",\"call\":3,\"ret\":4}\n",
        BROKEN,
    ];
    files.extend(others.map(str::to_string));
    let (mut dice, mut read) = (Dice(7), 0);
    for nth in 0..4_000 {
        let page = judged(&spoiled(&files[nth % files.len()], &mut dice));
        if let State::Read(sheet) = &page.opened.as_ref().expect("a file").state {
            read += 1;
            view::rows(sheet);
            view::summary(sheet);
            Picture::of(&view::acts(sheet));
        }
    }
    assert!((500..3_500).contains(&read), "{read}");
}

#[test]
fn a_judge_who_is_stopped_guesses_nothing() {
    let mut page = opened(&hard());
    for _ in 0..20 {
        assert_eq!(page.update(Msg::File(Deed::Go)), [Effect::Judge]);
    }
    assert_eq!(view::rows(sheet(&page))[0].state, "not-yet");
    // Looking elsewhere meanwhile asks for no second turn.
    assert_eq!(page.update(Msg::File(Deed::From(3))), []);
    page.update(Msg::File(Deed::Stop));
    assert_eq!(page.update(Msg::File(Deed::Go)), []);
    let rows = view::rows(sheet(&page));
    assert_eq!(
        (rows[0].state, &*rows[0].sentence),
        ("unknown", "The judge was stopped.")
    );
}

#[test]
fn a_search_without_end_is_cut_short() {
    let page = judged(&hard());
    let rows = view::rows(sheet(&page));
    assert_eq!(
        (rows[0].state, &*rows[0].sentence),
        ("unknown", "The search was cut short.")
    );
}

#[test]
fn a_long_history_is_drawn_in_stretches() {
    let mut text = "{\"kind\":\"header\",\"model\":\"register\",\"init\":0}\n".to_string();
    for nth in 1..1000 {
        text += &format!(
            "{{\"process\":{},\"op\":\"write\",\"key\":\"k{}\",\"value\":{nth},\"call\":{nth},\
             \"ret\":{nth}}}\n",
            nth % 5,
            nth % 2
        );
    }
    text +=
        "{\"process\":9,\"op\":\"read\",\"key\":\"k1\",\"value\":1,\"call\":5000,\"ret\":5001}\n";
    let mut page = judged(&text);
    // The witness is brought up: its key, and the operations around it.
    let own = sheet(&page);
    assert_eq!(own.key, Some(0));
    assert!(
        view::acts(own)
            .iter()
            .any(|act| act.what == "read 1" && act.pin.is_some())
    );
    page.update(Msg::File(Deed::Key(None)));
    assert_eq!(view::acts(sheet(&page)).len(), DRAWN);
    page.update(Msg::File(Deed::From(usize::MAX)));
    let acts = view::acts(sheet(&page));
    assert_eq!(
        (acts.len(), &*acts[DRAWN - 1].what),
        (DRAWN, "read 1 of k1")
    );
    page.update(Msg::File(Deed::Key(Some(7))));
    assert_eq!(view::acts(sheet(&page)), []);
}

#[test]
fn one_file_holds_several_histories() {
    let text = [BROKEN, &BROKEN.replace("\"value\":0,", "\"value\":1,")].concat();
    let mut page = judged(&text);
    assert_eq!(sheet(&page).cases.len(), 2);
    assert_eq!(view::rows(sheet(&page))[0].state, "broken");
    assert_eq!(page.update(Msg::File(Deed::Case(1))), [Effect::Judge]);
    settle(&mut page);
    assert_eq!(view::rows(sheet(&page))[0].state, "holds");
    page.update(Msg::File(Deed::Case(2)));
    assert_eq!(sheet(&page).case, 1);
}
