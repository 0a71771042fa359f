//! The words of the price.

use crate::history::ServiceId;
use crate::sim::ReplicationMode;
use crate::view::price::{Behind, Price, Wait};
use crate::view::words::{self, verdicts};

/// The name of a column; where the script changes the mode on the way, the mode it begins in.
pub fn mode(mode: ReplicationMode, mixed: bool) -> &'static str {
    match (mode, mixed) {
        (ReplicationMode::Synchronous, false) => "Synchronous",
        (ReplicationMode::Background, false) => "Background",
        (ReplicationMode::Synchronous, true) => "Synchronous first",
        (ReplicationMode::Background, true) => "Background first",
    }
}

/// Above the first big number.
pub fn waited(wait: Option<&Wait>) -> String {
    wait.map_or("Nobody waited".to_string(), |wait| match wait.own {
        Some(_) => format!("{} waited", words::person(wait.who)),
        None => format!("{} has no answer", words::person(wait.who)),
    })
}

/// Below it.
pub fn waited_for(wait: Option<&Wait>) -> &'static str {
    match wait {
        Some(Wait { write: true, .. }) => "to be told “done”",
        Some(_) => "to be shown the cart",
        None => "nothing was asked",
    }
}

/// Above the second.
pub fn behind(behind: &Behind) -> String {
    if behind.copy == ServiceId::S1 {
        return "One server, no copies".to_string();
    }
    if behind.behind.0 == 0 && behind.caught_up {
        return "The copies were behind for".to_string();
    }
    let verb = if behind.caught_up {
        "was behind for"
    } else {
        "is behind since"
    };
    format!("{} {verb}", verdicts::service(behind.copy))
}

/// Below it: the part that has passed at the playhead.
pub fn so_far(price: &Price) -> String {
    if price.behind.behind.0 == 0 {
        return "never behind after “done”".to_string();
    }
    format!("{} so far", words::span(price.so_far))
}

/// The two lengths, so that neither is taken for the other.
pub fn apart(behind: &Behind) -> String {
    if behind.copy == ServiceId::S1 {
        return "With one server there is nothing to be behind.".to_string();
    }
    if behind.apart.0 == 0 {
        return "The copies did not differ.".to_string();
    }
    format!(
        "In all, the copies differed for {}, {} of it after “done”.",
        words::span(behind.apart),
        words::span(behind.behind)
    )
}

/// The third figure: what hangs on one disk at the playhead, and in the other mode.
pub fn lost(price: &Price) -> String {
    let counted = |[own, other]: [usize; 2]| {
        let plural = if own == 1 { "" } else { "s" };
        let mode = mode(price.mode.flipped(), price.mixed);
        format!("{own} confirmed change{plural}. {mode}: {other}.")
    };
    let leader = verdicts::service(price.leader);
    let exposed = counted(price.exposed);
    let gone = match price.gone {
        [0, 0] => String::new(),
        gone => format!("Lost so far: {} ", counted(gone)),
    };
    format!("{gone}Lost if {leader} lost its disk now: {exposed}")
}

/// A row of the table: whose longest wait, and for what.
pub fn who(wait: &Wait) -> String {
    let what = if wait.write { "done" } else { "the cart" };
    format!("{}, for {what}", words::person(wait.who))
}
