//! The list of events: the run as a table, the rows around the playhead.

use crate::playground::Msg;
use crate::sim::trace::RecordId;
use crate::time::SimTime;
use crate::view::ledger::{self, Entry};
use crate::view::words::{self, ledger as say};
use crate::view::{Shared, Show};
use crate::web::scroll;
use yew::prelude::*;

const LIST: &str = "events-list";
/// The most rows that stand in the page at once.
const MOST: usize = 120;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub show: Shared<Show>,
    pub now: SimTime,
    pub dispatch: Callback<Msg>,
}

#[component]
pub fn Events(props: &Props) -> Html {
    let rows = use_memo(props.show.clone(), |show| ledger::rows(show));
    let records = &props.show.run.trace.records;
    let at = |row: &RecordId| {
        records
            .get(row.0 as usize)
            .map_or(SimTime::ZERO, |record| record.at)
    };
    let past = rows.partition_point(|row| at(row) <= props.now);
    use_effect_with((props.show.clone(), past), |_| scroll::to_current(LIST));
    let shown = ledger::around(rows.len(), past, MOST);
    let note = match (rows.len(), shown.len()) {
        (0, _) => say::nothing().to_string(),
        (total, shown) if shown < total => say::shows(shown, total),
        _ => say::caption().to_string(),
    };
    html! {
        <div class="events">
            <p class="hint">{ note }</p>
            <div id={LIST} class="events-list" tabindex="0" role="region" aria-label={say::caption()}>
                <table>
                    <thead><tr>
                        { for say::columns().map(|name| html! { <th scope="col">{ name }</th> }) }
                    </tr></thead>
                    <tbody>
                        { for shown.map(|nth| html! {
                            { row(props, rows[nth], nth < past, nth + 1 == past) }
                        }) }
                    </tbody>
                </table>
            </div>
        </div>
    }
}

fn row(props: &Props, record: RecordId, past: bool, current: bool) -> Html {
    let entry = ledger::entry(&props.show, record);
    let Entry {
        at,
        who,
        text,
        kind,
        because,
        ..
    } = entry.unwrap_or_default();
    let seek = props.dispatch.reform(move |_: MouseEvent| Msg::Seek(at));
    html! {
        <tr key={record.0} data-kind={kind} data-past={past.then_some("true")}
            aria-current={current.then_some("step")}>
            <td><button type="button" onclick={seek}>{ words::time(at) }</button></td>
            <td>{ who }</td>
            <td>
                <span class="sr">{ say::tense(past) }</span>
                { text }
                <small>{ because.unwrap_or_default() }</small>
            </td>
        </tr>
    }
}
