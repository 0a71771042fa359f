//! Published links, which must mean the same run for ever, and how links are read.
//!
//! tests/links.txt holds a trace hash and a link a line. Lines are only ever added: LAGOON_ADD
//! with a text appends its link.

use lagoon::run::run;
use lagoon::scenario::link::{self, SumCheck, ViewState};
use lagoon::scenario::{canonical, gallery, parse};
use lagoon::time::SimTime;
use std::io::Write;

const LINKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/links.txt");

fn published() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(LINKS).expect("the published links");
    let lines = text.lines().filter(|line| !line.starts_with("//"));
    lines
        .map(|line| line.split_once(' ').expect("a hash and a link"))
        .map(|(hash, link)| (hash.to_string(), link.to_string()))
        .collect()
}

fn hash(text: &str) -> String {
    run(&parse(text).scenario).trace.hash().to_string()
}

#[test]
fn published_links_mean_the_same_run_for_ever() {
    if let Ok(text) = std::env::var("LAGOON_ADD") {
        let link = link::write(&text, &ViewState::default());
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(LINKS)
            .expect("writable");
        writeln!(file, "{} {link}", hash(&text)).expect("writable");
    }
    let links = published();
    assert!(links.len() >= 40, "lines are only ever added");
    for (expected, link) in links {
        let read = link::read(&link);
        assert_ne!(read.sum, SumCheck::Wrong, "{link}");
        assert_eq!(parse(&read.text).diagnostics, [], "{link}");
        assert_eq!(hash(&read.text), expected, "{link}");
    }
}

#[test]
fn the_gallery_is_published() {
    let links = published();
    for text in gallery::GALLERY {
        let link = link::write(text, &ViewState::default());
        assert!(
            links.iter().any(|(_, known)| *known == link),
            "add: {} {link}",
            hash(text)
        );
        assert!(
            link.len() <= 1500,
            "{} is too long to be shared",
            link.len()
        );
    }
}

#[test]
fn a_link_that_was_cut_short_is_noticed() {
    for text in gallery::GALLERY {
        let link = link::write(text, &ViewState::default());
        let whole = link::read(&link);
        for end in 4..link.len() {
            let cut = link::read(&link[..end]);
            let lost = cut.text != whole.text;
            assert_eq!(lost, cut.sum == SumCheck::Wrong, "{}", &link[..end]);
        }
    }
}

#[test]
fn the_design_s_own_link_is_right() {
    let text = "background\nlag: 500ms\nalice adds book\nalice views";
    let link = "#v1.qqe;background;lag:500ms;alice+adds+book;alice+views";
    assert_eq!(link::write(text, &ViewState::default()), link);
    let read = link::read(link);
    assert_eq!(
        (read.text.as_str(), read.sum, read.version),
        (text, SumCheck::Right, 1)
    );
}

#[test]
fn links_are_read_however_they_arrive() {
    let text = "background\nlag: 500ms\nalice adds book\nalice views";
    for input in [
        "#v1.qqe;background;lag:500ms;alice+adds+book;alice+views",
        "https://host/path/#v1.qqe;background;lag:500ms;alice+adds+book;alice+views",
        "https://host/?x=1#v1.QQE;background;lag:500ms;alice+adds+book;alice+views",
        "https://host/?v1.qqe;background;lag:500ms;alice+adds+book;alice+views&utm_source=mail",
        "https://host/?background;lag:500ms;alice+adds+book;alice+views&fbclid=x-y_z",
        "#v1.qqe%3Bbackground%3Blag%3A500ms%3Balice%2Badds%2Bbook%3Balice+views",
        "#v1.qqe;background;lag:500ms;alice%20adds%20book;alice%2520views",
        "#v1.qqe;background;lag:500ms;alice adds book;alice views",
        "<https://host/#v1.qqe;background;lag:500ms;alice+adds+book;alice+views>).",
        " #v1.qqe;background;lag:500ms;alice+adds+book;alice+views\r\n",
        "v1.qqe;background;lag:500ms;alice+adds+book;alice+views",
        "background;lag:500ms;alice+adds+book;alice+views",
        "https://host/?background;lag:500ms;alice+adds+book;alice+views&amp;utm_source=mail",
    ] {
        let read = link::read(input);
        assert_eq!(canonical(&read.text), text, "{input}");
        assert!(read.found);
        assert_ne!(read.sum, SumCheck::Wrong, "{input}");
    }
}

#[test]
fn an_address_without_a_text_says_nothing() {
    for input in [
        "",
        "  ",
        "https://host/path/",
        "https://host/?fbclid=abc",
        "?utm_source=chat",
        "https://host/#",
        "?",
        "#",
    ] {
        let read = link::read(input);
        assert!(!read.found && read.text.is_empty(), "{input}");
    }
}

#[test]
fn a_plain_text_is_itself() {
    for text in [
        "# a note\nalice adds book # and so on\n",
        "alice adds book; 200ms bob views",
        "title: what? why?\nbob views",
        "alice adds book;\n# x\n",
    ] {
        assert_eq!(link::read(text).text, text);
        assert_eq!(link::read(text).sum, SumCheck::None);
    }
}

#[test]
fn how_it_is_shown_stands_apart() {
    let link = "#v1;background;at+214ms;alice+adds+book;side+by+side;show+carol;show+bob;\
                hide+ledger;lock+mode;theme+dark;poster+200ms;side+saddle";
    let read = link::read(link);
    assert_eq!(read.text, "background\nalice adds book");
    let view = ViewState {
        at: Some(SimTime(214_000)),
        side_by_side: true,
        show: vec!["carol".to_string(), "bob".to_string()],
        hide: vec!["ledger".to_string()],
        lock: vec!["mode".to_string()],
        theme: Some("dark".to_string()),
        poster: Some("200ms".to_string()),
        unknown: vec!["side saddle".to_string()],
    };
    assert_eq!(read.view, view);
    assert_eq!(link::read(&link::write(&read.text, &view)).view, view);
}

#[test]
fn a_newer_link_is_read_as_far_as_possible() {
    let read = link::read("#v2.abc;background;alice+adds+book");
    assert_eq!((read.version, read.sum), (2, SumCheck::None));
    assert_eq!(read.text, "v2\nbackground\nalice adds book");
    assert_eq!(
        link::read(&link::write(&read.text, &ViewState::default())).text,
        read.text
    );
}
