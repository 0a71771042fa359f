//! The shop as a sequential object: what one cart does when it is asked one thing at a time.
//!
//! Services apply operations through [`Model`], and the checkers use the very same code as the
//! specification. Invariant: a cart holds no line of quantity 0, and its lines stand in name order.
//! Orders stand beside the lines: what is bought leaves them as they are.

use std::fmt;

/// The longest name of a shopper or an item, in bytes.
pub const NAME_MAX: usize = 16;

/// The name of a shopper or an item: 1 to 16 of `a-z 0-9 -`, beginning with a letter.
///
/// Kept in place, so that operations and carts can be copied without an allocation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name([u8; NAME_MAX]);

impl Name {
    /// The name, or `None` where the text is no name. Upper case is not folded here.
    pub fn new(text: &str) -> Option<Name> {
        let bytes = text.as_bytes();
        let fits = (1..=NAME_MAX).contains(&bytes.len()) && bytes[0].is_ascii_lowercase();
        let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
        if !fits || !bytes.iter().all(plain) {
            return None;
        }
        let mut name = [0; NAME_MAX];
        name[..bytes.len()].copy_from_slice(bytes);
        Some(Name(name))
    }

    /// A name that the program itself knows, of at most 16 bytes.
    pub const fn known(text: &[u8]) -> Name {
        let mut name = [0; NAME_MAX];
        let mut at = 0;
        while at < text.len() {
            name[at] = text[at];
            at += 1;
        }
        Name(name)
    }

    /// The name of the n-th visitor, from 1: `visitor 17`. With its space no text can say it.
    pub fn visitor(nth: u32) -> Name {
        const WORD: &[u8] = b"visitor ";
        let mut name = [0; NAME_MAX];
        name[..WORD.len()].copy_from_slice(WORD);
        let digits = 1 + nth.max(1).ilog10() as usize;
        let mut rest = nth;
        for place in (0..digits.min(NAME_MAX - WORD.len())).rev() {
            name[WORD.len() + place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Name(name)
    }

    /// The name of a shopper or of a visitor, as a history has it.
    pub fn of_anybody(text: &str) -> Option<Name> {
        let visitor = text
            .strip_prefix("visitor ")
            .and_then(|nth| nth.parse().ok());
        let visitor = visitor
            .map(Name::visitor)
            .filter(|name| name.as_str() == text);
        visitor.or_else(|| Name::new(text))
    }

    /// Whether it is the name of a visitor.
    pub fn is_visitor(&self) -> bool {
        self.0.contains(&b' ')
    }

    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|b| *b == 0).unwrap_or(NAME_MAX);
        std::str::from_utf8(&self.0[..length]).expect("names are ASCII")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a shopper asks of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Increases the line of `item` by `qty` (1 to 999).
    Add { item: Name, qty: u32 },
    /// Replaces the line of `item`; 0 removes it.
    Set { item: Name, qty: u32 },
    /// Takes the whole line of `item` away; nothing happens where there is none.
    Remove { item: Name },
    /// Asks for the cart.
    View,
    /// Orders so many of `item`: they are bought, and are no longer in stock.
    Buy { item: Name, qty: u32 },
    /// Takes an order back. Nobody can ask for it: only the shop undoes what it could not keep.
    Return { item: Name, qty: u32 },
}

impl Op {
    pub fn is_view(&self) -> bool {
        matches!(self, Op::View)
    }

    /// The item that a write concerns.
    pub fn item(&self) -> Option<Name> {
        match self {
            Op::Add { item, .. }
            | Op::Set { item, .. }
            | Op::Remove { item }
            | Op::Buy { item, .. }
            | Op::Return { item, .. } => Some(*item),
            Op::View => None,
        }
    }

    /// The quantity that the operation names.
    pub fn qty(&self) -> Option<u32> {
        match self {
            Op::Add { qty, .. }
            | Op::Set { qty, .. }
            | Op::Buy { qty, .. }
            | Op::Return { qty, .. } => Some(*qty),
            Op::Remove { .. } | Op::View => None,
        }
    }
}

/// The five things that a shopper asks for. The n-th of a kind is counted from 1, in the order in
/// which the shopper asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Add,
    Set,
    Remove,
    View,
    Buy,
}

impl Kind {
    /// How many there are.
    pub const ALL: usize = 5;

    pub fn of(op: &Op) -> Kind {
        match op {
            Op::Add { .. } => Kind::Add,
            Op::Set { .. } => Kind::Set,
            Op::Remove { .. } => Kind::Remove,
            Op::View => Kind::View,
            Op::Buy { .. } | Op::Return { .. } => Kind::Buy,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Kind::Add => "add",
            Kind::Set => "set",
            Kind::Remove => "remove",
            Kind::View => "view",
            Kind::Buy => "buy",
        }
    }
}

/// A sequential specification: from a state and an operation to what it returns.
pub trait Model {
    type Op;
    type Ret;
    fn apply(&mut self, op: &Self::Op) -> Self::Ret;
}

/// So many of an item: a line of the cart, an order, or what the shop has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    pub item: Name,
    pub qty: u32,
}

/// The household's cart: its lines, and beside them what it has bought. Both stand in name order,
/// none of quantity 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cart {
    lines: Vec<Line>,
    bought: Vec<Line>,
}

impl Cart {
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The quantity of `item`, 0 where the cart has none.
    pub fn qty(&self, item: Name) -> u32 {
        qty(&self.lines, item)
    }

    /// What was ordered, whatever the lines say.
    pub fn bought(&self) -> &[Line] {
        &self.bought
    }

    /// What is left in a shop that had `stock` at the start, by the orders that stand here: below
    /// zero where more was sold than there was. `None` where nothing limits the item.
    pub fn left(&self, stock: &[Line], item: Name) -> Option<i64> {
        let had = stock.iter().find(|line| line.item == item)?;
        Some(i64::from(had.qty) - i64::from(qty(&self.bought, item)))
    }
}

/// How many of an item, 0 where there is no line of it.
pub fn qty(lines: &[Line], item: Name) -> u32 {
    let line = lines.iter().find(|line| line.item == item);
    line.map_or(0, |line| line.qty)
}

/// Makes the line of an item say so many.
fn put(lines: &mut Vec<Line>, item: Name, qty: u32) {
    match (lines.binary_search_by(|line| line.item.cmp(&item)), qty) {
        (Ok(at), 0) => {
            lines.remove(at);
        }
        (Ok(at), _) => lines[at].qty = qty,
        (Err(_), 0) => {}
        (Err(at), _) => lines.insert(at, Line { item, qty }),
    }
}

impl Model for Cart {
    type Op = Op;
    /// The cart for a view; nothing for a write.
    type Ret = Option<Cart>;

    fn apply(&mut self, op: &Op) -> Option<Cart> {
        match *op {
            Op::Add { item, qty } => match self.lines.iter_mut().find(|line| line.item == item) {
                Some(line) => line.qty = line.qty.saturating_add(qty),
                None => put(&mut self.lines, item, qty),
            },
            Op::Set { item, qty } => put(&mut self.lines, item, qty),
            Op::Remove { item } => put(&mut self.lines, item, 0),
            Op::View => return Some(self.clone()),
            Op::Buy { item, qty: more } => {
                let all = qty(&self.bought, item).saturating_add(more);
                put(&mut self.bought, item, all);
            }
            Op::Return { item, qty: less } => {
                let rest = qty(&self.bought, item).saturating_sub(less);
                put(&mut self.bought, item, rest);
            }
        }
        None
    }
}

/// `nothing`, or the lines as in `2 book, 1 pen`; then what is bought.
impl fmt::Display for Cart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            f.write_str("nothing")?;
        }
        for (lines, before) in [(&self.lines, ""), (&self.bought, ", bought ")] {
            for (nth, line) in lines.iter().enumerate() {
                let comma = if nth == 0 { before } else { ", " };
                write!(f, "{comma}{} {}", line.qty, line.item)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cart_does_what_the_shop_promises() {
        let (book, pen) = (Name::new("book").unwrap(), Name::new("pen").unwrap());
        let mut cart = Cart::default();
        let steps = [
            (Op::Add { item: pen, qty: 1 }, "1 pen"),
            (Op::Add { item: book, qty: 2 }, "2 book, 1 pen"),
            (Op::Add { item: book, qty: 3 }, "5 book, 1 pen"),
            (Op::Set { item: book, qty: 4 }, "4 book, 1 pen"),
            (Op::Remove { item: pen }, "4 book"),
            (Op::Remove { item: pen }, "4 book"),
            (Op::Set { item: book, qty: 0 }, "nothing"),
            (Op::Buy { item: pen, qty: 2 }, "nothing, bought 2 pen"),
            (Op::Add { item: pen, qty: 1 }, "1 pen, bought 2 pen"),
            (Op::Return { item: pen, qty: 1 }, "1 pen, bought 1 pen"),
            (Op::Return { item: pen, qty: 1 }, "1 pen"),
        ];
        for (op, after) in steps {
            assert_eq!(cart.apply(&op), None);
            assert_eq!(cart.to_string(), after);
            assert_eq!(cart.apply(&Op::View), Some(cart.clone()));
        }
    }

    #[test]
    fn visitors_have_names_of_their_own() {
        for (nth, name) in [
            (1, "visitor 1"),
            (20, "visitor 20"),
            (12_345_678, "visitor 12345678"),
        ] {
            assert_eq!(Name::visitor(nth).as_str(), name);
            assert_eq!(Name::new(name), None);
        }
    }

    #[test]
    fn names_are_bounded_and_plain() {
        for good in ["a", "red-book", "c3po", "abcdefghijklmnop"] {
            assert_eq!(Name::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "3d", "-x", "Book", "a b", "abcdefghijklmnopq", "é"] {
            assert!(Name::new(bad).is_none(), "{bad}");
        }
    }
}
