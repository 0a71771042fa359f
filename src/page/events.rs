//! The list of events: the run as a table, the rows around the playhead.

use crate::page::element::{El, el};
use crate::playground::Msg;
use crate::sim::trace::RecordId;
use crate::time::SimTime;
use crate::view::ledger;
use crate::view::words::{self, ledger as say};
use crate::view::{Shared, Show};
use std::cell::{Cell, RefCell};

/// The id of the list.
pub const LIST: &str = "events-list";
/// The most rows that stand in the page at once.
const MOST: usize = 120;

/// The rows of the run that was listed last, and where the playhead stood among them.
#[derive(Default)]
pub struct Memo {
    rows: RefCell<Option<(Shared<Show>, Vec<RecordId>)>>,
    past: Cell<usize>,
    /// The list was drawn with another current row.
    moved: Cell<bool>,
}

impl Memo {
    /// Whether the list was drawn with another current row since this was asked last.
    pub fn moved(&self) -> bool {
        self.moved.take()
    }
}

pub fn events(memo: &Memo, show: &Shared<Show>, now: SimTime) -> El {
    let mut known = memo.rows.borrow_mut();
    let stale = known.as_ref().is_none_or(|(of, _)| of != show);
    if stale {
        *known = Some((show.clone(), ledger::rows(show)));
    }
    let rows = known.as_ref().map_or(&[][..], |(_, rows)| rows);
    let records = &show.run.trace.records;
    let past = rows.partition_point(|row| records[row.0 as usize].at <= now);
    if memo.past.replace(past) != past || stale {
        memo.moved.set(true);
    }
    let shown = ledger::around(rows.len(), past, MOST);
    let note = match (rows.len(), shown.len()) {
        (0, _) => say::nothing().to_string(),
        (total, shown) if shown < total => say::shows(shown, total),
        _ => say::caption().to_string(),
    };
    let mut body = el("tbody");
    for nth in shown {
        body = body.add(row(show, rows[nth], nth < past, nth + 1 == past));
    }
    let head = el("tr").each(say::columns(), |name| el("th[scope=col]").text(name));
    let list = el("div.events-list#events-list[tabindex=0][role=region]")
        .attr("aria-label", say::caption())
        .add(el("table").add(el("thead").add(head)).add(body));
    el("div.events").add(el("p.hint").text(note)).add(list)
}

fn row(show: &Show, id: RecordId, past: bool, current: bool) -> El {
    let entry = ledger::entry(show, id).unwrap_or_default();
    let time = el("button[type=button]")
        .send(Msg::Seek(entry.at))
        .text(words::time(entry.at));
    let text = el("td")
        .add(el("span.sr").text(say::tense(past)))
        .text(entry.text)
        .add(el("small").text(entry.because.unwrap_or_default()));
    el("tr")
        .number(id.0 as usize)
        .attr("data-kind", entry.kind)
        .attr("data-past", past.then_some("true"))
        .attr("aria-current", current.then_some("step"))
        .add(el("td").add(time))
        .add(el("td").text(entry.who))
        .add(text)
}
