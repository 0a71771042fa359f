//! A run's own history, read from the JSON lines that `run::export` writes: versions and what
//! stands behind each view travel with it, so that its verdicts are those of the run.
//!
//! Invariant: what is written is read as the same history and replica log.

use super::json::Json;
use super::{
    Answer, Apply, ClientId, History, Log, OpId, Operation, Outcome, ReplicaLog, Seen, ServiceId,
    Shift, ShiftKind, Version,
};
use crate::shop::{Cart, Line, Model, Name, Op};
use crate::time::SimTime;
use std::rc::Rc;

/// The model's name in the header.
pub const MODEL: &str = "cart";

/// No moment is later, in microseconds: some 285 years, up to where JSON's numbers are exact.
const LATEST: u64 = 1 << 53;
/// More versions than this are not read.
const VERSIONS: u64 = 1_000_000;
/// Nor more of these: each makes all services' logs anew.
const SHIFTS: usize = 100;

/// What stands in the lines of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    pub history: History,
    pub replicas: ReplicaLog,
    /// When nothing more could happen, if that came.
    pub settled: Option<SimTime>,
    /// By shopper: how many operations they have called.
    called: Vec<u32>,
}

impl Recorded {
    /// Nothing yet, of a run with this header.
    pub fn new(header: &Json) -> Result<Recorded, String> {
        let mut made = Recorded::default();
        for name in header.get("shoppers").map_or(&[][..], Json::list) {
            let name = match name {
                Json::Text(name) => Name::of_anybody(name),
                _ => None,
            };
            let name = name.ok_or("a shopper's name cannot be used")?;
            made.history.shoppers.push(name);
        }
        for (item, qty) in counts(header, "stock")? {
            made.history.stock.push(Line { item, qty });
        }
        let copies = header.get("copies").and_then(Json::whole::<u64>);
        made.replicas.copies = copies.unwrap_or(1).min(8) as u8;
        made.settled = match header.get("settled") {
            None | Some(Json::Null) => None,
            Some(_) => Some(moment(header, "settled")?),
        };
        made.called = vec![0; made.history.shoppers.len()];
        Ok(made)
    }

    /// Takes a line: an operation, or a version that was applied.
    pub fn add(&mut self, line: &Json) -> Result<(), String> {
        match line.text("kind") {
            Some("applied") => return applied(&mut self.replicas, line),
            Some("disk-lost") => return shifted(&mut self.replicas, line, ShiftKind::DiskLost),
            Some("leads") => return shifted(&mut self.replicas, line, ShiftKind::Leads),
            _ => {}
        }
        let mut one = asked(&self.history, line)?;
        let operations = &mut self.history.operations;
        if operations.last().is_some_and(|last| last.call > one.call) {
            return Err("the operations do not stand in order of call".to_string());
        }
        let called = &mut self.called[one.client.0 as usize];
        (one.n, *called) = (*called, *called + 1);
        operations.push(one);
        Ok(())
    }

    /// The whole, once all lines are taken.
    pub fn done(self) -> Result<Recorded, String> {
        let known = self.history.operations.len() as u32;
        match self.replicas.writes.iter().all(|op| op.0 < known) {
            true => Ok(self),
            false => Err("an applied version names an operation that is not there".to_string()),
        }
    }
}

fn number(line: &Json, name: &str) -> Result<u64, String> {
    let value = line.get(name).and_then(Json::whole);
    value.ok_or_else(|| format!("`{name}` is missing or no whole number"))
}

fn moment(line: &Json, name: &str) -> Result<SimTime, String> {
    match number(line, name)? {
        at @ ..=LATEST => Ok(SimTime(at)),
        at => Err(format!("`{name}` is {at}, later than {LATEST}")),
    }
}

fn service(line: &Json, name: &str) -> Result<ServiceId, String> {
    let text = line.text(name).unwrap_or_default();
    let number = text
        .strip_prefix('s')
        .and_then(|number| number.parse().ok());
    let known = number.filter(|number| (1..=9).contains(number));
    known
        .map(ServiceId)
        .ok_or_else(|| format!("`{name}` is no service, such as s2"))
}

fn version(line: &Json, name: &str) -> Result<Version, String> {
    let number = number(line, name)?;
    match (1..=VERSIONS).contains(&number) {
        true => Ok(Version(number as u32)),
        false => Err(format!("`{name}` is {number}, not 1 to {VERSIONS}")),
    }
}

fn shifted(replicas: &mut ReplicaLog, line: &Json, kind: ShiftKind) -> Result<(), String> {
    if replicas.shifts.len() >= SHIFTS {
        return Err(format!(
            "more than {SHIFTS} lost disks and changes of who takes the writes"
        ));
    }
    replicas.shifts.push(Shift {
        service: service(line, "replica")?,
        at: moment(line, "at")?,
        after: replicas.applied.len(),
        kind,
    });
    Ok(())
}

fn applied(replicas: &mut ReplicaLog, line: &Json) -> Result<(), String> {
    let whole = line.get("whole") == Some(&Json::Bool(true));
    let apply = Apply {
        replica: service(line, "replica")?,
        // The whole of an empty cart is of no version.
        version: match number(line, "version")? {
            0 if whole => Version(0),
            _ => version(line, "version")?,
        },
        at: moment(line, "at")?,
        whole,
    };
    let next = replicas.writes.len() + 1;
    // What a copy had before it took over comes no second time.
    if apply.replica == replicas.leader(apply.at) {
        if apply.version.0 as usize != next {
            let who = apply.replica.0;
            return Err(format!("Service {who}'s versions are not 1, 2, 3 in turn"));
        }
        let write = number(line, "operation")?.min(u32::MAX.into());
        replicas.writes.push(OpId(write as u32));
        if let Some(undo) = line.get("undo") {
            let item = undo.text("item").and_then(Name::new);
            let item = item.ok_or("`undo` has no `item`")?;
            // Carts hold more than a line can add.
            let qty = |name| Ok::<_, String>(number(undo, name)?.min(u64::from(u32::MAX)) as u32);
            let deed = match undo.get("returned") {
                Some(_) => Op::Return {
                    item,
                    qty: qty("returned")?,
                },
                None => Op::Set {
                    item,
                    qty: qty("qty")?,
                },
            };
            replicas.undos.push((apply.version, deed));
        }
    }
    replicas.applied.push(apply);
    Ok(())
}

fn asked(history: &History, line: &Json) -> Result<Operation, String> {
    let text = |name: &str| line.text(name).unwrap_or_default();
    let name = Name::of_anybody(text("process"));
    let place = history
        .shoppers
        .iter()
        .position(|known| Some(*known) == name);
    let client = place.ok_or("`process` is none of the header's shoppers")?;
    let item = || Name::new(text("item")).ok_or("`item` is missing");
    let qty = || number(line, "qty").map(|qty| qty.min(999) as u32);
    let op = match text("op") {
        "add" => Op::Add {
            item: item()?,
            qty: qty()?,
        },
        "set" => Op::Set {
            item: item()?,
            qty: qty()?,
        },
        "remove" => Op::Remove { item: item()? },
        "view" => Op::View,
        "buy" => Op::Buy {
            item: item()?,
            qty: qty()?,
        },
        other => {
            let message = format!("`op` is `{other}`, not add, set, remove, view or buy");
            return Err(message);
        }
    };
    let call = moment(line, "call")?;
    let ended = || match moment(line, "ret") {
        Ok(ret) if ret >= call => Ok(ret),
        Ok(_) => Err("`ret` stands before `call`".to_string()),
        Err(message) => Err(message),
    };
    let outcome = match text("status") {
        "ok" => Outcome::Ok {
            at: ended()?,
            answer: match op {
                Op::View => Answer::Shown(seen(line)?),
                _ => Answer::Done(version(line, "version")?),
            },
        },
        "fail" => Outcome::Failed { at: ended()? },
        "info" => Outcome::Unknown,
        other => return Err(format!("`status` is `{other}`, not ok, fail or info")),
    };
    Ok(Operation {
        client: ClientId(client as u32),
        n: 0,
        op,
        to: service(line, "to")?,
        call,
        outcome,
    })
}

fn seen(line: &Json) -> Result<Seen, String> {
    let mut cart = Cart::default();
    for (item, qty) in counts(line, "cart")? {
        cart.apply(&Op::Set { item, qty });
    }
    for (item, qty) in counts(line, "bought")? {
        cart.apply(&Op::Buy { item, qty });
    }
    let mut log = Log::default();
    let Some(Json::List(versions)) = line.get("seen") else {
        return Err("`seen` is missing".to_string());
    };
    for one in versions {
        let number = one.whole::<u64>();
        let number = number.filter(|number| (1..=VERSIONS).contains(number));
        log.push(Version(number.ok_or("`seen` holds versions from 1")? as u32));
    }
    Ok(Seen {
        cart: Rc::new(cart),
        log,
    })
}

/// How many of each item, by its name; none where there is no such field.
fn counts(line: &Json, name: &str) -> Result<Vec<(Name, u32)>, String> {
    let fields = line.get(name).map_or(&[][..], Json::fields);
    let one = |(item, qty): &(String, Json)| {
        let item = Name::new(item).ok_or_else(|| format!("`{item}` is no item"))?;
        let qty = qty.whole::<u64>();
        let qty = qty.ok_or_else(|| format!("`{name}` holds whole numbers"))?;
        Ok((item, qty.min(u32::MAX.into()) as u32))
    };
    fields.iter().map(one).collect()
}
