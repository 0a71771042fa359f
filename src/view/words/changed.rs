//! The words of the table and the sentence about what the switch changed.

use crate::check::{Property, Verdict};
use crate::history::Operation;
use crate::shop::Name;
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::price::{self, Behind};
use crate::view::words::{self, verdicts};

pub fn waited(who: Name) -> String {
    format!("{} waited", words::person(who))
}

pub fn was_shown(who: Name, call: SimTime) -> String {
    format!(
        "{} was shown (asked at {})",
        words::person(who),
        words::time(call)
    )
}

pub fn behind() -> String {
    "After done, copies still old for".to_string()
}

/// The promise as a sentence, and its term.
pub fn property(property: Property) -> (&'static str, &'static str) {
    verdicts::title(property)
}

pub fn verdict(verdict: Verdict) -> String {
    verdicts::word(verdict).to_ascii_lowercase()
}

pub fn wait(length: Option<SimDuration>) -> String {
    length.map_or("no answer".to_string(), words::span)
}

pub fn still_old(behind: &Behind) -> String {
    match behind.caught_up {
        true => words::span(behind.behind),
        false => format!("{}, and still", words::span(behind.behind)),
    }
}

pub fn not_asked() -> String {
    "not asked".to_string()
}

/// `book`, `2 book, 1 pen`, `empty`.
pub fn cart(operation: &Operation) -> String {
    match operation.seen() {
        Some(seen) if seen.cart.is_empty() => "empty".to_string(),
        Some(seen) => {
            let one = |line: &crate::shop::Line| match line.qty {
                1 => line.item.to_string(),
                qty => format!("{qty} {}", line.item),
            };
            seen.cart
                .lines()
                .iter()
                .map(one)
                .collect::<Vec<_>>()
                .join(", ")
        }
        None => "no answer".to_string(),
    }
}

/// What the switch changed, in one sentence, of this run only.
pub fn sentence(synchronous: &Show, background: &Show, writers: &[Name]) -> String {
    if price::mixed(synchronous) {
        return "Both runs change the mode on the way, so each is synchronous for a part: \
                compare them moment by moment."
            .to_string();
    }
    if synchronous.run.report.traffic.is_some() {
        let [old, in_background] = [synchronous, background].map(|show| {
            let views = &show.run.report.views;
            let old = views.iter().filter(|view| view.is_stale()).count();
            format!("{old} of {}", views.len())
        });
        return format!(
            "In this run {old} views were out of date with synchronous replication, and \
             {in_background} in the background."
        );
    }
    let (old_synchronous, old_background) = (old_views(synchronous), old_views(background));
    let longer = writers.iter().filter_map(|who| {
        let waits = [synchronous, background].map(|show| price::longest(show, *who, true));
        Some((waits[0]?.0.checked_sub(waits[1]?.0)?, *who))
    });
    let longer = longer
        .max_by_key(|(length, _)| *length)
        .filter(|(length, _)| *length > 0);
    let saved: Vec<String> = old_background
        .iter()
        .filter(|view| !old_synchronous.iter().any(|other| same(view, other)))
        .map(|view| verdicts::shopper(background, view))
        .fold(Vec::new(), |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        });
    match (longer, saved.as_slice(), old_synchronous.as_slice()) {
        (Some((length, _)), [_, ..], []) => format!(
            "Waiting {} longer bought {} the right cart in this run.",
            words::span(SimDuration(length)),
            verdicts::list(&saved)
        ),
        (None, [_, ..], []) => {
            format!(
                "Synchronous showed {} the right cart in this run.",
                verdicts::list(&saved)
            )
        }
        (_, _, [view, ..]) => format!(
            "In this run even synchronous replication showed {} an old cart.",
            verdicts::shopper(synchronous, view)
        ),
        (Some((length, who)), [], []) => format!(
            "In this run nobody was shown an old cart either way; synchronous made {} wait {} longer.",
            words::person(who),
            words::span(SimDuration(length))
        ),
        (None, [], []) => {
            "In this run the switch changed nothing that a shopper could notice.".into()
        }
    }
}

/// The views that were answered with an old cart.
fn old_views(show: &Show) -> Vec<&Operation> {
    let views = show.run.report.views.iter().filter(|view| view.is_stale());
    views
        .map(|view| &show.run.history.operations[view.op.0 as usize])
        .collect()
}

fn same(one: &Operation, other: &Operation) -> bool {
    one.client == other.client && one.n == other.n
}
