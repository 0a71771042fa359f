//! What a load did, as a table of figures.

use crate::page::element::{El, el};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::traffic;
use crate::view::words::traffic as words;

/// The figures up to the playhead; nothing where no visitor came.
pub fn card(show: &Show, now: SimTime) -> El {
    let card = el("section.card changed[aria-labelledby=traffic-title]");
    let Some(traffic) = &show.run.report.traffic else {
        return card.is("hidden", true);
    };
    let head = el("tr").each(words::COLUMNS, |name| el("th[scope=col]").text(name));
    let rows = traffic::figures(traffic, now);
    let body = el("tbody").each(rows, |row| {
        el("tr")
            .add(el("th[scope=row]").text(row.name))
            .add(el("td").text(row.so_far))
            .add(el("td").text(row.lately))
    });
    card.add(el("h2#traffic-title").text(words::TITLE))
        .add(el("table").add(el("thead").add(head)).add(body))
}
