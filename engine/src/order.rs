//! Stable sorting by a whole number, in one routine for every kind of item.
//!
//! The standard library's sort is compiled anew for each type that it sorts, some 4 KB of wasm
//! each time. Invariant: items with equal keys keep their order.

/// Sorts the items by their keys, the smallest first.
pub fn by_key<T>(items: &mut Vec<T>, key: impl Fn(&T) -> u64) {
    let mut places: Vec<(u64, usize)> = items.iter().map(key).zip(0..).collect();
    sort(&mut places);
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(places.iter().filter_map(|(_, place)| taken[*place].take()));
}

/// Sorts pairs of a key and something small; the only place that sorts. Where no two pairs are
/// equal the order is a stable one.
#[inline(never)]
pub fn sort(places: &mut [(u64, usize)]) {
    places.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order() {
        let mut words = vec!["bb", "a", "cc", "b", "", "c"];
        by_key(&mut words, |word| word.len() as u64);
        assert_eq!(words, ["", "a", "b", "c", "bb", "cc"]);
    }
}
