//! What the switch changed: a run and its twin, row by row, and in one sentence.
//!
//! Invariant: both sides are runs of the same clicks with the same luck; the table holds only
//! what their operations and judges say.

use crate::check::Property;
use crate::history::Operation;
use crate::shop::Name;
use crate::sim::ReplicationMode;
use crate::view::price::{self, Price};
use crate::view::words::changed as words;
use crate::view::{Show, verdicts};

/// How many views the table shows; the rest is counted.
const VIEWS: usize = 5;

/// The table and its sentence; the synchronous side stands first.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub rows: Vec<Row>,
    /// Views that did not fit.
    pub more: usize,
    pub sentence: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub title: String,
    pub synchronous: Cell,
    pub background: Cell,
}

/// What stands in the table; `state` is the sign's name, where a judge spoke.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub text: String,
    pub state: Option<&'static str>,
}

/// What the judges say of one promise on either side, and whether that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub row: Row,
    pub term: &'static str,
    pub differs: bool,
}

/// Both lists of promises, beside each other. A bound that nobody set is left out.
pub fn promises(show: &Show, twin: &Show) -> Vec<Judged> {
    let sides = sides(show, twin);
    let all = verdicts::first(&sides).into_iter().chain(verdicts::MORE);
    let bound = show.run.report.bound.is_some();
    all.filter(|property| bound || *property != Property::BoundedStaleness)
        .map(|property| {
            let judged = sides.map(|side| judged(side, property));
            let (title, term) = words::property(property);
            Judged {
                differs: judged[0].state != judged[1].state,
                row: row(title.to_string(), judged),
                term,
            }
        })
        .collect()
}

/// The synchronous run, and the background one.
fn sides<'a>(show: &'a Show, twin: &'a Show) -> [&'a Show; 2] {
    match show.scenario.config.mode {
        ReplicationMode::Synchronous => [show, twin],
        ReplicationMode::Background => [twin, show],
    }
}

impl Changed {
    pub fn of(show: &Show, twin: &Show) -> Changed {
        let sides = sides(show, twin);
        let writers: Vec<Name> = Price::of(show, twin, show.run.end())
            .waits
            .iter()
            .filter(|wait| wait.write)
            .map(|wait| wait.who)
            .collect();
        let mut rows: Vec<Row> = writers
            .iter()
            .take(VIEWS)
            .map(|who| {
                let cell = |side| Cell::plain(words::wait(price::longest(side, *who, true)));
                row(words::waited(*who), sides.map(cell))
            })
            .collect();
        let named = show.scenario.config.shoppers.len();
        let views: Vec<&Operation> = show
            .run
            .history
            .operations
            .iter()
            .filter(|o| o.op.is_view() && (o.client.0 as usize) < named)
            .collect();
        rows.extend(views.iter().take(VIEWS).map(|view| {
            let who = show.run.history.shoppers[view.client.0 as usize];
            row(
                words::was_shown(who, view.call),
                sides.map(|side| shown(side, who, view.n)),
            )
        }));
        rows.push(row(
            words::behind(),
            sides.map(|side| {
                Cell::plain(words::still_old(
                    &Price::of(side, side, side.run.end()).behind,
                ))
            }),
        ));
        let sentence = words::sentence(sides[0], sides[1], &writers);
        Changed {
            rows,
            more: views.len().saturating_sub(VIEWS),
            sentence,
        }
    }
}

impl Cell {
    fn plain(text: String) -> Cell {
        Cell { text, state: None }
    }
}

fn row(title: String, [synchronous, background]: [Cell; 2]) -> Row {
    Row {
        title,
        synchronous,
        background,
    }
}

fn judged(show: &Show, property: Property) -> Cell {
    let verdict = show.run.verdict(property, show.run.end());
    Cell {
        text: words::verdict(verdict),
        state: Some(verdicts::state(verdict)),
    }
}

/// What this shopper's n-th operation, a view, was answered on this side.
fn shown(show: &Show, who: Name, n: u32) -> Cell {
    let history = &show.run.history;
    let place = history.operations.iter().position(|operation| {
        history.shoppers[operation.client.0 as usize] == who && operation.n == n
    });
    let Some(place) = place else {
        return Cell::plain(words::not_asked());
    };
    let age = show
        .run
        .report
        .views
        .iter()
        .find(|view| view.op.0 as usize == place);
    let state = age.map(|age| if age.is_stale() { "broken" } else { "holds" });
    Cell {
        text: words::cart(&history.operations[place]),
        state,
    }
}
