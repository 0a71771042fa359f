//! The first view of the page, printed: what a visitor sees before the program is there.
//!
//! Invariant: it is drawn by the functions that draw the page in the browser.

use lagoon::page::{Memo, Page, Room};
use lagoon::playground::{Playground, Start};
use lagoon::view::Shared;

/// The page of an address that holds nothing, for a window that is not known yet, as HTML.
pub fn front() -> String {
    let (playground, _) = Playground::start(Start::default());
    let page = Page {
        room: Room::Printed,
        stage: Shared::new(playground.stage()),
        // Nobody sees them before they are asked for, and then the program is on its way.
        cards: &[],
        status: "",
        address: "./",
        memo: &Memo::default(),
        playground: &playground,
    };
    page.draw().html()
}
