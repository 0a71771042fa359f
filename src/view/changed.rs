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

impl Changed {
    pub fn of(show: &Show, twin: &Show) -> Changed {
        let (synchronous, background) = match show.scenario.config.mode {
            ReplicationMode::Synchronous => (show, twin),
            ReplicationMode::Background => (twin, show),
        };
        let sides = [synchronous, background];
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
        let views: Vec<&Operation> = show
            .run
            .history
            .operations
            .iter()
            .filter(|o| o.op.is_view())
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
        for property in [Property::Fresh, Property::Converges] {
            rows.push(row(
                words::property(property),
                sides.map(|side| judged(side, property)),
            ));
        }
        let sentence = words::sentence(synchronous, background, &writers);
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
