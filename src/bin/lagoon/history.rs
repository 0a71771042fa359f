//! A run's own history, read from the JSON lines that `run::export` writes: versions and what
//! stands behind each view travel with it, so that `lagoon check` gives the verdicts of the page.
//!
//! Invariant: what is written is read as the same history and replica log.

use lagoon::check::{Property, Verdicts, staleness};
use lagoon::history::{
    Answer, Apply, ClientId, History, Log, OpId, Operation, Outcome, ReplicaLog, Seen, ServiceId,
    Version,
};
use lagoon::shop::{Cart, Line, Model, Name, Op};
use lagoon::time::SimTime;
use serde_json::{Map, Value};
use std::rc::Rc;

/// The model's name in the header.
pub const MODEL: &str = "cart";

/// Verdicts, by the word that JSON has for each.
pub type Words = Vec<(Property, &'static str)>;

/// How many operations there are, and the verdicts on them: from the header, and the lines after
/// it with their numbers.
pub fn judge(
    header: &Map<String, Value>,
    lines: &[(usize, Value)],
) -> Result<(usize, Words), String> {
    let (history, replicas) = read(header, lines)?;
    let settled = header.get("settled").and_then(Value::as_u64).map(SimTime);
    let views = staleness::views(&history, &replicas);
    let verdicts = Verdicts::of(&history, &replicas, &views, settled);
    let end = SimTime(u64::MAX);
    let judged = Property::ALL
        .into_iter()
        .map(|property| (property, verdicts.at(property, end)));
    let judged = judged.filter(|(property, _)| *property != Property::BoundedStaleness);
    let words = judged.map(|(property, verdict)| (property, verdict.word()));
    Ok((history.operations.len(), words.collect()))
}

/// More versions than this are not read.
const VERSIONS: u64 = 1_000_000;

fn read(
    header: &Map<String, Value>,
    lines: &[(usize, Value)],
) -> Result<(History, ReplicaLog), String> {
    let mut history = History::default();
    for name in header
        .get("shoppers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = name.as_str().and_then(Name::of_anybody);
        history
            .shoppers
            .push(name.ok_or("line 1: a shopper's name cannot be used")?);
    }
    for (item, qty) in counts(header.get("stock"), "stock")? {
        history.stock.push(Line { item, qty });
    }
    let copies = header
        .get("copies")
        .and_then(Value::as_u64)
        .unwrap_or(1)
        .min(8);
    let mut replicas = ReplicaLog {
        copies: copies as u8,
        ..ReplicaLog::default()
    };
    for (number, line) in lines {
        let fault = |message: String| format!("line {number}: {message}");
        match line.get("kind").and_then(Value::as_str) {
            Some("applied") => applied(&mut replicas, line).map_err(fault)?,
            _ => {
                let one = asked(&history, line).map_err(fault)?;
                history.operations.push(one);
            }
        }
    }
    if !history.operations.is_sorted_by_key(|one| one.call) {
        return Err("the operations do not stand in order of call".to_string());
    }
    let known = history.operations.len() as u32;
    match replicas.writes.iter().all(|op| op.0 < known) {
        true => Ok((history, replicas)),
        false => Err("an applied version names an operation that is not there".to_string()),
    }
}

fn number(line: &Value, name: &str) -> Result<u64, String> {
    let value = line.get(name).and_then(Value::as_u64);
    value.ok_or_else(|| format!("`{name}` is missing or no whole number"))
}

fn service(line: &Value, name: &str) -> Result<ServiceId, String> {
    let text = line.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = text
        .strip_prefix('s')
        .and_then(|number| number.parse().ok());
    let known = number.filter(|number| (1..=9).contains(number));
    known
        .map(ServiceId)
        .ok_or_else(|| format!("`{name}` is no service, such as s2"))
}

fn version(line: &Value, name: &str) -> Result<Version, String> {
    let number = number(line, name)?;
    match (1..=VERSIONS).contains(&number) {
        true => Ok(Version(number as u32)),
        false => Err(format!("`{name}` is {number}, not 1 to {VERSIONS}")),
    }
}

fn applied(replicas: &mut ReplicaLog, line: &Value) -> Result<(), String> {
    let apply = Apply {
        replica: service(line, "replica")?,
        version: version(line, "version")?,
        at: SimTime(number(line, "at")?),
        whole: line.get("whole").is_some_and(|whole| whole == true),
    };
    if apply.replica == ServiceId::S1 {
        if apply.version.0 as usize != replicas.writes.len() + 1 {
            return Err("Service 1's versions are not 1, 2, 3 in turn".to_string());
        }
        replicas
            .writes
            .push(OpId(number(line, "operation")? as u32));
        if let Some(undo) = line.get("undo") {
            let item = undo.get("item").and_then(Value::as_str).and_then(Name::new);
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

fn asked(history: &History, line: &Value) -> Result<Operation, String> {
    let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = Name::of_anybody(text("process"));
    let place = history
        .shoppers
        .iter()
        .position(|known| Some(*known) == name);
    let client = place.ok_or("`process` is none of the header's shoppers")?;
    let client = ClientId(client as u32);
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
    let call = SimTime(number(line, "call")?);
    let ended = || match number(line, "ret").map(SimTime) {
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
    let earlier = history.operations.iter().filter(|one| one.client == client);
    Ok(Operation {
        client,
        n: earlier.count() as u32,
        op,
        to: service(line, "to")?,
        call,
        outcome,
    })
}

fn seen(line: &Value) -> Result<Seen, String> {
    let mut cart = Cart::default();
    for (item, qty) in counts(line.get("cart"), "cart")? {
        cart.apply(&Op::Set { item, qty });
    }
    for (item, qty) in counts(line.get("bought"), "bought")? {
        cart.apply(&Op::Buy { item, qty });
    }
    let mut log = Log::default();
    let versions = line.get("seen").and_then(Value::as_array);
    for one in versions.ok_or("`seen` is missing")? {
        let number = one
            .as_u64()
            .filter(|number| (1..=VERSIONS).contains(number));
        log.push(Version(number.ok_or("`seen` holds versions from 1")? as u32));
    }
    Ok(Seen {
        cart: Rc::new(cart),
        log,
    })
}

/// How many of each item, by its name; none where there is no such field.
fn counts(field: Option<&Value>, name: &str) -> Result<Vec<(Name, u32)>, String> {
    let fields = field.and_then(Value::as_object).into_iter().flatten();
    let one = |(item, qty): (&String, &Value)| {
        let item = Name::new(item).ok_or_else(|| format!("`{item}` is no item"))?;
        let qty = qty.as_u64();
        let qty = qty.ok_or_else(|| format!("`{name}` holds whole numbers"))?;
        Ok((item, qty.min(u32::MAX.into()) as u32))
    };
    fields.map(one).collect()
}
